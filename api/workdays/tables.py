"""Days on which a hall works or rests otherwise than the public calendar says."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc


class HallDayRow(Base):
    """One day of one hall: `works` is what holds there, whatever the public calendar says."""

    __tablename__ = "hall_days"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    works: Mapped[bool]
    note: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(Utc)
    entered_by: Mapped[str] = mapped_column(String(80))
