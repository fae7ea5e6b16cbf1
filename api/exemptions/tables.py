"""What somebody allowed beforehand or afterwards, and the alerts that it covers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words


class ExemptionKind(StrEnum):
    WORK_CALL = "work_call"  # 工作电话
    MEDICAL = "medical"  # 身体原因
    MEAL = "meal"  # 允许用餐
    VISITOR = "visitor"  # 来访、参观
    TRAINING = "training"  # 培训、交接


class ExemptionRow(Base):
    """A person, a window, or a person at a window, from `starts_at` until just before `ends_at`.
    What is taken back stays, with who took it back and why."""

    __tablename__ = "exemptions"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "window_id"], ["windows.hall_id", "windows.id"]),
        Index("ix_exemptions_hall_time", "hall_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    kind: Mapped[ExemptionKind] = mapped_column(words(ExemptionKind))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    window_id: Mapped[str | None] = mapped_column(String(32))
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    allowed_by: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(500))
    entered_at: Mapped[datetime] = mapped_column(Utc)
    entered_by: Mapped[str] = mapped_column(String(80))
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_by: Mapped[str | None] = mapped_column(String(80))
    revoked_why: Mapped[str | None] = mapped_column(String(500))


class AlertExemptionRow(Base):
    """This exemption covers this alert: it is marked so, and does not count."""

    __tablename__ = "alert_exemptions"

    alert_uid: Mapped[str] = mapped_column(ForeignKey("alerts.uid"), primary_key=True)
    exemption_id: Mapped[int] = mapped_column(
        ForeignKey("exemptions.id"), primary_key=True, index=True
    )
    marked_at: Mapped[datetime] = mapped_column(Utc)
