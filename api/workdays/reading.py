"""A hall's calendar from the database, and its own days in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.halls.reading import hall_row
from api.workdays.calendar import WorkCalendar
from api.workdays.tables import HallDayRow


def calendar_of(session: Session, hall_id: str) -> WorkCalendar:
    """Raises UnknownHallIdError."""
    hall = hall_row(session, hall_id)
    own = session.execute(
        select(HallDayRow.day, HallDayRow.works).where(HallDayRow.hall_id == hall_id)
    )
    return WorkCalendar(ZoneInfo(hall.timezone), {row.day: row.works for row in own})


def own_days(session: Session, hall_id: str, year: int) -> Sequence[HallDayRow]:
    """The days of that year on which the hall differs, the earliest first."""
    return session.scalars(
        select(HallDayRow)
        .where(
            HallDayRow.hall_id == hall_id,
            HallDayRow.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(HallDayRow.day)
    ).all()


def set_own_day(
    session: Session,
    hall_id: str,
    day: date,
    *,
    works: bool,
    note: str,
    by: AccessBy,
    now: datetime,
) -> None:
    """Let the hall work or rest on that day. Raises UnknownHallIdError."""
    hall_row(session, hall_id)
    session.merge(
        HallDayRow(
            hall_id=hall_id, day=day, works=works, note=note, entered_at=now, entered_by=by.name
        )
    )
    session.flush()
    _write_down(session, hall_id, day, "works" if works else "rests", note, by, now)


def drop_own_day(session: Session, hall_id: str, day: date, by: AccessBy, now: datetime) -> None:
    """Back to the public calendar; nothing where the hall did not differ."""
    row = session.get(HallDayRow, (hall_id, day))
    if row is not None:
        session.delete(row)
        session.flush()
        _write_down(session, hall_id, day, "dropped", "", by, now)


def _write_down(
    session: Session, hall_id: str, day: date, act: str, note: str, by: AccessBy, now: datetime
) -> None:
    record_access(
        session, by, Access.EDIT_ROSTER, f"workday/{hall_id}/{day}", now,
        hall=hall_id, purpose=note, details={"act": act},
    )  # fmt: skip
