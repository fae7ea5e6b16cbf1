"""What the hall's ticket system said of its windows. Numbers that citizens drew are not kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words


class TicketState(StrEnum):
    """How a window stands in the ticket system."""

    SERVING = "serving"  # a number was called or is being served
    IDLE = "idle"  # signed on, nobody is called
    PAUSED = "paused"
    CLOSED = "closed"  # signed off


class TicketRow(Base):
    """At this moment the ticket system said so of a window; never changed."""

    __tablename__ = "tickets_said"
    __table_args__ = (Index("ix_tickets_said_hall_time", "hall_id", "at"),)

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    state: Mapped[TicketState] = mapped_column(words(TicketState))
    received_at: Mapped[datetime] = mapped_column(Utc)
