"""What a request finds on the application: the database, settings, clock; who sends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from api.bundle.keys import SigningKey
from api.database import Database, WritingSession
from api.fields import HallPath
from api.footage.keeping import Cutter
from api.halls.reading import UnknownHallIdError
from api.halls.setup import CameraSetup
from api.health.board import HealthBoard
from api.privacy.copies import BlurredCopies
from api.problems import ProblemError
from api.settings import Settings
from api.users.permissions import Permission
from api.users.tokens import Principal, principal_of

SESSION_COOKIE = "hallwatch_session"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Site:
    """The parts that `create_app` was given. `now` gives the aware current time. cutters: of each
    hall that is recorded here, who cuts footage out of its recordings. cameras:
    to set those up that are watched by this process."""

    database: Database
    settings: Settings
    evidence_root: Path
    now: Callable[[], datetime]
    cutters: Mapping[str, Cutter] = field(default_factory=dict)
    health: HealthBoard | None = None
    cameras: CameraSetup | None = None
    copies: BlurredCopies = field(default_factory=BlurredCopies)
    signing_key: SigningKey | None = None  # of bundles


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


SiteHere = Annotated[Site, Depends(site_of)]


def _reading(site: SiteHere) -> Iterator[Session]:
    with site.database.reading() as session:
        yield session


def _writing(site: SiteHere) -> Iterator[Session]:
    with site.database.session() as session:
        yield session


def _now(site: SiteHere) -> datetime:
    return site.now()


Reading = Annotated[Session, Depends(_reading, scope="function")]
Writing = Annotated[Session, Depends(_writing, scope="function")]
"""A route's transaction. It is committed before the answer is sent ("function"), so that nobody
is told of a success that did not happen."""
Now = Annotated[datetime, Depends(_now)]


class WritingRoute(APIRoute):
    """A route with `Writing`, or with what has one as its `session`. Its transaction ends in the
    thread that ran the route, before the event loop takes over: a page that writes holds the loop
    while it waits for its turn, and must not wait for a transaction that waits for the loop."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _ending(endpoint), **options)


def _ending(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    def ended(**given: Any) -> Any:
        sessions = [s for s in map(_session_in, given.values()) if s is not None]
        try:
            answer = endpoint(**given)
        except BaseException:
            for session in sessions:
                session.rollback()
            raise
        for session in sessions:
            if session.in_transaction():
                session.commit()
        return answer

    return ended


def _session_in(given: object) -> WritingSession | None:
    found = given if isinstance(given, HTTPConnection) else getattr(given, "session", given)
    return found if isinstance(found, WritingSession) else None


def address_of(request: HTTPConnection) -> str:
    """The network address that the request came from; "" where there is none."""
    return "" if request.client is None else request.client.host


def secret_of(request: Request) -> tuple[str, bool]:
    """The secret that a request carries, and whether it came as a cookie; "" if none."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and value.strip():
        return value.strip(), False
    return request.cookies.get(SESSION_COOKIE, ""), True


def _principal(request: Request, site: SiteHere, now: Now) -> Principal:
    """Who sends this request. Raises ProblemError 401, or 403 for a foreign page's request."""
    secret, from_cookie = secret_of(request)
    if not secret:
        raise ProblemError(401, "not-signed-in", "sign in, or send a bearer token")
    if from_cookie and request.method not in SAFE_METHODS and _from_elsewhere(request):
        raise ProblemError(403, "foreign-origin", "this request came from a page of another site")
    with site.database.reading() as session:
        principal = principal_of(session, secret, now)
    if principal is None:
        raise ProblemError(401, "not-signed-in", "the session or token is not valid any more")
    return replace(principal, address=address_of(request))


def _from_elsewhere(request: Request) -> bool:
    """Whether a browser says that another site's page sent this."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")


Sender = Annotated[Principal, Depends(_principal)]


class Needs:
    """A route's dependency: the sender must have the permission. In which halls is for the route
    to ask: what lies in another hall is not found (404)."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, principal: Sender) -> Principal:
        if self.permission not in principal.permissions:
            who = "this token" if principal.scoped else f"a {principal.role.value}"
            raise ProblemError(403, "not-allowed", f"{who} may not: {self.permission.value}")
        return principal


class NeedsInHall:
    """The same for a route with a hall in its path, which must be one of the sender's."""

    def __init__(self, permission: Permission) -> None:
        self._needs = Needs(permission)

    def __call__(self, principal: Sender, hall: HallPath) -> Principal:
        self._needs(principal)
        if hall not in principal.halls:
            raise UnknownHallIdError(hall)
        return principal
