"""Cases, the alerts in them, and their append-only history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.cases.law import CaseState, Outcome
from api.database import Base, Utc, words


class CaseRow(Base):
    """A case as its history has left it. `version` is the number of its last event: whoever acts
    says which one they saw. The person is a member of staff by the roster's word at the time, or
    nobody."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_hall_state", "hall_id", "state", "opened_at"),
        Index("ix_cases_staff_conduct", "staff_id", "conduct_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    number: Mapped[str] = mapped_column(String(16))  # what people call it: 2026000012
    state: Mapped[CaseState] = mapped_column(words(CaseState))
    version: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Utc)
    conduct_at: Mapped[datetime] = mapped_column(Utc)  # when what it is about began
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    person_number: Mapped[str | None] = mapped_column(String(32))
    person_name: Mapped[str | None] = mapped_column(String(80))
    two_decide: Mapped[bool]
    statement_days: Mapped[int]
    appeal_days: Mapped[int]
    decision_days: Mapped[int]
    decision_due: Mapped[datetime] = mapped_column(Utc)
    notified_at: Mapped[datetime | None] = mapped_column(Utc)
    statement_due: Mapped[datetime | None] = mapped_column(Utc)
    stated_at: Mapped[datetime | None] = mapped_column(Utc)
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    measures: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    served_at: Mapped[datetime | None] = mapped_column(Utc)
    appeal_due: Mapped[datetime | None] = mapped_column(Utc)
    ruling_due: Mapped[datetime | None] = mapped_column(Utc)
    closed_at: Mapped[datetime | None] = mapped_column(Utc)


class CaseAlertRow(Base):
    """An alert is in one case at most."""

    __tablename__ = "case_alerts"

    alert_uid: Mapped[str] = mapped_column(ForeignKey("alerts.uid"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)


class CaseEventRow(Base):
    """One line of a case's history. The database refuses to change one."""

    __tablename__ = "case_events"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    seq: Mapped[int]  # 1, 2, 3, ... within the case
    act: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Utc)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    who: Mapped[str] = mapped_column(String(80))  # the name then
    said: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
