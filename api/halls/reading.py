"""Look up halls and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.halls.reach import EVERY_HALL, Halls
from api.halls.tables import CameraRow, HallRow, QueueRow, WindowRow, ZoneRow


class UnknownHallIdError(LookupError):
    def __init__(self, hall_id: str) -> None:
        super().__init__(f"there is no hall {hall_id!r}")


class UnknownWindowError(LookupError):
    def __init__(self, hall_id: str, window_id: str) -> None:
        super().__init__(f"hall {hall_id!r} has no window {window_id!r}")


def hall_row(session: Session, hall_id: str) -> HallRow:
    """Raises UnknownHallIdError."""
    row = session.get(HallRow, hall_id)
    if row is None:
        raise UnknownHallIdError(hall_id)
    return row


def hall_rows(session: Session, halls: Halls = EVERY_HALL) -> Sequence[HallRow]:
    return session.scalars(select(HallRow).where(halls.hold(HallRow.id)).order_by(HallRow.id)).all()


def window_row(session: Session, hall_id: str, window_id: str) -> WindowRow:
    """A window, retired or not. Raises UnknownWindowError."""
    row = session.get(WindowRow, (hall_id, window_id))
    if row is None:
        raise UnknownWindowError(hall_id, window_id)
    return row


def window_rows(
    session: Session, hall_id: str, since: datetime | None = None
) -> Sequence[WindowRow]:
    """The windows that the hall file names now, or named at some time since then; by id."""
    there = _there(WindowRow.retired_at, since)
    return session.scalars(
        select(WindowRow).where(WindowRow.hall_id == hall_id, there).order_by(WindowRow.id)
    ).all()


def _there(
    retired_at: InstrumentedAttribute[datetime | None], since: datetime | None
) -> ColumnElement[bool]:
    now = retired_at.is_(None)
    return now if since is None else or_(now, retired_at > since)


def camera_rows(session: Session, hall_id: str) -> Sequence[CameraRow]:
    return session.scalars(
        select(CameraRow)
        .where(CameraRow.hall_id == hall_id, CameraRow.retired_at.is_(None))
        .order_by(CameraRow.id)
    ).all()


def queue_rows(session: Session, hall_id: str, since: datetime | None = None) -> Sequence[QueueRow]:
    """The queues that the hall file names now, or named at some time since then; by id."""
    there = _there(QueueRow.retired_at, since)
    return session.scalars(
        select(QueueRow).where(QueueRow.hall_id == hall_id, there).order_by(QueueRow.id)
    ).all()


def zone_rows(session: Session, hall_id: str) -> Sequence[ZoneRow]:
    return session.scalars(
        select(ZoneRow).where(ZoneRow.hall_id == hall_id).order_by(ZoneRow.owner, ZoneRow.kind)
    ).all()
