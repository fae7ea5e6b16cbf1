"""The access log over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.audit.asking import By
from api.audit.listing import MOST_PER_PAGE, AccessFilter, list_access
from api.audit.record import record_view
from api.audit.tables import Access
from api.audit.views import AccessPage
from api.fields import Moment, Words
from api.openapi import problems
from api.site import Needs, Now, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["audit"], route_class=WritingRoute)

Reader = Annotated[Principal, Depends(Needs(Permission.AUDIT_READ))]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The query of the list."""

    what: Annotated[Access | None, Query()] = None
    who: Annotated[Words, Query(max_length=80, description="within the name")] = ""
    object: Annotated[Words, Query(max_length=80, description="within it; alert/0f8f…")] = ""
    at_from: Annotated[Moment | None, Query(description="not before; with a zone")] = None
    at_to: Annotated[Moment | None, Query(description="before this; with a zone")] = None
    before: Annotated[int | None, Query(ge=1, le=2**62, description="`next` of a page")] = None
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50


@routes.get("/audit", responses=problems(401, 403, 422))
def find_access(
    who: Reader, by: By, session: Writing, now: Now, wanted: Annotated[Wanted, Depends()]
) -> AccessPage:
    """Who did what, the latest first. Rows of no hall (signing in, accounts) are for those who
    belong to all halls. The look is a row, too."""
    looked_for = AccessFilter(
        who.halls,
        wanted.what,
        wanted.who,
        wanted.object,
        at_from=wanted.at_from,
        at_to=wanted.at_to,
    )
    found = list_access(session, looked_for, wanted.before, wanted.limit)
    record_view(session, by, Access.VIEW_LOG, "access_log", now)
    return found
