"""Tokens over HTTP: of machines, and of people's own programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.audit.asking import By
from api.fields import Moment, Name, RowId, Slug
from api.halls.reading import UnknownHallIdError, hall_row
from api.openapi import problems
from api.site import Needs, Now, Reading, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tables import TokenRow, UserRow
from api.users.tokens import (
    Principal,
    issue_machine_token,
    issue_own_token,
    note_token,
    own_tokens,
    revoke_own_token,
    tokens_within,
)
from api.users.tokens import revoke_token as revoke_token_within

routes = APIRouter(tags=["accounts"], route_class=WritingRoute)

Owner = Annotated[Principal, Depends(Needs(Permission.SESSION_OWN))]
Manager = Annotated[Principal, Depends(Needs(Permission.USERS_MANAGE))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TokenIn(_Strict):
    """scopes: of what a machine may do; left out: all of it. Without an end it holds until it is
    revoked."""

    label: Name = Field(examples=["一楼大厅"])
    hall: Slug | None = Field(None, description="left out: all halls")
    scopes: frozenset[Permission] | None = None
    expires_at: Moment | None = None


class TokenOut(_Strict):
    """A machine's token, or one that a person (`owner`) gave to a program. scopes: null for all
    that a machine may do."""

    id: int
    label: str
    owner: str | None
    hall: str | None
    scopes: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class IssuedOut(_Strict):
    """A new token. The secret is shown this once."""

    id: int
    secret: str


class OwnTokenIn(_Strict):
    """scopes: what the program may do; some of what its owner may."""

    label: Name = Field(examples=["月报"])
    scopes: frozenset[Permission] = Field(min_length=1)
    expires_at: Moment


class OwnTokenOut(_Strict):
    id: int
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def token_out(row: TokenRow, owner: UserRow | None) -> TokenOut:
    return TokenOut(
        id=row.id,
        label=row.label,
        owner=None if owner is None else owner.name,
        hall=row.hall_id,
        scopes=None if row.scopes is None else tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


@routes.get("/tokens", responses=problems(401, 403))
def list_tokens(who: Manager, session: Reading) -> tuple[TokenOut, ...]:
    """The tokens of the machines of the sender's halls, and those that the people of these halls
    gave to programs; without their secrets."""
    return tuple(token_out(row, owner) for row, owner in tokens_within(session, who.halls))


@routes.post(
    "/tokens",
    status_code=201,
    responses=problems(401, 403, 404, 422),
)
def issue_token(given: TokenIn, who: Manager, by: By, session: Writing, now: Now) -> IssuedOut:
    """A token for a machine that sends alerts."""
    if given.hall not in who.halls:
        raise UnknownHallIdError(given.hall or "*")
    if given.hall is not None:
        hall_row(session, given.hall)
    token_id, secret = issue_machine_token(
        session, given.label, now, given.hall, given.scopes, given.expires_at
    )
    note_token(session, by, token_id, "created", now, given.hall, given.label, given.scopes)
    return IssuedOut(id=token_id, secret=secret)


@routes.delete(
    "/tokens/{token_id}",
    status_code=204,
    responses=problems(401, 403, 404, 422),
)
def revoke_token(token_id: RowId, who: Manager, by: By, session: Writing, now: Now) -> None:
    """End a token, whoever has it."""
    row = revoke_token_within(session, token_id, who.halls, now)
    note_token(session, by, token_id, "revoked", now, row.hall_id, row.label)


@routes.get("/session/tokens", responses=problems(401, 403))
def list_own_tokens(who: Owner, session: Reading) -> tuple[OwnTokenOut, ...]:
    """The tokens that one gave to programs of one's own."""
    return tuple(
        OwnTokenOut(
            id=row.id,
            label=row.label,
            scopes=tuple(row.scopes or ()),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in own_tokens(session, who.user_id or 0)
    )


@routes.post("/session/tokens", status_code=201, responses=problems(401, 403, 422))
def give_token(given: OwnTokenIn, who: Owner, by: By, session: Writing, now: Now) -> IssuedOut:
    """A token for a program of one's own. The secret is shown this once."""
    token_id, secret = issue_own_token(
        session, who, given.label, given.scopes, now, given.expires_at
    )
    note_token(session, by, token_id, "created", now, None, given.label, given.scopes)
    return IssuedOut(id=token_id, secret=secret)


@routes.delete(
    "/session/tokens/{token_id}", status_code=204, responses=problems(401, 403, 404, 422)
)
def take_token_back(token_id: RowId, who: Owner, by: By, session: Writing, now: Now) -> None:
    """End a token of one's own."""
    row = revoke_own_token(session, token_id, who.user_id or 0, now)
    note_token(session, by, token_id, "revoked", now, None, row.label)
