"""What was cut out of the recordings, by whom, and what for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc


class FootageRow(Base):
    """One clip under the evidence folder. asked_*: the span that was wanted; covers_*: the span
    that it shows; lacking: what is missing and why, empty when complete."""

    __tablename__ = "footage"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "camera_id"], ["cameras.hall_id", "cameras.id"]),
        Index("ix_footage_hall_asked", "hall_id", "asked_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    camera_id: Mapped[str] = mapped_column(String(32))
    path: Mapped[str] = mapped_column(String(300), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    asked_from: Mapped[datetime] = mapped_column(Utc)
    asked_to: Mapped[datetime] = mapped_column(Utc)
    covers_from: Mapped[datetime] = mapped_column(Utc)
    covers_to: Mapped[datetime] = mapped_column(Utc)
    lacking: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    cut_by: Mapped[str] = mapped_column(String(80))
    cut_at: Mapped[datetime] = mapped_column(Utc)
