"""How many cameras a machine carries, and what the processor's time goes into.

python -m benchmarks.streams --cameras 32 --seconds 150

Each camera shows a clip in two streams; with --rtsp they come from the RTSP server of the tests
(GStreamer), whose own processor time is not counted, but which uses the same machine.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.footage import made
from benchmarks.hall_run import Taken, watched
from benchmarks.judged import delays_of
from benchmarks.sources import cameras_of
from models.cores import usable_cores

FOLDER = Path("var/bench")


def told(taken: Taken) -> str:
    """One run in a few lines."""
    each = taken.wall_s * taken.cameras
    lines = [
        f"{taken.cameras} cameras, {taken.wall_s:.0f} s: {taken.cpu_ms:.1f} ms of processor time a "
        f"second and camera; efficiency {taken.efficiency:.2f} (inference "
        f"{taken.inference_s / taken.cpu_s:.2f}, decoding {taken.decode_s / taken.cpu_s:.2f})",
        f"  {taken.looks / each:.2f} looks, {taken.wholes / each:.2f} whole pictures and "
        f"{taken.close_ups / each:.2f} close-ups a second and camera, worst stretch "
        f"{taken.stretch:.2f}, {taken.memory_mib:.0f} MiB, {taken.dropped_packets} packets not "
        "recorded",
    ]
    for rule, result in sorted(taken.rules.items()):
        late = "" if result.p95_s is None else f", 95th percentile {result.p95_s:+.2f} s"
        lines.append(
            f"  {rule}: {result.found} of {result.events} events told{late}, {result.extra} extra"
        )
    return "\n".join(lines)


def as_json(taken: Taken) -> str:
    """One run on one line, for `benchmarks.machine`."""
    delays_s = delays_of(taken.rules)
    table = {
        "cameras": taken.cameras,
        "cpu_ms": taken.cpu_ms,
        "busy": taken.cpu_s / (taken.wall_s * usable_cores()),
        "efficiency": taken.efficiency,
        "wholes_hz": taken.wholes / taken.wall_s / taken.cameras,
        "close_ups_hz": taken.close_ups / taken.wall_s / taken.cameras,
        "stretch": taken.stretch,
        "p95_s": float(np.quantile(delays_s, 0.95)) if delays_s else None,
        "rules": {
            rule: {"events": r.events, "found": r.found, "extra": r.extra, "p95_s": r.p95_s,
                   "keeps": r.keeps}
            for rule, r in taken.rules.items()
        },
        "dropped": taken.dropped_packets,
        "memory_mib": taken.memory_mib,
    }  # fmt: skip
    return json.dumps(table)


def main(
    cameras: Annotated[int, typer.Option()] = 32,
    seconds: Annotated[float, typer.Option()] = 150.0,
    footage: Annotated[Path, typer.Option(help="Where the scaled clips are.")] = FOLDER,
    rtsp: Annotated[bool, typer.Option("--rtsp", help="From a real RTSP server.")] = False,
    json_line: Annotated[bool, typer.Option("--json", help="One line for machines.")] = False,
) -> None:
    """Watch so many cameras in real time and say what it took."""
    clips = made(footage)
    with tempfile.TemporaryDirectory() as folder, cameras_of(clips, rtsp) as address:
        taken = watched(clips, cameras, seconds, Path(folder), address=address)
    print(as_json(taken) if json_line else told(taken))


if __name__ == "__main__":
    typer.run(main)
