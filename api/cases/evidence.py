"""The evidence of a case: clips and stills for the person it concerns, always blurred and only of
their own; footage of the complaints that led to it for everybody who may read the case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.evidence import UnknownEvidenceError
from api.alerts.tables import AlertRow, ClipRow, StillRow
from api.audit.asking import By
from api.cases.reading import case_row
from api.cases.tables import CaseAlertRow
from api.complaints.footage import own_film
from api.complaints.tables import ComplaintRow
from api.fields import RowId
from api.halls.reach import Halls
from api.openapi import binary, problems
from api.privacy.routes import MEDIA, AskedHere, sent
from api.privacy.showing import Film, clip_film, show_blurred, still_film
from api.site import Needs, Now, SiteHere
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["cases"])

Reader = Annotated[Principal, Depends(Needs(Permission.CASES_READ))]
Concerned = Annotated[Principal, Depends(Needs(Permission.CASES_ANSWER))]
REFUSED = problems(401, 403, 404, 422, 503)


def _check(
    session: Session, table: type[ClipRow] | type[StillRow], row_id: int, case_id: int
) -> None:
    """Raises UnknownEvidenceError unless it belongs to an alert of this case."""
    inside = session.scalar(
        select(table.id)
        .join(AlertRow, AlertRow.uid == table.alert_uid)
        .join(CaseAlertRow, CaseAlertRow.alert_uid == AlertRow.uid)
        .where(table.id == row_id, CaseAlertRow.case_id == case_id)
    )
    if inside is None:
        raise UnknownEvidenceError(f"case {case_id} has no such evidence: {row_id}")


@routes.get(
    "/cases/{case_id}/clips/{clip_id}",
    response_class=FileResponse,
    responses=binary("video/mp4", ranges=True) | REFUSED,
)
def own_clip(
    case_id: RowId, clip_id: RowId, who: Concerned, by: By, site: SiteHere, now: Now
) -> FileResponse:
    """A clip of one's own case; takes Range headers, so that a player can seek."""
    with site.database.reading() as session:
        case_row(session, case_id, who)
        _check(session, ClipRow, clip_id, case_id)
        film = clip_film(session, site.evidence_root, clip_id, who.halls)
    file = show_blurred(site.database, site.copies, film, by, now)
    return FileResponse(file, media_type="video/mp4", headers=MEDIA)


@routes.get(
    "/cases/{case_id}/stills/{still_id}",
    response_class=FileResponse,
    responses=binary("image/jpeg", ranges=True) | REFUSED,
)
def own_still(
    case_id: RowId, still_id: RowId, who: Concerned, by: By, site: SiteHere, now: Now
) -> FileResponse:
    """A still of one's own case."""
    with site.database.reading() as session:
        case_row(session, case_id, who)
        _check(session, StillRow, still_id, case_id)
        film = still_film(session, site.evidence_root, still_id, who.halls)
    file = show_blurred(site.database, site.copies, film, by, now)
    return FileResponse(file, media_type="image/jpeg", headers=MEDIA)


@routes.get(
    "/cases/{case_id}/footage/{footage_id}",
    response_class=FileResponse,
    responses=binary("video/mp4", ranges=True) | REFUSED,
)
def case_footage(
    case_id: RowId,
    footage_id: RowId,
    who: Reader,
    by: By,
    asked: AskedHere,
    site: SiteHere,
    now: Now,
) -> FileResponse:
    """Footage of a complaint that led to the case, and nothing else; see the clips."""

    def find(session: Session, root: Path, row_id: int, halls: Halls) -> Film:
        case = case_row(session, case_id, who)
        return own_film(session, root, row_id, halls, ComplaintRow.case_id == case.id)

    return sent(site, who, by, asked, now, find, footage_id)
