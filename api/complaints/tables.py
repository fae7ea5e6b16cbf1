"""Citizens' complaints, what belongs to them, and their append-only history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words


class Channel(StrEnum):
    """How it came."""

    WINDOW = "window"  # 窗口当面
    PHONE = "phone"
    HOTLINE = "hotline"  # 12345
    LETTER = "letter"
    ONLINE = "online"


class ComplaintState(StrEnum):
    REGISTERED = "registered"
    OPINED = "opined"  # the office has formed an opinion (3 working days)
    ANSWERED = "answered"  # the citizen has the answer (15 working days)


class ComplaintAct(StrEnum):
    REGISTER = "register"
    GATHER = "gather"  # duty, alerts and footage of the time are attached
    REFER = "refer"  # a case is opened
    OPINE = "opine"
    ANSWER = "answer"
    CORRECT = "correct"  # something was registered wrongly


class ComplaintRow(Base):
    """`reference`: the number that another system (the hotline's) gave it. `duty`: who was on duty
    by the roster when it was gathered. `version` is the number of the last event."""

    __tablename__ = "complaints"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "window_id"], ["windows.hall_id", "windows.id"]),
        UniqueConstraint("hall_id", "reference"),
        Index("ix_complaints_hall_state", "hall_id", "state", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    number: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    window_id: Mapped[str | None] = mapped_column(String(32))
    happened_from: Mapped[datetime] = mapped_column(Utc)
    happened_to: Mapped[datetime] = mapped_column(Utc)
    about: Mapped[str] = mapped_column(Text)
    complainant: Mapped[str] = mapped_column(String(80))
    contact: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[ComplaintState] = mapped_column(words(ComplaintState))
    version: Mapped[int]
    opinion_due: Mapped[datetime] = mapped_column(Utc)
    answer_due: Mapped[datetime] = mapped_column(Utc)
    opinion_at: Mapped[datetime | None] = mapped_column(Utc)
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    duty: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    gathered_at: Mapped[datetime | None] = mapped_column(Utc)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)


class ComplainantBeforeRow(Base):
    """Who complained and how to reach them as it stood until the event `seq` corrected it. Apart
    from the history, so that it is forgotten with the complainant."""

    __tablename__ = "complainants_before"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime] = mapped_column(Utc)
    complainant: Mapped[str] = mapped_column(String(80))
    contact: Mapped[str] = mapped_column(String(120))


class ComplaintAlertRow(Base):
    """An alert of the window and time that was complained about."""

    __tablename__ = "complaint_alerts"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    alert_uid: Mapped[str] = mapped_column(ForeignKey("alerts.uid"), primary_key=True, index=True)


class ComplaintFootageRow(Base):
    """Footage of that time. It may be deleted when its own time is over."""

    __tablename__ = "complaint_footage"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    footage_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class ComplaintEventRow(Base):
    """One line of a complaint's history. The database refuses to change one."""

    __tablename__ = "complaint_events"
    __table_args__ = (UniqueConstraint("complaint_id", "seq"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    seq: Mapped[int]
    act: Mapped[ComplaintAct] = mapped_column(words(ComplaintAct))
    at: Mapped[datetime] = mapped_column(Utc)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    who: Mapped[str] = mapped_column(String(80))
    said: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
