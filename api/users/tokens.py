"""Secrets that stand for a signed-in person or a machine. The database keeps only their hashes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.halls.reach import EVERY_HALL, Halls
from api.users.belonging import halls_of
from api.users.permissions import Permission, permissions_of
from api.users.tables import Role, TokenRow, UserRow

LONGEST_TOKEN = timedelta(days=366)
NEVER_IN_TOKENS = frozenset({Permission.SESSION_OWN, Permission.USERS_MANAGE})
"""What a token may not do in a person's name: make more tokens, or accounts."""


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
    roster a clerk is. address: where the request came from; "" where nobody knows.
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


def open_session(session: Session, user: UserRow, now: datetime, lasts_s: int) -> str:
    """The secret of a new session."""
    secret, row = _token(user.role, now, "")
    row.user_id = user.id
    row.expires_at = now + timedelta(seconds=lasts_s)
    session.add(row)
    session.flush()
    return secret


def issue_machine_token(
    session: Session, label: str, now: datetime, hall_id: str | None = None
) -> tuple[int, str]:
    """The id and the secret of a machine's token, for one hall or for all. It holds until it is
    revoked; the secret is shown this once."""
    secret, row = _token(Role.MACHINE, now, label)
    row.hall_id = hall_id
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


def revoke_own_token(session: Session, token_id: int, user_id: int, now: datetime) -> None:
    """Raises UnknownTokenError."""
    row = session.get(TokenRow, token_id)
    if row is None or row.user_id != user_id or not row.label:
        raise UnknownTokenError(token_id)
    row.revoked_at = row.revoked_at or now


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
        permissions=_allowed(user.role, token.scopes),
        halls=halls_of(session, user),
        staff_id=user.staff_id,
        scoped=token.scopes is not None,
    )


def _machine(token: TokenRow) -> Principal:
    return Principal(
        role=token.role,
        name=token.label,
        full_name=token.label,
        user_id=None,
        token_id=token.id,
        permissions=permissions_of(token.role),
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


def machine_tokens(session: Session, halls: Halls) -> Sequence[TokenRow]:
    """The machines' tokens for these halls; those for all halls only for who has all."""
    return session.scalars(
        select(TokenRow)
        .where(TokenRow.user_id.is_(None), halls.hold(TokenRow.hall_id))
        .order_by(TokenRow.id)
    ).all()


def revoke_machine_token(session: Session, token_id: int, halls: Halls, now: datetime) -> None:
    """Raises UnknownTokenError."""
    row = session.get(TokenRow, token_id)
    if row is None or row.user_id is not None or row.hall_id not in halls:
        raise UnknownTokenError(token_id)
    row.revoked_at = row.revoked_at or now


def _token(role: Role, now: datetime, label: str) -> tuple[str, TokenRow]:
    secret = secrets.token_urlsafe(32)
    return secret, TokenRow(secret_sha=_sha(secret), label=label, role=role, created_at=now)


def _sha(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
