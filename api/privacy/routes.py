"""Clips and stills over HTTP: blurred, unless the blur is lifted with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse

from api.audit.asking import By
from api.fields import RowId, Words
from api.openapi import binary, problems
from api.privacy.showing import (
    Film,
    Find,
    clip_film,
    footage_film,
    show_blurred,
    show_original,
    still_film,
)
from api.problems import ProblemError
from api.site import Needs, Now, Site, SiteHere
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["evidence"])

Viewer = Annotated[Principal, Depends(Needs(Permission.EVIDENCE_VIEW))]
Finder = Annotated[Principal, Depends(Needs(Permission.FOOTAGE_FIND))]

MEDIA = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


@dataclass(frozen=True, slots=True)
class Asked:
    """As the camera saw it, and why: needs a permission of its own, and is written down."""

    original: Annotated[bool, Query()] = False
    reason: Annotated[Words, Query(max_length=500, examples=["核对被投诉时柜台前的物品"])] = ""


AskedHere = Annotated[Asked, Depends()]


def sent(
    site: Site, who: Principal, by: By, asked: Asked, now: Now, find: Find, row_id: int
) -> FileResponse:
    """The answer of a route that shows a film."""
    with site.database.reading() as session:
        film = find(session, site.evidence_root, row_id, who.halls)
    if not asked.original:
        file = show_blurred(site.database, site.copies, film, by, now)
    elif Permission.EVIDENCE_UNBLUR in who.permissions:
        file = show_original(site.database, film, by, asked.reason, now)
    else:
        unblur = Permission.EVIDENCE_UNBLUR.value
        raise ProblemError(403, "not-allowed", f"a {who.role.value} may not: {unblur}")
    return FileResponse(
        file,
        media_type="image/jpeg" if file.suffix == ".jpg" else "video/mp4",
        headers=MEDIA,
        filename=_name(film, asked.original),
        content_disposition_type="inline",
    )


def _name(film: Film, original: bool) -> str:
    kind, _, number = film.object.partition("/")
    return f"{kind}-{number}{'-original' if original else ''}{film.original.suffix}"


@routes.get(
    "/clips/{clip_id}",
    response_class=FileResponse,
    responses=binary("video/mp4", ranges=True) | problems(401, 403, 404, 422, 503),
)
def clip(
    clip_id: RowId, who: Viewer, by: By, asked: AskedHere, site: SiteHere, now: Now
) -> FileResponse:
    """A clip of an alert; takes Range headers, so that a player can seek. Without `original`
    everything but the clerks' places is blurred."""
    return sent(site, who, by, asked, now, clip_film, clip_id)


@routes.get(
    "/stills/{still_id}",
    response_class=FileResponse,
    responses=binary("image/jpeg", ranges=True) | problems(401, 403, 404, 422, 503),
)
def still(
    still_id: RowId, who: Viewer, by: By, asked: AskedHere, site: SiteHere, now: Now
) -> FileResponse:
    """A still picture of an alert; see the clips."""
    return sent(site, who, by, asked, now, still_film, still_id)


@routes.get(
    "/footage/{footage_id}/clip",
    response_class=FileResponse,
    responses=binary("video/mp4", ranges=True) | problems(401, 403, 404, 422, 503),
)
def footage_clip(
    footage_id: RowId, who: Finder, by: By, asked: AskedHere, site: SiteHere, now: Now
) -> FileResponse:
    """Footage that was cut out of the recordings; see the clips."""
    return sent(site, who, by, asked, now, footage_film, footage_id)
