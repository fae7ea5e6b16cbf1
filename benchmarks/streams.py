"""How many cameras a machine carries, and what the processor's time goes into.

python -m benchmarks.streams --cameras 32 --seconds 185
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
from benchmarks.paced import register
from models.cores import usable_cores

FOLDER = Path("var/bench")


def told(taken: Taken) -> str:
    """One run in a few lines."""
    delays = np.array(taken.delays_s or [np.nan])
    wrong = "; ".join(
        [f"missed {e.rule} at {e.subject}" for e in taken.missed]
        + [f"extra {e.rule} at {e.subject}" for e in taken.extra]
    )
    return "\n".join(
        [
            f"{taken.cameras} cameras, {taken.wall_s:.0f} s: {taken.cpu_ms:.1f} ms of processor "
            f"time a second and camera; efficiency {taken.efficiency:.2f} "
            f"(inference {taken.inference_s / taken.cpu_s:.2f}, decoding "
            f"{taken.decode_s / taken.cpu_s:.2f})",
            f"  {taken.looks / taken.wall_s / taken.cameras:.2f} looks and "
            f"{taken.pictures / taken.wall_s / taken.cameras:.2f} pictures a second and camera, "
            f"worst stretch {taken.stretch:.2f}, {taken.memory_mib:.0f} MiB",
            f"  {taken.hits} events right, {len(taken.missed)} missed, {len(taken.extra)} extra; "
            f"alert after onset and rule time: median {np.median(delays):.2f} s, p95 "
            f"{np.quantile(delays, 0.95):.2f} s (n={len(taken.delays_s)}); "
            f"{taken.dropped_packets} packets not recorded  {wrong}",
        ]
    )


def as_json(taken: Taken) -> str:
    """One run on one line, for `benchmarks.machine`."""
    table = {
        "cameras": taken.cameras,
        "cpu_ms": taken.cpu_ms,
        "busy": taken.cpu_s / (taken.wall_s * usable_cores()),
        "efficiency": taken.efficiency,
        "looks_hz": taken.looks / taken.wall_s / taken.cameras,
        "stretch": taken.stretch,
        "hits": taken.hits,
        "missed": len(taken.missed),
        "extra": len(taken.extra),
        "p95_s": float(np.quantile(taken.delays_s, 0.95)) if taken.delays_s else None,
        "dropped": taken.dropped_packets,
        "memory_mib": taken.memory_mib,
    }
    return json.dumps(table)


def main(
    cameras: Annotated[int, typer.Option()] = 32,
    seconds: Annotated[float, typer.Option()] = 185.0,
    footage: Annotated[Path, typer.Option(help="Where the scaled clips are.")] = FOLDER,
    json_line: Annotated[bool, typer.Option("--json", help="One line for machines.")] = False,
) -> None:
    """Watch so many cameras in real time and say what it took."""
    register()
    clips = made(footage)
    with tempfile.TemporaryDirectory() as folder:
        taken = watched(clips, cameras, seconds, Path(folder))
    print(as_json(taken) if json_line else told(taken))


if __name__ == "__main__":
    typer.run(main)
