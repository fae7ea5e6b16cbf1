"""Open a case: for alerts that are referred, or for what a complaint is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.alerts.acts import Act, UnknownAlertError, act_on
from api.alerts.tables import AlertRow, State
from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.cases.law import CaseAct, CaseState
from api.cases.tables import CaseAlertRow, CaseEventRow, CaseRow
from api.cases.terms import terms_of
from api.halls.reading import hall_row
from api.roster.tables import StaffRow
from api.users.permissions import Holder
from api.workdays.reading import calendar_of


class Person(Holder, Protocol):
    """Who acts: the sender of a request or the viewer of a page."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def staff_id(self) -> int | None: ...

    @property
    def full_name(self) -> str: ...

    @property
    def address(self) -> str: ...


class AlertInCaseError(ValueError):
    """The alert is in a case already: join or read that one."""

    def __init__(self, uid: str, number: str) -> None:
        self.number = number
        super().__init__(f"alert {uid} is in case {number} already")


class NoConductError(ValueError):
    """A case that is about nothing."""

    def __init__(self) -> None:
        super().__init__("a case needs at least one alert, or a complaint")


def refer_alert(
    session: Session, uid: str, who: Person, now: datetime, reason: str = ""
) -> CaseRow:
    """Refer one alert: a case of its own opens. Raises what `act_on` raises, AlertInCaseError."""
    row = session.get(AlertRow, uid)
    if row is None or row.hall_id not in who.halls:
        raise UnknownAlertError(uid)
    act_on(session, uid, Act.REFER, AccessBy.of(who), now, reason, who.halls)
    return open_case(session, row.hall_id, [uid], who, now, reason)


def open_case(
    session: Session,
    hall_id: str,
    uids: Sequence[str],
    who: Person,
    now: datetime,
    reason: str,
    *,
    happened_at: datetime | None = None,
    person: StaffRow | None = None,
) -> CaseRow:
    """A case about these alerts, which are referred by it; or about what happened at `happened_at`
    with `person` (a complaint's).

    Raises UnknownAlertError, AlertInCaseError, NoConductError.
    """
    hall = hall_row(session, hall_id)
    alerts = [alert_of(session, hall_id, uid) for uid in dict.fromkeys(uids)]
    moments = [alert.began_at for alert in alerts]
    if happened_at is not None:
        moments.append(happened_at)
    if not moments:
        raise NoConductError
    person = person or sole_holder(session, hall_id, alerts)
    terms = terms_of(session, hall_id)
    row = CaseRow(
        hall_id=hall_id,
        number="",
        state=CaseState.OPENED,
        version=0,
        opened_at=now,
        conduct_at=min(moments),
        two_decide=terms.two_decide,
        statement_days=terms.statement_days,
        appeal_days=terms.appeal_days,
        decision_days=terms.decision_days,
        decision_due=calendar_of(session, hall_id).due(now, terms.decision_days),
        measures=[],
    )
    put_person(row, person)
    session.add(row)
    session.flush()
    row.number = f"{now.astimezone(ZoneInfo(hall.timezone)):%Y}{row.id:06d}"
    for alert in alerts:
        put_alert(session, row, alert, who, now, reason)
    details = {"alerts": [alert.uid for alert in alerts], "person": row.person_name}
    append(session, row, CaseAct.OPEN, who, now, reason, details)
    session.flush()
    return row


def alert_of(session: Session, hall_id: str, uid: str) -> AlertRow:
    row = session.get(AlertRow, uid)
    if row is None or row.hall_id != hall_id:
        raise UnknownAlertError(uid)
    return row


def put_alert(
    session: Session, case: CaseRow, alert: AlertRow, who: Person, now: datetime, reason: str
) -> None:
    """Let the alert be in this case; it counts as referred."""
    try:
        with session.begin_nested():
            session.add(CaseAlertRow(alert_uid=alert.uid, case_id=case.id))
    except IntegrityError as error:
        number = session.scalar(
            select(CaseRow.number)
            .join(CaseAlertRow, CaseAlertRow.case_id == CaseRow.id)
            .where(CaseAlertRow.alert_uid == alert.uid)
        )
        raise AlertInCaseError(alert.uid, number or "") from error
    if alert.state is not State.REFERRED:
        act_on(session, alert.uid, Act.REFER, AccessBy.of(who), now, reason, who.halls)


def put_person(case: CaseRow, person: StaffRow | None) -> None:
    """Whom the case concerns, as the roster names them now."""
    case.staff_id = person.id if person else None
    case.person_number = person.number if person else None
    case.person_name = person.name if person else None


def sole_holder(session: Session, hall_id: str, alerts: Sequence[AlertRow]) -> StaffRow | None:
    """The one who held the window in all these alerts, by the roster's word when each came in.
    None: nobody on the schedule, or not one alone. A guess is never made."""
    numbers = set()
    for alert in alerts:
        holders = (alert.duty or {}).get("holders", [])
        numbers.add(holders[0]["number"] if len(holders) == 1 else None)
    if len(numbers) != 1 or None in numbers:
        return None
    return session.scalar(
        select(StaffRow).where(StaffRow.hall_id == hall_id, StaffRow.number == numbers.pop())
    )


def append(
    session: Session,
    case: CaseRow,
    act: CaseAct,
    who: Person,
    at: datetime,
    said: str,
    details: Mapping[str, object],
) -> None:
    """One more line in the case's history, and in the access log."""
    case.version += 1
    session.add(
        CaseEventRow(
            case_id=case.id,
            seq=case.version,
            act=act.value,
            at=at,
            user_id=who.user_id,
            who=who.full_name,
            said=said,
            details=dict(details),
        )
    )
    session.flush()
    record_access(
        session, AccessBy.of(who), Access.DECIDE_CASE, f"case/{case.id}", at,
        hall=case.hall_id, details={"act": act.value, "version": case.version},
    )  # fmt: skip
