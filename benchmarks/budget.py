"""Where a camera's second goes: processor time of each stage, on the bundled clips in two streams.

    python -m benchmarks.budget --clips phone,meal --seconds 40

The product's own loop replays the footage on two threads (the watched stream and looks; the main
stream's packets and ring), and every stage is timed by its thread's processor time: what a stage
calls counts for the innermost only, so the lines add up to the whole.
"""

from __future__ import annotations

import functools
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import cameras.file
import cameras.native
import cameras.parted
import models.session
from benchmarks.footage import Footage, file_address, hall_text, made
from cameras.clocks import ReplayClock
from cameras.decoding import Decoder
from cameras.health import EyeTest
from cameras.native import NativePictures
from cameras.ring import Recorder
from cli.eyes import Eyes, watch_camera
from cli.model_options import limits_of
from cli.trials import Notes
from models.events import Event, events_of, matched
from models.manifest import load_manifest
from models.session import OnnxDetector, open_detectors
from models.sign import SignReader
from vision.engine import Engine
from vision.hallfile import load_hall
from vision.motion import Motion
from vision.pace import Pace
from vision.pacer import AttentivePacer
from vision.records import Step
from vision.seeing import Look, Seer

FOLDER = Path("var/bench")
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Meter:
    """Processor time by stage. A stage within another is taken out of the outer one."""

    def __init__(self) -> None:
        self.spent_s: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._inner = threading.local()
        self._lock = threading.Lock()

    def timed(
        self, stage: str | Callable[..., str], call: Callable[..., Any]
    ) -> Callable[..., Any]:
        """The call, its time noted under the stage (or what that says of the arguments)."""

        @functools.wraps(call)
        def timed(*given: Any, **named: Any) -> Any:
            stack = self._inner.__dict__.setdefault("stack", [])
            stack.append(0.0)
            began_s = time.thread_time()
            try:
                return call(*given, **named)
            finally:
                whole_s = time.thread_time() - began_s
                inner_s = stack.pop()
                if stack:
                    stack[-1] += whole_s
                name = stage if isinstance(stage, str) else stage(*given, **named)
                with self._lock:
                    self.spent_s[name] += whole_s - inner_s
                    self.calls[name] += 1

        return timed

    def on(self, owner: Any, name: str, stage: str | Callable[..., str]) -> None:
        """From now on the owner's call of that name is timed."""
        setattr(owner, name, self.timed(stage, getattr(owner, name)))


def metered(meter: Meter) -> None:
    """Every stage of the product is timed from now on, in this process."""
    meter.on(Decoder, "_decoded", "decode, second stream")
    meter.on(cameras.native._GroupDecoder, "_decoded", "decode, main stream")
    meter.on(cameras.file, "upright", "to BGR, second stream")
    meter.on(cameras.parted, "upright", "to BGR, main stream")
    meter.on(NativePictures, "push", "main stream's packets held")
    meter.on(Recorder, "push", "ring")
    meter.on(EyeTest, "look", "can the picture be trusted")
    meter.on(Motion, "since", "motion")
    meter.on(Motion, "looked", "motion")
    meter.on(models.session, "network_input", "scaled for the network")
    meter.on(OnnxDetector, "_told", "boxes from answers")
    meter.on(SignReader, "says", "signs read")
    meter.on(Seer, "look", "seeing")
    meter.on(Engine, "step", "rules")
    meter.on(AttentivePacer, "looked", "when to look again")
    meter.on(AttentivePacer, "attention", "when to look again")


def _network(outputs: Any, given: Any) -> str:
    high, wide = given["images"].shape[2:]
    return f"network, {'close-up' if high == wide else 'whole picture'}, {wide}x{high}"


class BriefNotes(Notes):
    """Notes of the first seconds; looks: all; asked: those in which the model was asked."""

    def __init__(self, lasts_s: float) -> None:
        super().__init__()
        self.lasts_s = lasts_s
        self.looks = self.asked = 0

    def looked(self, look: Look, engine: Engine) -> None:
        super().looked(look, engine)
        self.looks += 1
        self.asked += not look.again

    def enough(self) -> bool:
        return bool(self.seen) and self.seen[-1].stamp.at_s >= self.lasts_s


@dataclass(slots=True)
class Budget:
    """What the clips took. Seconds."""

    stream_s: float = 0.0
    cpu_s: float = 0.0
    looks: int = 0
    asked: int = 0
    delays_s: list[float] = field(default_factory=list)
    hits: int = 0
    wrong: list[str] = field(default_factory=list)

    def told(self, meter: Meter) -> str:
        lines = ["| stage | ms a camera's second | share | times a second |", "|---|---|---|---|"]
        stages = [*meter.spent_s.most_common(), ("rest", self.cpu_s - meter.spent_s.total())]
        for stage, spent_s in stages:
            lines.append(
                f"| {stage} | {1000 * spent_s / self.stream_s:.2f} | {spent_s / self.cpu_s:.2f} | "
                f"{meter.calls[stage] / self.stream_s:.2f} |"
            )
        lines.append(
            f"| all | {1000 * self.cpu_s / self.stream_s:.1f} | 1.00 | "
            f"{self.looks / self.stream_s:.2f} looks, the model asked in "
            f"{self.asked / self.stream_s:.2f} |"
        )
        delays = ", ".join(f"{delay_s:.1f}" for delay_s in self.delays_s)
        found = f"{self.hits} events right; seconds to the alert, beyond the rule's own: {delays}"
        return "\n".join([*lines, "", found, *self.wrong])


@dataclass(frozen=True, slots=True)
class Metered:
    """An ONNX Runtime session whose runs are timed."""

    run: Callable[..., Any]


def watched(
    clips: Sequence[Footage], seconds: float, folder: Path, meter: Meter, pace: str = ""
) -> Budget:
    """Watch the first seconds of each clip. pace: lines for the hall files."""
    budget = Budget()
    detector, near = open_detectors(load_manifest(), threads=1)
    for some in (detector, near):
        if some is not None:
            some._session = Metered(meter.timed(_network, some._session.run))  # type: ignore[assignment]
    eyes = Eyes(detector, SignReader(), near)
    for clip in clips:
        path = folder / f"{clip.name}.toml"
        path.write_text(hall_text([("c", clip)], pace, address=file_address), "utf-8")
        lasts_s = min(seconds, clip.duration_s)
        notes = BriefNotes(lasts_s)
        hall = load_hall(path, limits_of(None))
        began_s = time.process_time()
        watch_camera(
            hall, "c", eyes, notes, clock=ReplayClock(START),
            start=START, recorder=Recorder(), stop=notes.enough,
        )  # fmt: skip
        budget.cpu_s += time.process_time() - began_s
        budget.stream_s += lasts_s
        budget.looks += notes.looks
        budget.asked += notes.asked
        _judge(budget, clip.due(hall, "c"), notes, lasts_s)
    return budget


def _judge(budget: Budget, due: Mapping[Event, float], notes: Notes, lasts_s: float) -> None:
    over = [e for e in due if e.ended_s is not None and e.ended_s + 5 < lasts_s]
    ended = [e for e in events_of(notes.alerts) if e.ended_s is not None]
    result = matched(ended, over, 3.0)
    budget.hits += len(result.hits)
    for alert in (a for a in notes.alerts if a.step is Step.RAISED):
        budget.delays_s += [
            alert.at.at_s - at_s
            for event, at_s in due.items()
            if (event.rule, event.subject) == (alert.rule, alert.subject)
        ]
    budget.wrong += [f"missed {e.rule} at {e.subject}" for e in result.missed]
    budget.wrong += [f"extra {e.rule} at {e.subject}" for e in result.extra]


def main(
    clips: Annotated[str, typer.Option()] = "phone,meal,queue,absence,absence_with_sign",
    seconds: Annotated[float, typer.Option(help="Of each clip.")] = 1e9,
    calm_s: Annotated[float, typer.Option(help="`calm_s` of [pace].")] = Pace().calm_s,
) -> None:
    """Watch the clips and print the budget. With --calm-s 2, no answer stands longer than the
    two seconds between looks."""
    meter = Meter()
    metered(meter)
    with tempfile.TemporaryDirectory() as folder:
        footage, pace = made(FOLDER, clips.split(",")), f"[pace]\ncalm_s = {calm_s}\n"
        budget = watched(footage, seconds, Path(folder), meter, pace)
    print(budget.told(meter))


if __name__ == "__main__":
    typer.run(main)
