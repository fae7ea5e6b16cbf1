"""Where messages go, by which rules, and every message that was ever due."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words
from api.users.tables import Role


class ChannelKind(StrEnum):
    WECOM = "wecom"  # 企业微信 group robot
    DINGTALK = "dingtalk"  # 钉钉 group robot
    FEISHU = "feishu"  # 飞书 group robot
    MAIL = "mail"
    WEBHOOK = "webhook"  # our own signed one, for the intranet's other systems
    OTHER = "other"  # whatever the library Apprise has a URL for


class NoticeKind(StrEnum):
    RAISED = "raised"
    ESCALATED = "escalated"  # nobody took it in time: the next level is told
    TAKEN = "taken"
    ENDED = "ended"
    DIGEST = "digest"  # several in one
    POSTED = "posted"  # another part of the product reminds somebody
    TEST = "test"


class NoticeState(StrEnum):
    FOLDED = "folded"  # waits for a digest, or was told by one
    WAITING = "waiting"
    SENDING = "sending"  # somebody sends it now; if they die, it is sent again
    SENT = "sent"
    FAILED = "failed"  # given up: a person should look
    DROPPED = "dropped"  # its channel was removed before it could be sent


class ChannelRow(Base):
    """A way to reach people outside the console. `secret` is sealed and never shown again."""

    __tablename__ = "notice_channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), index=True)
    kind: Mapped[ChannelKind] = mapped_column(words(ChannelKind))
    name: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # whose own it is
    created_at: Mapped[datetime] = mapped_column(Utc)
    created_by: Mapped[str] = mapped_column(String(80))
    retired_at: Mapped[datetime | None] = mapped_column(Utc)


class RouteRow(Base):
    """Which alerts are told to whom (one of channel, role, person), at which level. Empty `rule`
    and `subject` match all."""

    __tablename__ = "notice_routes"
    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), index=True)
    level: Mapped[int]
    rule: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(32))
    at_least: Mapped[int]
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("notice_channels.id"))
    role: Mapped[Role | None] = mapped_column(words(Role))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class NoticePolicyRow(Base):
    """How a hall wants to be told. Times of day are minutes since midnight in the hall's zone."""

    __tablename__ = "notice_policies"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    second_level_s: Mapped[int]
    third_level_s: Mapped[int]
    quiet_from_min: Mapped[int | None]
    quiet_to_min: Mapped[int | None]
    quiet_passes: Mapped[int]  # severity from which quiet hours do not hold a message back
    storm_count: Mapped[int]
    storm_s: Mapped[int]
    says_names: Mapped[bool]
    console_url: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(Utc)
    changed_by: Mapped[str] = mapped_column(String(80))


class NoticeRow(Base):
    """One message to one channel, role or person. `key` makes a repetition one and the same."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_hall_created", "hall_id", "created_at"),
        Index("ix_notices_due", "state", "next_at"),
        Index("ix_notices_open", "hall_id", "open"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind))
    alert_uid: Mapped[str | None] = mapped_column(String(64), index=True)
    level: Mapped[int]
    severity: Mapped[int]
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("notice_channels.id"))
    role: Mapped[Role | None] = mapped_column(words(Role))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    wordings: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # of a posted one: language -> [title, body], for those who read it on the console
    path: Mapped[str] = mapped_column(String(200))  # the console's page that it leads to
    state: Mapped[NoticeState] = mapped_column(words(NoticeState))
    open: Mapped[bool]  # its alert's end is still to be told to this target
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Utc)
    claimed_until: Mapped[datetime | None] = mapped_column(Utc)
    error: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(Utc)
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    digest_id: Mapped[int | None] = mapped_column(BigInteger)  # the notice that told this one


class NoticeSeenRow(Base):
    """Up to which notice a person's console has shown them."""

    __tablename__ = "notices_seen"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
