"""How gaps at a window were covered, told from the roster and from whether somebody sat there. A
pure function. The camera sees that a place is taken, never by whom: so does this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from api.reports.minutes import NOTHING, Standing, Stretch
from api.roster.duty import DutyState, Service
from api.roster.tables import Post
from api.roster.timeline import Turn

LEAST_GAP = timedelta(seconds=120)
"""A window that stands empty for less is no gap (`window_unattended` waits as long)."""
BLIND = timedelta(seconds=60)
"""Out of sight for longer before somebody was seen: it cannot be told how soon they came."""


class Gap(StrEnum):
    """PLANNED: by the roster the holder is away (leave, errand, a covered break). SUDDEN: by the
    roster somebody holds the window, and nobody sits there."""

    PLANNED = "planned"
    SUDDEN = "sudden"


class Filled(StrEnum):
    """How soon somebody sat there, from the beginning of the gap on."""

    MINUTE = "minute"  # within one
    FIVE = "five"  # within five minutes: what the regulations want
    FIFTEEN = "fifteen"
    LATER = "later"
    PAUSED = "paused"  # nobody had to come: the pause was said
    NEVER = "never"  # nobody before the gap, or the hours of service, were over
    CANNOT_TELL = "cannot_tell"

    @property
    def came(self) -> bool:
        return self in (Filled.MINUTE, Filled.FIVE, Filled.FIFTEEN, Filled.LATER)


WITHIN = (
    (timedelta(minutes=1), Filled.MINUTE),
    (timedelta(minutes=5), Filled.FIVE),
    (timedelta(minutes=15), Filled.FIFTEEN),
)
IN_TIME = (Filled.MINUTE, Filled.FIVE)


@dataclass(frozen=True, slots=True)
class Covered:
    """One gap. post: of whom the window lacked. named: the roster names somebody to cover.
    after: until somebody sat there; None where nobody came, or where it cannot be told."""

    gap: Gap
    post: Post
    named: bool
    filled: Filled
    after: timedelta | None
    starts_at: datetime


def covered(turns: Sequence[Turn], of_window: Sequence[Stretch]) -> list[Covered]:
    """The gaps of one window's day, planned ones first. Both fill the day without gaps."""
    planned = [
        Covered(
            Gap.PLANNED, Post.A, turn.duty.cover is not None,
            *_how_soon(turn.starts_at, turn.ends_at, of_window), turn.starts_at,
        )
        for turn in _planned(turns)
    ]  # fmt: skip
    return [*planned, *(gap for turn in turns for gap in _sudden(turn, of_window))]


def _planned(turns: Sequence[Turn]) -> list[Turn]:
    """The turns in which somebody is away and the window is open; one after the other of the same
    kind are one absence."""
    found: list[Turn] = []
    for turn in turns:
        if not _is_planned(turn):
            continue
        last = found[-1] if found else None
        if last is not None and last.ends_at == turn.starts_at and last.duty == turn.duty:
            found[-1] = Turn(last.starts_at, turn.ends_at, turn.duty, turn.service)
        else:
            found.append(turn)
    return found


def _is_planned(turn: Turn) -> bool:
    away = turn.duty.state in (DutyState.AWAY, DutyState.COVERED, DutyState.BREAK_COVERED)
    return away and bool(turn.duty.absent) and turn.service in (Service.OPEN, None)


def _how_soon(
    start: datetime, end: datetime, of_window: Sequence[Stretch]
) -> tuple[Filled, timedelta | None]:
    blind = NOTHING
    was: set[Standing] = set()
    for stretch in of_window:
        since, until = max(stretch.starts_at, start), min(stretch.ends_at, end)
        if until <= since:
            continue
        if stretch.standing is Standing.ATTENDED:
            if blind > BLIND:
                return Filled.CANNOT_TELL, None
            return within(since - start), since - start
        if stretch.standing not in (Standing.UNATTENDED, Standing.PAUSED, Standing.CLOSED):
            blind += until - since
        was.add(stretch.standing)
    if blind > BLIND or not was & {Standing.UNATTENDED, Standing.PAUSED}:
        return Filled.CANNOT_TELL, None
    return (Filled.NEVER if Standing.UNATTENDED in was else Filled.PAUSED), None


def within(after: timedelta) -> Filled:
    return next((filled for limit, filled in WITHIN if after <= limit), Filled.LATER)


AFTER = {
    Standing.PAUSED: Filled.PAUSED,
    Standing.CLOSED: Filled.NEVER,
    None: Filled.NEVER,
    Standing.UNKNOWN: Filled.CANNOT_TELL,
    Standing.NOT_LOOKED: Filled.CANNOT_TELL,
    Standing.UNSAID: Filled.CANNOT_TELL,
}
"""What follows an empty place, other than somebody; None: the turn is over."""


def _sudden(turn: Turn, of_window: Sequence[Stretch]) -> Iterator[Covered]:
    """Nobody sat there though by the roster somebody holds it: from when the place was left until
    it is seen otherwise, or the turn is over."""
    if turn.duty.state not in (DutyState.ON_DUTY, DutyState.COVERED) or _is_planned(turn):
        return
    inside = [s for s in of_window if s.starts_at < turn.ends_at and s.ends_at > turn.starts_at]
    for standing, group in groupby(inside, key=lambda s: s.standing):
        run = list(group)
        if standing is not Standing.UNATTENDED:
            continue
        start = max(run[0].starts_at, turn.starts_at)
        end = min(run[-1].ends_at, turn.ends_at)
        if end - start < LEAST_GAP:
            continue
        following = next((s.standing for s in inside if s.starts_at >= run[-1].ends_at), None)
        post, named = turn.duty.post or Post.A, turn.duty.cover is not None
        if following is Standing.ATTENDED:
            yield Covered(Gap.SUDDEN, post, named, within(end - start), end - start, start)
        else:
            yield Covered(Gap.SUDDEN, post, named, AFTER[following], None, start)
