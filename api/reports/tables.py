"""What the cameras measured all day, and the figures of each day that stay when that is deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words
from api.live import WindowPhase
from api.reports.cover import Filled, Gap
from api.roster.tables import Post


class PhaseSpanRow(Base):
    """A window was in one phase from `starts_at` until just before `ends_at`."""

    __tablename__ = "phase_spans"
    __table_args__ = (Index("ix_phase_spans_hall_time", "hall_id", "starts_at"),)

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    phase: Mapped[WindowPhase] = mapped_column(words(WindowPhase))


class QueueCountRow(Base):
    """How many people waited in a queue at a moment, about once a minute."""

    __tablename__ = "queue_counts"
    __table_args__ = (Index("ix_queue_counts_hall_time", "hall_id", "at"),)

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    queue_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    count: Mapped[int]


class CounterStayRow(Base):
    """Somebody stood at a window's counter from `starts_at` to `ends_at`."""

    __tablename__ = "counter_stays"
    __table_args__ = (Index("ix_counter_stays_hall_time", "hall_id", "starts_at"),)

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(Utc)


class ReckonedDayRow(Base):
    """The figures of a local day are made. Until it is settled they are made anew every night, so
    that what was sent or entered late still counts."""

    __tablename__ = "reckoned_days"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Utc)


class WindowDayRow(Base):
    """How long a window stood how on one local day, in seconds; together the day's length."""

    __tablename__ = "window_days"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    window_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    attended_s: Mapped[float] = mapped_column(Float(53))
    paused_s: Mapped[float] = mapped_column(Float(53))
    unattended_s: Mapped[float] = mapped_column(Float(53))
    unknown_s: Mapped[float] = mapped_column(Float(53))
    not_looked_s: Mapped[float] = mapped_column(Float(53))
    closed_s: Mapped[float] = mapped_column(Float(53))
    unsaid_s: Mapped[float] = mapped_column(Float(53))


class QueueHourRow(Base):
    """How many waited in one local hour: looks, their sum, the most."""

    __tablename__ = "queue_hours"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    queue_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    looks: Mapped[int]
    total: Mapped[int]
    most: Mapped[int]


class FlowHourRow(Base):
    """One local hour of a hall that was seen well enough to tell waiting from (`Flow`)."""

    __tablename__ = "flow_hours"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    waited_s: Mapped[float] = mapped_column(Float(53))
    served: Mapped[int]
    drift: Mapped[int]


class CoverDayRow(Base):
    """Gaps of one kind at a window on one local day, and how soon somebody sat there: so many,
    and the seconds of those where somebody came."""

    __tablename__ = "cover_days"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    window_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    gap: Mapped[Gap] = mapped_column(words(Gap), primary_key=True)
    post: Mapped[Post] = mapped_column(words(Post, 1), primary_key=True)
    named: Mapped[bool] = mapped_column(primary_key=True)
    filled: Mapped[Filled] = mapped_column(words(Filled), primary_key=True)
    count: Mapped[int]
    after_s: Mapped[float] = mapped_column(Float(53))


class GroupMonthRow(Base):
    """The figures of a month by post and by shift, as they were made once after its end; never
    again, so that two versions cannot be subtracted. They name no person, and no group that is
    smaller than `least`.

    groups: [{"by", "names", "people", "seconds": {standing: s}, "counted", "confirmed"}, ...]
    """

    __tablename__ = "group_months"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    made_at: Mapped[datetime] = mapped_column(Utc)
    least: Mapped[int]
    groups: Mapped[list[Any]] = mapped_column(JSON)


class ReportTermsRow(Base):
    """How many people a group must have before figures of it are shown."""

    __tablename__ = "report_terms"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    min_group: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Utc)
    changed_by: Mapped[str] = mapped_column(String(80))
