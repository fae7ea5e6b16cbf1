"""The records that pass between the parts: frozen, slotted, arrays read-only.

Units: `at_s` is stream time in seconds and never goes back within one run; `wall` is an aware
UTC datetime; boxes are pixels of the whole picture, x right and y down, (x1, y1, x2, y2).
`None` in an observation means "cannot tell" and is never coerced to no.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Image: TypeAlias = NDArray[np.uint8]
"""A picture, (h, w, 3), BGR."""


class Label(IntEnum):
    """What a detector can name. A manifest maps a model's own classes to these."""

    PERSON = 0
    PHONE = 1  # in a hand or at an ear; one lying on the desk is background
    FOOD = 2
    DRINK = 3
    CIGARETTE = 4
    READING = 5  # newspaper, magazine, book; not forms
    HEAD_DOWN = 6
    PAUSE_SIGN = 7
    EATING = 8
    SMOKING = 9


DOING = (Label.HEAD_DOWN, Label.EATING, Label.SMOKING)
"""Told beside PERSON, on the same box: what that person does."""
PEOPLE = (Label.PERSON, Label.HEAD_DOWN)
"""Either says that somebody is there: a head on the desk may be all that is seen."""


class Said(StrEnum):
    """What a sign's text says."""

    PAUSE = "pause"  # that service is paused here and now
    OTHER = "other"  # legible, and something else
    MOOT = "moot"  # legible: a pause of another day or hour, or of something else than this window
    NOTHING = "nothing"  # not legible


class Blindness(StrEnum):
    """Why a camera cannot tell."""

    OFFLINE = "offline"
    FROZEN = "frozen"
    DARK = "dark"
    COVERED = "covered"
    BLURRED = "blurred"
    MOVED = "moved"
    CORRUPT = "corrupt"  # packets that do not decode
    JUMP = "jump"  # the stream's own time jumped


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """A moment: stream seconds for the rules, wall clock (aware, UTC) for people."""

    at_s: float
    wall: datetime = field(compare=False)

    def __post_init__(self) -> None:
        if self.wall.tzinfo is None:
            raise ValueError("a Stamp's wall time must be timezone-aware")

    def back_to(self, at_s: float) -> Stamp:
        """The stamp of the earlier (or later) stream second `at_s` on the same clock."""
        return Stamp(at_s, self.wall + timedelta(seconds=at_s - self.at_s))


@dataclass(frozen=True, slots=True)
class Packet:
    """The identity of one encoded picture; its bytes stay with the recorder."""

    camera: str
    seq: int
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded picture. `bgr` is (h, w, 3) uint8 and is made read-only."""

    packet: Packet
    bgr: Image

    def __post_init__(self) -> None:
        if self.bgr.ndim != 3 or self.bgr.shape[2] != 3 or self.bgr.dtype != np.uint8:
            raise ValueError(f"a frame is (h, w, 3) uint8, not {self.bgr.shape} {self.bgr.dtype}")
        self.bgr.flags.writeable = False

    @property
    def stamp(self) -> Stamp:
        return self.packet.stamp


@dataclass(frozen=True, slots=True)
class Gap:
    """At this moment there is no usable picture. Sources repeat it while it lasts (about 1 Hz)."""

    camera: str
    stamp: Stamp
    why: Blindness


@dataclass(frozen=True, slots=True)
class Detections:
    """What a detector saw in one picture, best score first.

    xyxy: (n, 4) float32, pixels. score: (n,) float32 in 0..1. label: (n,) int8 of `Label`.
    """

    xyxy: NDArray[np.float32]
    score: NDArray[np.float32]
    label: NDArray[np.int8]

    def __post_init__(self) -> None:
        n = len(self.score)
        if self.xyxy.shape != (n, 4) or self.label.shape != (n,):
            raise ValueError(
                f"detections disagree: xyxy {self.xyxy.shape}, score {self.score.shape}, "
                f"label {self.label.shape}"
            )
        for array in (self.xyxy, self.score, self.label):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.score)

    @classmethod
    def none(cls) -> Detections:
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int8))

    def of(self, *labels: Label, at_least: float = 0.0) -> Detections:
        """Those of the given labels with at least the given score."""
        meant = np.zeros(len(self), np.bool_)
        for label in labels:
            meant |= self.label == label
        return self.chosen(meant & (self.score >= at_least))

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> Detections:
        """Those that a mask (n,) keeps, or that indices name, in their order."""
        return Detections(self.xyxy[which], self.score[which], self.label[which])

    def moved(self, dx: float, dy: float) -> Detections:
        """The same detections in a picture whose origin lies at (-dx, -dy): crop to whole."""
        return Detections(
            self.xyxy + np.array([dx, dy, dx, dy], np.float32), self.score.copy(), self.label.copy()
        )

    @classmethod
    def joined(cls, *parts: Detections) -> Detections:
        """All parts together, best score first (stable)."""
        if not parts:
            return cls.none()
        score = np.concatenate([p.score for p in parts])
        order = np.argsort(-score, kind="stable")
        return cls(
            np.concatenate([p.xyxy for p in parts])[order],
            score[order],
            np.concatenate([p.label for p in parts])[order],
        )


@dataclass(frozen=True, slots=True)
class WindowSeen:
    """One look at one window. Every `None` is "cannot tell".

    `open` and `ticket_paused` come from the schedule and the ticket system, not from the picture:
    `open` is False outside service hours and in a planned break.
    """

    stamp: Stamp
    window: str
    blind: Blindness | None = None
    open: bool | None = True
    staff: bool | None = None  # a member of staff in the staff zone
    citizens: int | None = None  # people standing in the counter zone
    sign: bool | None = None  # a pause sign is up
    ticket_paused: bool | None = None  # None: no ticket system connected, or it has gone silent
    phone: float | None = None  # best score 0..1 of a phone in a staff member's hand or at the ear
    eating: float | None = None  # best score 0..1 of food at a staff member's mouth
    smoking: float | None = None  # best score 0..1 of a cigarette in hand or mouth
    napping: float | None = None  # best score 0..1 of a head on the desk, or asleep in the chair
    reading: float | None = None  # best score 0..1 of a newspaper, magazine or book in the hands


@dataclass(frozen=True, slots=True)
class QueueSeen:
    """One look at one queue zone: `count` people waiting, or `None`."""

    stamp: Stamp
    queue: str
    blind: Blindness | None = None
    open: bool | None = True
    count: int | None = None


@dataclass(frozen=True, slots=True)
class CameraSeen:
    """One look at a camera itself: blind for this reason, or seeing (`None`)."""

    stamp: Stamp
    camera: str
    blind: Blindness | None = None


Observation: TypeAlias = "WindowSeen | QueueSeen | CameraSeen"


class Step(StrEnum):
    """What happened to an alert."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ENDED = "ended"


class Severity(IntEnum):
    NOTICE = 1
    WARNING = 2
    SERIOUS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule says: pure, without camera, database or person.

    `began_s`: stream second at which the conduct began (not at which it was raised).
    `at_s`: stream second of the observation that brought this change.
    `ended_s`: stream second at which the conduct ceased; only with ENDED.
    `why`: the facts, as key and value, for a person to read in any language.
    """

    step: Step
    severity: Severity
    began_s: float
    at_s: float
    ended_s: float | None = None
    why: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alert:
    """A change with everything that makes it evidence. One uid lives through all its steps."""

    uid: str
    step: Step
    severity: Severity
    rule: str
    rule_version: int
    hall: str
    camera: str
    subject: str  # the window's, queue's or camera's id
    began: Stamp
    at: Stamp
    ended: Stamp | None
    why: Mapping[str, Json]
    policy: Mapping[str, Json]  # the thresholds then in force
    model_sha: str
    hall_sha: str

    def __post_init__(self) -> None:
        if (self.ended is not None) != (self.step is Step.ENDED):
            raise ValueError("an alert has an end exactly when its step is 'ended'")


def alert_uid(camera: str, rule: str, subject: str, began: datetime) -> str:
    """One name for one event, however often it is sent: 32 hex digits of SHA-256 over
    camera, rule, subject and the wall-clock start in whole milliseconds UTC."""
    moment = began.astimezone(UTC).isoformat(timespec="milliseconds")
    text = "\x1f".join((camera, rule, subject, moment))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
