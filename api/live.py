"""The live board: what each camera shows now, from the threads that watch to the pages that show.

Watchers `publish`, pages read; nobody waits for anybody. A picture is encoded when the first
viewer asks for it, once for all viewers, and never when nobody looks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

import cv2

from vision.records import Image

Corners: TypeAlias = tuple[tuple[float, float], ...]
"""A polygon in pixels of the whole picture."""

WIDEST_PX = 1280
"""Pictures for the screen are no wider; evidence is made elsewhere, from the camera's own bytes."""
JPEG_QUALITY = 80
STALE_AFTER_S = 10.0
"""A picture that was published longer ago is no longer what the camera shows."""


class WindowPhase(StrEnum):
    """The words of the rule `window_unattended` for a window's phase."""

    UNKNOWN = "unknown"
    ATTENDED = "attended"
    PAUSED = "paused"
    EMPTY = "empty"
    ALERTED = "alerted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class WindowView:
    """One window in the picture. `since`: when this phase began, aware; None if not known."""

    id: str
    name: str
    phase: WindowPhase
    since: datetime | None
    staff: Corners = ()
    counter: Corners = ()
    citizens: int | None = None


@dataclass(frozen=True, slots=True)
class QueueView:
    """One queue zone. `count` None: cannot tell. `promised`: so many are too many."""

    id: str
    name: str
    count: int | None
    zone: Corners = ()
    promised: int | None = None


@dataclass(frozen=True, slots=True)
class BoxView:
    """One thing that the model saw: (x1, y1, x2, y2) in pixels, and its name (`person`, ...)."""

    xyxy: tuple[float, float, float, float]
    label: str
    score: float


class Picture:
    """One picture for the screen, made into a JPEG at most once, by whoever asks first."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make: Callable[[], bytes] | None = make
        self._lock = threading.Lock()
        self._jpeg = b""

    @classmethod
    def of(cls, bgr: Image) -> Picture:
        """From a decoded picture (h, w, 3), which must not change afterwards."""
        return cls(lambda: jpeg_of(bgr))

    @classmethod
    def ready(cls, jpeg: bytes) -> Picture:
        return cls(lambda: jpeg)

    @property
    def coded(self) -> bytes | None:
        """The JPEG where somebody has asked for it before; None: `jpeg` would have to make it."""
        return self._jpeg or None

    def jpeg(self) -> bytes:
        with self._lock:
            if self._make is not None:
                self._jpeg, self._make = self._make(), None
            return self._jpeg


def jpeg_of(bgr: Image) -> bytes:
    """The picture as JPEG bytes, no wider than `WIDEST_PX`."""
    height, width = bgr.shape[:2]
    if width > WIDEST_PX:
        size = (WIDEST_PX, round(height * WIDEST_PX / width))
        bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA).astype("uint8", copy=False)
    done, coded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise RuntimeError(f"a picture of {width}x{height} px could not be encoded as JPEG")
    return coded.tobytes()


@dataclass(frozen=True, slots=True)
class CameraView:
    """What one look through a camera showed.

    wall: the moment of the look on the camera's clock (for recordings: when it was recorded).
    blind: why it cannot tell (a `Blindness`), or None. picture: None keeps the last one on show.
    """

    name: str
    width: int
    height: int
    wall: datetime
    picture: Picture | None = None
    blind: str | None = None
    windows: tuple[WindowView, ...] = ()
    queues: tuple[QueueView, ...] = ()
    boxes: tuple[BoxView, ...] = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """How far a recording has been watched (0..1) and at how many times real time."""

    fraction: float
    speed: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A camera's latest look. `version` names its picture; `age_s` is how long ago it came."""

    camera: str
    view: CameraView
    version: int
    picture: Picture | None
    pictured: datetime | None  # the moment that the picture on show was taken
    age_s: float
    replay: Replay | None

    @property
    def ended(self) -> bool:
        """A recording that was watched to its end: it stands still, and rightly so."""
        return self.replay is not None and self.replay.fraction >= 1

    @property
    def stale(self) -> bool:
        return self.age_s > STALE_AFTER_S and not self.ended


@dataclass(slots=True)
class _Slot:
    view: CameraView
    version: int
    picture: Picture | None
    pictured: datetime | None
    at_s: float


@dataclass(slots=True)
class LiveBoard:
    """All cameras of this process, which watches one hall. `clock` gives monotonic seconds, and
    only ages are made of it.

    `version` grows with everything that is published; a page that has shown it may sleep on.
    `stretch` above 1: the machine does not keep up, and every camera is looked at so many times as
    seldom.
    """

    clock: Callable[[], float]
    hall: str
    version: int = 0
    stretch: float = 1.0
    _slots: dict[str, _Slot] = field(default_factory=dict)
    _replays: dict[str, Replay] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def publish(self, camera_id: str, view: CameraView) -> None:
        """The newest look replaces the one before."""
        with self._lock:
            self.version += 1
            old = self._slots.get(camera_id)
            if view.picture is not None or old is None:
                slot = _Slot(view, self.version, view.picture, None, self.clock())
                slot.pictured = view.wall if view.picture is not None else None
            else:
                slot = _Slot(view, old.version, old.picture, old.pictured, self.clock())
            self._slots[camera_id] = slot

    def replayed(self, camera_id: str, replay: Replay) -> None:
        """How far this camera's recording is; cameras that are live never say so."""
        with self._lock:
            self.version += 1
            self._replays[camera_id] = replay

    def stretched(self, stretch: float) -> None:
        """How many times as seldom as wished the machine lets every camera be looked at."""
        with self._lock:
            self.version += 1
            self.stretch = stretch

    def forget(self, camera_id: str) -> None:
        """The camera is no longer in the hall."""
        with self._lock:
            self.version += 1
            self._slots.pop(camera_id, None)
            self._replays.pop(camera_id, None)

    def view(self, camera_id: str) -> Shown | None:
        """The latest look through this camera; None before the first one."""
        with self._lock:
            return self._shown(camera_id)

    def views(self) -> Mapping[str, Shown]:
        """The latest look through every camera, in the order of their ids."""
        with self._lock:
            shown = {camera_id: self._shown(camera_id) for camera_id in sorted(self._slots)}
        return {camera_id: look for camera_id, look in shown.items() if look is not None}

    def _shown(self, camera_id: str) -> Shown | None:
        slot = self._slots.get(camera_id)
        if slot is None:
            return None
        return Shown(
            camera=camera_id,
            view=slot.view,
            version=slot.version,
            picture=slot.picture,
            pictured=slot.pictured,
            age_s=self.clock() - slot.at_s,
            replay=self._replays.get(camera_id),
        )
