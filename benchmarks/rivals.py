"""The price of one camera's second, ours and others', on the same footage in one run.

    python -m benchmarks.rivals --weights yolo26n.pt --python .venv-train/bin/python

Everything is replayed on one thread as fast as it goes, and processor time is counted: who waits
for whom does not matter, and other programs hardly. The events found are compared with the truth.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.footage import MAIN, SECOND, Footage, file_address, hall_text, made
from benchmarks.gated import RATE_HZ, REGION_PX, MotionGated
from benchmarks.hall_run import Computing
from cameras.clocks import ReplayClock
from cli.eyes import Eyes, watch_camera
from cli.model_options import limits_of
from cli.streams import Streams
from cli.trials import Notes
from models.events import Event, events_of, matched
from models.manifest import load_manifest
from models.session import OnnxDetector, open_detectors
from models.sign import SignReader
from vision.hallfile import Hall, load_hall
from vision.records import CameraSeen

FOLDER = Path("var/bench")
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass(slots=True)
class Price:
    """What one way of watching takes, over all clips. Seconds of processor time."""

    name: str
    stream_s: float = 0.0
    cpu_s: float = 0.0
    inference_s: float = 0.0
    decode_s: float = 0.0
    looks: int = 0
    hits: int = 0
    missed: int = 0
    extra: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def camera_ms(self) -> float:
        return 1000 * self.cpu_s / self.stream_s

    def row(self, cores: int, ours: Price) -> str:
        found = f"{self.hits}/{self.hits + self.missed}" if self.hits + self.missed else "n/a"
        extra = str(self.extra) if self.hits + self.missed else "n/a"
        useful = (self.inference_s + self.decode_s) / self.cpu_s if self.decode_s else None
        return (
            f"| {self.name} | {self.camera_ms:.1f} | {1000 * cores / self.camera_ms:.0f} | "
            f"{self.camera_ms / ours.camera_ms:.1f} | "
            f"{'n/a' if useful is None else f'{useful:.2f}'} | "
            f"{self.looks / self.stream_s:.2f} | {found} | {extra} |"
        )


def ours(clips: Sequence[Footage], folder: Path) -> Price:
    """The product: both streams, at the attentive pace."""
    price = Price("hallwatch, second + main stream")
    detector, near = open_detectors(load_manifest(), threads=1)
    computing = _warm(detector, near)
    eyes = Eyes(detector, SignReader(), near)
    for clip in clips:
        _watch(price, clip, _hall(clip, folder), eyes, computing)
    return price


def gated(clips: Sequence[Footage], folder: Path) -> Price:
    """Motion-gated 320 px regions of the second stream, five pictures a second."""
    price = Price("motion-gated 320 px crops, 5/s")
    entry = load_manifest().entry()
    sides = replace(entry.input, sides_px=(REGION_PX,))
    detector = OnnxDetector(replace(entry, input=sides), threads=1)
    computing = _warm(detector)
    for clip in clips:
        hall = _hall(clip, folder)
        camera = replace(hall.cameras[0], pace_hz=RATE_HZ)
        eyes = Eyes(MotionGated(detector, SECOND), SignReader())
        _watch(price, clip, replace(hall, cameras=(camera,)), eyes, computing)
    return price


def today(clips: Sequence[Footage], folder: Path, python: Path, weights: Path, main: bool) -> Price:
    """VideoCapture, ultralytics predict on every 15th picture, supervision zones; no rules."""
    price = Price(f"VideoCapture + predict + zones, {'main' if main else 'second'} stream")
    for clip in clips:
        hall = _hall(clip, folder)
        zones = {w.id: w.staff.corners for w in hall.windows}
        zones |= {q.id: q.zone.corners for q in hall.queues}
        path = folder / "zones.json"
        path.write_text(json.dumps({"width": MAIN[0], "height": MAIN[1], "zones": zones}))
        done = subprocess.run(
            [python, Path(__file__).with_name("today.py"), clip.main if main else clip.second,
             path, "--weights", weights, "--every", "15"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        told = json.loads(done.stdout.splitlines()[-1])
        price.cpu_s += told["cpu_s"]
        price.inference_s += told["network_s"]
        price.stream_s += told["stream_s"]
        price.looks += told["looks"]
    return price


def _warm(*detectors: OnnxDetector | None) -> Computing:
    """What counts these detectors' time, each of which has looked once."""
    for detector in detectors:
        if detector is not None:
            detector.detect([np.zeros((360, 640, 3), np.uint8)])
    return Computing(*detectors)


def _hall(clip: Footage, folder: Path) -> Hall:
    path = folder / f"{clip.name}.toml"
    path.write_text(hall_text([("c", clip)], address=file_address), "utf-8")
    return load_hall(path, limits_of(None))


def _watch(price: Price, clip: Footage, hall: Hall, eyes: Eyes, computing: Computing) -> None:
    notes, opened = Notes(), list[Streams]()
    computed_s, began_s = computing.cpu_s, time.process_time()
    watch_camera(
        hall, "c", eyes, notes, clock=ReplayClock(START), start=START,
        opened=lambda streams, seat: opened.append(streams),
    )  # fmt: skip
    price.cpu_s += time.process_time() - began_s
    price.inference_s += computing.cpu_s - computed_s
    (streams,) = opened
    price.decode_s += streams.watched.counts().decode_s
    price.decode_s += streams.native.spent_s if streams.native else 0.0
    price.looks += sum(isinstance(seen, CameraSeen) for seen in notes.seen)
    price.stream_s += clip.duration_s
    true = [Event(e.rule, f"c-{e.subject}", e.began_s, e.ended_s) for e in clip.events]
    result = matched(events_of(notes.alerts), true, 3.0)
    price.hits += len(result.hits)
    price.missed += len(result.missed)
    price.extra += len(result.extra)
    price.notes += [f"{clip.name}: missed {e.rule} at {e.subject}" for e in result.missed]
    price.notes += [f"{clip.name}: extra {e.rule} at {e.subject}" for e in result.extra]


def table(prices: Sequence[Price], cores: int) -> str:
    head = (
        "| way | ms of processor time a second | cameras on "
        f"{cores} cores | times ours | efficiency | looks a second | events | extra |"
    )
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    lines += [price.row(cores, prices[0]) for price in prices]
    lines += ["", *(f"- {price.name}: {note}" for price in prices for note in price.notes)]
    return "\n".join(lines)


def main(
    weights: Annotated[Path | None, typer.Option(help="Of ultralytics; None: without it.")] = None,
    python: Annotated[Path, typer.Option(help="Where ultralytics is.")] = Path(
        ".venv-train/bin/python"
    ),
    clips: Annotated[str, typer.Option()] = "phone,meal,queue,absence,absence_with_sign",
    cores: Annotated[int, typer.Option()] = 2,
) -> None:
    """Compare the ways and print the table."""
    footage = made(FOLDER, clips.split(","))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        prices = [ours(footage, place), gated(footage, place)]
        if weights is not None:
            prices += [today(footage, place, python, weights, main) for main in (True, False)]
    print(table(prices, cores))


if __name__ == "__main__":
    typer.run(main)
