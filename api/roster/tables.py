"""Who works in a hall, which post is theirs, and when they hold it or are away."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
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


class LeaveRow(Base):
    __tablename__ = "leaves"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(String(200), default="")
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
