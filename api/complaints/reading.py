"""Complaints as people read them. The complainant's details are masked; see `complainant_of`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.listing import alert_detail
from api.alerts.views import AlertSummary, DutyView
from api.cases.opening import Person
from api.complaints.acting import UnknownComplaintError
from api.complaints.footage import footage_of
from api.complaints.masking import masked_contact, masked_name
from api.complaints.tables import (
    Channel,
    ComplainantBeforeRow,
    ComplaintAct,
    ComplaintAlertRow,
    ComplaintEventRow,
    ComplaintRow,
    ComplaintState,
)
from api.halls.reach import Halls
from api.halls.tables import WindowRow

MOST_PER_PAGE = 200


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class ComplaintSummary(_View):
    """One line of the list. Times are UTC. `due`: the next term, None once it is answered."""

    id: int
    hall: str
    number: str
    state: ComplaintState
    version: int
    channel: Channel
    window: str | None
    window_name: str | None
    happened_from: datetime
    happened_to: datetime
    received_at: datetime
    about: str
    complainant: str
    due: datetime | None
    overdue: bool


class ComplaintEventView(_View):
    seq: int
    act: ComplaintAct
    at: datetime
    who: str
    said: str
    details: dict[str, Any]


class ComplaintDetail(ComplaintSummary):
    """Everything about one complaint but who complained. `footage`: ids of clips."""

    reference: str | None
    contact: str
    opinion_due: datetime
    answer_due: datetime
    opinion_at: datetime | None
    answered_at: datetime | None
    gathered_at: datetime | None
    duty: DutyView | None
    case_id: int | None
    alerts: tuple[AlertSummary, ...]
    footage: tuple[int, ...]
    history: tuple[ComplaintEventView, ...]


class ComplainantBefore(_View):
    """What was registered until it was corrected."""

    until: datetime
    complainant: str
    contact: str


class ComplainantView(_View):
    """Who complained, for those who must reach them; `before`: as it stood before corrections."""

    complainant: str
    contact: str
    before: tuple[ComplainantBefore, ...] = ()


def list_complaints(
    session: Session,
    halls: Halls,
    now: datetime,
    *,
    hall: str | None = None,
    is_open: bool | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[ComplaintSummary, ...]:
    """The latest first; `before`: the id at which the page before ended."""
    query = _named().where(halls.hold(ComplaintRow.hall_id))
    if hall is not None:
        query = query.where(ComplaintRow.hall_id == hall)
    if is_open is not None:
        answered = ComplaintRow.state == ComplaintState.ANSWERED
        query = query.where(~answered if is_open else answered)
    if before is not None:
        query = query.where(ComplaintRow.id < before)
    query = query.order_by(ComplaintRow.id.desc()).limit(max(1, min(limit, MOST_PER_PAGE)))
    return tuple(
        ComplaintSummary(**_values(row, name, now)) for row, name in session.execute(query)
    )


def _named() -> Any:
    return select(ComplaintRow, WindowRow.name).outerjoin(
        WindowRow,
        (WindowRow.hall_id == ComplaintRow.hall_id) & (WindowRow.id == ComplaintRow.window_id),
    )


def complaint_row(session: Session, complaint_id: int, halls: Halls) -> ComplaintRow:
    """Raises UnknownComplaintError."""
    row = session.get(ComplaintRow, complaint_id)
    if row is None or row.hall_id not in halls:
        raise UnknownComplaintError(complaint_id)
    return row


def complaint_detail(
    session: Session, complaint_id: int, who: Person, now: datetime
) -> ComplaintDetail:
    """Raises UnknownComplaintError."""
    row = complaint_row(session, complaint_id, who.halls)
    window = None
    if row.window_id is not None:
        window = session.get(WindowRow, (row.hall_id, row.window_id))
    uids = session.scalars(
        select(ComplaintAlertRow.alert_uid).where(ComplaintAlertRow.complaint_id == row.id)
    )
    alerts = sorted((alert_detail(session, uid) for uid in uids), key=lambda a: a.began)
    footage = session.scalars(footage_of(ComplaintRow.id == row.id))
    return ComplaintDetail(
        **_values(row, window.name if window else None, now),
        reference=row.reference,
        contact=masked_contact(row.contact),
        opinion_due=row.opinion_due,
        answer_due=row.answer_due,
        opinion_at=row.opinion_at,
        answered_at=row.answered_at,
        gathered_at=row.gathered_at,
        duty=None if row.duty is None else DutyView.model_validate(row.duty),
        case_id=row.case_id,
        alerts=tuple(alerts),
        footage=tuple(f.id for f in footage),
        history=_history(session, row.id),
    )


def complainant_of(session: Session, complaint_id: int, halls: Halls) -> ComplainantView:
    """In clear: whoever asks must be allowed to, and is written down. Raises
    UnknownComplaintError."""
    row = complaint_row(session, complaint_id, halls)
    earlier = session.scalars(
        select(ComplainantBeforeRow)
        .where(ComplainantBeforeRow.complaint_id == row.id)
        .order_by(ComplainantBeforeRow.seq)
    )
    return ComplainantView(
        complainant=row.complainant,
        contact=row.contact,
        before=tuple(
            ComplainantBefore(until=e.until, complainant=e.complainant, contact=e.contact)
            for e in earlier
        ),
    )


def _values(row: ComplaintRow, window_name: str | None, now: datetime) -> dict[str, Any]:
    due = next_due(row)
    return {
        "id": row.id,
        "hall": row.hall_id,
        "number": row.number,
        "state": row.state,
        "version": row.version,
        "channel": row.channel,
        "window": row.window_id,
        "window_name": window_name,
        "happened_from": row.happened_from,
        "happened_to": row.happened_to,
        "received_at": row.received_at,
        "about": row.about,
        "complainant": masked_name(row.complainant),
        "due": due,
        "overdue": due is not None and now >= due,
    }


def next_due(row: ComplaintRow) -> datetime | None:
    """The end of the next term; None once it is answered."""
    match row.state:
        case ComplaintState.REGISTERED:
            return row.opinion_due
        case ComplaintState.OPINED:
            return row.answer_due
    return None


def _history(session: Session, complaint_id: int) -> tuple[ComplaintEventView, ...]:
    events: Sequence[ComplaintEventRow] = session.scalars(
        select(ComplaintEventRow)
        .where(ComplaintEventRow.complaint_id == complaint_id)
        .order_by(ComplaintEventRow.seq)
    ).all()
    return tuple(
        ComplaintEventView(seq=e.seq, act=e.act, at=e.at, who=e.who, said=e.said, details=e.details)
        for e in events
    )
