"""What a person does about their own account: another password, other sessions ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access, AccessRow
from api.database import Database
from api.settings import Settings
from api.users.accounts import fits, hash_of
from api.users.signing_in import AccountLockedError, SignInRefusedError, count_try, locked_for_s
from api.users.tables import UserRow
from api.users.tokens import end_other_sessions

LATEST_SIGN_INS = 10


class WrongPasswordError(ValueError):
    """The password that somebody said was theirs so far is not."""

    def __init__(self) -> None:
        super().__init__("the present password is wrong")


class SamePasswordError(ValueError):
    def __init__(self) -> None:
        super().__init__("the new password is the present one: choose another")


def change_own_password(
    database: Database,
    settings: Settings,
    by: AccessBy,
    secret: str,
    present: str,
    new: str,
    now: datetime,
) -> None:
    """Give oneself another password; all sessions but the one of `secret` end.

    It opens its own transactions, as `sign_in` does: a wrong password counts, although the request
    is refused, and locks the account as at the door. Raises WrongPasswordError, AccountLockedError,
    PasswordError, SamePasswordError; SignInRefusedError where the account is no more.
    """
    with database.reading() as session:
        known = _own_row(session, by)
        wait_s = locked_for_s(known, now)
    if wait_s > 0:
        raise AccountLockedError(wait_s)
    right = fits(known.password_hash, present)
    if right and present == new:
        raise SamePasswordError
    password_hash = hash_of(new) if right else ""
    with database.session() as session:
        row = _own_row(session, by)
        right = right and row.password_hash == known.password_hash  # nobody changed it meanwhile
        count_try(row, right, now, settings)
        name = f"account/{row.name}"
        if right:
            row.password_hash, row.must_change = password_hash, False
            ended = end_other_sessions(session, row.id, secret, now)
            details = {"changed": ["own password"], "sessions_ended": ended}
            record_access(session, by, Access.EDIT_USERS, name, now, details=details)
        else:
            details = {"tried": "own password"}
            record_access(session, by, Access.SIGN_IN_REFUSED, name, now, details=details)
    if not right:
        raise WrongPasswordError


def leave_elsewhere(session: Session, by: AccessBy, secret: str, now: datetime) -> int:
    """End one's other sessions, and return how many there were."""
    row = _own_row(session, by)
    ended = end_other_sessions(session, row.id, secret, now)
    details = {"sessions_ended": ended}
    record_access(session, by, Access.SIGN_OUT, f"account/{row.name}", now, details=details)
    return ended


def latest_sign_ins(session: Session, user_id: int) -> Sequence[AccessRow]:
    """When and from where somebody signed in as this person or tried to, the latest first."""
    return session.scalars(
        select(AccessRow)
        .where(
            AccessRow.user_id == user_id,
            AccessRow.what.in_((Access.SIGN_IN, Access.SIGN_IN_REFUSED)),
        )
        .order_by(AccessRow.seq.desc())
        .limit(LATEST_SIGN_INS)
    ).all()


def _own_row(session: Session, by: AccessBy) -> UserRow:
    find = select(UserRow).where(UserRow.id == by.user_id).with_for_update()
    row = session.scalar(find, execution_options={"populate_existing": True})
    if row is None or row.disabled_at is not None:
        raise SignInRefusedError
    return row
