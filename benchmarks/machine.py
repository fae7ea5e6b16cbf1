"""`make bench`: what this machine carries, against other ways, in one run of some twenty minutes.

    python -m benchmarks.machine --weights yolo26n.pt

Writes the section of docs/benchmarks.md that begins with its heading, and the plot beside it. Run
it on a machine that does nothing else: cameras are watched in real time. The first run also makes
the footage, which takes some minutes more. With --weights (of ultralytics) it is compared with what
one would write today; that needs an environment with ultralytics and supervision (`make train-env`,
and `.venv-train/bin/pip install --no-deps supervision pydeprecate tqdm defusedxml`), named by
--python.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.footage import made
from benchmarks.growth import plot
from benchmarks.judged import PROMISED_S
from models.cores import usable_cores

HEADING = "## Cameras on one machine"
FOLDER = Path("var/bench")
WIDEST = {"avx512f": "AVX-512", "avx2": "AVX2"}
TODAY_NEEDS = ("ultralytics", "supervision", "torch")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run. growth: cameras, for growth_s each. full: cameras, for so long that every event
    of every clip can be told. clips: for the other ways."""

    growth: tuple[int, ...] = (1, 4, 64)
    growth_s: int = 30
    full: tuple[int, ...] = (8, 16, 32, 40)
    full_s: int = 150
    clips: str = "phone,meal,queue"
    profile_s: int = 40


SHORT = Plan((1,), 15, (2,), 40, "phone", 15)
"""To see that it works; its figures say nothing."""


class CannotCompareError(RuntimeError):
    """What the comparison needs is not there."""


def run(words: Sequence[str]) -> str:
    """The output of one benchmark, in a process of its own."""
    print(f"… {' '.join(words)}", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", *words], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def streams(cameras: int, seconds: int) -> dict[str, Any]:
    words = ["benchmarks.streams", "--cameras", str(cameras), "--seconds", str(seconds), "--json"]
    told: dict[str, Any] = json.loads(run(words).splitlines()[-1])
    return told


def check_rivals(weights: Path, python: Path) -> None:
    """Raises CannotCompareError before anything is measured."""
    if not weights.is_file():
        raise CannotCompareError(f"{weights} is not there: give ultralytics' weights, or none")
    if not python.exists():
        raise CannotCompareError(f"{python} is not there: `make train-env`, or give --python")
    lacking = [name for name in TODAY_NEEDS if subprocess.run(
        [python, "-c", f"import importlib.util as u, sys; sys.exit(u.find_spec('{name}') is None)"],
        check=False,
    ).returncode]  # fmt: skip
    if lacking:
        raise CannotCompareError(
            f"{python} lacks {', '.join(lacking)}: {python} -m pip install {' '.join(lacking)}"
        )


def row(told: dict[str, Any]) -> str:
    late = "n/a" if told["p95_s"] is None else f"{told['p95_s']:.2f}"
    return (
        f"| {told['cameras']} | {told['cpu_ms']:.1f} | {told['busy']:.2f} | "
        f"{told['efficiency']:.2f} | {told['wholes_hz']:.2f} | "
        f"{told['close_ups_hz']:.2f} | {told['stretch']:.2f} | {late} | "
        f"{told['dropped']} | {told['memory_mib']:.0f} |"
    )


def rule_rows(told: dict[str, Any]) -> list[str]:
    """How each rule did with so many cameras."""
    return [
        f"| {told['cameras']} | `{rule}` | {r['found']} of {r['events']} | {r['extra']} | "
        f"{'n/a' if r['p95_s'] is None else format(r['p95_s'], '.2f')} | "
        f"{'yes' if r['keeps'] else 'no'} |"
        for rule, r in sorted(told["rules"].items())
        if r["events"] or r["extra"]
    ]


def verdict(full: Sequence[dict[str, Any]]) -> str:
    """With how many cameras, of those tried, nothing is lost; with how many what is; and how much
    all are slowed down."""
    good = [str(t["cameras"]) for t in full if not _failing(t)]
    words = [
        f"Every rule finds its events in time with {' and '.join(good)} cameras."
        if good
        else "With none of these numbers every rule finds its events in time."
    ]
    words += [
        f"With {t['cameras']} these do not: {', '.join(rules)}."
        for t in full
        if (rules := _failing(t))
    ]
    words += [
        f"With {t['cameras']} the machine looks {t['stretch']:.1f} times as seldom at the worst."
        for t in full
        if t["stretch"] > 1.0
    ]
    return " ".join(words)


def _failing(told: dict[str, Any]) -> list[str]:
    """The rules that miss an event, make one up or are late."""
    return [f"`{rule}`" for rule, r in sorted(told["rules"].items()) if not r["keeps"]]


def processor() -> str:
    """What the machine computes with, and the widest of its instructions that matter here."""
    told = dict(
        [part.strip() for part in line.split(":", 1)]
        for line in Path("/proc/cpuinfo").read_text("ascii").splitlines()
        if ":" in line
    )
    flags = told.get("flags", "").split()
    widest = next((name for flag, name in WIDEST.items() if flag in flags), None)
    name = told.get("model name", platform.machine())
    return f"{name}{f' with {widest}' if widest else ''}"


def section(
    rows: Sequence[dict[str, Any]], full: Sequence[dict[str, Any]], prices: str, profile: str,
    weighed: bool,
) -> str:  # fmt: skip
    machine = f"{processor()}, {usable_cores()} of {os.cpu_count()} cores"
    today = (
        "the first of today's ways has no close-ups, rules or recording."
        if weighed
        else "`make bench WEIGHTS=…` adds what one would write today."
    )
    return "\n".join([
        HEADING, "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine} by `make bench`. Each camera sends a "
        "bundled clip in two streams of 15 pictures a second (1920x1080 and 640x360, H.264, a key "
        "frame every 2 s) in real time, as a file whose packets come as a camera's do (over RTSP "
        "the same is measured under Memory of a camera), is recorded continuously and judged by "
        "every rule at the default pace. *ms* is processor time a second and camera; *busy* the "
        "share of all cores; *efficiency* the share of pure inference and decoding in it (aim: "
        "0.85); *whole* and *close-ups* are the pictures that the model saw, a second and camera; "
        "*stretch* the worst slowing "
        "down; *p95* the delay of all alerts after onset and the rule's own time; memory with the "
        "model and all rings so far as they filled.", "",
        "| cameras | ms | busy | efficiency | whole/s | close-ups/s | stretch | p95, s "
        "| packets lost | MiB |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *map(row, rows), "", "![growth](images/cameras.svg)", "",
        f"{verdict(full)} In time: 95 of 100 alerts within {PROMISED_S:g} s of onset and the rule's"
        " own time, none missed, none made up.", "",
        "| cameras | rule | events told | extra | p95, s | in time |",
        "|---|---|---|---|---|---|",
        *(line for told in full for line in rule_rows(told)), "",
        "### Where the time goes", "", "One camera, on its own:", "", "```", profile.strip(), "```",
        "",
        "### Against other ways, on the same clips", "",
        "Replayed on one thread, one after the other; `benchmarks/today.py` and "
        "`benchmarks/gated.py` say what they do. *Cameras* is what the cores would carry if "
        f"nothing else ran; {today}", "",
        prices.strip(), "",
    ])  # fmt: skip


def put(page: Path, text: str) -> None:
    """In the place of the section with the same heading, or at the end."""
    before, _, after = page.read_text("utf-8").partition(HEADING)
    following = after.find("\n## ")
    rest = after[following + 1 :] if following >= 0 else ""
    page.write_text("\n".join([before.rstrip(), "", text, rest]).rstrip() + "\n", "utf-8")


def main(
    weights: Annotated[Path | None, typer.Option(help="Ultralytics weights, if at hand.")] = None,
    python: Annotated[Path, typer.Option(help="Where ultralytics and supervision are.")] = Path(
        ".venv-train/bin/python"
    ),
    docs: Annotated[Path, typer.Option()] = Path("docs"),
    short: Annotated[bool, typer.Option("--short", help="Only to see that it works.")] = False,
) -> None:
    """Measure and write the section anew."""
    plan = SHORT if short else Plan()
    if weights is not None:
        try:
            check_rivals(weights, python)
        except CannotCompareError as error:
            raise typer.BadParameter(str(error)) from error
    made(FOLDER)
    growth = [streams(n, plan.growth_s) for n in plan.growth]
    full = [streams(n, plan.full_s) for n in plan.full]
    rows = sorted([*growth, *full], key=lambda told: told["cameras"])
    profile = run([
        "benchmarks.budget", "--clips", "phone,meal", "--seconds", str(plan.profile_s),
    ])  # fmt: skip
    words = ["benchmarks.rivals", "--clips", plan.clips, "--cores", str(usable_cores())]
    if weights is not None:
        words += ["--weights", str(weights), "--python", str(python)]
    text = section(rows, full, run(words), profile, weights is not None)
    put(docs / "benchmarks.md", text)
    (docs / "images" / "cameras.svg").write_text(plot(rows), "utf-8")
    print(text)


if __name__ == "__main__":
    typer.run(main)
