"""Secrets that stand for a signed-in person or a machine. The database keeps only their hashes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.halls.reach import EVERY_HALL, Halls
from api.users.belonging import halls_of
from api.users.permissions import Permission, permissions_of
from api.users.tables import Role, TokenRow, UserRow

LONGEST_TOKEN = timedelta(days=366)
NEVER_IN_TOKENS = frozenset({Permission.SESSION_OWN, Permission.USERS_MANAGE})
"""What a token may not do in a person's name: make more tokens, or accounts."""


ONLY_OWN = frozenset({Permission.SESSION_OWN})
"""What is open to somebody who must choose a password of their own first."""


class UnknownTokenError(LookupError):
    def __init__(self, token_id: int) -> None:
        super().__init__(f"there is no token {token_id}")


class ScopeError(ValueError):
    def __init__(self) -> None:
        super().__init__("a token may do some of what you may, and never manage accounts or tokens")


class ExpiryError(ValueError):
    def __init__(self) -> None:
        super().__init__(f"a token ends in the future, in {LONGEST_TOKEN.days} days at most")


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sends a request: a person (`user_id` set) or a machine.

    permissions: of the role, and of these only what a token was given. staff_id: whom of the
    roster a clerk is. address: where the request came from; "" where nobody knows. must_change:
    signed in with a password that somebody else gave them; only their own session is open to them.
    """

    role: Role
    name: str  # what is typed at sign-in, or the machine's label
    full_name: str
    user_id: int | None
    token_id: int
    permissions: frozenset[Permission]
    halls: Halls
    staff_id: int | None = None
    scoped: bool = False  # a program that a person gave a token
    address: str = ""
    must_change: bool = False


def open_session(session: Session, user: UserRow, now: datetime, lasts_s: int) -> str:
    """The secret of a new session."""
    secret, row = _token(user.role, now, "")
    row.user_id = user.id
    row.expires_at = now + timedelta(seconds=lasts_s)
    session.add(row)
    session.flush()
    return secret


def issue_machine_token(
    session: Session,
    label: str,
    now: datetime,
    hall_id: str | None = None,
    scopes: frozenset[Permission] | None = None,
    expires_at: datetime | None = None,
) -> tuple[int, str]:
    """The id and the secret of a machine's token, for one hall or for all, with all that a machine
    may do or with some of it. It holds until it ends or is revoked; the secret is shown this once.
    Raises ScopeError, ExpiryError."""
    if scopes is not None and (not scopes or not scopes <= permissions_of(Role.MACHINE)):
        raise ScopeError
    if expires_at is not None and expires_at <= now:
        raise ExpiryError
    secret, row = _token(Role.MACHINE, now, label)
    row.hall_id, row.expires_at = hall_id, expires_at
    row.scopes = None if scopes is None else sorted(scope.value for scope in scopes)
    session.add(row)
    session.flush()
    return row.id, secret


def issue_own_token(
    session: Session,
    owner: Principal,
    label: str,
    scopes: frozenset[Permission],
    now: datetime,
    expires_at: datetime,
) -> tuple[int, str]:
    """The id and the secret of a token for a person's own program: it may do what it was given, as
    long as the person may. Raises ScopeError, ExpiryError."""
    if owner.scoped or owner.user_id is None or not scopes:
        raise ScopeError
    if not scopes <= owner.permissions - NEVER_IN_TOKENS:
        raise ScopeError
    if not now < expires_at <= now + LONGEST_TOKEN:
        raise ExpiryError
    secret, row = _token(owner.role, now, label)
    row.user_id, row.expires_at = owner.user_id, expires_at
    row.scopes = sorted(scope.value for scope in scopes)
    session.add(row)
    session.flush()
    return row.id, secret


def own_tokens(session: Session, user_id: int) -> Sequence[TokenRow]:
    """A person's tokens, without their sessions."""
    return session.scalars(
        select(TokenRow)
        .where(TokenRow.user_id == user_id, TokenRow.label != "")
        .order_by(TokenRow.id)
    ).all()


def revoke_own_token(session: Session, token_id: int, user_id: int, now: datetime) -> TokenRow:
    """Raises UnknownTokenError."""
    row = session.get(TokenRow, token_id)
    if row is None or row.user_id != user_id or not row.label:
        raise UnknownTokenError(token_id)
    row.revoked_at = row.revoked_at or now
    return row


def principal_of(session: Session, secret: str, now: datetime) -> Principal | None:
    """Whom the secret stands for now; None if it is unknown, expired or revoked, or if the person
    was disabled."""
    found = session.execute(
        select(TokenRow, UserRow)
        .outerjoin(UserRow, UserRow.id == TokenRow.user_id)
        .where(TokenRow.secret_sha == _sha(secret), TokenRow.revoked_at.is_(None))
    ).one_or_none()
    if found is None:
        return None
    token, user = found
    if token.expires_at is not None and token.expires_at <= now:
        return None
    if user is None:
        return _machine(token)
    if user.disabled_at is not None:
        return None
    return Principal(
        role=user.role,
        name=user.name,
        full_name=user.full_name,
        user_id=user.id,
        token_id=token.id,
        permissions=ONLY_OWN if user.must_change else _allowed(user.role, token.scopes),
        halls=halls_of(session, user),
        staff_id=user.staff_id,
        scoped=token.scopes is not None,
        must_change=user.must_change,
    )


def _machine(token: TokenRow) -> Principal:
    return Principal(
        role=token.role,
        name=token.label,
        full_name=token.label,
        user_id=None,
        token_id=token.id,
        permissions=_allowed(token.role, token.scopes),
        halls=EVERY_HALL if token.hall_id is None else Halls.only([token.hall_id]),
    )


def _allowed(role: Role, scopes: Sequence[str] | None) -> frozenset[Permission]:
    """What the role may, and of that only the scopes, where there are any."""
    allowed = permissions_of(role)
    return allowed if scopes is None else frozenset(p for p in allowed if p.value in scopes)


def revoke_secret(session: Session, secret: str, now: datetime) -> None:
    """End the session or token of this secret, if there is one."""
    session.execute(
        update(TokenRow)
        .where(TokenRow.secret_sha == _sha(secret), TokenRow.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_sessions(session: Session, user_id: int, now: datetime) -> None:
    """End all sessions of a person."""
    session.execute(
        update(TokenRow)
        .where(TokenRow.user_id == user_id, TokenRow.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_other_sessions(session: Session, user_id: int, secret: str, now: datetime) -> int:
    """End the sessions of a person but the one of this secret; their programs' tokens go on.
    Returns how many there were."""
    others = [row for row in sessions_of(session, user_id, now) if row.secret_sha != _sha(secret)]
    for row in others:
        row.revoked_at = now
    session.flush()
    return len(others)


def sessions_of(session: Session, user_id: int, now: datetime) -> Sequence[TokenRow]:
    """The sessions of a person that are open now, the latest first."""
    return session.scalars(
        select(TokenRow)
        .where(
            TokenRow.user_id == user_id,
            TokenRow.label == "",
            TokenRow.revoked_at.is_(None),
            TokenRow.expires_at > now,
        )
        .order_by(TokenRow.id.desc())
    ).all()


def tokens_within(session: Session, halls: Halls) -> list[tuple[TokenRow, UserRow | None]]:
    """The tokens that an administrator of these halls looks after, each with the person who gave
    it to a program of their own; None: a machine's. Those for all halls only for who has all."""
    rows = session.execute(
        select(TokenRow, UserRow)
        .outerjoin(UserRow, UserRow.id == TokenRow.user_id)
        .where(TokenRow.label != "")
        .order_by(TokenRow.id)
    ).all()
    return [(token, user) for token, user in rows if _is_within(session, token, user, halls)]


def revoke_token(session: Session, token_id: int, halls: Halls, now: datetime) -> TokenRow:
    """End a machine's or a program's token. Raises UnknownTokenError."""
    row = session.get(TokenRow, token_id)
    user = session.get(UserRow, row.user_id) if row is not None and row.user_id else None
    if row is None or not row.label or not _is_within(session, row, user, halls):
        raise UnknownTokenError(token_id)
    row.revoked_at = row.revoked_at or now
    return row


def note_token(
    session: Session,
    by: AccessBy,
    token_id: int,
    act: str,
    now: datetime,
    hall: str | None,
    label: str,
    scopes: Iterable[Permission] | None = None,
) -> None:
    """Into the access log: that a token was created or revoked; never its secret."""
    details: dict[str, object] = {"changed": [act], "label": label}
    if scopes is not None:
        details["scopes"] = sorted(scope.value for scope in scopes)
    name = f"token/{token_id}"
    record_access(session, by, Access.EDIT_USERS, name, now, hall=hall, details=details)


def _is_within(session: Session, token: TokenRow, user: UserRow | None, halls: Halls) -> bool:
    return token.hall_id in halls if user is None else halls >= halls_of(session, user)


def _token(role: Role, now: datetime, label: str) -> tuple[str, TokenRow]:
    secret = secrets.token_urlsafe(32)
    return secret, TokenRow(secret_sha=_sha(secret), label=label, role=role, created_at=now)


def _sha(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
