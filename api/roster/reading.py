"""Read from the database just the part of the roster that decides one window and instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.roster.duty import Duty, Leave, Person, Roster, Shift, StandingPost, on_duty
from api.roster.tables import LeaveRow, PostRow, ShiftRow, StaffRow


def person_of(row: StaffRow) -> Person:
    return Person(row.number, row.name)


def roster_at(session: Session, hall_id: str, window_id: str, at: datetime) -> Roster:
    """The shifts and leaves that cover `at`, and the standing posts, of one window."""
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
    people = {staff.id for _, staff in (*shifts, *posts)}
    leaves = session.execute(
        select(LeaveRow, StaffRow)
        .join(StaffRow, StaffRow.id == LeaveRow.staff_id)
        .where(LeaveRow.staff_id.in_(people), LeaveRow.starts_at <= at, LeaveRow.ends_at > at)
    ).all()
    return Roster(
        tuple(Shift(s.window_id, s.post, person_of(p), s.starts_at, s.ends_at) for s, p in shifts),
        tuple(Leave(person_of(p), leave.starts_at, leave.ends_at) for leave, p in leaves),
        tuple(StandingPost(r.window_id, r.post, person_of(p)) for r, p in posts),
    )


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


def _name(person: Person) -> dict[str, str]:
    return {"number": person.number, "name": person.name}
