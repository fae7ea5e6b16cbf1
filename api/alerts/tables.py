"""Alerts, their append-only history, and their evidence."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.database import Base, Utc, words
from vision.records import Step


class State(StrEnum):
    """What people have done about an alert."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    EXCUSED = "excused"
    FALSE = "false"
    REFERRED = "referred"


class AlertRow(Base):
    """One alert as its latest step left it; `began` never changes, so pages keyed by it hold."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_began", "began_at", "uid"),
        Index("ix_alerts_hall_began", "hall_id", "began_at", "uid"),
        Index("ix_alerts_hall_state", "hall_id", "state", "began_at", "uid"),
        Index("ix_alerts_hall_rule", "hall_id", "rule", "state", "began_at", "severity"),
        Index("ix_alerts_subject_state", "hall_id", "subject", "state", "began_at"),
        Index("ix_alerts_text", "text_id", "state", "began_at"),
        Index("ix_alerts_subject_began", "hall_id", "subject", "began_at"),
    )

    uid: Mapped[str] = mapped_column(String(64), primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    camera_id: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(32))
    rule: Mapped[str] = mapped_column(String(64))
    rule_version: Mapped[int]
    step: Mapped[Step] = mapped_column(words(Step))
    severity: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(Utc)
    began_s: Mapped[float] = mapped_column(Float(53))
    at: Mapped[datetime] = mapped_column(Utc)
    at_s: Mapped[float] = mapped_column(Float(53))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_s: Mapped[float | None] = mapped_column(Float(53))
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    model_sha: Mapped[str] = mapped_column(String(64))
    hall_sha: Mapped[str] = mapped_column(String(64))
    duty: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # as the roster said at first receipt
    tickets: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # and the ticket system
    state: Mapped[State] = mapped_column(words(State), default=State.NEW)
    received_at: Mapped[datetime] = mapped_column(Utc)
    text_id: Mapped[int] = mapped_column(ForeignKey("alert_texts.id"))

    history: Mapped[list[AlertEventRow]] = relationship(order_by="AlertEventRow.id")
    clips: Mapped[list[ClipRow]] = relationship(order_by="ClipRow.id")
    stills: Mapped[list[StillRow]] = relationship(order_by="StillRow.id")


class AlertTextRow(Base):
    """What a text search looks through, in lower case; many alerts share one."""

    __tablename__ = "alert_texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text, unique=True)


class AlertEventRow(Base):
    """One line of an alert's history: a step of the rule or an act of a person. Never changed."""

    __tablename__ = "alert_events"
    __table_args__ = (UniqueConstraint("alert_uid", "key"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    alert_uid: Mapped[str] = mapped_column(ForeignKey("alerts.uid"), index=True)
    key: Mapped[str] = mapped_column(String(64))  # what makes a repetition one and the same
    what: Mapped[str] = mapped_column(String(16))  # a Step or an Act
    at: Mapped[datetime] = mapped_column(Utc)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: a machine
    who: Mapped[str] = mapped_column(String(80))  # the name then
    why: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class ClipRow(Base):
    """A clip under the evidence folder, and the span that it really covers."""

    __tablename__ = "clips"
    __table_args__ = (UniqueConstraint("alert_uid", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_uid: Mapped[str] = mapped_column(ForeignKey("alerts.uid"), index=True)
    path: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    asked_from: Mapped[datetime] = mapped_column(Utc)
    asked_to: Mapped[datetime] = mapped_column(Utc)
    covers_from: Mapped[datetime] = mapped_column(Utc)
    covers_to: Mapped[datetime] = mapped_column(Utc)
    complete: Mapped[bool]
    looks: Mapped[list[Any]] = mapped_column(JSON, default=list, deferred=True)
    # [[second of the clip, [[label, score, x1, y1, x2, y2], ...]], ...]: what was seen over it
    people: Mapped[list[Any]] = mapped_column(JSON, default=list, deferred=True)
    # [[second of the clip, [[x1, y1, x2, y2], ...]], ...]: everybody, whenever the model was asked,
    # for the blur; null in place of the boxes: what was found before still stood


class StillRow(Base):
    __tablename__ = "stills"
    __table_args__ = (UniqueConstraint("alert_uid", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_uid: Mapped[str] = mapped_column(ForeignKey("alerts.uid"), index=True)
    path: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    boxes: Mapped[list[Any]] = mapped_column(
        JSON
    )  # [{"label", "score", "xyxy"}, ...]: what was seen
    people: Mapped[list[Any]] = mapped_column(JSON, default=list, deferred=True)  # see ClipRow
