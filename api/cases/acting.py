"""Do something to a case: the law is asked, the history grows, the row follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.cases.law import (
    BY_THE_PERSON,
    FROM,
    Case,
    CaseAct,
    Doer,
    Finding,
    Measure,
    MeasureKind,
    Refusal,
    leads_to,
    refusal,
)
from api.cases.opening import Person, alert_of, append, put_alert, put_person
from api.cases.tables import CaseAlertRow, CaseEventRow, CaseRow
from api.events import AlertNews, What, announce
from api.roster.tables import StaffRow
from api.users.permissions import Permission
from api.workdays.reading import calendar_of

NEEDS: Mapping[CaseAct, Permission] = {
    CaseAct.JOIN: Permission.CASES_DECIDE,
    CaseAct.NAME: Permission.CASES_DECIDE,
    CaseAct.NOTIFY: Permission.CASES_DECIDE,
    CaseAct.STATE: Permission.CASES_DECIDE,
    CaseAct.DECIDE: Permission.CASES_DECIDE,
    CaseAct.APPROVE: Permission.CASES_APPROVE,
    CaseAct.RETURN: Permission.CASES_APPROVE,
    CaseAct.SERVE: Permission.CASES_DECIDE,
    CaseAct.APPEAL: Permission.CASES_DECIDE,
    CaseAct.RULE: Permission.CASES_DECIDE,
    CaseAct.CLOSE: Permission.CASES_DECIDE,
}
"""What an officer needs. The person concerned needs CASES_ANSWER, and may only speak and appeal;
what they say on paper a reviewer records."""

MUST_SAY = frozenset(
    {CaseAct.STATE, CaseAct.DECIDE, CaseAct.RETURN, CaseAct.APPEAL, CaseAct.RULE, CaseAct.NAME}
)
"""Acts that need words: a reason, a statement, the grounds of an appeal."""


class UnknownCaseError(LookupError):
    def __init__(self, case_id: int) -> None:
        super().__init__(f"there is no case {case_id}")


class CaseChangedError(ValueError):
    """Somebody else acted after this was read: look again before deciding."""

    def __init__(self, event: CaseEventRow) -> None:
        self.act = CaseAct(event.act)
        self.who = event.who
        self.at = event.at
        super().__init__(
            f"{event.who} was first ({event.act} at {event.at.isoformat(timespec='seconds')}); "
            "read the case again, then decide"
        )


class CaseRefusedError(ValueError):
    """The law of cases forbids it."""

    def __init__(self, why: Refusal, act: CaseAct) -> None:
        self.why = why
        super().__init__(f"{act.value} is not possible: {why.value}")


class WordsMissingError(ValueError):
    def __init__(self, act: CaseAct) -> None:
        super().__init__(f"{act.value} needs words: say why in a sentence")


class NotYoursError(PermissionError):
    def __init__(self, act: CaseAct) -> None:
        super().__init__(f"your role may not {act.value} a case")


class UnknownNumberError(LookupError):
    def __init__(self, number: str) -> None:
        super().__init__(f"nobody in this hall has the number {number!r}")


@dataclass(frozen=True, slots=True)
class Saying:
    """What comes with an act.

    said: reason, statement or grounds. finding: for decide and rule. number: for name, a staff
    number or None for nobody. alert: for join. said_on: the day of a statement or appeal that a
    reviewer records for the person.
    """

    said: str = ""
    finding: Finding | None = None
    number: str | None = None
    alert: str | None = None
    said_on: date | None = None


def case_of(row: CaseRow) -> Case:
    """The row as the law sees it."""
    return Case(
        state=row.state,
        person=row.staff_id,
        two_decide=row.two_decide,
        finding=finding_of(row),
        decided_by=row.decided_by,
        approved_by=row.approved_by,
        notified=row.notified_at is not None,
        stated=row.stated_at is not None,
        statement_due=row.statement_due,
        appeal_due=row.appeal_due,
    )


def finding_of(row: CaseRow) -> Finding | None:
    if row.outcome is None:
        return None
    return Finding(
        row.outcome, tuple(Measure(MeasureKind(m["kind"]), m["points"]) for m in row.measures)
    )


def measure_table(measure: Measure) -> dict[str, Any]:
    return {"kind": measure.kind.value, "points": measure.points}


def may_do(row: CaseRow, act: CaseAct, who: Person) -> bool:
    """Whether the role allows it, whatever the state of the case."""
    if row.hall_id not in who.halls:
        return False
    if NEEDS[act] in who.permissions:
        return True
    own = row.staff_id is not None and row.staff_id == who.staff_id
    return own and act in BY_THE_PERSON and Permission.CASES_ANSWER in who.permissions


def possible(row: CaseRow, who: Person, now: datetime) -> tuple[CaseAct, ...]:
    """What this person may do to the case now."""
    case, doer = case_of(row), Doer(who.user_id, who.staff_id)
    return tuple(
        act for act in FROM if may_do(row, act, who) and refusal(case, act, doer, now) is None
    )


def do(
    session: Session,
    case_id: int,
    act: CaseAct,
    who: Person,
    version: int,
    now: datetime,
    saying: Saying | None = None,
) -> CaseRow:
    """Do it. `version`: of the case that `who` saw.

    Raises UnknownCaseError, NotYoursError, CaseChangedError, CaseRefusedError, WordsMissingError,
    and for `name` and `join` UnknownNumberError, UnknownAlertError, AlertInCaseError.
    """
    saying = saying or Saying()
    find = select(CaseRow).where(CaseRow.id == case_id).with_for_update()
    row = session.scalar(find, execution_options={"populate_existing": True})
    if row is None or row.hall_id not in who.halls:
        raise UnknownCaseError(case_id)
    if not may_do(row, act, who):
        raise NotYoursError(act)
    if row.version != version:
        raise CaseChangedError(_first_after(session, row, version))
    why = refusal(case_of(row), act, Doer(who.user_id, who.staff_id), now, saying.finding)
    if why is not None:
        raise CaseRefusedError(why, act)
    if act in MUST_SAY and not saying.said.strip():
        raise WordsMissingError(act)
    state = leads_to(case_of(row), act)
    details = _follow(session, row, act, who, now, saying)
    row.state = state
    append(session, row, act, who, now, saying.said.strip(), details)
    _tell_pages(session, row)
    session.flush()
    return row


def _first_after(session: Session, row: CaseRow, version: int) -> CaseEventRow:
    """What happened first after the version that was seen; the last one for a version that never
    was."""
    event = session.scalar(
        select(CaseEventRow).where(
            CaseEventRow.case_id == row.id, CaseEventRow.seq == min(version + 1, row.version)
        )
    )
    assert event is not None, "a case's history has no holes"
    return event


def _follow(
    session: Session, row: CaseRow, act: CaseAct, who: Person, now: datetime, saying: Saying
) -> dict[str, object]:
    """Let the row follow the act; returns what the history keeps of it besides the words."""
    match act:
        case CaseAct.JOIN:
            return _join(session, row, who, now, saying)
        case CaseAct.NAME:
            return _name(session, row, saying.number)
        case CaseAct.NOTIFY:
            row.notified_at = now
            row.statement_due = calendar_of(session, row.hall_id).due(now, row.statement_days)
            return {"due": row.statement_due.isoformat()}
        case CaseAct.STATE:
            row.stated_at = row.stated_at or now
            return _spoken(row, who, saying)
        case CaseAct.DECIDE:
            _find(row, saying, act)
            row.decided_at, row.decided_by = now, who.user_id
            return _finding_details(row)
        case CaseAct.APPROVE:
            row.approved_by = who.user_id
        case CaseAct.RETURN:
            row.outcome, row.measures = None, []
            row.decided_at = row.decided_by = None
        case CaseAct.SERVE:
            row.served_at = now
            row.appeal_due = calendar_of(session, row.hall_id).due(now, row.appeal_days)
            return {"due": row.appeal_due.isoformat()}
        case CaseAct.APPEAL:
            row.ruling_due = calendar_of(session, row.hall_id).due(now, row.decision_days)
            return _spoken(row, who, saying) | {"due": row.ruling_due.isoformat()}
        case CaseAct.RULE:
            before = _finding_details(row)
            _find(row, saying, act)
            return _finding_details(row) | {"before": before}
        case CaseAct.CLOSE:
            row.closed_at = now
    return {}


def _join(
    session: Session, row: CaseRow, who: Person, now: datetime, saying: Saying
) -> dict[str, object]:
    alert = alert_of(session, row.hall_id, saying.alert or "")
    put_alert(session, row, alert, who, now, saying.said)
    row.conduct_at = min(row.conduct_at, alert.began_at)
    return {"alert": alert.uid}


def _name(session: Session, row: CaseRow, number: str | None) -> dict[str, object]:
    person = None
    if number is not None:
        person = session.scalar(
            select(StaffRow).where(StaffRow.hall_id == row.hall_id, StaffRow.number == number)
        )
        if person is None:
            raise UnknownNumberError(number)
    before = row.person_name
    put_person(row, person)
    return {"person": row.person_name, "before": before}


def _spoken(row: CaseRow, who: Person, saying: Saying) -> dict[str, object]:
    """Who spoke: the person themself, or a reviewer who records what they said and when."""
    if row.staff_id is not None and row.staff_id == who.staff_id:
        return {"recorded": False}
    said_on = saying.said_on.isoformat() if saying.said_on else None
    return {"recorded": True, "said_on": said_on}


def _find(row: CaseRow, saying: Saying, act: CaseAct) -> None:
    if saying.finding is None:
        raise WordsMissingError(act)
    row.outcome = saying.finding.outcome
    row.measures = [measure_table(measure) for measure in saying.finding.measures]


def _finding_details(row: CaseRow) -> dict[str, object]:
    outcome = row.outcome.value if row.outcome else None
    return {"outcome": outcome, "measures": row.measures}


def _tell_pages(session: Session, row: CaseRow) -> None:
    """Pages that show one of its alerts look again."""
    uids = session.scalars(select(CaseAlertRow.alert_uid).where(CaseAlertRow.case_id == row.id))
    for uid in uids.all():
        announce(session, AlertNews(uid, row.hall_id, What.ACTED))
