"""Who works in a hall, which post is theirs, and when they hold it or are away."""

from __future__ import annotations

from datetime import date, datetime
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
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words


class Post(StrEnum):
    """A is the main clerk of a window (A岗), B the stand-in who covers when A is away (B岗)."""

    A = "A"
    B = "B"


class StaffRow(Base):
    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("hall_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    number: Mapped[str] = mapped_column(String(32))  # 工号
    name: Mapped[str] = mapped_column(String(80))


class PostRow(Base):
    """The standing stand-in or main clerk of a window; shifts say when."""

    __tablename__ = "posts"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "window_id"], ["windows.hall_id", "windows.id"]),
    )

    hall_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    post: Mapped[Post] = mapped_column(words(Post, 1), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ShiftRow(Base):
    __tablename__ = "shifts"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "window_id"], ["windows.hall_id", "windows.id"]),
        Index("ix_shifts_window_time", "hall_id", "window_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(String(32))
    window_id: Mapped[str] = mapped_column(String(32))
    post: Mapped[Post] = mapped_column(words(Post, 1))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)  # the first instant that is no longer theirs
    import_id: Mapped[int | None] = mapped_column(ForeignKey("schedule_imports.id"))


class ShiftPatternRow(Base):
    """A shift that comes back weekly (`api.roster.weekly.Weekly` says how to read it)."""

    __tablename__ = "shift_patterns"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "window_id"], ["windows.hall_id", "windows.id"]),
        Index("ix_shift_patterns_window", "hall_id", "window_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(String(32))
    window_id: Mapped[str] = mapped_column(String(32))
    post: Mapped[Post] = mapped_column(words(Post, 1))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    weekdays: Mapped[int]  # bit 0 is Monday
    every: Mapped[int]
    start_min: Mapped[int]
    end_min: Mapped[int]
    first: Mapped[date]
    last: Mapped[date | None]
    by_calendar: Mapped[bool]


class PatternSkipRow(Base):
    """A day on which a weekly shift does not happen."""

    __tablename__ = "pattern_skips"

    pattern_id: Mapped[int] = mapped_column(ForeignKey("shift_patterns.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class TimeKind(StrEnum):
    OPEN = "open"  # hours of service
    BREAK = "break"


class ServiceTimeRow(Base):
    """Hours of service or a break, of one window or (`window_id` None) of the hall.

    covered: in this break the window stays open and somebody covers: the person of `cover_id`, or
    (None) the window's own B.
    """

    __tablename__ = "service_times"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "window_id"], ["windows.hall_id", "windows.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), index=True)
    window_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[TimeKind] = mapped_column(words(TimeKind))
    weekdays: Mapped[int]
    every: Mapped[int]
    start_min: Mapped[int]
    end_min: Mapped[int]
    first: Mapped[date]
    last: Mapped[date | None]
    by_calendar: Mapped[bool]
    covered: Mapped[bool] = mapped_column(default=False, server_default=false())
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class NoteKind(StrEnum):
    VISITOR = "visitor"
    TRAINING = "training"
    HANDOVER = "handover"


class RosterNoteRow(Base):
    """Somebody more, or several together, and rightly so; at one window or in the hall.

    What is taken back stays, with who took it back: alerts tell what the roster said then. A
    changed note is a new one.
    """

    __tablename__ = "roster_notes"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "window_id"], ["windows.hall_id", "windows.id"]),
        Index("ix_roster_notes_hall_time", "hall_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    window_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[NoteKind] = mapped_column(words(NoteKind))
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(Utc)
    entered_by: Mapped[str] = mapped_column(String(80))
    dropped_at: Mapped[datetime | None] = mapped_column(Utc)
    dropped_by: Mapped[str | None] = mapped_column(String(80))


class LeaveKind(StrEnum):
    """Why somebody is not at their window (去向)."""

    LEAVE = "leave"
    OUT = "out"  # on an errand
    MEETING = "meeting"
    TRAINING = "training"


class LeaveRow(Base):
    __tablename__ = "leaves"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[LeaveKind] = mapped_column(
        words(LeaveKind), default=LeaveKind.LEAVE, server_default=LeaveKind.LEAVE.value
    )
    import_id: Mapped[int | None] = mapped_column(ForeignKey("schedule_imports.id"))


class RosterChangeRow(Base):
    """One change of the roster by a person. Triggers refuse to change or delete it.

    import_id: of an entry that a file brought or took away; the import has a line of its own.
    """

    __tablename__ = "roster_changes"
    __table_args__ = (
        Index("ix_roster_changes_hall_at", "hall_id", "at"),
        Index("ix_roster_changes_import", "import_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    at: Mapped[datetime] = mapped_column(Utc)
    who: Mapped[str] = mapped_column(String(80))  # the name then
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    what: Mapped[str] = mapped_column(String(16))  # a RosterThing
    thing_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # None: it was made
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # None: it was taken away
    import_id: Mapped[int | None] = mapped_column(ForeignKey("schedule_imports.id"))


class ScheduleImportRow(Base):
    """Which file brought which entries, and who brought it."""

    __tablename__ = "schedule_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    kind: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    imported_at: Mapped[datetime] = mapped_column(Utc)
    imported_by: Mapped[str] = mapped_column(String(80))
