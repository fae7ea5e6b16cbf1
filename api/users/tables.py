"""People who sign in, and the secrets that stand for them or for a machine."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.database import Base, Utc, words


class Role(StrEnum):
    """What somebody is to the hall. `MACHINE` is a camera worker, never a person."""

    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"  # discipline inspection
    HEAD = "head"  # of the unit
    CLERK = "clerk"  # sees their own matters only
    ADMIN = "admin"  # keeps the machine running; sees no footage
    MACHINE = "machine"


class UserRow(Base):
    """`all_halls`: also those that are still to come; otherwise the halls of `UserHallRow`.
    `staff_id`: whom of the roster a clerk is; nobody has two accounts. `version` grows with each
    change by an administrator. `must_change`: the password was given by somebody else; until its
    owner chose another one, nothing else is open to them."""

    __tablename__ = "users"
    __table_args__ = (Index("uq_users_staff_id", "staff_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)  # what is typed at sign-in
    full_name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(words(Role))
    password_hash: Mapped[str] = mapped_column(String(255))  # argon2id
    failures: Mapped[int] = mapped_column(default=0)  # wrong passwords since the last right one
    locked_until: Mapped[datetime | None] = mapped_column(Utc)
    created_at: Mapped[datetime] = mapped_column(Utc)
    disabled_at: Mapped[datetime | None] = mapped_column(Utc)
    all_halls: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)
    must_change: Mapped[bool] = mapped_column(default=False)


class UserHallRow(Base):
    """A hall that a person belongs to."""

    __tablename__ = "user_halls"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True, index=True)


class TokenRow(Base):
    """A person's session (`user_id` set, no label), a person's token for their own programs
    (`scopes` set as well), or a machine's token. Only the secret's hash is kept."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_sha: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(80))  # what it is for; empty for a session
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role] = mapped_column(words(Role))
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
    hall_id: Mapped[str | None] = mapped_column(ForeignKey("halls.id"))  # a machine's; None: all
    scopes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))  # permissions
