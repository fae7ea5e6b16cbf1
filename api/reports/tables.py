"""What the cameras measured all day: how each window was, and how many waited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words
from api.live import WindowPhase


class PhaseSpanRow(Base):
    """A window was in one phase from `starts_at` until just before `ends_at`."""

    __tablename__ = "phase_spans"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    phase: Mapped[WindowPhase] = mapped_column(words(WindowPhase))


class QueueCountRow(Base):
    """How many people waited in a queue at a moment, about once a minute."""

    __tablename__ = "queue_counts"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    queue_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    count: Mapped[int]
