"""Register a complaint, refer it, form an opinion, answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.cases.opening import Person, open_case
from api.cases.tables import CaseAlertRow
from api.complaints.tables import (
    Channel,
    ComplaintAct,
    ComplaintAlertRow,
    ComplaintEventRow,
    ComplaintRow,
    ComplaintState,
)
from api.halls.reading import hall_row, window_row
from api.roster.reading import duty_at, duty_snapshot, holds, number_of
from api.roster.tables import StaffRow
from api.workdays.reading import calendar_of

OPINION_DAYS, ANSWER_DAYS = 3, 15
"""Working days (JY 十; CX 之六; CY 投诉问责制)."""
LONGEST = timedelta(hours=12)

FROM: Mapping[ComplaintAct, frozenset[ComplaintState]] = {
    ComplaintAct.GATHER: frozenset({ComplaintState.REGISTERED, ComplaintState.OPINED}),
    ComplaintAct.REFER: frozenset({ComplaintState.REGISTERED, ComplaintState.OPINED}),
    ComplaintAct.OPINE: frozenset({ComplaintState.REGISTERED}),
    ComplaintAct.ANSWER: frozenset({ComplaintState.REGISTERED, ComplaintState.OPINED}),
    ComplaintAct.CORRECT: frozenset({ComplaintState.REGISTERED, ComplaintState.OPINED}),
}
"""In which states an act is possible."""


class UnknownComplaintError(LookupError):
    def __init__(self, complaint_id: int) -> None:
        super().__init__(f"there is no complaint {complaint_id}")


class ComplaintRefusedError(ValueError):
    """What was entered or asked for makes no sense; the message says what to mend."""


class ComplaintChangedError(ValueError):
    """Somebody else acted after this was read."""

    def __init__(self, event: ComplaintEventRow) -> None:
        self.act, self.who, self.at = event.act, event.who, event.at
        super().__init__(
            f"{event.who} was first ({event.act.value} at "
            f"{event.at.isoformat(timespec='seconds')}); read the complaint again"
        )


class OwnComplaintError(ValueError):
    """Nobody handles a complaint about themselves."""

    def __init__(self) -> None:
        super().__init__("you were on duty then: somebody else must handle this complaint")


@dataclass(frozen=True, slots=True)
class Registration:
    """What is entered. `happened_to`: the end of the span that the citizen named."""

    channel: Channel
    window: str | None
    happened_from: datetime
    happened_to: datetime
    about: str
    complainant: str = ""
    contact: str = ""
    reference: str | None = None


def register(
    session: Session, hall_id: str, given: Registration, who: Person, now: datetime
) -> tuple[ComplaintRow, bool]:
    """The complaint, and whether it is new: one with a known reference is there already.

    Raises UnknownHallIdError, UnknownWindowError, ComplaintRefusedError.
    """
    hall = hall_row(session, hall_id)
    if given.window is not None:
        window_row(session, hall_id, given.window)
    check_span(given.happened_from, given.happened_to, now)
    known = _known(session, hall_id, given.reference)
    if known is not None:
        return known, False
    calendar = calendar_of(session, hall_id)
    row = ComplaintRow(
        hall_id=hall_id,
        number="",
        reference=given.reference,
        channel=given.channel,
        window_id=given.window,
        happened_from=given.happened_from,
        happened_to=given.happened_to,
        about=given.about,
        complainant=given.complainant,
        contact=given.contact,
        received_at=now,
        state=ComplaintState.REGISTERED,
        version=0,
        opinion_due=calendar.due(now, OPINION_DAYS),
        answer_due=calendar.due(now, ANSWER_DAYS),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the same reference, sent twice at once
        known = _known(session, hall_id, given.reference)
        if known is None:
            raise
        return known, False
    row.number = f"{now.astimezone(ZoneInfo(hall.timezone)):%Y}{row.id:06d}"
    append(session, row, ComplaintAct.REGISTER, who, now)
    session.flush()
    return row, True


def _known(session: Session, hall_id: str, reference: str | None) -> ComplaintRow | None:
    if reference is None:
        return None
    return session.scalar(
        select(ComplaintRow).where(
            ComplaintRow.hall_id == hall_id, ComplaintRow.reference == reference
        )
    )


def check_span(happened_from: datetime, happened_to: datetime, now: datetime) -> None:
    """Raises ComplaintRefusedError."""
    if happened_from > now:
        raise ComplaintRefusedError("what is complained about cannot lie in the future")
    if not timedelta(0) <= happened_to - happened_from <= LONGEST:
        raise ComplaintRefusedError("it must end after it begins, within 12 hours")


def opine(
    session: Session, complaint_id: int, who: Person, version: int, said: str, now: datetime
) -> ComplaintRow:
    """The office's opinion. Raises what `taken` raises."""
    row = taken(session, complaint_id, ComplaintAct.OPINE, who, version)
    row.state, row.opinion_at = ComplaintState.OPINED, now
    append(session, row, ComplaintAct.OPINE, who, now, said)
    return row


def answer(
    session: Session, complaint_id: int, who: Person, version: int, said: str, now: datetime
) -> ComplaintRow:
    """What the citizen was told. Raises what `taken` raises."""
    row = taken(session, complaint_id, ComplaintAct.ANSWER, who, version)
    row.state, row.answered_at = ComplaintState.ANSWERED, now
    append(session, row, ComplaintAct.ANSWER, who, now, said)
    return row


def refer(
    session: Session, complaint_id: int, who: Person, version: int, said: str, now: datetime
) -> ComplaintRow:
    """Open a case about it: with the alerts that are attached and in no case yet, against the one
    who was on duty, if the roster names one alone. Raises what `taken` raises."""
    row = taken(session, complaint_id, ComplaintAct.REFER, who, version)
    if row.case_id is not None:
        raise ComplaintRefusedError("there is a case about it already")
    uids = session.scalars(
        select(ComplaintAlertRow.alert_uid)
        .outerjoin(CaseAlertRow, CaseAlertRow.alert_uid == ComplaintAlertRow.alert_uid)
        .where(ComplaintAlertRow.complaint_id == row.id, CaseAlertRow.case_id.is_(None))
    ).all()
    case = open_case(
        session,
        row.hall_id,
        uids,
        who,
        now,
        said,
        happened_at=row.happened_from,
        person=_sole_holder(session, row),
    )
    row.case_id = case.id
    append(session, row, ComplaintAct.REFER, who, now, said, {"case": case.number})
    return row


def _sole_holder(session: Session, row: ComplaintRow) -> StaffRow | None:
    holders = (row.duty or {}).get("holders", [])
    if len(holders) != 1:
        return None
    number = holders[0]["number"]
    return session.scalar(
        select(StaffRow).where(StaffRow.hall_id == row.hall_id, StaffRow.number == number)
    )


def taken(
    session: Session, complaint_id: int, act: ComplaintAct, who: Person, version: int
) -> ComplaintRow:
    """The complaint, locked, if `who` may do this to it now.

    Raises UnknownComplaintError, ComplaintChangedError, ComplaintRefusedError, OwnComplaintError.
    """
    find = select(ComplaintRow).where(ComplaintRow.id == complaint_id).with_for_update()
    row = session.scalar(find, execution_options={"populate_existing": True})
    if row is None or row.hall_id not in who.halls:
        raise UnknownComplaintError(complaint_id)
    if row.version != version:
        raise ComplaintChangedError(_first_after(session, row, version))
    if row.state not in FROM[act]:
        raise ComplaintRefusedError(f"a complaint that is {row.state.value} allows no {act.value}")
    if _is_about(session, row, who):
        raise OwnComplaintError
    return row


def _is_about(session: Session, row: ComplaintRow, who: Person) -> bool:
    """Whether the roster says that they held the window then: as was gathered, else as it says
    now."""
    number = number_of(session, who.staff_id, row.hall_id)
    if number is None:
        return False
    return holds(number, duty_then(session, row) if row.duty is None else row.duty)


def duty_then(session: Session, row: ComplaintRow) -> dict[str, Any]:
    """Who was on duty at its window when it began, as the roster says now."""
    duty = duty_at(session, row.hall_id, row.window_id or "", row.happened_from)
    return dict(duty_snapshot(duty))


def _first_after(session: Session, row: ComplaintRow, version: int) -> ComplaintEventRow:
    event = session.scalar(
        select(ComplaintEventRow).where(
            ComplaintEventRow.complaint_id == row.id,
            ComplaintEventRow.seq == min(version + 1, row.version),
        )
    )
    assert event is not None, "a complaint's history has no holes"
    return event


def append(
    session: Session,
    row: ComplaintRow,
    act: ComplaintAct,
    who: Person,
    at: datetime,
    said: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """One more line in the complaint's history, and in the access log."""
    row.version += 1
    session.add(
        ComplaintEventRow(
            complaint_id=row.id,
            seq=row.version,
            act=act,
            at=at,
            user_id=who.user_id,
            who=who.full_name,
            said=said,
            details=dict(details or {}),
        )
    )
    session.flush()
    record_access(
        session, AccessBy.of(who), Access.HANDLE_COMPLAINT, f"complaint/{row.id}", at,
        hall=row.hall_id, details={"act": act.value, "version": row.version},
    )  # fmt: skip
