"""Cases over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.audit.asking import By
from api.audit.record import record_access
from api.audit.tables import Access
from api.cases.acting import (
    CaseChangedError,
    CaseRefusedError,
    NotYoursError,
    Saying,
    UnknownCaseError,
    UnknownNumberError,
    WordsMissingError,
    do,
)
from api.cases.law import CaseAct, Finding, Measure, MeasureKind, Outcome
from api.cases.opening import AlertInCaseError, NoConductError, open_case
from api.cases.reading import MOST_PER_PAGE, CaseFilter, case_detail, list_cases
from api.cases.terms import ReviewTerms, set_terms, terms_of
from api.cases.views import CaseDetail, CaseSummary
from api.fields import HallPath, Name, RowId, Said, Slug, Uid, Why, Words
from api.openapi import problems
from api.problems import ProblemError
from api.site import Needs, NeedsInHall, Now, Reading, Sender, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["cases"], route_class=WritingRoute)

Reader = Annotated[Principal, Depends(Needs(Permission.CASES_READ))]
Opener = Annotated[Principal, Depends(NeedsInHall(Permission.CASES_OPEN))]
Reviewer = Annotated[Principal, Depends(Needs(Permission.CASES_DECIDE))]
Head = Annotated[Principal, Depends(Needs(Permission.CASES_APPROVE))]
READS_TERMS = [Depends(NeedsInHall(Permission.CASES_READ))]
SetsTerms = Annotated[Principal, Depends(NeedsInHall(Permission.CASES_APPROVE))]

KNOWN: dict[type[Exception], tuple[int, str]] = {
    UnknownCaseError: (404, "not-found"),
    NotYoursError: (403, "not-allowed"),
    CaseChangedError: (409, "case-changed"),
    CaseRefusedError: (409, "case-refused"),
    AlertInCaseError: (409, "alert-in-case"),
    WordsMissingError: (422, "reason-missing"),
    UnknownNumberError: (422, "unknown-number"),
    NoConductError: (422, "invalid"),
}
"""Named errors of cases, as HTTP says them."""

ACTED = problems(401, 403, 404, 409, 413, 422)


def _speaker(sender: Sender) -> Principal:
    """The person concerned, or a reviewer who records what they said."""
    if not {Permission.CASES_ANSWER, Permission.CASES_DECIDE} & sender.permissions:
        raise ProblemError(403, "not-allowed", f"a {sender.role.value} may not speak in a case")
    return sender


Speaker = Annotated[Principal, Depends(_speaker)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OpenIn(_Strict):
    alerts: tuple[Uid, ...] = Field(min_length=1, max_length=50)
    reason: Why = Field(examples=["连续两天同一时段空岗"])


class OpenedOut(_Strict):
    id: int
    number: str


class ActIn(_Strict):
    """`version`: of the case as it was read; if somebody acted since, the answer is 409."""

    version: int = Field(ge=1, le=1_000_000)
    text: Words = Field("", examples=["已电话告知"])


class SaidIn(ActIn):
    """A reason, which must be given."""

    text: Said = Field(examples=["录像与排班相符"])


class JoinIn(ActIn):
    alert: Uid


class NameIn(SaidIn):
    """`number`: a staff number; null: it concerns nobody."""

    number: Name | None = Field(max_length=32, examples=["1001"])


class SpokenIn(SaidIn):
    """`said_on`: the day it was said, where a reviewer records it for the person."""

    said_on: date | None = Field(None, ge=date(2000, 1, 1), le=date(2099, 12, 31))


class MeasureIn(_Strict):
    kind: MeasureKind
    points: float | None = Field(None, gt=0, le=100, allow_inf_nan=False)


class FindingIn(SaidIn):
    """The outcome with its reason; measures only with a confirmed one."""

    outcome: Outcome
    measures: tuple[MeasureIn, ...] = Field((), max_length=len(MeasureKind))

    def finding(self) -> Finding:
        return Finding(self.outcome, tuple(Measure(m.kind, m.points) for m in self.measures))


class TermsIn(_Strict):
    """Working days; `two_decide`: a decision needs the head's approval."""

    two_decide: bool
    statement_days: int = Field(ge=1, le=60)
    decision_days: int = Field(ge=1, le=120)
    appeal_days: int = Field(ge=1, le=60)


@dataclass(frozen=True, slots=True)
class CasesWanted:
    hall: Annotated[Slug | None, Query(examples=["demo"])] = None
    open: Annotated[bool | None, Query(description="not closed yet")] = None
    number: Annotated[Name | None, Query(max_length=32, description="a staff number")] = None
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="id: next page")] = None
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 50

    def filter(self) -> CaseFilter:
        return CaseFilter(self.hall, self.open, self.number, self.before, self.limit)


@routes.get("/cases", responses=problems(401, 403, 422))
def find_cases(
    who: Reader, session: Reading, now: Now, wanted: Annotated[CasesWanted, Depends()]
) -> tuple[CaseSummary, ...]:
    """The latest first. A clerk sees only their own."""
    return list_cases(session, who, wanted.filter(), now)


@routes.post("/halls/{hall}/cases", status_code=201, responses=ACTED)
def open_a_case(
    hall: HallPath, given: OpenIn, who: Opener, session: Writing, now: Now
) -> OpenedOut:
    """Refer alerts to review, all in one case."""
    row = open_case(session, hall, given.alerts, who, now, given.reason)
    return OpenedOut(id=row.id, number=row.number)


@routes.get("/cases/{case_id}", responses=problems(401, 403, 404, 422))
def read_case(case_id: RowId, who: Reader, by: By, session: Writing, now: Now) -> CaseDetail:
    """Everything about a case that its reader may see; the look is in the access log."""
    detail = case_detail(session, case_id, who, now)
    record_access(session, by, Access.VIEW_CASE, f"case/{case_id}", now, hall=detail.hall)
    return detail


@dataclass(frozen=True, slots=True)
class Desk:
    """What every act on a case takes besides its words."""

    session: Writing
    now: Now

    def act(
        self, case_id: int, act: CaseAct, who: Principal, version: int, saying: Saying
    ) -> CaseDetail:
        do(self.session, case_id, act, who, version, self.now, saying)
        return case_detail(self.session, case_id, who, self.now)


AtDesk = Annotated[Desk, Depends()]


@routes.post("/cases/{case_id}/join", responses=ACTED)
def join(case_id: RowId, given: JoinIn, who: Reviewer, desk: AtDesk) -> CaseDetail:
    """Another alert joins the case."""
    saying = Saying(given.text, alert=given.alert)
    return desk.act(case_id, CaseAct.JOIN, who, given.version, saying)


@routes.post("/cases/{case_id}/name", responses=ACTED)
def name(case_id: RowId, given: NameIn, who: Reviewer, desk: AtDesk) -> CaseDetail:
    """Say whom the case concerns, and why; or that it concerns nobody."""
    saying = Saying(given.text, number=given.number)
    return desk.act(case_id, CaseAct.NAME, who, given.version, saying)


@routes.post("/cases/{case_id}/notify", responses=ACTED)
def notify(case_id: RowId, given: ActIn, who: Reviewer, desk: AtDesk) -> CaseDetail:
    """Tell the person concerned; from now on they see the case and may state their view."""
    return desk.act(case_id, CaseAct.NOTIFY, who, given.version, Saying(given.text))


@routes.post("/cases/{case_id}/statement", responses=ACTED)
def state(case_id: RowId, given: SpokenIn, who: Speaker, desk: AtDesk) -> CaseDetail:
    """The person's own view, by themself or recorded for them."""
    saying = Saying(given.text, said_on=given.said_on)
    return desk.act(case_id, CaseAct.STATE, who, given.version, saying)


@routes.post("/cases/{case_id}/decide", responses=ACTED)
def decide(case_id: RowId, given: FindingIn, who: Reviewer, desk: AtDesk) -> CaseDetail:
    """Confirmed, unfounded or excused, with the reason."""
    saying = Saying(given.text, given.finding())
    return desk.act(case_id, CaseAct.DECIDE, who, given.version, saying)


@routes.post("/cases/{case_id}/approve", responses=ACTED)
def approve(case_id: RowId, given: ActIn, who: Head, desk: AtDesk) -> CaseDetail:
    """The head of unit approves the decision."""
    return desk.act(case_id, CaseAct.APPROVE, who, given.version, Saying(given.text))


@routes.post("/cases/{case_id}/return", responses=ACTED)
def return_(case_id: RowId, given: SaidIn, who: Head, desk: AtDesk) -> CaseDetail:
    """The head of unit wants it decided anew."""
    return desk.act(case_id, CaseAct.RETURN, who, given.version, Saying(given.text))


@routes.post("/cases/{case_id}/serve", responses=ACTED)
def serve(case_id: RowId, given: ActIn, who: Reviewer, desk: AtDesk) -> CaseDetail:
    """Tell the person of the decision; from now on they may appeal."""
    return desk.act(case_id, CaseAct.SERVE, who, given.version, Saying(given.text))


@routes.post("/cases/{case_id}/appeal", responses=ACTED)
def appeal(case_id: RowId, given: SpokenIn, who: Speaker, desk: AtDesk) -> CaseDetail:
    """The person's one appeal, by themself or recorded for them."""
    saying = Saying(given.text, said_on=given.said_on)
    return desk.act(case_id, CaseAct.APPEAL, who, given.version, saying)


@routes.post("/cases/{case_id}/rule", responses=ACTED)
def rule(case_id: RowId, given: FindingIn, who: Reviewer, desk: AtDesk) -> CaseDetail:
    """Another reviewer decides the appeal; never to the person's disadvantage."""
    saying = Saying(given.text, given.finding())
    return desk.act(case_id, CaseAct.RULE, who, given.version, saying)


@routes.post("/cases/{case_id}/close", responses=ACTED)
def close(case_id: RowId, given: ActIn, who: Reviewer, desk: AtDesk) -> CaseDetail:
    """Nothing more is to be done; after an appeal, the person has been told of the ruling."""
    return desk.act(case_id, CaseAct.CLOSE, who, given.version, Saying(given.text))


@routes.get(
    "/halls/{hall}/review-terms", dependencies=READS_TERMS, responses=problems(401, 403, 404, 422)
)
def read_terms(hall: HallPath, session: Reading) -> ReviewTerms:
    """How long everything may take, and whether two must decide."""
    return terms_of(session, hall)


@routes.put("/halls/{hall}/review-terms", status_code=204, responses=ACTED)
def put_terms(
    hall: HallPath, given: TermsIn, _who: SetsTerms, by: By, session: Writing, now: Now
) -> None:
    """For cases opened from now on."""
    terms = ReviewTerms(
        given.two_decide, given.statement_days, given.decision_days, given.appeal_days
    )
    set_terms(session, hall, terms, by, now)
