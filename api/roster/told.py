"""An entry of the roster as the history tells it: plain JSON values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from api.roster.reading import pattern_rows, weekdays_of
from api.roster.tables import (
    LeaveRow,
    PostRow,
    RosterNoteRow,
    ServiceTimeRow,
    ShiftPatternRow,
    ShiftRow,
    StaffRow,
)
from api.workdays.tables import HallDayRow

Told = dict[str, Any]


def told_person(person: StaffRow) -> Told:
    return {"number": person.number, "name": person.name}


def told_shift(row: ShiftRow, person: StaffRow) -> Told:
    place = {"window": row.window_id, "post": row.post.value}
    return place | told_person(person) | _span(row.starts_at, row.ends_at)


def told_pattern(session: Session, row: ShiftPatternRow) -> Told:
    person, skips = next(
        (person, skips)
        for r, person, skips in pattern_rows(session, row.hall_id, row.window_id)
        if r.id == row.id
    )
    place = {"window": row.window_id, "post": row.post.value}
    days = {"skips": sorted(day.isoformat() for day in skips)}
    return place | told_person(person) | _weekly(row) | days


def told_leave(row: LeaveRow, person: StaffRow) -> Told:
    what = {"kind": row.kind.value, "note": row.note}
    return told_person(person) | what | _span(row.starts_at, row.ends_at)


def told_time(row: ServiceTimeRow, cover: StaffRow | None) -> Told:
    what = {"kind": row.kind.value, "window": row.window_id, "covered": row.covered}
    named = {"cover": None if cover is None else told_person(cover)}
    return what | named | _weekly(row)


def told_note(row: RosterNoteRow) -> Told:
    what = {"kind": row.kind.value, "window": row.window_id, "note": row.note}
    return what | _span(row.starts_at, row.ends_at)


def told_day(row: HallDayRow) -> Told:
    return {"day": row.day.isoformat(), "works": row.works, "note": row.note}


def told_post(row: PostRow, person: StaffRow) -> Told:
    return {"window": row.window_id, "post": row.post.value} | told_person(person)


def _weekly(row: ShiftPatternRow | ServiceTimeRow) -> Told:
    return {
        "weekdays": sorted(weekdays_of(row.weekdays)),
        "start_min": row.start_min,
        "end_min": row.end_min,
        "first": row.first.isoformat(),
        "last": row.last.isoformat() if row.last else None,
        "every": row.every,
        "by_calendar": row.by_calendar,
    }


def _span(starts_at: datetime, ends_at: datetime) -> Told:
    return {
        "starts_at": starts_at.astimezone(UTC).isoformat(),
        "ends_at": ends_at.astimezone(UTC).isoformat(),
    }
