"""Halls and what stands in them. Ids are those of the hall file: unique within their hall."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words


class ZoneKind(StrEnum):
    STAFF = "staff"
    COUNTER = "counter"
    SIGN = "sign"
    QUEUE = "queue"


class HallRow(Base):
    __tablename__ = "halls"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    timezone: Mapped[str] = mapped_column(String(64))
    sha: Mapped[str] = mapped_column(String(64))  # of the hall file last synced
    synced_at: Mapped[datetime] = mapped_column(Utc)


class CameraRow(Base):
    """A camera. Its URL stays in the hall file: it may hold a password."""

    __tablename__ = "cameras"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    width: Mapped[int]
    height: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(Utc)  # no longer in the hall file


class WindowRow(Base):
    __tablename__ = "windows"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "camera_id"], ["cameras.hall_id", "cameras.id"]),
    )

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    camera_id: Mapped[str] = mapped_column(String(32))
    retired_at: Mapped[datetime | None] = mapped_column(Utc)


class QueueRow(Base):
    __tablename__ = "queues"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "camera_id"], ["cameras.hall_id", "cameras.id"]),
    )

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    camera_id: Mapped[str] = mapped_column(String(32))
    retired_at: Mapped[datetime | None] = mapped_column(Utc)


class ZoneRow(Base):
    """One polygon in a camera's picture. `owner` is the id of its window or queue."""

    __tablename__ = "zones"
    __table_args__ = (
        ForeignKeyConstraint(["hall_id", "camera_id"], ["cameras.hall_id", "cameras.id"]),
    )

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    kind: Mapped[ZoneKind] = mapped_column(words(ZoneKind), primary_key=True)
    owner: Mapped[str] = mapped_column(String(32), primary_key=True)
    camera_id: Mapped[str] = mapped_column(String(32))
    corners: Mapped[list[Any]] = mapped_column(JSON)  # [[x, y], ...] pixels


class ZonePlanRow(Base):
    """All zones as one version of the hall file had them: old pictures are judged and blurred by
    the zones of their time.

    cameras: {camera: {"size": [w, h], "zones": [{"kind", "owner", "corners": [[x, y], ...]}]}}
    """

    __tablename__ = "zone_plans"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    sha: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the hall file
    cameras: Mapped[dict[str, Any]] = mapped_column(JSON)


class PlanInForceRow(Base):
    """From `since` on the hall went by the version `sha` of its hall file, until the next row's."""

    __tablename__ = "plans_in_force"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    sha: Mapped[str] = mapped_column(String(64))
