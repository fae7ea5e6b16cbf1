"""What is due next in a case, and for whom."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from api.cases.law import CaseState, Outcome
from api.cases.tables import CaseRow


class DueKind(StrEnum):
    STATEMENT = "statement"  # the person's, who may let it lapse
    DECISION = "decision"
    APPROVAL = "approval"
    SERVICE = "service"
    APPEAL = "appeal"  # the person's, who may let it lapse
    RULING = "ruling"
    CLOSING = "closing"


RIGHTS = frozenset({DueKind.STATEMENT, DueKind.APPEAL})
"""Terms that are somebody's right; they end, and are never overdue."""


class DueView(BaseModel):
    """The next term: until when (UTC), and whether it is over."""

    model_config = ConfigDict(frozen=True)

    kind: DueKind
    at: datetime
    overdue: bool


def next_due(row: CaseRow, now: datetime) -> DueView | None:
    """None: nothing is due any more."""
    found = _next(row, now)
    if found is None:
        return None
    kind, at = found
    return DueView(kind=kind, at=at, overdue=kind not in RIGHTS and now >= at)


def _next(row: CaseRow, now: datetime) -> tuple[DueKind, datetime] | None:
    match row.state:
        case CaseState.OPENED | CaseState.STATED:
            return DueKind.DECISION, row.decision_due
        case CaseState.NOTIFIED:
            if row.statement_due is not None and now < row.statement_due:
                return DueKind.STATEMENT, row.statement_due
            return DueKind.DECISION, row.decision_due
        case CaseState.PROPOSED:
            return DueKind.APPROVAL, row.decision_due
        case CaseState.DECIDED:
            return DueKind.SERVICE, row.decision_due
        case CaseState.SERVED:
            over = row.appeal_due is None or now >= row.appeal_due
            if row.outcome is Outcome.CONFIRMED and not over and row.appeal_due:
                return DueKind.APPEAL, row.appeal_due
            return DueKind.CLOSING, row.appeal_due or row.decision_due
        case CaseState.APPEALED | CaseState.RULED:
            kind = DueKind.RULING if row.state is CaseState.APPEALED else DueKind.CLOSING
            return kind, row.ruling_due or row.decision_due
    return None
