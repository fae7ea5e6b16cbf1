"""Cases as people read them: lists, one with its history, what is due, and the repeat rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from api.alerts.listing import alert_detail
from api.alerts.tables import AlertRow
from api.alerts.views import AlertDetail
from api.cases.acting import UnknownCaseError, possible
from api.cases.due import RIGHTS, next_due
from api.cases.law import CaseAct, CaseState, Outcome
from api.cases.opening import Person
from api.cases.tables import CaseAlertRow, CaseEventRow, CaseRow
from api.cases.views import (
    AboutView,
    CaseDetail,
    CaseEventView,
    CaseSummary,
    ComplaintBrief,
    FootageBrief,
    MeasureView,
    PriorView,
)
from api.complaints.footage import footage_of
from api.complaints.tables import ComplaintRow
from api.halls.tables import QueueRow, WindowRow
from api.users.permissions import Permission

MOST_PER_PAGE = 200
IN_FORCE = (CaseState.SERVED, CaseState.APPEALED, CaseState.RULED, CaseState.CLOSED)
OFFICE_ONLY = frozenset({CaseAct.JOIN, CaseAct.NAME, CaseAct.RETURN})
"""What happened inside the office before a decision; the person concerned is not shown it."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What to look for; everything left out matches all. `number`: a staff number."""

    hall: str | None = None
    is_open: bool | None = None
    number: str | None = None
    before: int | None = None  # id: the next page
    limit: int = 50


def is_office(who: Person) -> bool:
    """Whether they see cases because of their office; a clerk sees only their own."""
    return Permission.CASES_ALL in who.permissions


def visible_to(who: Person) -> ColumnElement[bool]:
    """The cases that somebody may see: in their halls; a clerk only their own, and these from the
    notice on."""
    within = who.halls.hold(CaseRow.hall_id)
    if is_office(who):
        return within
    return within & (CaseRow.staff_id == who.staff_id) & CaseRow.notified_at.is_not(None)


def list_cases(
    session: Session, who: Person, wanted: CaseFilter, now: datetime
) -> tuple[CaseSummary, ...]:
    """The latest first."""
    query = select(CaseRow).where(visible_to(who), _matches(wanted))
    limit = max(1, min(wanted.limit, MOST_PER_PAGE))
    rows = session.scalars(query.order_by(CaseRow.id.desc()).limit(limit)).all()
    abouts = _abouts(session, [row.id for row in rows])
    return tuple(_summary(row, abouts.get(row.id, ()), who, now) for row in rows)


def _matches(wanted: CaseFilter) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = true()
    if wanted.hall is not None:
        condition &= CaseRow.hall_id == wanted.hall
    if wanted.is_open is not None:
        closed = CaseRow.state == CaseState.CLOSED
        condition &= ~closed if wanted.is_open else closed
    if wanted.number is not None:
        condition &= CaseRow.person_number == wanted.number
    if wanted.before is not None:
        condition &= CaseRow.id < wanted.before
    return condition


def case_row(session: Session, case_id: int, who: Person) -> CaseRow:
    """Raises UnknownCaseError, also for a case that is not theirs to see."""
    row = session.scalar(select(CaseRow).where(CaseRow.id == case_id, visible_to(who)))
    if row is None:
        raise UnknownCaseError(case_id)
    return row


def case_detail(session: Session, case_id: int, who: Person, now: datetime) -> CaseDetail:
    """Everything about a case that this person may see. Raises UnknownCaseError."""
    row = case_row(session, case_id, who)
    office = is_office(who)
    summary = _summary(row, _abouts(session, [row.id]).get(row.id, ()), who, now)
    return CaseDetail(
        **dict(summary),
        two_decide=row.two_decide,
        decision_due=row.decision_due,
        notified_at=row.notified_at,
        statement_due=row.statement_due,
        stated_at=row.stated_at,
        measures=tuple(MeasureView(**m) for m in row.measures) if _shows(row, office) else (),
        served_at=row.served_at,
        appeal_due=row.appeal_due,
        ruling_due=row.ruling_due,
        closed_at=row.closed_at,
        alerts=tuple(_alert(session, about.uid, office) for about in summary.about),
        history=_history(session, row, office),
        priors=priors_of(session, row) if office else (),
        complaints=_complaints(session, row) if office else (),
        footage=_footage(session, row),
    )


def _alert(session: Session, uid: str, office: bool) -> AlertDetail:
    """The person concerned sees what the machine saw, not what colleagues noted about it."""
    alert = alert_detail(session, uid)
    return alert if office else alert.model_copy(update={"history": (), "acts": ()})


def _complaints(session: Session, row: CaseRow) -> tuple[ComplaintBrief, ...]:
    found = session.scalars(
        select(ComplaintRow).where(ComplaintRow.case_id == row.id).order_by(ComplaintRow.id)
    )
    return tuple(ComplaintBrief(id=c.id, number=c.number, about=c.about) for c in found)


def _footage(session: Session, row: CaseRow) -> tuple[FootageBrief, ...]:
    found = session.scalars(footage_of(ComplaintRow.case_id == row.id))
    return tuple(
        FootageBrief(
            id=f.id, covers_from=f.covers_from, covers_to=f.covers_to, lacking=f.lacking
        )
        for f in found
    )  # fmt: skip


def _shows(row: CaseRow, office: bool) -> bool:
    """Whether the finding is shown: to the person only once they were told."""
    return office or row.served_at is not None


def _summary(row: CaseRow, about: Sequence[AboutView], who: Person, now: datetime) -> CaseSummary:
    due = next_due(row, now)
    if due is not None and due.kind not in RIGHTS and not is_office(who):
        due = None  # the office's own term
    return CaseSummary(
        id=row.id,
        hall=row.hall_id,
        number=row.number,
        state=row.state if _shows(row, is_office(who)) else _outward(row),
        version=row.version,
        opened_at=row.opened_at,
        conduct_at=row.conduct_at,
        person_number=row.person_number,
        person_name=row.person_name,
        outcome=row.outcome if _shows(row, is_office(who)) else None,
        about=tuple(about),
        due=due,
        acts=possible(row, who, now),
    )


def _outward(row: CaseRow) -> CaseState:
    """The state as the person knows it while the office is still deciding."""
    return CaseState.STATED if row.stated_at is not None else CaseState.NOTIFIED


def _abouts(session: Session, case_ids: Sequence[int]) -> dict[int, tuple[AboutView, ...]]:
    """Which conduct, where: one line for each alert, in order of time."""
    rows = session.execute(
        select(CaseAlertRow.case_id, AlertRow, WindowRow.name, QueueRow.name)
        .join(AlertRow, AlertRow.uid == CaseAlertRow.alert_uid)
        .outerjoin(
            WindowRow, (WindowRow.hall_id == AlertRow.hall_id) & (WindowRow.id == AlertRow.subject)
        )
        .outerjoin(
            QueueRow, (QueueRow.hall_id == AlertRow.hall_id) & (QueueRow.id == AlertRow.subject)
        )
        .where(CaseAlertRow.case_id.in_(case_ids))
        .order_by(AlertRow.began_at)
    )
    found: dict[int, list[AboutView]] = {}
    for case_id, alert, window, queue in rows:
        place = window or queue or alert.subject
        found.setdefault(case_id, []).append(
            AboutView(uid=alert.uid, rule=alert.rule, place=place, began=alert.began_at)
        )
    return {case_id: tuple(views) for case_id, views in found.items()}


def _history(session: Session, row: CaseRow, office: bool) -> tuple[CaseEventView, ...]:
    """All of it for the office; for the person, what was done with them, and the decision once
    they were told of it."""
    events = session.scalars(
        select(CaseEventRow).where(CaseEventRow.case_id == row.id).order_by(CaseEventRow.seq)
    )
    views = [
        CaseEventView(
            seq=e.seq, act=CaseAct(e.act), at=e.at, who=e.who, said=e.said, details=e.details
        )
        for e in events
    ]
    if office:
        return tuple(views)
    return tuple(_to_person(view) for view in views if _seen_by_person(view, row))


def _seen_by_person(view: CaseEventView, row: CaseRow) -> bool:
    if view.act in OFFICE_ONLY:
        return False
    return row.served_at is not None or view.act not in (CaseAct.DECIDE, CaseAct.APPROVE)


def _to_person(view: CaseEventView) -> CaseEventView:
    """Who referred it, and in which words, is the office's own."""
    if view.act is CaseAct.OPEN:
        return view.model_copy(update={"who": "", "said": "", "details": {}})
    return view


def one_year_before(moment: datetime) -> datetime:
    """The same day and time of the year before; of 29 February, the 28th."""
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:
        return moment.replace(year=moment.year - 1, day=28)


def _one_year_after(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, day=28)


def priors_of(session: Session, row: CaseRow) -> tuple[PriorView, ...]:
    """Other breaches of the same person confirmed against them, within one year of this one: the
    repeat rule (CY 投诉问责制 第七条) counts them, and a person decides what follows."""
    if row.staff_id is None:
        return ()
    rows = session.scalars(
        select(CaseRow)
        .where(
            CaseRow.staff_id == row.staff_id,
            CaseRow.id != row.id,
            CaseRow.outcome == Outcome.CONFIRMED,
            CaseRow.state.in_(IN_FORCE),
            CaseRow.conduct_at > one_year_before(row.conduct_at),
            CaseRow.conduct_at < _one_year_after(row.conduct_at),
        )
        .order_by(CaseRow.conduct_at)
    ).all()
    abouts = _abouts(session, [prior.id for prior in rows])
    return tuple(
        PriorView(
            id=prior.id,
            number=prior.number,
            conduct_at=prior.conduct_at,
            rules=tuple(dict.fromkeys(a.rule for a in abouts.get(prior.id, ()))),
        )
        for prior in rows
    )
