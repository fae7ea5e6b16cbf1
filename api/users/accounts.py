"""People's accounts: made, changed, disabled. Passwords are kept as argon2id hashes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access, AccessRow
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


class AccountChangedError(ValueError):
    """Somebody else changed the account after it was read: look again."""

    def __init__(self, who: str, at: datetime | None) -> None:
        self.who, self.at = who, at
        super().__init__(f"{who or 'somebody'} changed this account meanwhile; read it again")


class LastAdministratorError(ValueError):
    """Without an administrator of all halls, nobody could make one."""

    def __init__(self) -> None:
        super().__init__("this is the last administrator of all halls: make another one first")


_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""No sign that is read as another one: a one-time password is copied from paper."""


def one_time_password() -> str:
    """Three groups of four signs, 59 bits: to be given to a person, who then chooses their own."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


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
    must_change: bool = False,
) -> UserRow:
    """A new account with the hash of its password; must_change: which its owner shall replace.
    Raises NameTakenError, and what `belong` raises."""
    if user_named(session, name) is not None:
        raise NameTakenError(name)
    row = UserRow(
        name=name, full_name=full_name, role=role, password_hash=password_hash, created_at=now,
        must_change=must_change,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:  # two made the same name at once
        raise NameTakenError(name) from error
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
    full_name: str | None = None,
    role: Role | None = None,
    password_hash: str | None = None,
    must_change: bool = False,
    disabled: bool | None = None,
    halls: Halls | None = None,
    staff_id: int | None = None,
    within: Halls = EVERY_HALL,
    version: int | None = None,
) -> UserRow:
    """Change what is given, unlock the account, and end its sessions and tokens.

    must_change: of a new password, whether its owner shall replace it. within: the halls of
    whoever changes it. version: of the account as it was read; None: whatever it is.
    Raises UnknownUserError, also for an account that belongs to other halls, AccountChangedError,
    LastAdministratorError, and what `belong` raises.
    """
    row = user_within(session, user_id, within)
    if version is not None and version != row.version:
        last = last_change(session, row.name)
        raise AccountChangedError(*((last.who, last.at) if last else ("", None)))
    was_able = _administers_all(row)
    if halls is not None or staff_id is not None:
        belong(
            session,
            row,
            halls_of(session, row) if halls is None else halls,
            row.staff_id if staff_id is None else staff_id,
        )
    row.full_name = full_name or row.full_name
    row.role = role or row.role
    if password_hash is not None:
        row.password_hash, row.must_change = password_hash, must_change
    if disabled is not None:
        row.disabled_at = now if disabled else None
    row.failures, row.locked_until = 0, None
    row.version += 1
    end_sessions(session, user_id, now)
    session.flush()
    if was_able and not _has_administrator(session):
        raise LastAdministratorError
    return row


def unlock_user(session: Session, user_id: int, within: Halls) -> UserRow:
    """Let its owner try again at once; nothing else changes. Raises UnknownUserError."""
    row = user_within(session, user_id, within)
    row.failures, row.locked_until = 0, None
    session.flush()
    return row


def user_within(session: Session, user_id: int, within: Halls) -> UserRow:
    """The account, locked, as it is now. Raises UnknownUserError, also for one that belongs to
    other halls."""
    find = select(UserRow).where(UserRow.id == user_id).with_for_update()
    row = session.scalar(find, execution_options={"populate_existing": True})
    if row is None or not within >= halls_of(session, row):
        raise UnknownUserError(user_id)
    return row


def last_change(session: Session, name: str) -> AccessRow | None:
    """Who changed the account last, by the access log."""
    return session.scalar(
        select(AccessRow)
        .where(AccessRow.object == f"account/{name}", AccessRow.what == Access.EDIT_USERS)
        .order_by(AccessRow.seq.desc())
        .limit(1)
    )


def _administers_all(row: UserRow) -> bool:
    return row.role is Role.ADMIN and row.disabled_at is None and row.all_halls


def _has_administrator(session: Session) -> bool:
    able = UserRow.role == Role.ADMIN, UserRow.disabled_at.is_(None), UserRow.all_halls
    return session.scalar(select(UserRow.id).where(*able).limit(1)) is not None


def note_account(
    session: Session, by: AccessBy, row: UserRow, changed: list[str], now: datetime, why: str = ""
) -> None:
    """Into the access log: what was changed, and how the account stands now."""
    halls = halls_of(session, row)
    details = {
        "changed": changed,
        "role": row.role.value,
        "halls": "*" if halls.everywhere else sorted(halls.ids),
        "disabled": row.disabled_at is not None,
    }
    name = f"account/{row.name}"
    record_access(session, by, Access.EDIT_USERS, name, now, purpose=why, details=details)
