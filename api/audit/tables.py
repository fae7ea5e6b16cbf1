"""The access log: who did what, when and why, each row sealed to the one before."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words


class Access(StrEnum):
    """What somebody did."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    VIEW_ALERT = "view_alert"
    VIEW_CLIP = "view_clip"
    VIEW_STILL = "view_still"
    VIEW_LIVE = "view_live"
    VIEW_CASE = "view_case"
    VIEW_COMPLAINT = "view_complaint"
    VIEW_REPORT = "view_report"
    VIEW_LOG = "view_log"  # read or checked the access log itself
    FIND_FOOTAGE = "find_footage"
    UNBLUR = "unblur"  # saw citizens as the camera does
    EXPORT = "export"
    SETTLE_ALERT = "settle_alert"
    DECIDE_CASE = "decide_case"
    HANDLE_COMPLAINT = "handle_complaint"
    EDIT_ROSTER = "edit_roster"
    EDIT_HALL = "edit_hall"
    EDIT_CAMERAS = "edit_cameras"
    EDIT_USERS = "edit_users"
    EDIT_NOTICES = "edit_notices"
    EDIT_EXEMPTION = "edit_exemption"
    EDIT_RETENTION = "edit_retention"
    HOLD = "hold"  # a legal hold was laid or lifted
    DELETE = "delete"  # because its time was over
    CUT_LOG = "cut_log"  # the log's own oldest rows were deleted


class AccessRow(Base):
    """One row. `sha` seals it and `previous_sha`; triggers refuse to change or delete it.

    It refers to accounts and halls by their ids alone: it outlives them.
    """

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_at", "at"), Index("ix_access_log_object", "object"))

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )  # 1, 2, 3, ... without a gap
    at: Mapped[datetime] = mapped_column(Utc)
    user_id: Mapped[int | None]  # None: a machine, a command, or nobody who is known
    who: Mapped[str] = mapped_column(String(80))  # the name then
    what: Mapped[Access] = mapped_column(words(Access, 32))
    object: Mapped[str] = mapped_column(String(200))
    hall_id: Mapped[str | None] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(2000))
    address: Mapped[str] = mapped_column(String(64))  # where the request came from
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_sha: Mapped[str] = mapped_column(String(64))
    sha: Mapped[str] = mapped_column(String(64))


class LogCutRow(Base):
    """The log's rows up to `upto` were deleted when their time was over; `sha` sealed the last."""

    __tablename__ = "access_log_cuts"

    upto: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    sha: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
