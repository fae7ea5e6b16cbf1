"""What is due soon or overdue in cases and complaints, for whoever must act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.cases.due import DueKind, next_due
from api.cases.law import CaseState
from api.cases.tables import CaseRow
from api.complaints.reading import next_due as complaint_due
from api.complaints.tables import ComplaintRow, ComplaintState
from api.users.tables import Role, UserRow
from api.workdays.calendar import WorkCalendar
from api.workdays.reading import calendar_of

SOON_DAYS = 2
"""Reminded when so few working days are left, today included; and again when it is overdue."""

_OFFICER = {
    DueKind.DECISION: Role.REVIEWER,
    DueKind.APPROVAL: Role.HEAD,
    DueKind.SERVICE: Role.REVIEWER,
    DueKind.RULING: Role.REVIEWER,
    DueKind.CLOSING: Role.REVIEWER,
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to be told once for each `key`.

    to: a role, or the id of an account. what: a DueKind, or "opinion" or "answer" of a complaint.
    path: the console's page that it leads to.
    """

    key: str
    hall_id: str
    to: Role | int
    what: str
    number: str
    due: datetime
    overdue: bool
    path: str


def due_reminders(session: Session, hall_id: str, now: datetime) -> tuple[Reminder, ...]:
    """What people of this hall should be reminded of now."""
    calendar = calendar_of(session, hall_id)
    return (
        *_of_cases(session, hall_id, calendar, now),
        *_of_complaints(session, hall_id, calendar, now),
    )


def _of_cases(
    session: Session, hall_id: str, calendar: WorkCalendar, now: datetime
) -> list[Reminder]:
    rows = session.execute(
        select(CaseRow, UserRow.id)
        .outerjoin(UserRow, (UserRow.staff_id == CaseRow.staff_id) & UserRow.disabled_at.is_(None))
        .where(CaseRow.hall_id == hall_id, CaseRow.state != CaseState.CLOSED)
        .order_by(CaseRow.id)
    )
    reminders = []
    for row, account in rows:
        due = next_due(row, now)
        if due is None or not _is_near(calendar, now, due.at):
            continue
        to = _OFFICER.get(due.kind, account)  # a right is the person's own to use
        if to is None:
            continue
        path = f"/my-matters/{row.id}" if isinstance(to, int) else f"/cases/{row.id}"
        stage = "overdue" if due.overdue else "soon"
        reminders.append(
            Reminder(
                key=f"case/{row.id}/{due.kind.value}/{due.at:%Y%m%d}/{stage}",
                hall_id=hall_id,
                to=to,
                what=due.kind.value,
                number=row.number,
                due=due.at,
                overdue=due.overdue,
                path=path,
            )
        )
    return reminders


def _of_complaints(
    session: Session, hall_id: str, calendar: WorkCalendar, now: datetime
) -> list[Reminder]:
    rows = session.scalars(
        select(ComplaintRow)
        .where(ComplaintRow.hall_id == hall_id, ComplaintRow.state != ComplaintState.ANSWERED)
        .order_by(ComplaintRow.id)
    )
    reminders = []
    for row in rows:
        due = complaint_due(row)
        if due is None or not _is_near(calendar, now, due):
            continue
        what = "opinion" if row.state is ComplaintState.REGISTERED else "answer"
        overdue = now >= due
        reminders.append(
            Reminder(
                key=f"complaint/{row.id}/{what}/{'overdue' if overdue else 'soon'}",
                hall_id=hall_id,
                to=Role.REVIEWER,
                what=what,
                number=row.number,
                due=due,
                overdue=overdue,
                path=f"/complaints/{row.id}",
            )
        )
    return reminders


def _is_near(calendar: WorkCalendar, now: datetime, due: datetime) -> bool:
    return calendar.left(now, due) <= SOON_DAYS
