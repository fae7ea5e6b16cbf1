"""The days in force, and the holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow
from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.cases.tables import CaseAlertRow, CaseRow
from api.complaints.footage import OWN_FOOTAGE
from api.complaints.tables import ComplaintAlertRow, ComplaintFootageRow, ComplaintRow
from api.footage.tables import FootageRow
from api.halls.reach import Halls
from api.retention.kinds import DEFAULT_DAYS, EVERYWHERE, LEAST_DAYS, MOST_DAYS, Kind
from api.retention.tables import HoldRow, RetentionRow


class DaysError(ValueError):
    def __init__(self, kind: Kind) -> None:
        super().__init__(
            f"{kind.value} are kept for {LEAST_DAYS[kind]} to {MOST_DAYS} days; choose within that"
        )


class UnknownHoldError(LookupError):
    """No such hold, or nothing there to hold."""


def days_of(session: Session, hall_id: str) -> Mapping[Kind, int]:
    """The days in force for a hall; the access log's are those for all halls."""
    rows = session.scalars(
        select(RetentionRow).where(RetentionRow.hall_id.in_((hall_id, EVERYWHERE)))
    )
    return {**DEFAULT_DAYS, **{row.kind: row.days for row in rows}}


def set_days(
    session: Session, hall_id: str, kind: Kind, days: int, by: AccessBy, now: datetime
) -> None:
    """Raises DaysError."""
    if not LEAST_DAYS[kind] <= days <= MOST_DAYS:
        raise DaysError(kind)
    place = EVERYWHERE if kind is Kind.ACCESS_LOG else hall_id
    before = days_of(session, hall_id)[kind]
    session.merge(
        RetentionRow(hall_id=place, kind=kind, days=days, changed_at=now, changed_by=by.name)
    )
    details = {"before": before, "days": days}
    name = f"retention/{kind.value}"
    record_access(session, by, Access.EDIT_RETENTION, name, now, hall=hall_id, details=details)


def lay_hold(
    session: Session, hall_id: str, object: str, reason: str, by: AccessBy, now: datetime
) -> HoldRow:
    """object: alert/<uid>, case/<id> or footage/<id> of that hall. Raises UnknownHoldError."""
    if _hall_of(session, object) != hall_id:
        raise UnknownHoldError(f"there is no {object!r} in this hall")
    row = HoldRow(hall_id=hall_id, object=object, reason=reason, laid_at=now, laid_by=by.name)
    session.add(row)
    session.flush()
    details = {"act": "laid"}
    record_access(
        session, by, Access.HOLD, object, now, hall=hall_id, purpose=reason, details=details
    )
    return row


def lift_hold(
    session: Session, hold_id: int, halls: Halls, reason: str, by: AccessBy, now: datetime
) -> HoldRow:
    """Raises UnknownHoldError, also where it was lifted before."""
    row = session.get(HoldRow, hold_id)
    if row is None or row.hall_id not in halls or row.lifted_at is not None:
        raise UnknownHoldError(f"there is no hold {hold_id} in force")
    row.lifted_at, row.lifted_by, row.lifted_why = now, by.name, reason
    details = {"act": "lifted"}
    record_access(
        session, by, Access.HOLD, row.object, now, hall=row.hall_id, purpose=reason, details=details
    )
    return row


def holds_of(session: Session, hall_id: str) -> Sequence[HoldRow]:
    """Those in force, the latest first."""
    return session.scalars(
        select(HoldRow)
        .where(HoldRow.hall_id == hall_id, HoldRow.lifted_at.is_(None))
        .order_by(HoldRow.id.desc())
    ).all()


def _hall_of(session: Session, object: str) -> str | None:
    """The hall that the thing lies in; None if there is no such thing."""
    kind, _, name = object.partition("/")
    if kind == "alert":
        alert = session.get(AlertRow, name)
        return None if alert is None else alert.hall_id
    if not name.isascii() or not name.isdigit() or len(name) > 9:
        return None
    if kind == "case":
        case = session.get(CaseRow, int(name))
        return None if case is None else case.hall_id
    if kind == "footage":
        footage = session.get(FootageRow, int(name))
        return None if footage is None else footage.hall_id
    return None


def footage_of_cases(which: ColumnElement[bool]) -> Select[int]:
    """Ids of the footage of complaints that led to such cases."""
    return (
        select(ComplaintFootageRow.footage_id)
        .join(ComplaintRow)
        .join(CaseRow, CaseRow.id == ComplaintRow.case_id)
        .join(FootageRow, OWN_FOOTAGE)
        .where(which)
    )


def held_cases(session: Session, hall_id: str) -> frozenset[int]:
    """Ids of the cases under a hold."""
    objects = (row.object for row in holds_of(session, hall_id))
    return frozenset(int(o.removeprefix("case/")) for o in objects if o.startswith("case/"))


def held(session: Session, hall_id: str) -> tuple[frozenset[str], frozenset[int]]:
    """The uids of the alerts and the ids of the footage that must stay: held themselves or by
    their case, or part of a complaint that is not answered yet."""
    objects = {row.object for row in holds_of(session, hall_id)}
    cases = held_cases(session, hall_id)
    uids = {o.removeprefix("alert/") for o in objects if o.startswith("alert/")}
    uids |= set(
        session.scalars(select(CaseAlertRow.alert_uid).where(CaseAlertRow.case_id.in_(cases)))
    )
    footage = {int(o.removeprefix("footage/")) for o in objects if o.startswith("footage/")}
    footage |= set(session.scalars(footage_of_cases(CaseRow.id.in_(cases))))
    is_open = ComplaintRow.hall_id == hall_id, ComplaintRow.answered_at.is_(None)
    uids |= set(
        session.scalars(select(ComplaintAlertRow.alert_uid).join(ComplaintRow).where(*is_open))
    )
    footage |= set(
        session.scalars(select(ComplaintFootageRow.footage_id).join(ComplaintRow).where(*is_open))
    )
    return frozenset(uids), frozenset(footage)
