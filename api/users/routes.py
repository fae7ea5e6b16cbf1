"""Sign-in, accounts and machine tokens over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.fields import Name, RowId
from api.openapi import OPEN_TO_ALL, problems
from api.problems import ProblemError
from api.site import SESSION_COOKIE, Needs, Now, Reading, SiteHere, Writing, secret_of
from api.users.accounts import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    add_user,
    change_user,
    hash_of,
    user_rows,
)
from api.users.permissions import PERMISSIONS, Permission
from api.users.signing_in import AccountLockedError, SignInRefusedError, sign_in
from api.users.tables import Role, TokenRow, UserRow
from api.users.tokens import (
    Principal,
    issue_machine_token,
    machine_tokens,
    principal_of,
    revoke_machine_token,
    revoke_secret,
)

routes = APIRouter()

SignedIn = Annotated[Principal, Depends(Needs(Permission.SESSION_OWN))]
MANAGES = [Depends(Needs(Permission.USERS_MANAGE))]

PersonRole = Literal[Role.SUPERVISOR, Role.REVIEWER, Role.ADMIN]
Password = Annotated[SecretStr, Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)]
AccountName = Annotated[str, Field(pattern=r"^[\w.@-]{1,64}$", examples=["wang"])]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Credentials(_Strict):
    name: str = Field(max_length=64, examples=["wang"])
    password: SecretStr = Field(max_length=LONGEST_PASSWORD)


class WhoOut(_Strict):
    """Who is signed in, and what they may do."""

    name: str
    full_name: str
    role: Role
    may: tuple[Permission, ...]


class UserIn(_Strict):
    name: AccountName
    full_name: Name = Field(examples=["王主任"])
    role: PersonRole
    password: Password


class UserChange(_Strict):
    """What is left out stays. Any change ends the person's sessions and unlocks the account."""

    role: PersonRole | None = None
    password: Password | None = None
    disabled: bool | None = None


class UserOut(_Strict):
    id: int
    name: str
    full_name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    locked_until: datetime | None


class TokenIn(_Strict):
    label: Name = Field(examples=["一楼大厅"])


class TokenOut(_Strict):
    id: int
    label: str
    created_at: datetime
    revoked_at: datetime | None


class IssuedOut(_Strict):
    """A new machine token. The secret is shown this once."""

    id: int
    secret: str


def who(principal: Principal) -> WhoOut:
    allowed = tuple(p for p in Permission if principal.role in PERMISSIONS[p])
    return WhoOut(
        name=principal.name,
        full_name=principal.full_name,
        role=principal.role,
        may=allowed,
    )


def user_out(row: UserRow) -> UserOut:
    return UserOut(
        id=row.id,
        name=row.name,
        full_name=row.full_name,
        role=row.role,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        locked_until=row.locked_until,
    )


def token_out(row: TokenRow) -> TokenOut:
    return TokenOut(
        id=row.id, label=row.label, created_at=row.created_at, revoked_at=row.revoked_at
    )


@routes.post(
    "/session", tags=["sign-in"], openapi_extra=OPEN_TO_ALL, responses=problems(401, 422, 429)
)
def enter(given: Credentials, site: SiteHere, now: Now, response: Response) -> WhoOut:
    """Sign in. The session is a cookie that scripts cannot read."""
    password = given.password.get_secret_value()
    try:
        secret = sign_in(site.database, site.settings, given.name, password, now)
    except AccountLockedError as error:
        headers = {"Retry-After": str(int(error.wait_s) + 1)}
        raise ProblemError(429, "locked", str(error), headers) from error
    except SignInRefusedError as error:
        raise ProblemError(401, "sign-in-refused", str(error)) from error
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=site.settings.session_s,
        httponly=True,
        samesite="lax",
        secure=site.settings.secure_cookie,
    )
    with site.database.reading() as session:
        principal = principal_of(session, secret, now)
    if principal is None:
        raise ProblemError(401, "sign-in-refused", "the account was changed just now")
    return who(principal)


@routes.get("/session", tags=["sign-in"], responses=problems(401, 403))
def read_session(principal: SignedIn) -> WhoOut:
    """Who is signed in."""
    return who(principal)


@routes.delete("/session", tags=["sign-in"], status_code=204, responses=problems(401, 403))
def leave(
    principal: SignedIn, request: Request, session: Writing, now: Now, response: Response
) -> None:
    """Sign out."""
    revoke_secret(session, secret_of(request)[0], now)
    response.delete_cookie(SESSION_COOKIE)


@routes.get("/users", tags=["accounts"], dependencies=MANAGES, responses=problems(401, 403))
def list_users(session: Reading) -> tuple[UserOut, ...]:
    """All accounts."""
    return tuple(user_out(row) for row in user_rows(session))


@routes.post(
    "/users",
    tags=["accounts"],
    status_code=201,
    dependencies=MANAGES,
    responses=problems(401, 403, 409, 422),
)
def create_user(given: UserIn, session: Writing, now: Now) -> UserOut:
    """A new account."""
    password_hash = hash_of(given.password.get_secret_value())
    return user_out(add_user(session, given.name, given.full_name, given.role, password_hash, now))


@routes.patch(
    "/users/{user_id}",
    tags=["accounts"],
    dependencies=MANAGES,
    responses=problems(401, 403, 404, 422),
)
def update_user(user_id: RowId, change: UserChange, session: Writing, now: Now) -> UserOut:
    """Change a role or password, disable or enable; it ends the sessions and unlocks."""
    given = change.password
    return user_out(
        change_user(
            session,
            user_id,
            now,
            role=change.role,
            password_hash=None if given is None else hash_of(given.get_secret_value()),
            disabled=change.disabled,
        )
    )


@routes.get("/tokens", tags=["accounts"], dependencies=MANAGES, responses=problems(401, 403))
def list_tokens(session: Reading) -> tuple[TokenOut, ...]:
    """The tokens of machines, without their secrets."""
    return tuple(token_out(row) for row in machine_tokens(session))


@routes.post(
    "/tokens",
    tags=["accounts"],
    status_code=201,
    dependencies=MANAGES,
    responses=problems(401, 403, 422),
)
def issue_token(given: TokenIn, session: Writing, now: Now) -> IssuedOut:
    """A token for a machine that sends alerts."""
    token_id, secret = issue_machine_token(session, given.label, now)
    return IssuedOut(id=token_id, secret=secret)


@routes.delete(
    "/tokens/{token_id}",
    tags=["accounts"],
    status_code=204,
    dependencies=MANAGES,
    responses=problems(401, 403, 404, 422),
)
def revoke_token(token_id: RowId, session: Writing, now: Now) -> None:
    """End a machine's token."""
    revoke_machine_token(session, token_id, now)
