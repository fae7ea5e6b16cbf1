"""Sign-in by name and password, with a lock after repeated failures."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access, AccessRow
from api.database import Database
from api.settings import Settings
from api.users.accounts import fits, hash_of, user_named
from api.users.tables import UserRow
from api.users.tokens import open_session

NO_PASSWORD = "-"
"""In place of a hash: no password fits."""


class SignInRefusedError(PermissionError):
    """Wrong name or password: nothing tells which."""

    def __init__(self) -> None:
        super().__init__("the name or the password is wrong")


class AccountLockedError(PermissionError):
    """Too many wrong passwords, for this account or from this address; try again in `wait_s`."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        super().__init__(f"too many wrong passwords; try again in {wait_s / 60:.0f} min")


@cache
def _nobodys_hash() -> str:
    """Checked for names that do not exist, so that they take as long to refuse as others."""
    return hash_of("nobody's password")


def sign_in(
    database: Database,
    settings: Settings,
    name: str,
    password: str,
    now: datetime,
    address: str = "",
) -> str:
    """The secret of a new session. Raises SignInRefusedError, AccountLockedError.

    It opens its own transactions: the slow check runs outside them, and a failure must be counted
    and written down although the request is refused.
    """
    with database.reading() as session:
        _check_address(session, settings, address, now)
        user = user_named(session, name)
    right = fits(_nobodys_hash() if user is None else user.password_hash, password)
    if user is None or user.disabled_at is not None:
        with database.session() as session:
            _write_down(session, Access.SIGN_IN_REFUSED, None, name, address, now)
        raise SignInRefusedError
    with database.session() as session:
        find = select(UserRow).where(UserRow.id == user.id).with_for_update()
        row = session.scalars(find).one()
        wait_s = locked_for_s(row, now)
        secret = None
        if wait_s <= 0:
            secret = open_session(session, row, now, settings.session_s) if right else None
            count_try(row, right, now, settings)
        what = Access.SIGN_IN_REFUSED if secret is None else Access.SIGN_IN
        _write_down(session, what, row, name, address, now)
    if wait_s > 0:
        raise AccountLockedError(wait_s)
    if secret is None:
        raise SignInRefusedError
    return secret


def sign_in_vouched(
    database: Database, settings: Settings, name: str, now: datetime, address: str = ""
) -> str:
    """The secret of a new session for an account whose owner another door has recognised. A
    password that somebody else gave them is of no use from then on. Raises SignInRefusedError
    where there is no such account, or it is disabled."""
    with database.session() as session:
        user = user_named(session, name)
        known = user is not None and user.disabled_at is None
        if known and user is not None and user.must_change:
            user.password_hash, user.must_change = NO_PASSWORD, False
        secret = open_session(session, user, now, settings.session_s) if known and user else None
        what = Access.SIGN_IN if known else Access.SIGN_IN_REFUSED
        _write_down(session, what, user, name, address, now)
    if secret is None:
        raise SignInRefusedError
    return secret


def _write_down(
    session: Session, what: Access, user: UserRow | None, name: str, address: str, now: datetime
) -> None:
    """Into the access log. A name that is no account's may be a password typed too early: it is
    not kept."""
    if user is None:
        record_access(session, AccessBy(None, "?", address), what, "account", now)
    else:
        by = AccessBy(user.id, user.full_name, address)
        record_access(session, by, what, f"account/{name}", now)


def _check_address(session: Session, settings: Settings, address: str, now: datetime) -> None:
    """Raises AccountLockedError where too many tries came from the address of late."""
    if not address:
        return
    since = now - timedelta(seconds=settings.lock_s)
    tries = session.scalars(
        select(AccessRow.at)
        .where(
            AccessRow.at > since,
            AccessRow.what == Access.SIGN_IN_REFUSED,
            AccessRow.address == address,
        )
        .order_by(AccessRow.at.desc())
        .limit(settings.address_tries)
    ).all()
    if len(tries) >= settings.address_tries:
        raise AccountLockedError((tries[-1] - since).total_seconds())


def locked_for_s(user: UserRow, now: datetime) -> float:
    """How long no password is taken from them; zero or less: it is."""
    return 0.0 if user.locked_until is None else (user.locked_until - now).total_seconds()


def count_try(user: UserRow, right: bool, now: datetime, settings: Settings) -> None:
    """Count wrong passwords in a row, and lock the account after some."""
    user.failures = 0 if right else user.failures + 1
    user.locked_until = None
    if user.failures >= settings.lock_after:
        user.failures = 0
        user.locked_until = now + timedelta(seconds=settings.lock_s)
