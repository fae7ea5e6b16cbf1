"""Read from the database just the part of the roster that decides one window and instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.halls.reading import hall_row
from api.roster.duty import (
    Duty,
    HallDays,
    Leave,
    Person,
    Roster,
    ServiceTime,
    Shift,
    ShiftPattern,
    StandingPost,
    on_duty,
)
from api.roster.tables import (
    LeaveRow,
    PatternSkipRow,
    PostRow,
    ServiceTimeRow,
    ShiftPatternRow,
    ShiftRow,
    StaffRow,
)
from api.roster.weekly import Weekly
from api.workdays.reading import calendar_of


def person_of(row: StaffRow) -> Person:
    return Person(row.number, row.name)


def roster_at(session: Session, hall_id: str, window_id: str, at: datetime) -> Roster:
    """What decides who held one window at `at`: shifts that cover it, weekly ones, hours."""
    shifts = session.execute(
        select(ShiftRow, StaffRow)
        .join(StaffRow, StaffRow.id == ShiftRow.staff_id)
        .where(
            ShiftRow.hall_id == hall_id,
            ShiftRow.window_id == window_id,
            ShiftRow.starts_at <= at,
            ShiftRow.ends_at > at,
        )
    ).all()
    posts = session.execute(
        select(PostRow, StaffRow)
        .join(StaffRow, StaffRow.id == PostRow.staff_id)
        .where(PostRow.hall_id == hall_id, PostRow.window_id == window_id)
    ).all()
    patterns = pattern_rows(session, hall_id, window_id)
    people = {staff.id for _, staff in (*shifts, *posts)} | {p.id for _, p, _ in patterns}
    leaves = session.execute(
        select(LeaveRow, StaffRow)
        .join(StaffRow, StaffRow.id == LeaveRow.staff_id)
        .where(LeaveRow.staff_id.in_(people), LeaveRow.starts_at <= at, LeaveRow.ends_at > at)
    ).all()
    times = service_times(session, hall_id)
    return Roster(
        tuple(Shift(s.window_id, s.post, person_of(p), s.starts_at, s.ends_at) for s, p in shifts),
        tuple(Leave(person_of(p), leave.starts_at, leave.ends_at) for leave, p in leaves),
        tuple(StandingPost(r.window_id, r.post, person_of(p)) for r, p in posts),
        tuple(pattern_of(row, person, skips) for row, person, skips in patterns),
        times,
        hall_days(session, hall_id) if patterns or times else None,
    )


PatternRead = tuple[ShiftPatternRow, StaffRow, frozenset[date]]


def pattern_rows(session: Session, hall_id: str, window_id: str | None = None) -> list[PatternRead]:
    """The weekly shifts of a window or the hall, with whose they are and the days left out."""
    query = (
        select(ShiftPatternRow, StaffRow)
        .join(StaffRow, StaffRow.id == ShiftPatternRow.staff_id)
        .where(ShiftPatternRow.hall_id == hall_id)
        .order_by(ShiftPatternRow.id)
    )
    if window_id is not None:
        query = query.where(ShiftPatternRow.window_id == window_id)
    rows = session.execute(query).all()
    skipped: dict[int, set[date]] = {}
    ids = [row.id for row, _ in rows]
    for skip in session.scalars(select(PatternSkipRow).where(PatternSkipRow.pattern_id.in_(ids))):
        skipped.setdefault(skip.pattern_id, set()).add(skip.day)
    return [(row, person, frozenset(skipped.get(row.id, ()))) for row, person in rows]


def pattern_of(row: ShiftPatternRow, person: StaffRow, skips: frozenset[date]) -> ShiftPattern:
    return ShiftPattern(row.window_id, row.post, person_of(person), weekly_of(row, skips))


def weekly_of(
    row: ShiftPatternRow | ServiceTimeRow, skips: frozenset[date] = frozenset()
) -> Weekly:
    return Weekly(
        weekdays=weekdays_of(row.weekdays),
        start_min=row.start_min,
        end_min=row.end_min,
        first=row.first,
        last=row.last,
        every=row.every,
        by_calendar=row.by_calendar,
        skips=skips,
    )


def weekdays_of(bits: int) -> frozenset[int]:
    return frozenset(day for day in range(7) if bits & 1 << day)


def service_times(session: Session, hall_id: str) -> tuple[ServiceTime, ...]:
    return tuple(
        ServiceTime(
            row.kind, row.window_id, weekly_of(row), row.covered, person_of(who) if who else None
        )
        for row, who in time_rows(session, hall_id)
    )


def time_rows(session: Session, hall_id: str) -> list[tuple[ServiceTimeRow, StaffRow | None]]:
    """Hours of service and breaks, each with the person who is named to cover."""
    query = (
        select(ServiceTimeRow, StaffRow)
        .outerjoin(StaffRow, StaffRow.id == ServiceTimeRow.cover_id)
        .where(ServiceTimeRow.hall_id == hall_id)
        .order_by(ServiceTimeRow.id)
    )
    return [(row, who) for row, who in session.execute(query)]


def hall_days(session: Session, hall_id: str) -> HallDays:
    calendar = calendar_of(session, hall_id)
    return HallDays(ZoneInfo(hall_row(session, hall_id).timezone), calendar)


def duty_at(session: Session, hall_id: str, window_id: str, at: datetime) -> Duty:
    """Who was on duty at the window by the roster as it stands now."""
    return on_duty(roster_at(session, hall_id, window_id, at), window_id, at)


def duty_snapshot(duty: Duty) -> Mapping[str, Any]:
    """The answer as it is kept with an alert, whatever the roster says later."""
    return {
        "state": duty.state.value,
        "post": duty.post.value if duty.post else None,
        "holders": [_name(p) for p in duty.holders],
        "cover": _name(duty.cover) if duty.cover else None,
        "absent": [_name(p) for p in duty.absent],
    }


def number_of(session: Session, staff_id: int | None, hall_id: str) -> str | None:
    """The number of that person on the hall's roster; None where they are not on it."""
    row = None if staff_id is None else session.get(StaffRow, staff_id)
    return None if row is None or row.hall_id != hall_id else row.number


def holds(number: str, duty: Mapping[str, Any] | None) -> bool:
    """Whether the person with that number is one of those who held the window by this answer."""
    return any(person["number"] == number for person in (duty or {}).get("holders", ()))


def _name(person: Person) -> dict[str, str]:
    return {"number": person.number, "name": person.name}
