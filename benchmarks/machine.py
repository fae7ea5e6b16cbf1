"""`make bench`: what this machine carries, against other ways, in one run of about ten minutes.

    python -m benchmarks.machine --weights yolo26n.pt

Writes the section of docs/benchmarks.md that begins with its heading, and the plot beside it. Run
it on a machine that does nothing else: cameras are watched in real time.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from models.cores import usable_cores

HEADING = "## Cameras on one machine"
GROWTH = (1, 8, 16, 64)
GROWTH_S, FULL_S = 40, 185
SIZE, EDGE = (640, 300), 48


def run(words: Sequence[str]) -> str:
    """The output of one benchmark, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", *words], capture_output=True, text=True, check=True
    )
    return done.stdout


def streams(cameras: int, seconds: int) -> dict[str, Any]:
    words = ["benchmarks.streams", "--cameras", str(cameras), "--seconds", str(seconds), "--json"]
    told: dict[str, Any] = json.loads(run(words).splitlines()[-1])
    return told


def row(told: dict[str, Any]) -> str:
    found = f"{told['hits']}/{told['hits'] + told['missed']}"
    late = "n/a" if told["p95_s"] is None else f"{told['p95_s']:.2f}"
    return (
        f"| {told['cameras']} | {told['cpu_ms']:.1f} | {told['busy']:.2f} | "
        f"{told['efficiency']:.2f} | {told['looks_hz']:.2f} | {told['stretch']:.2f} | {found} | "
        f"{told['extra']} | {late} | {told['dropped']} | {told['memory_mib']:.0f} |"
    )


def section(rows: Sequence[dict[str, Any]], prices: str) -> str:
    machine = f"{platform.machine()}, {usable_cores()} of {os.cpu_count()} cores"
    return "\n".join([
        HEADING, "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine} by `make bench`. Each camera sends a "
        "bundled clip in two streams of 15 pictures a second (1920x1080 and 640x360, H.264, a key "
        "frame every 2 s) in real time, is recorded continuously and judged by every rule at the "
        "default pace. *ms* is processor time a second and camera; *busy* the share of all cores; "
        "*efficiency* the share of pure inference and decoding in it; *stretch* the worst slowing "
        "down; *events* those whose end was shown, found within 3 s; *p95* the delay of alerts "
        "after onset and the rule's own time; memory with the model and all rings.", "",
        "| cameras | ms | busy | efficiency | looks/s | stretch | events | extra | p95, s | "
        "packets lost | MiB |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *map(row, rows), "", "![growth](images/cameras.svg)", "",
        "### Against other ways, on the same clips", "",
        "Replayed on one thread, one after the other; `benchmarks/today.py` and "
        "`benchmarks/gated.py` say what they do. *Cameras* is what the cores would carry if "
        "nothing else ran; the first of today's ways has no close-ups, rules or recording.", "",
        prices.strip(), "",
    ])  # fmt: skip


def plot(rows: Sequence[dict[str, Any]]) -> str:
    """Share of the cores and memory against the number of cameras, as SVG."""
    width, height = SIZE
    most = max(r["cameras"] for r in rows)
    lines = []
    for name, colour, top in (
        ("busy", "#0b6e4f", 1.0),
        ("memory_mib", "#b4541a", max(r["memory_mib"] for r in rows)),
    ):
        points = [
            (
                EDGE + (width - 2 * EDGE) * r["cameras"] / most,
                height - EDGE - (height - 2 * EDGE) * min(r[name] / top, 1.0),
            )
            for r in rows
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        label = "share of all cores (0 to 1)" if name == "busy" else f"memory (0 to {top:.0f} MiB)"
        lines.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
            + "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
                      for x, y in points)
            + f'<text x="{EDGE}" y="{16 if name == "busy" else 34}" fill="{colour}">{label}</text>'
        )  # fmt: skip
    ticks = "".join(
        f'<text x="{EDGE + (width - 2 * EDGE) * r["cameras"] / most:.1f}" y="{height - 28}" '
        f'text-anchor="middle">{r["cameras"]}</text>'
        for r in rows
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="white"/>'
        f'<path d="M{EDGE} {EDGE}V{height - EDGE}H{width - EDGE}" fill="none" stroke="#888"/>'
        f'{ticks}<text x="{width / 2}" y="{height - 8}" text-anchor="middle">cameras</text>'
        f"{''.join(lines)}</svg>\n"
    )


def main(
    weights: Annotated[Path | None, typer.Option(help="Ultralytics weights, if at hand.")] = None,
    docs: Annotated[Path, typer.Option()] = Path("docs"),
    clips: Annotated[str, typer.Option(help="For the other ways.")] = "phone,meal,queue",
) -> None:
    """Measure and write the section anew."""
    rows = [streams(n, GROWTH_S) for n in GROWTH]
    rows = sorted([*rows, streams(32, FULL_S)], key=lambda told: told["cameras"])
    words = ["benchmarks.rivals", "--clips", clips, "--cores", str(usable_cores())]
    prices = run(words + (["--weights", str(weights)] if weights else []))
    page = docs / "benchmarks.md"
    before, _, after = page.read_text("utf-8").partition(HEADING)
    following = after.find("\n## ")
    rest = after[following + 1 :] if following >= 0 else ""
    parts = [before.rstrip(), "", section(rows, prices)]
    page.write_text("\n".join([*parts, rest]).rstrip() + "\n", "utf-8")
    (docs / "images" / "cameras.svg").write_text(plot(rows), "utf-8")
    print(section(rows, prices))


if __name__ == "__main__":
    typer.run(main)
