"""How often to look, and how closely: a look is paid for only where it can change an answer.

Three things make a look due: an answer that would change if what was seen last went on, motion in
a zone, and time. Where the machine is too slow, every interval of every camera is stretched alike:
rules see longer gaps, and say "unknown" beyond their own tolerance.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

MUCH_LATE, LITTLE_LATE = 0.1, 0.02
ROOMY = 0.9
QUICKER, SLOWER = 1.08, 1.25
MOST_STRETCH = 16.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks.

    near_s: the least, kept when an answer is about to change. moving_s: when something moves in a
    zone. still_s: when nothing does; below every rule's `max_gap_s`, or nothing is ever known.
    closed_s: when nothing serves, and a look is only for the camera's own sight.
    """

    near_s: float = 0.4
    moving_s: float = 1.0
    still_s: float = 2.0
    closed_s: float = 2.5

    def __post_init__(self) -> None:
        if not 0 < self.near_s <= self.moving_s <= self.still_s <= self.closed_s:
            raise ValueError("a pace needs 0 < near_s <= moving_s <= still_s <= closed_s")

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
    """The next look, in seconds after the last one: `after_s` at the latest, and from
    `moved_after_s` on as soon as something moved in a zone."""

    after_s: float
    moved_after_s: float
    why: Why


def wish(change_in_s: float | None, closed: bool, pace: Pace, stretch: float = 1.0) -> Wish:
    """When to look again. change_in_s: so soon would an answer change if what was seen last went
    on; None when not within the next still look. closed: nothing serves."""
    if closed:
        return Wish(pace.closed_s * stretch, pace.closed_s * stretch, Why.CLOSED)
    still_s, moving_s = pace.still_s * stretch, pace.moving_s * stretch
    if change_in_s is None or change_in_s >= still_s:
        return Wish(still_s, moving_s, Why.STILL)
    after_s = max(change_in_s, pace.near_s * stretch)
    return Wish(after_s, min(moving_s, after_s), Why.NEAR)


def close_up_stands_s(
    windows: Collection[str],
    near: Collection[str],
    moved: Collection[str],
    pace: Pace,
    stretch: float = 1.0,
) -> dict[str, float]:
    """How long each window's last close-up still answers for its clerk: not at all where an answer
    is about to change, less long where something moved since it was taken."""
    return {
        window: 0.0
        if window in near
        else (pace.moving_s if window in moved else pace.still_s) * stretch
        for window in windows
    }


def stretched(stretch: float, late: float, busy: float) -> float:
    """The stretch for the next seconds: quickly up when many answers of the last ones came after
    the next look was due, slowly down when there is room. late, busy: shares, 0..1."""
    if late > MUCH_LATE:
        return min(stretch * SLOWER, MOST_STRETCH)
    if late < LITTLE_LATE and busy < ROOMY:
        return max(stretch / QUICKER, 1.0)
    return stretch
