"""How long what is kept, and what must not be deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words
from api.retention.kinds import Kind


class RetentionRow(Base):
    """A hall's own number of days for a kind; none: the default. `EVERYWHERE` for the access log,
    which is one for all halls."""

    __tablename__ = "retention"

    hall_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[Kind] = mapped_column(words(Kind), primary_key=True)
    days: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Utc)
    changed_by: Mapped[str] = mapped_column(String(80))


class RosterCutRow(Base):
    """The hall's history of the roster before that moment was deleted when its time was over."""

    __tablename__ = "roster_cuts"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    before: Mapped[datetime] = mapped_column(Utc)


class HoldRow(Base):
    """A legal hold: nothing of `object` is deleted until it is lifted."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_hall_object", "hall_id", "object"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    object: Mapped[str] = mapped_column(String(80))  # alert/<uid>, case/<id>, footage/<id>
    reason: Mapped[str] = mapped_column(Text)
    laid_at: Mapped[datetime] = mapped_column(Utc)
    laid_by: Mapped[str] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None] = mapped_column(Utc)
    lifted_by: Mapped[str | None] = mapped_column(String(80))
    lifted_why: Mapped[str | None] = mapped_column(Text)


class ScrubbedAlertRow(Base):
    """An alert whose names are gone: what remains is a figure for the statistics."""

    __tablename__ = "scrubbed_alerts"

    alert_uid: Mapped[str] = mapped_column(ForeignKey("alerts.uid"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc)
