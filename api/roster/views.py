"""The roster as people and machines read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.roster.tables import (
    LeaveKind,
    LeaveRow,
    Post,
    PostRow,
    RosterNoteRow,
    ShiftRow,
    StaffRow,
)


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class StandingView(_View):
    window: str
    post: Post


class StaffView(_View):
    number: str
    name: str
    posts: tuple[StandingView, ...]


class ShiftView(_View):
    id: int
    window: str
    post: Post
    number: str
    name: str
    starts_at: datetime
    ends_at: datetime


class LeaveView(_View):
    id: int
    number: str
    name: str
    kind: LeaveKind
    starts_at: datetime
    ends_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Between:
    """A span of time; whatever touches it counts."""

    starts_at: datetime
    ends_at: datetime


def staff_of(session: Session, hall_id: str) -> tuple[StaffView, ...]:
    """Everybody of the hall, by number, with their standing posts."""
    posts: dict[int, list[StandingView]] = {}
    for post in session.scalars(select(PostRow).where(PostRow.hall_id == hall_id)):
        posts.setdefault(post.staff_id, []).append(
            StandingView(window=post.window_id, post=post.post)
        )
    rows = session.scalars(
        select(StaffRow).where(StaffRow.hall_id == hall_id).order_by(StaffRow.number)
    )
    return tuple(
        StaffView(
            number=row.number,
            name=row.name,
            posts=tuple(sorted(posts.get(row.id, ()), key=lambda p: (p.window, p.post))),
        )
        for row in rows
    )


def shifts_of(session: Session, hall_id: str, between: Between) -> tuple[ShiftView, ...]:
    """The shifts that touch the span, the earliest first."""
    rows: Sequence[tuple[ShiftRow, StaffRow]] = [
        (shift, staff)
        for shift, staff in session.execute(
            select(ShiftRow, StaffRow)
            .join(StaffRow, StaffRow.id == ShiftRow.staff_id)
            .where(
                ShiftRow.hall_id == hall_id,
                ShiftRow.starts_at < between.ends_at,
                ShiftRow.ends_at > between.starts_at,
            )
            .order_by(ShiftRow.starts_at, ShiftRow.window_id, ShiftRow.post, ShiftRow.id)
        )
    ]
    return tuple(
        ShiftView(
            id=shift.id,
            window=shift.window_id,
            post=shift.post,
            number=staff.number,
            name=staff.name,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
        )
        for shift, staff in rows
    )


def leaves_of(session: Session, hall_id: str, between: Between) -> tuple[LeaveView, ...]:
    """The leaves that touch the span, the earliest first."""
    rows = session.execute(
        select(LeaveRow, StaffRow)
        .join(StaffRow, StaffRow.id == LeaveRow.staff_id)
        .where(
            StaffRow.hall_id == hall_id,
            LeaveRow.starts_at < between.ends_at,
            LeaveRow.ends_at > between.starts_at,
        )
        .order_by(LeaveRow.starts_at, StaffRow.number, LeaveRow.id)
    )
    return tuple(
        LeaveView(
            id=leave.id,
            number=staff.number,
            name=staff.name,
            kind=leave.kind,
            starts_at=leave.starts_at,
            ends_at=leave.ends_at,
            note=leave.note,
        )
        for leave, staff in rows
    )


def live_notes(
    session: Session, hall_id: str, between: Between | None = None, limit: int = 500
) -> Sequence[RosterNoteRow]:
    """The notes that hold, and touch the span if one is given; the latest first."""
    query = select(RosterNoteRow).where(
        RosterNoteRow.hall_id == hall_id, RosterNoteRow.dropped_at.is_(None)
    )
    if between is not None:
        query = query.where(
            RosterNoteRow.starts_at < between.ends_at, RosterNoteRow.ends_at > between.starts_at
        )
    return session.scalars(
        query.order_by(RosterNoteRow.starts_at.desc(), RosterNoteRow.id.desc()).limit(limit)
    ).all()
