"""Chooses which pictures of a camera are looked at. All follows from the stream and the states of
the rules, so that a replay looks at the same pictures again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from vision.engine import Engine
from vision.geometry import Zone
from vision.hallfile import Hall
from vision.motion import Motion
from vision.pace import Attention, Pace, Why, Wish, attention, wish
from vision.records import CameraSeen, Frame, Gap, Observation, WindowSeen
from vision.seeing import Look

MOVED_SHARE = 0.08
"""A zone moved when so much of it did: a clerk who types moves 0.02 to 0.08 of the staff zone in a
second, one who lifts a hand to the face 0.09 to 0.15, one who leaves 0.2 and more (rendered)."""
STIRRED_SHARE, SIGN_STIRRED_SHARE = 0.03, 0.1
"""Nothing stirs in a zone when less of it changed: less than a clerk who types. A sign zone is
small, and a placard fills most of it."""
PLAIN = 0.2
"""A conduct seen no surer than this is plainly not seen."""

LEAST_SHARE = {"": STIRRED_SHARE, "counter": MOVED_SHARE, "sign": SIGN_STIRRED_SHARE}
Place = tuple[str, str]
"""What of it ("" for its zones together, "counter", "sign"), and the id of the window or queue."""

Stretch = Callable[[], float]
"""By how much the machine makes all intervals longer just now; 1 when it keeps up."""


def unstretched() -> float:
    """The stretch of a machine that always keeps up, and of every replay."""
    return 1.0


class Pacer(Protocol):
    """Chooses pictures. `attention`: how closely to look, or None to pass the picture over.
    `looked`: what a look showed. `within_s`: how soon the answer to a look is wanted; later than
    that, the machine is too slow. `next_in_s`: so long after a picture the next one comes, where
    that is longer than usual."""

    next_in_s: float

    @property
    def within_s(self) -> float: ...

    @property
    def rests(self) -> bool:
        """Nothing stirs and nothing is about to change: a picture every two seconds will do, if
        motion is told of otherwise."""

    def attention(self, item: Frame | Gap) -> Attention | None: ...

    def looked(self, look: Look, engine: Engine) -> None: ...


class FixedPacer:
    """Every picture that the source chooses, and every window closely, as long as the machine keeps
    up with it."""

    def __init__(self, pace_hz: float, stretch: Stretch = unstretched) -> None:
        self.interval_s = 1.0 / pace_hz
        self.next_in_s = 0.0
        self._stretch = stretch
        self._looked_s = -1e9

    @property
    def within_s(self) -> float:
        return self.interval_s

    @property
    def rests(self) -> bool:
        return False

    def attention(self, item: Frame | Gap) -> Attention | None:
        due_s = self._looked_s + (self._stretch() - 0.5) * self.interval_s
        return Attention() if isinstance(item, Gap) or item.stamp.at_s >= due_s else None

    def looked(self, look: Look, engine: Engine) -> None:
        self._looked_s = look.stamp.at_s


class AttentivePacer:
    """As often and as closely as an answer can change."""

    def __init__(self, hall: Hall, camera: str, pace: Pace, stretch: Stretch = unstretched) -> None:
        seen = hall.camera(camera)
        windows, queues = hall.windows_of(camera), hall.queues_of(camera)
        zones: dict[Place, tuple[Zone, ...]] = {("", w.id): (w.staff, w.counter) for w in windows}
        zones |= {("", q.id): (q.zone,) for q in queues}
        zones |= {("counter", w.id): (w.counter,) for w in windows}
        zones |= {("sign", w.id): (w.sign,) for w in windows if w.sign}
        self.pace = pace
        self.next_in_s = 0.0
        self.windows = tuple(w.id for w in windows)
        self._places = tuple(zones)
        self._motion: Motion[Place] = Motion(zones, seen.width, seen.height)
        self._stretch = stretch
        self._looked_s: float | None = None
        self._asked_s = 0.0  # when the model last answered
        self._calm = False  # nothing stirred at the last look
        self._restless: frozenset[str] = frozenset()  # where much moved at the last look
        self._wish = Wish(0.0, 0.0, Why.STILL)
        self._near: frozenset[str] = frozenset()
        self._unsure: frozenset[str] = frozenset()
        self._busy: frozenset[str] = frozenset()

    @property
    def within_s(self) -> float:
        hurries = self._wish.why is Why.NEAR or bool(self._busy)
        return self.pace.near_s if hurries else self.pace.moving_s

    @property
    def rests(self) -> bool:
        waits = self._wish.why is Why.STILL and self._wish.after_s <= self.pace.still_s
        return waits and self._calm and not (self._near or self._unsure)

    def attention(self, item: Frame | Gap) -> Attention | None:
        """A gap is always looked at: it costs nothing. A picture may come early by half of the
        shortest interval, which is what a source's beat is off; one after which none comes for
        long by so much that the rules take no harm from waiting for the next one, which may be
        shown a beat late."""
        if isinstance(item, Gap) or self._looked_s is None:
            self._calm = False
            return Attention()
        beat_s = self.pace.near_s
        early_s = max(beat_s / 2, self.next_in_s + beat_s - self.pace.still_s / 2)
        now_s = item.stamp.at_s + early_s + 1e-6
        since_s = now_s - self._looked_s
        if since_s < min(self._wish.after_s, self.pace.near_s):
            return None
        if since_s < self._wish.after_s and now_s - self._asked_s < self._wish.moved_after_s:
            return None
        shares = self._motion.since(item.bgr)
        zones = {id: share for (what, id), share in shares.items() if not what}
        much = {id for id, share in zones.items() if share >= MOVED_SHARE}
        moved = much | {id for id in self._restless if zones[id] >= STIRRED_SHARE}
        if since_s < self._wish.after_s and not moved:
            return None
        places = {place for place, share in shares.items() if share >= LEAST_SHARE[place[0]]}
        stirred = {id for _, id in places}
        seats = {("", window) for window in self.windows}
        self._calm = not stirred
        self._restless = frozenset(much)
        return attention(
            self.windows, near=self._near, unsure=self._unsure, busy=self._busy, moved=moved,
            stirred=stirred, around=bool(places - seats), pace=self.pace, stretch=self._stretch(),
        )  # fmt: skip

    def looked(self, look: Look, engine: Engine) -> None:
        places = [seen for seen in look.observations if not isinstance(seen, CameraSeen)]
        closed = all(seen.open is False for seen in places)
        if look.frame is not None:
            self._motion.looked(look.frame.bgr, self._seen_anew(look, places))
        self._looked_s = look.stamp.at_s
        if not look.again or look.closely:
            self._asked_s = look.stamp.at_s
        coming = engine.coming(self.pace.still_s)
        self._near = frozenset(subject for _, subject in coming)
        self._unsure = unsure(look.observations)
        self._busy = busy(look.observations)
        self._wish = wish(
            min(coming.values(), default=None), closed, self.pace, self._stretch(),
            busy=bool(self._busy),
        )  # fmt: skip

    def _seen_anew(self, look: Look, places: Iterable[Observation]) -> list[Place]:
        """The places of which the model has just answered all that it is asked."""
        if look.again:
            return [("", id) for id in look.closely]
        asked = {s.window for s in places if isinstance(s, WindowSeen) and s.open is not False}
        left = asked - look.closely if look.blind is None else set[str]()
        return [(what, id) for what, id in self._places if what == "counter" or id not in left]


def unsure(observations: Iterable[Observation]) -> frozenset[str]:
    """The windows of which something else than a plain answer was seen: who cannot be told, or what
    a single look may well be wrong about. Such an answer is not repeated, but looked for again."""
    return frozenset(
        seen.window
        for seen in observations
        if isinstance(seen, WindowSeen)
        and seen.open is not False
        and (seen.staff is None or seen.sign is None)
    ) | busy(observations)


def busy(observations: Iterable[Observation]) -> frozenset[str]:
    """The windows at which the clerk may be doing something that a rule counts the seconds of."""
    return frozenset(
        seen.window
        for seen in observations
        if isinstance(seen, WindowSeen)
        and seen.open is not False
        and max(
            seen.phone or 0.0, seen.eating or 0.0, seen.smoking or 0.0, seen.napping or 0.0,
            seen.reading or 0.0,
        ) > PLAIN
    )  # fmt: skip
