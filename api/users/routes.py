"""Sign-in, accounts and machine tokens over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy.orm import Session

from api.audit.asking import By
from api.audit.record import record_access
from api.audit.tables import Access
from api.fields import Name, RowId, Slug, Words
from api.halls.reach import Halls
from api.halls.reading import UnknownHallIdError
from api.openapi import OPEN_TO_ALL, problems
from api.problems import ProblemError
from api.site import (
    SESSION_COOKIE,
    Needs,
    Now,
    Reading,
    SiteHere,
    Writing,
    WritingRoute,
    address_of,
    secret_of,
)
from api.users.accounts import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    add_user,
    change_user,
    hash_of,
    note_account,
    user_rows,
)
from api.users.belonging import halls_of
from api.users.own import (
    SamePasswordError,
    WrongPasswordError,
    change_own_password,
    latest_sign_ins,
    leave_elsewhere,
)
from api.users.permissions import Permission
from api.users.signing_in import AccountLockedError, SignInRefusedError, sign_in
from api.users.tables import Role, UserRow
from api.users.tokens import (
    Principal,
    principal_of,
    revoke_secret,
)

routes = APIRouter(route_class=WritingRoute)

SignedIn = Annotated[Principal, Depends(Needs(Permission.SESSION_OWN))]
Manager = Annotated[Principal, Depends(Needs(Permission.USERS_MANAGE))]

PersonRole = Literal[Role.SUPERVISOR, Role.REVIEWER, Role.HEAD, Role.CLERK, Role.ADMIN]
Password = Annotated[SecretStr, Field(min_length=SHORTEST_PASSWORD, max_length=LONGEST_PASSWORD)]
StaffId = Annotated[int, Field(ge=1, le=2**31 - 1, description="whom of the roster a clerk is")]
AccountName = Annotated[str, Field(pattern=r"^[\w.@-]{1,64}$", examples=["wang"])]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Credentials(_Strict):
    name: str = Field(max_length=64, examples=["wang"])
    password: SecretStr = Field(max_length=LONGEST_PASSWORD)


class HallsShown(_Strict):
    """The halls that somebody belongs to: those named, or every hall there is and will be."""

    everywhere: bool = False
    ids: frozenset[Slug] = Field(frozenset(), max_length=1000)

    @classmethod
    def of(cls, halls: Halls) -> HallsShown:
        return cls(everywhere=halls.everywhere, ids=halls.ids)

    def halls(self) -> Halls:
        return Halls(everywhere=True) if self.everywhere else Halls.only(self.ids)


class WhoOut(_Strict):
    """Who is signed in, what they may do, and in which halls."""

    name: str
    full_name: str
    role: Role
    may: tuple[Permission, ...]
    halls: HallsShown


class UserIn(_Strict):
    """`one_time`: the password is to be replaced by its owner before anything else."""

    name: AccountName
    full_name: Name = Field(examples=["王主任"])
    role: PersonRole
    password: Password
    halls: HallsShown | None = Field(None, description="left out: those of whoever makes it")
    staff_id: StaffId | None = None
    one_time: bool = False


class UserChange(_Strict):
    """What is left out stays. Any change ends the person's sessions and unlocks the account.
    `version`: of the account as it was read; if somebody changed it since, the answer is 409.
    `reason`: stands in the access log."""

    full_name: Name | None = None
    role: PersonRole | None = None
    password: Password | None = None
    one_time: bool = False
    disabled: bool | None = None
    halls: HallsShown | None = None
    staff_id: StaffId | None = None
    version: int | None = Field(None, ge=1)
    reason: Words = Field("", max_length=500)

    def changed(self) -> list[str]:
        """What it changes, for the access log."""
        about = {"version", "reason", "one_time"}
        return sorted(self.model_fields_set - about)


class OwnPasswordIn(_Strict):
    present: SecretStr = Field(max_length=LONGEST_PASSWORD)
    new: Password


class SignInOut(_Strict):
    """A sign-in, or one that was refused, and the network address that it came from."""

    at: datetime
    address: str
    refused: bool


class EndedOut(_Strict):
    ended: int


class UserOut(_Strict):
    """An account. `staff_id`: whom of the roster a clerk is. `must_change`: its password was given
    by somebody else and is to be replaced."""

    id: int
    name: str
    full_name: str
    role: Role
    halls: HallsShown
    staff_id: int | None
    created_at: datetime
    disabled_at: datetime | None
    locked_until: datetime | None
    must_change: bool
    version: int


def who(principal: Principal) -> WhoOut:
    return WhoOut(
        name=principal.name,
        full_name=principal.full_name,
        role=principal.role,
        may=tuple(p for p in Permission if p in principal.permissions),
        halls=HallsShown.of(principal.halls),
    )


def user_out(session: Session, row: UserRow) -> UserOut:
    return UserOut(
        halls=HallsShown.of(halls_of(session, row)),
        staff_id=row.staff_id,
        id=row.id,
        name=row.name,
        full_name=row.full_name,
        role=row.role,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        locked_until=row.locked_until,
        must_change=row.must_change,
        version=row.version,
    )


def within(manager: Principal, wanted: HallsShown | None) -> Halls | None:
    """The halls that an account shall belong to; nobody gives away what is not theirs."""
    if wanted is None:
        return None
    halls = wanted.halls()
    if not manager.halls >= halls:
        foreign = min(halls.ids - manager.halls.ids, default="*")
        raise UnknownHallIdError(foreign)
    return halls


@routes.post(
    "/session", tags=["sign-in"], openapi_extra=OPEN_TO_ALL, responses=problems(401, 422, 429)
)
def enter(
    given: Credentials, request: Request, site: SiteHere, now: Now, response: Response
) -> WhoOut:
    """Sign in. The session is a cookie that scripts cannot read."""
    password = given.password.get_secret_value()
    try:
        address = address_of(request)
        secret = sign_in(site.database, site.settings, given.name, password, now, address)
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
    principal: SignedIn, request: Request, by: By, session: Writing, now: Now, response: Response
) -> None:
    """Sign out."""
    revoke_secret(session, secret_of(request)[0], now)
    record_access(session, by, Access.SIGN_OUT, f"account/{principal.name}", now)
    response.delete_cookie(SESSION_COOKIE)


@routes.put(
    "/session/password", tags=["sign-in"], status_code=204, responses=problems(401, 403, 422, 429)
)
def change_password(
    given: OwnPasswordIn, _who: SignedIn, by: By, request: Request, site: SiteHere, now: Now
) -> None:
    """Give oneself another password; one's other sessions end."""
    try:
        change_own_password(
            site.database, site.settings, by, secret_of(request)[0],
            given.present.get_secret_value(), given.new.get_secret_value(), now,
        )  # fmt: skip
    except AccountLockedError as error:
        headers = {"Retry-After": str(int(error.wait_s) + 1)}
        raise ProblemError(429, "locked", str(error), headers) from error
    except (WrongPasswordError, SamePasswordError) as error:
        raise ProblemError(422, "password-refused", str(error)) from error


@routes.get("/session/sign-ins", tags=["sign-in"], responses=problems(401, 403))
def list_sign_ins(principal: SignedIn, session: Reading) -> tuple[SignInOut, ...]:
    """When and from where one signed in of late, and tries that were refused."""
    rows = latest_sign_ins(session, principal.user_id or 0)
    return tuple(
        SignInOut(at=r.at, address=r.address, refused=r.what is Access.SIGN_IN_REFUSED)
        for r in rows
    )


@routes.delete("/session/others", tags=["sign-in"], responses=problems(401, 403))
def leave_others(_who: SignedIn, by: By, request: Request, session: Writing, now: Now) -> EndedOut:
    """End one's sessions everywhere else."""
    return EndedOut(ended=leave_elsewhere(session, by, secret_of(request)[0], now))


@routes.get("/users", tags=["accounts"], responses=problems(401, 403))
def list_users(who: Manager, session: Reading) -> tuple[UserOut, ...]:
    """The accounts that belong to no other halls than the sender's."""
    return tuple(user_out(session, row) for row in user_rows(session, who.halls))


@routes.post(
    "/users",
    tags=["accounts"],
    status_code=201,
    responses=problems(401, 403, 404, 409, 422),
)
def create_user(given: UserIn, who: Manager, by: By, session: Writing, now: Now) -> UserOut:
    """A new account."""
    row = add_user(
        session,
        given.name,
        given.full_name,
        given.role,
        hash_of(given.password.get_secret_value()),
        now,
        halls=within(who, given.halls) or who.halls,
        staff_id=given.staff_id,
        must_change=given.one_time,
    )
    account = user_out(session, row)
    note_account(session, by, row, ["created"], now)
    return account


@routes.patch(
    "/users/{user_id}",
    tags=["accounts"],
    responses=problems(401, 403, 404, 409, 422),
)
def update_user(
    user_id: RowId, change: UserChange, who: Manager, by: By, session: Writing, now: Now
) -> UserOut:
    """Change a role, password, halls; disable or enable; it ends the sessions and unlocks."""
    given = change.password
    row = change_user(
        session,
        user_id,
        now,
        full_name=change.full_name,
        role=change.role,
        password_hash=None if given is None else hash_of(given.get_secret_value()),
        must_change=change.one_time,
        disabled=change.disabled,
        halls=within(who, change.halls),
        staff_id=change.staff_id,
        within=who.halls,
        version=change.version,
    )
    note_account(session, by, row, change.changed(), now, change.reason)
    return user_out(session, row)
