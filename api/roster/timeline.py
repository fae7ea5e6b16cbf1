"""A window's roster over a span of time: turn after turn, each with the roster's answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.roster.duty import (
    Duty,
    Leave,
    Person,
    Roster,
    Service,
    Shift,
    ShiftPattern,
    StandingPost,
    on_duty,
    service_at,
)
from api.roster.reading import hall_days, pattern_of, pattern_rows, person_of, service_times
from api.roster.tables import LeaveRow, PostRow, ShiftRow, StaffRow
from api.roster.weekly import DAY, Weekly


@dataclass(frozen=True, slots=True)
class Turn:
    """From `starts_at` until just before `ends_at` the roster's answer stays the same.

    service: None where nothing was said about the hours. hours: from when to when the shift of
    those who hold the window lasts, as local "HH:MM–HH:MM"; None where nobody holds it, or where
    their shifts differ.
    """

    starts_at: datetime
    ends_at: datetime
    duty: Duty
    service: Service | None
    hours: str | None = None


def turns(roster: Roster, window: str, start: datetime, end: datetime) -> list[Turn]:
    """The turns of a window, without gaps, from `start` to `end`."""
    edges = sorted({e for e in _edges(roster, window, start, end) if start < e < end} | {start})
    found: list[Turn] = []
    for at, until in zip(edges, [*edges[1:], end], strict=True):
        duty = on_duty(roster, window, at)
        turn = Turn(
            at, until, duty, service_at(roster, window, at), _hours(roster, window, at, duty)
        )
        last = found[-1] if found else None
        if last and (last.duty, last.service, last.hours) == (turn.duty, turn.service, turn.hours):
            found[-1] = Turn(last.starts_at, until, duty, turn.service, turn.hours)
        elif at < until:
            found.append(turn)
    return found


def _edges(roster: Roster, window: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Every instant at which the answer may change."""
    for shift in roster.shifts:
        if shift.window == window:
            yield from (shift.starts_at, shift.ends_at)
    for leave in roster.leaves:
        yield from (leave.starts_at, leave.ends_at)
    weekly = [p.weekly for p in roster.patterns if p.window == window]
    weekly += [t.weekly for t in roster.times if t.window in (None, window)]
    for each in weekly:
        for span in _spans(roster, each, start, end):
            yield from span


def _spans(
    roster: Roster, weekly: Weekly, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    if roster.hall is None:
        return
    zone = roster.hall.zone
    day, last = start.astimezone(zone).date() - DAY, end.astimezone(zone).date()
    while day <= last:
        if weekly.happens(day, roster.hall.days):
            yield weekly.span(day, zone)
        day += DAY


def _hours(roster: Roster, window: str, at: datetime, duty: Duty) -> str | None:
    """The hours of the shift in which they hold it; for a stand-in without one, of whose place
    they take."""
    if not duty.holders:
        return None
    now = roster.shifts_at(window, at)
    own = [s for s in now if s.person in duty.holders]
    said = {hours_of(roster, shift, at) for shift in own or now}
    return said.pop() if len(said) == 1 else None


def hours_of(roster: Roster, shift: Shift | ShiftPattern, at: datetime) -> str:
    """When the shift that covers `at` begins and ends, on the hall's clock."""
    if isinstance(shift, ShiftPattern):
        return f"{_clock(shift.weekly.start_min)}–{_clock(shift.weekly.end_min)}"
    zone = roster.hall.zone if roster.hall is not None else at.tzinfo
    return f"{shift.starts_at.astimezone(zone):%H:%M}–{shift.ends_at.astimezone(zone):%H:%M}"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def roster_over(session: Session, hall_id: str, start: datetime, end: datetime) -> Roster:
    """Everything that decides who held which window of the hall from `start` to `end`."""
    staff = {row.id: person_of(row) for row in _staff(session, hall_id)}
    shifts = session.scalars(
        select(ShiftRow).where(
            ShiftRow.hall_id == hall_id, ShiftRow.starts_at < end, ShiftRow.ends_at > start
        )
    )
    posts = session.scalars(select(PostRow).where(PostRow.hall_id == hall_id))
    return Roster(
        tuple(
            Shift(s.window_id, s.post, staff[s.staff_id], s.starts_at, s.ends_at) for s in shifts
        ),
        _leaves(session, staff, start, end),
        tuple(StandingPost(p.window_id, p.post, staff[p.staff_id]) for p in posts),
        tuple(pattern_of(*read) for read in pattern_rows(session, hall_id)),
        service_times(session, hall_id),
        hall_days(session, hall_id),
    )


def _staff(session: Session, hall_id: str) -> list[StaffRow]:
    return list(session.scalars(select(StaffRow).where(StaffRow.hall_id == hall_id)))


def _leaves(
    session: Session, staff: dict[int, Person], start: datetime, end: datetime
) -> tuple[Leave, ...]:
    rows = session.scalars(
        select(LeaveRow).where(LeaveRow.starts_at < end, LeaveRow.ends_at > start)
    )
    return tuple(
        Leave(staff[row.staff_id], row.starts_at, row.ends_at)
        for row in rows
        if row.staff_id in staff
    )
