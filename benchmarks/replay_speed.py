"""How fast recorded footage is watched, what of it is inference, and how much memory it takes.

    python -m benchmarks.replay_speed tests/footage/absence --out docs/benchmarks.md

Times are of this process on whatever else the machine does meanwhile: read the ratios.
"""

from __future__ import annotations

import os
import platform
import resource
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cameras.clocks import ReplayClock
from cli.eyes import Eyes, watch_camera
from cli.model_options import limits_of
from cli.trials import EPOCH, Notes
from models.manifest import load_manifest
from models.session import open_detectors
from models.sign import SignReader
from vision.hallfile import load_hall


@dataclass(slots=True)
class Timed:
    """How long networks computed, in wall and CPU seconds."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    runs: int = 0


@dataclass(frozen=True, slots=True)
class TimedSession:
    """An ONNX Runtime session that notes how long it computes."""

    timed: Timed
    session: Any

    def run(self, *args: Any) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = self.session.run(*args)
        self.timed.wall_s += time.perf_counter() - wall
        self.timed.cpu_s += time.process_time() - cpu
        self.timed.runs += 1
        return answer


def main(
    clip_folder: Annotated[Path, typer.Argument(help="A bundled clip.")] = Path(
        "tests/footage/absence"
    ),
    threads: Annotated[int, typer.Option(help="Inference threads.")] = 2,
    out: Annotated[Path | None, typer.Option(help="Add the result to this file.")] = None,
) -> None:
    """Replay one bundled clip and report speed, share of inference and peak memory."""
    hall = load_hall(clip_folder / "hall.toml", limits_of(None))
    camera = hall.cameras[0]
    detector, near = open_detectors(load_manifest(), threads=threads)
    timed = Timed()
    for some in (detector, near):
        if some is not None:
            some._session = TimedSession(timed, some._session)  # type: ignore[assignment]
    notes = Notes()
    wall, cpu = time.perf_counter(), time.process_time()
    watch_camera(
        hall,
        camera.id,
        Eyes(detector, SignReader(), near),
        notes,
        clock=ReplayClock(EPOCH, speed=None),
    )
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    footage_s = notes.seen[-1].stamp.at_s
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = (
        f"| {datetime.now(UTC):%Y-%m-%d} | {clip_folder.name} {camera.width}x{camera.height} at "
        f"{camera.pace_hz:g}/s, {len(hall.windows)} windows | {footage_s / wall:.1f} | "
        f"{timed.wall_s / wall:.2f} | {timed.cpu_s / cpu:.2f} | {cpu / footage_s * 1000:.0f} | "
        f"{peak_mib:.0f} | {platform.machine()}, {os.cpu_count()} cores, {threads} threads |"
    )
    print(row)
    if out is not None:
        text = out.read_text(encoding="utf-8")
        out.write_text(text.rstrip("\n") + "\n" + row + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
