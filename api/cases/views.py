"""A case as people and machines read it: plain values, free of the database session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from api.alerts.views import AlertDetail
from api.cases.due import DueView
from api.cases.law import CaseAct, CaseState, MeasureKind, Outcome


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class AboutView(_View):
    """One alert of a case, in short."""

    uid: str
    rule: str
    place: str
    began: datetime


class MeasureView(_View):
    kind: MeasureKind
    points: float | None


class CaseEventView(_View):
    """One line of the history. `details` holds what the act decided besides its words."""

    seq: int
    act: CaseAct
    at: datetime
    who: str
    said: str
    details: dict[str, Any]


class PriorView(_View):
    """Another confirmed breach of the same person within one year."""

    id: int
    number: str
    conduct_at: datetime
    rules: tuple[str, ...]


class CaseSummary(_View):
    """One line of the list. Times are UTC. `version` goes with every act; `acts`: what the reader
    may do to it now."""

    id: int
    hall: str
    number: str
    state: CaseState
    version: int
    opened_at: datetime
    conduct_at: datetime
    person_number: str | None
    person_name: str | None
    outcome: Outcome | None
    about: tuple[AboutView, ...]
    due: DueView | None
    acts: tuple[CaseAct, ...]


class ComplaintBrief(_View):
    """A complaint that led to the case."""

    id: int
    number: str
    about: str


class FootageBrief(_View):
    """Footage of a complaint that led to the case, as long as it is kept. `lacking`: what of the
    span that was asked for is not in it."""

    id: int
    covers_from: datetime
    covers_to: datetime
    lacking: str


class CaseDetail(CaseSummary):
    """Everything about one case that the reader may see."""

    two_decide: bool
    decision_due: datetime
    notified_at: datetime | None
    statement_due: datetime | None
    stated_at: datetime | None
    measures: tuple[MeasureView, ...]
    served_at: datetime | None
    appeal_due: datetime | None
    ruling_due: datetime | None
    closed_at: datetime | None
    alerts: tuple[AlertDetail, ...]
    history: tuple[CaseEventView, ...]
    priors: tuple[PriorView, ...]
    complaints: tuple[ComplaintBrief, ...]
    footage: tuple[FootageBrief, ...]
