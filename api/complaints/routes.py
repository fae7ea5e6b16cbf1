"""Complaints over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.audit.asking import By
from api.audit.record import record_access
from api.audit.tables import Access
from api.complaints.acting import (
    ComplaintChangedError,
    ComplaintRefusedError,
    OwnComplaintError,
    Registration,
    UnknownComplaintError,
    answer,
    opine,
    refer,
    register,
)
from api.complaints.correcting import Correction, correct
from api.complaints.footage import own_film
from api.complaints.gathering import Archive, gather
from api.complaints.reading import (
    MOST_PER_PAGE,
    ComplainantView,
    ComplaintDetail,
    ComplaintSummary,
    complainant_of,
    complaint_detail,
    complaint_row,
    list_complaints,
)
from api.complaints.tables import Channel, ComplaintRow
from api.fields import HallPath, Moment, Name, Reason, RowId, Said, Slug, Words
from api.halls.reach import Halls
from api.openapi import Answers, binary, problems
from api.privacy.routes import AskedHere, sent
from api.privacy.showing import Film
from api.site import Needs, NeedsInHall, Now, Reading, SiteHere, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["complaints"], route_class=WritingRoute)

Reader = Annotated[Principal, Depends(Needs(Permission.COMPLAINTS_READ))]
Registrar = Annotated[Principal, Depends(NeedsInHall(Permission.COMPLAINTS_REGISTER))]
Corrector = Annotated[Principal, Depends(Needs(Permission.COMPLAINTS_REGISTER))]
Gatherer = Annotated[Principal, Depends(Needs(Permission.FOOTAGE_FIND))]
Referrer = Annotated[Principal, Depends(Needs(Permission.CASES_OPEN))]
Answerer = Annotated[Principal, Depends(Needs(Permission.COMPLAINTS_ANSWER))]

KNOWN: dict[type[Exception], tuple[int, str]] = {
    UnknownComplaintError: (404, "not-found"),
    ComplaintRefusedError: (422, "complaint-refused"),
    ComplaintChangedError: (409, "complaint-changed"),
    OwnComplaintError: (409, "own-complaint"),
}
"""Named errors of complaints, as HTTP says them."""

ACTED = problems(401, 403, 404, 409, 413, 422)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ComplaintIn(_Strict):
    """`reference`: another system's own number; sent again, nothing is registered twice."""

    channel: Channel
    window: Slug | None = Field(None, examples=["w1"])
    happened_from: Moment
    happened_to: Moment
    about: Said = Field(examples=["排到我时窗口没有人，等了十几分钟"])
    complainant: Annotated[Words, Field(max_length=80)] = ""
    contact: Annotated[Words, Field(max_length=120)] = ""
    reference: Name | None = Field(None, max_length=64, examples=["12345-2026-112301"])

    def registration(self) -> Registration:
        return Registration(
            channel=self.channel,
            window=self.window,
            happened_from=self.happened_from,
            happened_to=self.happened_to,
            about=self.about,
            complainant=self.complainant,
            contact=self.contact,
            reference=self.reference,
        )


class RegisteredOut(_Strict):
    id: int
    number: str


class VersionIn(_Strict):
    """`version`: of the complaint as it was read; if somebody acted since, the answer is 409."""

    version: int = Field(ge=1, le=1_000_000)


class SaidIn(VersionIn):
    text: Said


class CorrectionIn(VersionIn):
    """All of the complaint as it should read. `complainant`, `contact`: left out, they stay."""

    channel: Channel
    window: Slug | None = None
    happened_from: Moment
    happened_to: Moment
    about: Said
    complainant: Annotated[Words, Field(max_length=80)] | None = None
    contact: Annotated[Words, Field(max_length=120)] | None = None
    reason: Reason = Field(examples=["登记时选错了窗口"])

    def correction(self) -> Correction:
        return Correction(
            channel=self.channel,
            window=self.window,
            happened_from=self.happened_from,
            happened_to=self.happened_to,
            about=self.about,
            complainant=self.complainant,
            contact=self.contact,
        )


class PurposeIn(_Strict):
    """Why the complainant's details are needed; it stands in the access log."""

    purpose: Reason = Field(examples=["电话答复投诉人"])


KNOWN_ALREADY: Answers = {200: {"model": RegisteredOut, "description": "Known by its reference"}}


@routes.get("/complaints", responses=problems(401, 403, 422))
def find_complaints(
    who: Reader,
    session: Reading,
    now: Now,
    hall: Annotated[Slug | None, Query(examples=["demo"])] = None,
    open: Annotated[bool | None, Query(description="not answered yet")] = None,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="id: next page")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50,
) -> tuple[ComplaintSummary, ...]:
    """The latest first. Who complained is masked."""
    return list_complaints(
        session, who.halls, now, hall=hall, is_open=open, before=before, limit=limit
    )


@routes.post("/halls/{hall}/complaints", status_code=201, responses=KNOWN_ALREADY | ACTED)
def register_complaint(
    hall: HallPath,
    given: ComplaintIn,
    who: Registrar,
    session: Writing,
    now: Now,
    response: Response,
) -> RegisteredOut:
    """Register a complaint; an opinion is due in 3 working days, the answer in 15."""
    row, created = register(session, hall, given.registration(), who, now)
    response.status_code = 201 if created else 200
    return RegisteredOut(id=row.id, number=row.number)


@routes.get("/complaints/{complaint_id}", responses=problems(401, 403, 404, 422))
def read_complaint(
    complaint_id: RowId, who: Reader, by: By, session: Writing, now: Now
) -> ComplaintDetail:
    """Everything about a complaint but who complained; the look is in the access log."""
    detail = complaint_detail(session, complaint_id, who, now)
    record_access(
        session, by, Access.VIEW_COMPLAINT, f"complaint/{complaint_id}", now, hall=detail.hall
    )
    return detail


@routes.get(
    "/complaints/{complaint_id}/footage/{footage_id}",
    response_class=FileResponse,
    responses=binary("video/mp4", ranges=True) | problems(401, 403, 404, 422, 503),
)
def complaint_footage(
    complaint_id: RowId,
    footage_id: RowId,
    who: Reader,
    by: By,
    asked: AskedHere,
    site: SiteHere,
    now: Now,
) -> FileResponse:
    """Footage that was cut for the complaint, and nothing else; see the clips."""

    def find(session: Session, root: Path, row_id: int, halls: Halls) -> Film:
        complaint = complaint_row(session, complaint_id, halls)
        return own_film(session, root, row_id, halls, ComplaintRow.id == complaint.id)

    return sent(site, who, by, asked, now, find, footage_id)


@routes.post("/complaints/{complaint_id}/complainant", responses=problems(401, 403, 404, 422))
def read_complainant(
    complaint_id: RowId, given: PurposeIn, who: Answerer, by: By, session: Writing, now: Now
) -> ComplainantView:
    """Who complained and how to reach them, for a purpose that is written down."""
    hall = complaint_row(session, complaint_id, who.halls).hall_id
    found = complainant_of(session, complaint_id, who.halls)
    record_access(
        session,
        by,
        Access.VIEW_COMPLAINT,
        f"complaint/{complaint_id}/complainant",
        now,
        hall=hall,
        purpose=given.purpose,
    )
    return found


@routes.post("/complaints/{complaint_id}/gather", responses=ACTED)
def gather_evidence(
    complaint_id: RowId, given: VersionIn, who: Gatherer, site: SiteHere, now: Now
) -> ComplaintDetail:
    """Attach who was on duty, the alerts and the footage of the window and time."""
    archive = Archive(site.database, site.cutters, site.evidence_root)
    gather(archive, complaint_id, who, given.version, now)
    with site.database.reading() as session:
        return complaint_detail(session, complaint_id, who, now)


@routes.post("/complaints/{complaint_id}/correct", status_code=204, responses=ACTED)
def correct_complaint(
    complaint_id: RowId, given: CorrectionIn, who: Corrector, session: Writing, now: Now
) -> None:
    """Mend what was registered wrongly; what it said before stays in the history."""
    correct(session, complaint_id, who, given.version, given.correction(), given.reason, now)


@routes.post("/complaints/{complaint_id}/refer", responses=ACTED)
def refer_complaint(
    complaint_id: RowId, given: SaidIn, who: Referrer, session: Writing, now: Now
) -> ComplaintDetail:
    """Open a case about it."""
    refer(session, complaint_id, who, given.version, given.text, now)
    return complaint_detail(session, complaint_id, who, now)


@routes.post("/complaints/{complaint_id}/opinion", responses=ACTED)
def give_opinion(
    complaint_id: RowId, given: SaidIn, who: Answerer, session: Writing, now: Now
) -> ComplaintDetail:
    """The office's opinion, due within 3 working days."""
    opine(session, complaint_id, who, given.version, given.text, now)
    return complaint_detail(session, complaint_id, who, now)


@routes.post("/complaints/{complaint_id}/answer", responses=ACTED)
def give_answer(
    complaint_id: RowId, given: SaidIn, who: Answerer, session: Writing, now: Now
) -> ComplaintDetail:
    """What the citizen was told, due within 15 working days."""
    answer(session, complaint_id, who, given.version, given.text, now)
    return complaint_detail(session, complaint_id, who, now)
