"""Footage over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from api.audit.asking import By
from api.fields import HallPath, Moment, Reason, Slug
from api.footage.keeping import Wanted, footage_rows, keep_footage
from api.footage.tables import FootageRow
from api.openapi import problems
from api.site import NeedsInHall, Now, Reading, SiteHere
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["footage"])

Finder = Annotated[Principal, Depends(NeedsInHall(Permission.FOOTAGE_FIND))]


class FootageIn(BaseModel):
    """A moment of a camera. purpose: why it is looked for; kept with it."""

    model_config = ConfigDict(extra="forbid")

    camera: Slug
    begins: Moment
    ends: Moment
    purpose: Reason


class FootageOut(BaseModel):
    """A clip that was cut out of the recordings."""

    id: int
    camera: str
    asked_from: Moment
    asked_to: Moment
    covers_from: Moment
    covers_to: Moment
    lacking: str
    purpose: str
    cut_by: str
    cut_at: Moment
    sha256: str
    clip: str


def footage_out(row: FootageRow) -> FootageOut:
    return FootageOut(
        id=row.id,
        camera=row.camera_id,
        asked_from=row.asked_from,
        asked_to=row.asked_to,
        covers_from=row.covers_from,
        covers_to=row.covers_to,
        lacking=row.lacking,
        purpose=row.purpose,
        cut_by=row.cut_by,
        cut_at=row.cut_at,
        sha256=row.sha256,
        clip=f"/api/v1/footage/{row.id}/clip",
    )


@routes.post(
    "/halls/{hall}/footage", status_code=201, responses=problems(401, 403, 404, 409, 422, 507)
)
def cut_out(
    hall: HallPath, given: FootageIn, _who: Finder, by: By, site: SiteHere, now: Now
) -> FootageOut:
    """Cut a past moment out of the recordings; the answer says what it really covers."""
    wanted = Wanted(hall, given.camera, given.begins, given.ends, given.purpose)
    row = keep_footage(site.database, site.cutters, site.evidence_root, wanted, by, now)
    return footage_out(row)


@routes.get("/halls/{hall}/footage", responses=problems(401, 403, 404, 422))
def list_footage(hall: HallPath, who: Finder, session: Reading) -> tuple[FootageOut, ...]:
    """What was cut out, the last first."""
    return tuple(footage_out(row) for row in footage_rows(session, hall))
