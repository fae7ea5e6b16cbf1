"""Replaying clips whose truth is known: bundled and rendered ones, and annotated footage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import models.session
import vision
from cameras.clocks import ReplayClock
from cli.eyes import Eyes, watch_camera
from models.events import Event
from models.footage import CONDUCT, RealClip, real_clips
from models.looks import read_looks, write_looks
from models.manifest import ModelEntry
from models.trials import Trial
from vision.engine import Engine
from vision.hallfile import Hall, Limits, load_hall
from vision.records import Alert, Observation
from vision.seeing import Look

EPOCH = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
SAYS_NOTHING: Callable[[str], None] = lambda _: None  # noqa: E731


@dataclass(slots=True)
class Notes:
    """A sink that keeps everything."""

    alerts: list[Alert] = field(default_factory=list)
    seen: list[Observation] = field(default_factory=list)

    def alerted(self, alert: Alert, look: Look) -> None:
        self.alerts.append(alert)

    def looked(self, look: Look, engine: Engine) -> None:
        self.seen += look.observations


def replayed(hall: Hall, camera: str, eyes: Eyes, clip: Path) -> Notes:
    """Everything that the pipeline says of one clip."""
    notes = Notes()
    start = hall.camera(camera).recorded_at or EPOCH
    watch_camera(
        hall, camera, eyes, notes, clock=ReplayClock(start, speed=None), url=str(clip), start=start
    )
    return notes


@dataclass(frozen=True, slots=True)
class Seeing:
    """How clips are looked at. limits: the model's, by rule; pace_hz: looks a second at most; keep:
    a folder for what was seen, or None; say: told of each clip as it is begun."""

    eyes: Eyes
    limits: Limits
    pace_hz: float = 2.0
    keep: Path | None = None
    say: Callable[[str], None] = SAYS_NOTHING


def kept_for(entries: Sequence[ModelEntry], keep: Path | None, pace_hz: float) -> Path | None:
    """The folder in `keep` for what these models, of whole pictures and of close-ups, see with
    their curves at this pace."""
    if keep is None:
        return None
    told = " ".join(f"{e.sha256} {sorted(e.calibration.items())}" for e in entries)
    told += f" {pace_hz:g}"
    return keep / hashlib.sha256(told.encode()).hexdigest()[:16]


def seen_of(hall: Hall, camera: str, clip: Path, how: Seeing) -> list[Observation]:
    """What the model sees of a clip, or saw of it before."""
    if how.keep is None:
        return replayed(hall, camera, how.eyes, clip).seen
    content = hashlib.sha256(clip.read_bytes())
    content.update(_looked_for(hall).encode())
    content.update(_code())
    path = how.keep / f"{clip.parent.name}-{clip.stem}-{content.hexdigest()[:12]}.jsonl.gz"
    if not path.is_file():
        write_looks(path, replayed(hall, camera, how.eyes, clip).seen)
    return read_looks(path)


def _looked_for(hall: Hall) -> str:
    """What of a hall changes what is seen in it: all but the rules, which are folded later."""
    windows = [replace(window, policies={}) for window in hall.windows]
    queues = [replace(queue, policies={}) for queue in hall.queues]
    return repr((hall.cameras, hall.seeing, windows, queues))


@cache
def _code() -> bytes:
    """What looks: other code may see otherwise."""
    files = sorted([*Path(vision.__file__).parent.glob("*.py"), Path(models.session.__file__)])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()


def true_events(expected: Mapping[str, Any]) -> list[Event]:
    """The events of a rendered clip's expected.json."""
    return [Event(e["rule"], e["subject"], e["began_s"], e["ended_s"]) for e in expected["events"]]


def rendered_trials(folder: Path, how: Seeing) -> Iterator[Trial]:
    """Every rendered clip in the folder's folders, by name, as the model sees it."""
    for path in sorted(folder.glob("*/expected.json")):
        expected = json.loads(path.read_text("utf-8"))
        hall = slowed(load_hall(path.parent / "hall.toml", how.limits), how.pace_hz)
        camera = hall.cameras[0].id
        how.say(path.parent.name)
        seen = seen_of(hall, camera, path.parent / expected["clip"], how)
        lasts_s = float(expected["duration_s"])
        yield Trial(
            path.parent.name, hall, camera, seen, true_events(expected), lasts_s,
            absent=_absences(expected), queues=_counts(expected),
        )  # fmt: skip


def _absences(expected: Mapping[str, Any]) -> dict[str, list[tuple[float, float]]]:
    absences: dict[str, list[tuple[float, float]]] = {}
    for fact in expected["facts"]:
        if fact["what"] == "absent":
            absences.setdefault(fact["subject"], []).append((fact["from_s"], fact["to_s"]))
    return absences


def _counts(expected: Mapping[str, Any]) -> dict[str, list[tuple[float, int]]]:
    counts: dict[str, list[tuple[float, int]]] = {}
    for step in expected["counts"]:
        counts.setdefault(step["subject"], []).append((step["at_s"], step["count"]))
    return counts


def real_trials(folder: Path, how: Seeing) -> Iterator[tuple[RealClip, Trial]]:
    """Every annotated real clip in the folder, by name, as the model sees it."""
    for clip in real_clips(folder, how.limits, how.pace_hz):
        how.say(clip.name)
        seen = seen_of(clip.hall, "cam1", clip.clip, how)
        lasts_s = seen[-1].stamp.at_s if seen else 0.0
        shown = [
            Event(CONDUCT[m.what], m.zone, m.from_s, m.to_s)
            for m in clip.marks
            if m.what in CONDUCT
        ]
        yield clip, Trial(clip.name, clip.hall, "cam1", seen, shown, lasts_s, real=True)


def slowed(hall: Hall, pace_hz: float) -> Hall:
    """The hall with its cameras looked at no more often than so many times a second."""
    cameras = [
        replace(c, pace_hz=pace_hz if c.pace_hz is None else min(c.pace_hz, pace_hz))
        for c in hall.cameras
    ]
    return replace(hall, cameras=tuple(cameras))
