"""What a hall is: cameras, windows, queues, hours and the thresholds in force; all of it frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from vision.geometry import Zone
from vision.pace import Pace
from vision.records import Json

Anchor = Literal["feet", "centre"]
Provider = Literal["cpu", "openvino", "cuda", "tensorrt"]
Limits = Mapping[str, Mapping[str, Any]]
"""Rule id to thresholds by name."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Service hours on some weekdays (0 = Monday), in the hall's own time zone.
    A closing time of 00:00 means the end of that day."""

    days: tuple[int, ...]
    opens: time
    closes: time

    def hold(self, local: datetime) -> bool:
        clock = local.time()
        before_close = self.closes == time(0) or clock < self.closes
        return local.weekday() in self.days and self.opens <= clock and before_close


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera; pictures are `width` x `height` pixels, analysed `pace_hz` times a second.

    work: where only staff walk, so that nobody there is taken for a citizen whose face is hidden.
    masks: what lies in them is not looked at (a screen with people on it, a mirror, the street).
    """

    id: str
    name: str
    url: str
    width: int
    height: int
    pace_hz: float | None  # None: as often as an answer can change, see `Hall.pace`
    recorded_at: datetime | None = None
    record: bool = True
    sub_url: str | None = None  # the same scene in fewer pixels, for presence and queues
    work: tuple[Zone, ...] = ()
    masks: tuple[Zone, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """Continuous recording: for how many days, how much in all, and how much of the disk is left
    free. folder: relative to the hall's data folder; an absolute one stands for itself."""

    days: float
    max_gb: float
    reserve_gb: float
    folder: str


@dataclass(frozen=True, slots=True)
class Window:
    """One window on one camera, with the thresholds in force there: rule id -> policy."""

    id: str
    name: str
    camera: str
    staff: Zone
    counter: Zone
    sign: Zone | None
    policies: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Queue:
    """One line or waiting area. `anchor`: the point of a person that must lie in the zone, the
    feet, or the centre where a camera sees no feet."""

    id: str
    name: str
    camera: str
    zone: Zone
    policies: Mapping[str, Any]
    anchor: Anchor = "feet"


@dataclass(frozen=True, slots=True)
class Seeing:
    """From which scores a person, a sign is believed.

    present_score: a person is there. absent_score: nobody is, if no person scores this much;
    between the two the answer is "cannot tell". hidden_share: with so much of the staff zone
    behind citizens and nobody seen in it, the answer is "cannot tell" as well.
    sign_score: a sign that cannot be read is believed from this score; from sign_doubt_score up
    to it the answer is "cannot tell".
    still_s: a person in whom nothing has moved for so long may be a jacket: "cannot tell".
    """

    present_score: float = 0.40
    absent_score: float = 0.20
    hidden_share: float = 0.55
    sign_score: float = 0.60
    sign_doubt_score: float = 0.45
    still_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Machine:
    """What computes: on which hardware, and on how many of the processor's cores (None: on all
    that may be used)."""

    provider: Provider = "cpu"
    cores: int | None = None


@dataclass(frozen=True, slots=True)
class Hall:
    """A whole hall. `sha` is the SHA-256 of the hall file's bytes; `limits` are what the model
    brought, where the file was read with some."""

    id: str
    name: str
    timezone: ZoneInfo
    hours: tuple[Hours, ...]
    cameras: tuple[Camera, ...]
    windows: tuple[Window, ...]
    queues: tuple[Queue, ...]
    policies: Mapping[str, Any]
    seeing: Seeing
    sha: str
    recording: Recording | None = None
    pace: Pace = field(default_factory=Pace)
    machine: Machine = field(default_factory=Machine)
    path: Path | None = field(default=None, compare=False)
    limits: Limits = field(default_factory=dict)

    def open_at(self, wall: datetime) -> bool:
        """Whether the hall serves at this moment. Without any hours it is always open."""
        local = wall.astimezone(self.timezone)
        return not self.hours or any(h.hold(local) for h in self.hours)

    def camera(self, camera_id: str) -> Camera:
        return next(c for c in self.cameras if c.id == camera_id)

    def windows_of(self, camera_id: str) -> tuple[Window, ...]:
        return tuple(w for w in self.windows if w.camera == camera_id)

    def queues_of(self, camera_id: str) -> tuple[Queue, ...]:
        return tuple(q for q in self.queues if q.camera == camera_id)


def policy_values(policy: Any) -> dict[str, Json]:
    """A policy's thresholds as they stand in an alert."""
    return dict(asdict(policy))
