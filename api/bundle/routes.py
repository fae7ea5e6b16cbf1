"""Evidence bundles over HTTP."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.audit.asking import By
from api.bundle.gather import MOST_ALERTS, Wanted
from api.bundle.make import Workshop, make_bundle
from api.cases.reading import case_detail
from api.fields import Reason, RowId, Uid
from api.openapi import binary, problems
from api.problems import ProblemError
from api.site import Needs, Now, Site, SiteHere
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["bundles"])

Exporter = Annotated[Principal, Depends(Needs(Permission.EVIDENCE_EXPORT))]
ZIP = "application/zip"
_PIECE_BYTES = 256 * 1024


class Purpose(BaseModel):
    """What the bundle is for; kept in it and in the access log. originals: also the clips and
    stills as the camera made them, with citizens' faces: a reviewer may ask for them."""

    model_config = ConfigDict(extra="forbid")

    purpose: Annotated[Reason, Field(examples=["复议机关调阅"])]
    originals: bool = False


class AlertsIn(Purpose):
    """Alerts of one hall."""

    alerts: tuple[Uid, ...] = Field(min_length=1, max_length=MOST_ALERTS)


def workshop(site: Site) -> Workshop:
    if site.signing_key is None:
        raise ProblemError(503, "no-signing-key", "this installation has no key to sign with")
    return Workshop(site.database, site.evidence_root, site.copies, site.signing_key)


def check_originals(who: Principal, given: Purpose) -> None:
    """Lifting the blur in a bundle takes what lifting it on a page takes."""
    if given.originals and Permission.EVIDENCE_UNBLUR not in who.permissions:
        unblur = Permission.EVIDENCE_UNBLUR.value
        raise ProblemError(403, "not-allowed", f"a {who.role.value} may not: {unblur}")


def sent(site: Site, wanted: Wanted, by: By, now: Now, name: str) -> StreamingResponse:
    """The bundle as an answer. Its file has no name any more when it is sent: whatever happens to
    the connection, nothing stays behind."""
    with tempfile.TemporaryDirectory(prefix="hallwatch-bundle-") as folder:
        file = Path(folder) / "bundle.zip"
        make_bundle(workshop(site), wanted, by, now, file)
        content = file.open("rb")
    length = os.fstat(content.fileno()).st_size

    def pieces() -> Iterator[bytes]:
        with content:
            while piece := content.read(_PIECE_BYTES):
                yield piece

    headers = {
        "Content-Disposition": f'attachment; filename="{name}.zip"',
        "Content-Length": str(length),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(pieces(), media_type=ZIP, headers=headers)


@routes.post(
    "/bundles",
    response_class=StreamingResponse,
    responses=binary(ZIP) | problems(401, 403, 404, 422, 503),
)
def bundle_alerts(
    given: AlertsIn, who: Exporter, by: By, site: SiteHere, now: Now
) -> StreamingResponse:
    """Alerts with their evidence as one signed file."""
    check_originals(who, given)
    wanted = Wanted(given.alerts, who.halls, given.purpose, originals=given.originals)
    return sent(site, wanted, by, now, "hallwatch-alerts")


@routes.post(
    "/cases/{case_id}/bundle",
    response_class=StreamingResponse,
    responses=binary(ZIP) | problems(401, 403, 404, 422, 503),
)
def bundle_case(
    case_id: RowId, given: Purpose, who: Exporter, by: By, site: SiteHere, now: Now
) -> StreamingResponse:
    """A case with its history, its alerts and their evidence, and the footage of the complaints
    that led to it, as one signed file."""
    with site.database.reading() as session:
        case = case_detail(session, case_id, who, now)
    check_originals(who, given)
    uids = tuple(alert.uid for alert in case.alerts)
    record = case.model_dump(mode="json", exclude={"alerts", "acts"})
    wanted = Wanted(
        uids, who.halls, given.purpose, record, given.originals, case.hall,
        tuple(complaint.id for complaint in case.complaints),
    )  # fmt: skip
    return sent(site, wanted, by, now, f"hallwatch-case-{case.id}")


@routes.get(
    "/signing-key",
    response_class=PlainTextResponse,
    dependencies=[Depends(Needs(Permission.SESSION_OWN))],
    responses=problems(401, 403, 503),
)
def signing_key(site: SiteHere) -> PlainTextResponse:
    """The public key of this installation in PEM form, to check its bundles with."""
    public = workshop(site).key.public
    return PlainTextResponse(public.pem, headers={"X-Key-Fingerprint": public.fingerprint})
