"""Annotated real footage: a clip beside a JSON file of zones and events, and how we did on it.

The annotations were read from frame sheets by one person: times carry tolerances, and what is
marked doubtful is not scored. Zones of role `staff` become windows, of role `queue` queues.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from vision.geometry import Zone
from vision.hallfile import Camera, Hall, Limits, Queue, Seeing, Window
from vision.records import Observation, QueueSeen, WindowSeen
from vision.rules import rulebook

CONDUCT = {
    "phone": "phone_use", "eating": "eating", "smoking": "smoking", "napping": "napping",
    "reading": "idle_reading",
}  # fmt: skip
"""What a window's look can show, and an annotation calls it, and the rule about it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the annotator saw: `what` from `from_s` to `to_s` (give or take `tol_s`)."""

    zone: str
    what: str
    from_s: float
    to_s: float
    tol_s: float


@dataclass(frozen=True, slots=True)
class Count:
    """So many people in a zone at one moment, give or take `tol`."""

    zone: str
    at_s: float
    people: int
    tol: int


@dataclass(frozen=True, slots=True)
class RealClip:
    """One clip, the hall it makes, and its undoubted marks."""

    name: str
    clip: Path
    hall: Hall
    marks: tuple[Mark, ...]
    counts: tuple[Count, ...]
    look_alikes: tuple[str, ...]


def real_clips(folder: Path, limits: Limits | None = None, pace_hz: float = 2.0) -> list[RealClip]:
    """Every annotated video clip in the folder, by name; other files are passed over. limits: of
    the model, by rule."""
    clips = []
    for path in sorted(folder.glob("*.json")):
        table = json.loads(path.read_text())
        if isinstance(table, dict) and "video" in table and (folder / table["file"]).is_file():
            clips.append(_clip(folder, path, table, limits or {}, pace_hz))
    return clips


def _clip(
    folder: Path, path: Path, table: dict[str, Any], limits: Limits, pace_hz: float
) -> RealClip:
    sure = [e for e in table["events"] if not e.get("doubtful") and e.get("zone")]
    return RealClip(
        name=table["id"],
        clip=folder / table["file"],
        hall=_hall(table, hashlib.sha256(path.read_bytes()).hexdigest(), limits, pace_hz),
        marks=tuple(
            Mark(e["zone"], _shown(e), e["start_s"], e["end_s"], e.get("tol_s", 0.5))
            for e in sure
            if "start_s" in e
        ),
        counts=tuple(
            Count(e["zone"], e["at_s"], e["count"], e.get("count_tol", 1))
            for e in sure
            if "count" in e
        ),
        look_alikes=tuple(n["note"] for n in table.get("hard_negatives", ())),
    )


def _shown(event: dict[str, Any]) -> str:
    """What a mark is about. A call on the desk telephone is none with a phone."""
    landline = event["type"] == "phone" and "landline" in event.get("note", "")
    return "desk telephone" if landline else str(event["type"])


def _hall(table: dict[str, Any], sha: str, limits: Limits, pace_hz: float) -> Hall:
    video = table["video"]
    width, height = video["width"], video["height"]
    policies = {name: rule.policy(**limits.get(name, {})) for name, rule in rulebook().items()}
    corner = Zone.of([(0, height - 5), (5, height - 5), (5, height), (0, height)], width, height)
    windows, queues = [], []
    for zone in table["zones"]:
        polygon = Zone.of([tuple(p) for p in zone["polygon"]], width, height)
        if zone["role"] == "staff":
            windows.append(Window(zone["id"], zone["id"], "cam1", polygon, corner, None, policies))
        elif zone["role"] == "queue":
            queues.append(Queue(zone["id"], zone["id"], "cam1", polygon, policies, zone["anchor"]))
    return Hall(
        id="real",
        name=table["id"],
        timezone=ZoneInfo("UTC"),
        hours=(),
        cameras=(Camera("cam1", "cam1", table["file"], width, height, pace_hz),),
        windows=tuple(windows),
        queues=tuple(queues),
        policies=policies,
        seeing=Seeing(),
        sha=sha,
    )


@dataclass(slots=True)
class Presence:
    """Looks at zones whose state is known: right, wrong, and "cannot tell"."""

    right: int = 0
    wrong: int = 0
    unsure: int = 0

    def add(self, here: bool, said: bool | None) -> None:
        """One look: whether somebody is there, and what was said."""
        if said is None:
            self.unsure += 1
        elif said is here:
            self.right += 1
        else:
            self.wrong += 1


@dataclass(slots=True)
class Hits:
    """Looks with conduct said, inside and outside of marks that show it."""

    inside: int = 0
    of_inside: int = 0
    outside: int = 0
    of_outside: int = 0


@dataclass(slots=True)
class Verdict:
    """How the looks at one clip compare with its marks. counts: (true, said, tolerance)."""

    presence: Presence
    conduct: dict[str, Hits]  # by what is shown, of CONDUCT
    counts: list[tuple[int, float | None, int]]


def compared(clip: RealClip, looks: Iterable[Observation]) -> Verdict:
    """Score every look against the marks; moments within a mark's tolerance are left out."""
    verdict = Verdict(Presence(), {what: Hits() for what in CONDUCT}, [])
    seen_counts: dict[str, list[tuple[float, int]]] = {}
    policies = clip.hall.policies
    for seen in looks:
        if isinstance(seen, QueueSeen) and seen.count is not None:
            seen_counts.setdefault(seen.queue, []).append((seen.stamp.at_s, seen.count))
        if not isinstance(seen, WindowSeen):
            continue
        _presence(clip, seen, verdict.presence)
        for what, rule in CONDUCT.items():
            _conduct(
                clip, seen, what, getattr(seen, what), policies[rule].min_score,
                verdict.conduct[what],
            )  # fmt: skip
    for count in clip.counts:
        near = [n for at_s, n in seen_counts.get(count.zone, []) if abs(at_s - count.at_s) <= 1.0]
        verdict.counts.append((count.people, median(near) if near else None, count.tol))
    return verdict


def _presence(clip: RealClip, seen: WindowSeen, score: Presence) -> None:
    truth = {
        mark.what == "present"
        for mark in clip.marks
        if mark.zone == seen.window
        and mark.what in ("present", "absent")
        and mark.from_s + mark.tol_s <= seen.stamp.at_s <= mark.to_s - mark.tol_s
    }
    if len(truth) == 1:
        score.add(truth.pop(), seen.staff)


def _conduct(
    clip: RealClip, seen: WindowSeen, what: str, score: float | None, limit: float, hits: Hits
) -> None:
    marks = [m for m in clip.marks if m.zone == seen.window and m.what == what]
    at_s = seen.stamp.at_s
    if any(m.from_s - m.tol_s < at_s < m.to_s + m.tol_s for m in marks):
        hits.of_inside += 1
        hits.inside += score is not None and score >= limit
    else:
        hits.of_outside += 1
        hits.outside += score is not None and score >= limit
