"""How often to look, and how closely: a look is paid for only where it can change an answer.

Three things make a look due: an answer that would change if what was seen last went on, motion in
a zone, and time. Where nothing stirs, what was surely seen stands for a while: a picture that is
the same as before would be answered the same. Shortly before a rule changes its answer, the model
looks anew in any case. Where the machine is too slow, every interval of every camera is stretched
alike: rules see longer gaps, and say "unknown" beyond their own tolerance.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MUCH_LATE, LITTLE_LATE = 0.1, 0.02
FULL, ROOMY, IDLE = 0.8, 0.9, 0.6
QUICKER, SLOWER = 1.08, 1.25
MOST_STRETCH = 16.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks.

    near_s: the least, kept when an answer is about to change. moving_s: when something moves in a
    zone. still_s: when nothing does; below every rule's `max_gap_s`, or nothing is ever known.
    closed_s: when nothing serves, and a look is only for the camera's own sight. calm_s: what was
    surely seen where nothing stirs stands so long before the model looks anew.
    """

    near_s: float = 0.4
    moving_s: float = 1.0
    still_s: float = 2.0
    closed_s: float = 2.5
    calm_s: float = 6.0

    def __post_init__(self) -> None:
        if not 0 < self.near_s <= self.moving_s <= self.still_s <= self.closed_s:
            raise ValueError("a pace needs 0 < near_s <= moving_s <= still_s <= closed_s")
        if self.calm_s < self.still_s:
            raise ValueError("a pace needs still_s <= calm_s")

    @property
    def asked_hz(self) -> float:
        """Pictures a second to choose from."""
        return 1.0 / self.near_s


class Why(StrEnum):
    """What the next look is waited for."""

    NEAR = "near"
    STILL = "still"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Wish:
    """The next look: `after_s` seconds after the last one at the latest, and, as soon as something
    moved in a zone, `moved_after_s` after the last one in which the model was asked."""

    after_s: float
    moved_after_s: float
    why: Why


def wish(
    change_in_s: float | None,
    closed: bool,
    pace: Pace,
    stretch: float = 1.0,
    *,
    busy: bool = False,
) -> Wish:
    """When to look again. change_in_s: so soon would an answer change if what was seen last went
    on; None when not within the next still look. closed: nothing serves. busy: something is done
    whose seconds a rule counts, so that it is followed as closely as what moves."""
    if closed:
        return Wish(pace.closed_s * stretch, pace.closed_s * stretch, Why.CLOSED)
    still_s, moving_s = pace.still_s * stretch, pace.moving_s * stretch
    if change_in_s is None or change_in_s >= still_s:
        return Wish(moving_s if busy else still_s, moving_s, Why.STILL)
    after_s = max(change_in_s, pace.near_s * stretch)
    return Wish(after_s, min(moving_s, after_s), Why.NEAR)


@dataclass(frozen=True, slots=True)
class Attention:
    """How closely a picture is looked at.

    whole_s: the last look may stand as a whole for so many seconds. close_ups_s: so many seconds
    each window's last close-up may stand; of one that is not named, none. calm: the windows at
    which nothing stirred since that, so that an empty seat may stand too. around_s: what the whole
    picture showed of all but the clerks may stand for so many seconds."""

    whole_s: float = 0.0
    close_ups_s: Mapping[str, float] = field(default_factory=dict)
    calm: frozenset[str] = frozenset()
    around_s: float = 0.0


def attention(
    windows: Collection[str],
    *,
    near: Collection[str] = (),
    unsure: Collection[str] = (),
    busy: Collection[str] = (),
    moved: Collection[str] = (),
    stirred: Collection[str] = (),
    around: bool = True,
    pace: Pace,
    stretch: float = 1.0,
) -> Attention:
    """How closely to look at a camera with these windows. Of windows and queues, by id: near: an
    answer is about to change; unsure: what was seen last is no plain answer; busy: something is
    done there whose seconds a rule counts; moved, stirred: so much, or anything at all, changed
    there since it was looked at. around: something may have changed elsewhere than on the staff's
    side of a window. Like a look, a close-up may come early by half of `near_s`."""
    calm_s = max(pace.calm_s, pace.still_s * stretch)
    calm = frozenset(windows) - set(near) - set(unsure) - set(moved) - set(stirred)

    def stands_s(window: str) -> float:
        if window in near:
            return 0.0
        if window in calm:
            return calm_s
        often_s = pace.moving_s if window in moved or window in busy else pace.still_s
        return often_s * stretch - pace.near_s / 2

    stands = not (near or unsure or moved or stirred)
    return Attention(
        calm_s if stands else 0.0,
        {w: stands_s(w) for w in windows},
        calm,
        0.0 if around or set(near) - set(windows) else calm_s,
    )


def stretched(stretch: float, late: float, busy: float) -> float:
    """The stretch for the next seconds: quickly up when many answers of the last ones came after
    the next look was due and the workers had little rest, slowly down when there is room. Answers
    that are late while the workers rest waited for something else (a burst, a picture being
    decoded), which looking less often does not mend. late, busy: shares, 0..1."""
    if late > MUCH_LATE and busy > FULL:
        return min(stretch * SLOWER, MOST_STRETCH)
    if busy < IDLE or (late < LITTLE_LATE and busy < ROOMY):
        return max(stretch / QUICKER, 1.0)
    return stretch
