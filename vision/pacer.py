"""Chooses which pictures of a camera are looked at. All follows from the stream and the states of
the rules, so that a replay looks at the same pictures again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from vision.engine import Engine
from vision.geometry import Zone
from vision.hallfile import Hall
from vision.motion import Motion
from vision.pace import Pace, Why, Wish, close_up_stands_s, wish
from vision.records import CameraSeen, Frame, Gap
from vision.seeing import Look

MOVED_SHARE = 0.08
"""A zone moved when so much of it did: a clerk who types moves 0.02 to 0.08 of the staff zone in a
second, one who lifts a hand to the face 0.09 to 0.15, one who leaves 0.2 and more (rendered)."""

Stretch = Callable[[], float]
"""By how much the machine makes all intervals longer just now; 1 when it keeps up."""


def unstretched() -> float:
    """The stretch of a machine that always keeps up, and of every replay."""
    return 1.0


class Pacer(Protocol):
    """Chooses pictures. `attention`: for each window how many seconds its last close-up may stand,
    or None to pass the picture over. `looked`: what a look showed. `within_s`: how soon the
    answer to a look is wanted; later than that, the machine is too slow."""

    @property
    def within_s(self) -> float: ...

    def attention(self, item: Frame | Gap) -> Mapping[str, float] | None: ...

    def looked(self, look: Look, engine: Engine) -> None: ...


class FixedPacer:
    """Every picture that the source chooses, and every window closely, as long as the machine keeps
    up with it."""

    def __init__(self, pace_hz: float, stretch: Stretch = unstretched) -> None:
        self.interval_s = 1.0 / pace_hz
        self._stretch = stretch
        self._looked_s = -1e9

    @property
    def within_s(self) -> float:
        return self.interval_s

    def attention(self, item: Frame | Gap) -> Mapping[str, float] | None:
        due_s = self._looked_s + (self._stretch() - 0.5) * self.interval_s
        return {} if isinstance(item, Gap) or item.stamp.at_s >= due_s else None

    def looked(self, look: Look, engine: Engine) -> None:
        self._looked_s = look.stamp.at_s


class AttentivePacer:
    """As often and as closely as an answer can change."""

    def __init__(self, hall: Hall, camera: str, pace: Pace, stretch: Stretch = unstretched) -> None:
        seen = hall.camera(camera)
        windows = hall.windows_of(camera)
        zones: dict[str, tuple[Zone, ...]] = {w.id: (w.staff, w.counter) for w in windows}
        zones |= {q.id: (q.zone,) for q in hall.queues_of(camera)}
        self.pace = pace
        self.windows = tuple(w.id for w in windows)
        self._motion = Motion(zones, seen.width, seen.height)
        self._stretch = stretch
        self._looked_s: float | None = None
        self._wish = Wish(0.0, 0.0, Why.STILL)
        self._near: frozenset[str] = frozenset()
        self._moved: set[str] = set()

    @property
    def within_s(self) -> float:
        return self.pace.near_s if self._wish.why is Why.NEAR else self.pace.moving_s

    def attention(self, item: Frame | Gap) -> Mapping[str, float] | None:
        """A gap is always looked at: it costs nothing. A picture may come early by half of the
        shortest interval, which is what a source's beat is off."""
        if isinstance(item, Gap) or self._looked_s is None:
            return {}
        since_s = item.stamp.at_s - self._looked_s + self.pace.near_s / 2
        if since_s < self._wish.moved_after_s:
            return None
        moved = {z for z, share in self._motion.since(item.bgr).items() if share >= MOVED_SHARE}
        if since_s < self._wish.after_s and not moved:
            return None
        self._moved |= moved
        return close_up_stands_s(
            self.windows, self._near, self._moved, self.pace, self._stretch()
        )  # fmt: skip

    def looked(self, look: Look, engine: Engine) -> None:
        if look.frame is not None:
            self._motion.looked(look.frame.bgr)
        self._moved -= look.closely
        self._looked_s = look.stamp.at_s
        coming = engine.coming(self.pace.still_s)
        self._near = frozenset(subject for _, subject in coming)
        places = [seen for seen in look.observations if not isinstance(seen, CameraSeen)]
        closed = all(seen.open is False for seen in places)
        self._wish = wish(min(coming.values(), default=None), closed, self.pace, self._stretch())
