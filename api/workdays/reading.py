"""A hall's calendar from the database, and its own days in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

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
