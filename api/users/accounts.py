"""People's accounts: made, changed, disabled. Passwords are kept as argon2id hashes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.halls.reach import EVERY_HALL, Halls
from api.users.belonging import belong, halls_of
from api.users.tables import Role, UserRow
from api.users.tokens import end_sessions

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200

_checks = threading.BoundedSemaphore(2)
"""A check takes 64 MiB and a core: strangers at the sign-in page may not take all of them."""


class PasswordError(ValueError):
    """A password that is too short or too long."""

    def __init__(self) -> None:
        super().__init__(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")


class NameTakenError(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(f"there is an account {name!r} already")


class UnknownUserError(LookupError):
    def __init__(self, user_id: int) -> None:
        super().__init__(f"there is no account {user_id}")


def hash_of(password: str) -> str:
    """The argon2id hash, with its salt and costs. Raises PasswordError."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PasswordError
    return PasswordHasher().hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Whether the password is the one that was hashed. Takes tens of milliseconds on purpose."""
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        with _checks:
            return PasswordHasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def add_user(
    session: Session,
    name: str,
    full_name: str,
    role: Role,
    password_hash: str,
    now: datetime,
    *,
    halls: Halls = EVERY_HALL,
    staff_id: int | None = None,
) -> UserRow:
    """A new account with the hash of its password. Raises NameTakenError, and what `belong`
    raises."""
    if user_named(session, name) is not None:
        raise NameTakenError(name)
    row = UserRow(
        name=name, full_name=full_name, role=role, password_hash=password_hash, created_at=now
    )
    session.add(row)
    session.flush()
    belong(session, row, halls, staff_id)
    return row


def user_named(session: Session, name: str) -> UserRow | None:
    return session.scalar(select(UserRow).where(UserRow.name == name))


def user_rows(session: Session, halls: Halls = EVERY_HALL) -> Sequence[UserRow]:
    """The accounts that belong to no other halls than these."""
    rows = session.scalars(select(UserRow).order_by(UserRow.name)).all()
    return [row for row in rows if halls >= halls_of(session, row)]


def change_user(
    session: Session,
    user_id: int,
    now: datetime,
    *,
    role: Role | None = None,
    password_hash: str | None = None,
    disabled: bool | None = None,
    halls: Halls | None = None,
    staff_id: int | None = None,
    within: Halls = EVERY_HALL,
) -> UserRow:
    """Change what is given, unlock the account, and end its sessions and tokens.

    within: the halls of whoever changes it. Raises UnknownUserError, also for an account that
    belongs to other halls, and what `belong` raises.
    """
    row = session.get(UserRow, user_id)
    if row is None or not within >= halls_of(session, row):
        raise UnknownUserError(user_id)
    if halls is not None or staff_id is not None:
        belong(
            session,
            row,
            halls_of(session, row) if halls is None else halls,
            row.staff_id if staff_id is None else staff_id,
        )
    row.role = role or row.role
    row.password_hash = password_hash or row.password_hash
    if disabled is not None:
        row.disabled_at = now if disabled else None
    row.failures, row.locked_until = 0, None
    end_sessions(session, user_id, now)
    session.flush()
    return row
