"""Tokens over HTTP: of machines, and of people's own programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.audit.asking import By
from api.audit.record import record_access
from api.audit.tables import Access
from api.fields import Moment, Name, RowId, Slug
from api.halls.reading import UnknownHallIdError, hall_row
from api.openapi import problems
from api.site import Needs, Now, Reading, Writing
from api.users.permissions import Permission
from api.users.tables import TokenRow
from api.users.tokens import (
    Principal,
    issue_machine_token,
    issue_own_token,
    machine_tokens,
    own_tokens,
    revoke_machine_token,
    revoke_own_token,
)

routes = APIRouter(tags=["accounts"])

Owner = Annotated[Principal, Depends(Needs(Permission.SESSION_OWN))]
Manager = Annotated[Principal, Depends(Needs(Permission.USERS_MANAGE))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TokenIn(_Strict):
    label: Name = Field(examples=["一楼大厅"])
    hall: Slug | None = Field(None, description="left out: all halls")


class TokenOut(_Strict):
    id: int
    label: str
    hall: str | None
    created_at: datetime
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


def token_out(row: TokenRow) -> TokenOut:
    return TokenOut(
        id=row.id,
        label=row.label,
        hall=row.hall_id,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )


@routes.get("/tokens", responses=problems(401, 403))
def list_tokens(who: Manager, session: Reading) -> tuple[TokenOut, ...]:
    """The tokens of the machines of the sender's halls, without their secrets."""
    return tuple(token_out(row) for row in machine_tokens(session, who.halls))


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
    token_id, secret = issue_machine_token(session, given.label, now, given.hall)
    record_access(
        session, by, Access.EDIT_USERS, f"token/{token_id}", now, hall=given.hall,
        details={"changed": ["created"], "label": given.label},
    )  # fmt: skip
    return IssuedOut(id=token_id, secret=secret)


@routes.delete(
    "/tokens/{token_id}",
    status_code=204,
    responses=problems(401, 403, 404, 422),
)
def revoke_token(token_id: RowId, who: Manager, by: By, session: Writing, now: Now) -> None:
    """End a machine's token."""
    revoke_machine_token(session, token_id, who.halls, now)
    details = {"changed": ["revoked"]}
    record_access(session, by, Access.EDIT_USERS, f"token/{token_id}", now, details=details)


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
    details = {"changed": ["created"], "scopes": sorted(given.scopes)}
    record_access(session, by, Access.EDIT_USERS, f"token/{token_id}", now, details=details)
    return IssuedOut(id=token_id, secret=secret)


@routes.delete(
    "/session/tokens/{token_id}", status_code=204, responses=problems(401, 403, 404, 422)
)
def take_token_back(token_id: RowId, who: Owner, by: By, session: Writing, now: Now) -> None:
    """End a token of one's own."""
    revoke_own_token(session, token_id, who.user_id or 0, now)
    details = {"changed": ["revoked"]}
    record_access(session, by, Access.EDIT_USERS, f"token/{token_id}", now, details=details)
