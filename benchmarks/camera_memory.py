"""How much memory one more camera takes, with its ring and without.

    python -m benchmarks.camera_memory --rtsp

Everything of `hallwatch serve` but the web server runs in this process. Cameras are added in steps,
their rings kept empty but for the group of pictures that comes; then the rings are let fill. What a
camera takes is the slope over the steps, for the models are there once. --rtsp: the cameras are
those of the tests' RTSP server; else files that arrive as a camera's packets do.
"""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.footage import made
from benchmarks.hall_run import AtWork, BenchStation, at_work
from benchmarks.held import Held, Made, held_by_us, made_of
from benchmarks.sources import cameras_of
from cli.station import kept_s

FOLDER = Path("var/bench")
STEPS = (1, 4, 8, 16)
SETTLED_S = 45.0
GROUP_S = 0.0
"""To keep so many seconds is to keep the newest group of pictures."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the process holds with so many cameras. ring_mib: packets in the rings, without what
    Python needs to keep them."""

    cameras: int
    held: Held
    made: Made
    ring_mib: float


def step(stations: Sequence[BenchStation]) -> Step:
    ring = sum(s.recorder.size_bytes for s in stations if s.recorder is not None)
    return Step(len(stations), held_by_us(), made_of(), ring / 2**20)


def measured(hall: AtWork, steps: Sequence[int], settled_s: float, ring_s: float) -> list[Step]:
    """A step for each number of cameras, and a last one when the rings have filled."""
    told = []
    for cameras in steps:
        for station in hall.stations[:cameras]:
            station.begin.set()
        _keep(hall.stations[:cameras], GROUP_S, settled_s)
        told.append(step(hall.stations[:cameras]))
        print(told[-1], flush=True)
    _keep(hall.stations[: steps[-1]], ring_s, ring_s + 10.0)
    told.append(step(hall.stations[: steps[-1]]))
    print(told[-1], flush=True)
    return told


def _keep(stations: Sequence[BenchStation], keep_s: float, for_s: float) -> None:
    """Let the rings keep so much, also those that come to be meanwhile."""
    began_s = time.monotonic()
    while time.monotonic() - began_s < for_s:
        for station in stations:
            if station.recorder is not None:
                station.recorder.keep_s = keep_s
        time.sleep(0.5)


def slope(steps: Sequence[Step], value: str) -> float:
    """Of the held or made amount, for one camera more."""
    amounts = [getattr(s.made if hasattr(s.made, value) else s.held, value) for s in steps]
    return float(np.polyfit([s.cameras for s in steps], amounts, 1)[0])


def rows(steps: Sequence[Step]) -> list[str]:
    """The table: one line a step, then what a camera takes."""
    *empty, full = steps
    lines = [
        "| cameras | resident, MiB | threads | open files | Python, MiB | libraries, MiB | "
        "idle in malloc, MiB | rings, MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {s.cameras}{', rings full' if s is full else ''} | {s.held.rss_mib:.0f} | "
        f"{s.held.threads} | {s.held.files} | {s.made.python:.0f} | {s.made.library:.0f} | "
        f"{s.made.idle:.0f} | {s.ring_mib:.0f} |"
        for s in steps
    ]
    lines.append(
        f"| each more, without ring | {slope(empty, 'rss_mib'):.1f} | "
        f"{slope(empty, 'threads'):.1f} | {slope(empty, 'files'):.1f} | "
        f"{slope(empty, 'python'):.1f} | {slope(empty, 'library'):.1f} | "
        f"{slope(empty, 'idle'):.1f} | |"
    )
    last, n = empty[-1], full.cameras
    grown = full.held.rss_mib - last.held.rss_mib
    lines.append(
        f"| its ring | {grown / n:.1f} | | | {(full.made.python - last.made.python) / n:.1f} | "
        f"{(full.made.library - last.made.library) / n:.1f} | "
        f"{(full.made.idle - last.made.idle) / n:.1f} | "
        f"{(full.ring_mib - last.ring_mib) / n:.1f} |"
    )
    return lines


def main(
    rtsp: Annotated[bool, typer.Option("--rtsp", help="From a real RTSP server.")] = False,
    most: Annotated[int, typer.Option(help="Cameras at the most.")] = STEPS[-1],
    settled_s: Annotated[float, typer.Option(help="Between the steps.")] = SETTLED_S,
    ring_s: Annotated[float, typer.Option(help="0: as long as the product's.")] = 0.0,
    footage: Annotated[Path, typer.Option(help="Where the scaled clips are.")] = FOLDER,
) -> None:
    """Measure at 1, 4, 8 and 16 cameras and print the table."""
    clips = made(footage)
    shown = {f"c{i:02d}": clips[i % len(clips)] for i in range(most)}
    with (
        tempfile.TemporaryDirectory() as folder,
        cameras_of(clips, rtsp) as address,
        at_work(shown, Path(folder), address=address, waits=True) as hall,
    ):
        steps = measured(
            hall, [n for n in STEPS if n <= most], settled_s, ring_s or kept_s(hall.plan)
        )
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores")
    print("\n".join(rows(steps)))


if __name__ == "__main__":
    typer.run(main)
