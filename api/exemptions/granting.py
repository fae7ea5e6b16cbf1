"""Enter an exemption, take it back, list them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.alerts.own import is_about
from api.alerts.tables import AlertRow
from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.exemptions.marking import mark_covered, unmark
from api.exemptions.tables import AlertExemptionRow, ExemptionKind, ExemptionRow
from api.halls.reach import EVERY_HALL, Halls
from api.halls.reading import window_row
from api.halls.tables import WindowRow
from api.roster.reading import number_of
from api.roster.tables import StaffRow
from api.roster.timeline import roster_over, turns

LONGEST = timedelta(days=400)
LATEST_ENTRY = timedelta(days=60)
"""How long afterwards something may still be allowed."""


class ExemptionRefusedError(ValueError):
    """What was entered makes no sense; the message says what to mend."""


class OwnExemptionError(PermissionError):
    """Nobody exempts themselves."""

    def __init__(self) -> None:
        super().__init__(
            "it would exempt yourself, or a window that you hold then: somebody else must enter it"
        )


class UnknownExemptionError(LookupError):
    def __init__(self, exemption_id: int) -> None:
        super().__init__(f"there is no exemption {exemption_id}")


class ExemptionRevokedError(ValueError):
    def __init__(self, who: str) -> None:
        self.who = who
        super().__init__(f"{who} has taken it back already")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is entered. `number` is a staff number, `allowed_by` the name of who allowed it."""

    kind: ExemptionKind
    number: str | None
    window: str | None
    starts_at: datetime
    ends_at: datetime
    allowed_by: str
    note: str = ""


class ExemptionView(BaseModel):
    """One exemption; `alerts`: how many it covers. Times are UTC."""

    model_config = ConfigDict(frozen=True)

    id: int
    hall: str
    kind: ExemptionKind
    number: str | None
    name: str | None
    window: str | None
    window_name: str | None
    starts_at: datetime
    ends_at: datetime
    allowed_by: str
    note: str
    entered_at: datetime
    entered_by: str
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_why: str | None
    alerts: int


def grant(session: Session, hall_id: str, given: Allowance, by: AccessBy, now: datetime) -> int:
    """Enter it and mark what it covers; returns its id.

    Raises ExemptionRefusedError, OwnExemptionError, UnknownWindowError.
    """
    _check(given, now)
    if given.window is not None:
        window_row(session, hall_id, given.window)
    if _exempts(session, hall_id, given, by):
        raise OwnExemptionError
    row = ExemptionRow(
        hall_id=hall_id,
        kind=given.kind,
        staff_id=None if given.number is None else _staff(session, hall_id, given.number).id,
        window_id=given.window,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        allowed_by=given.allowed_by,
        note=given.note,
        entered_at=now,
        entered_by=by.name,
    )
    session.add(row)
    session.flush()
    mark_covered(session, row, now)
    if _covers_own(session, row, by):
        raise OwnExemptionError
    _write_down(session, row, "grant", by, "", now)
    return row.id


def _check(given: Allowance, now: datetime) -> None:
    if given.number is None and given.window is None:
        raise ExemptionRefusedError("name a person, a window, or both")
    if not timedelta(0) < given.ends_at - given.starts_at <= LONGEST:
        raise ExemptionRefusedError("it must end after it begins, within 400 days")
    if now - given.ends_at > LATEST_ENTRY:
        raise ExemptionRefusedError("it ended more than 60 days ago; open a case instead")


def _exempts(session: Session, hall_id: str, given: Allowance, by: AccessBy) -> bool:
    """Whether it names the one who enters it, or a window that they hold meanwhile."""
    number = number_of(session, by.staff_id, hall_id)
    if number is None or given.window is None or given.number is not None:
        return number is not None and given.number == number
    roster = roster_over(session, hall_id, given.starts_at, given.ends_at)
    here = replace(roster, shifts=tuple(s for s in roster.shifts if s.window == given.window))
    found = turns(here, given.window, given.starts_at, given.ends_at)
    return any(person.number == number for turn in found for person in turn.duty.holders)


def _covers_own(session: Session, row: ExemptionRow, by: AccessBy) -> bool:
    """Whether it covers an alert about the one who enters it, whatever the roster says by now."""
    if by.staff_id is None:
        return False
    covered = (
        select(AlertRow)
        .join(AlertExemptionRow, AlertExemptionRow.alert_uid == AlertRow.uid)
        .where(AlertExemptionRow.exemption_id == row.id)
    )
    return any(is_about(session, alert, by.staff_id) for alert in session.scalars(covered).all())


def _staff(session: Session, hall_id: str, number: str) -> StaffRow:
    row = session.scalar(
        select(StaffRow).where(StaffRow.hall_id == hall_id, StaffRow.number == number)
    )
    if row is None:
        raise ExemptionRefusedError(f"nobody in this hall has the number {number!r}")
    return row


def revoke(
    session: Session,
    exemption_id: int,
    why: str,
    by: AccessBy,
    now: datetime,
    halls: Halls = EVERY_HALL,
) -> None:
    """Take it back: what it covered counts again. The entry stays.

    Raises UnknownExemptionError, ExemptionRevokedError.
    """
    find = select(ExemptionRow).where(ExemptionRow.id == exemption_id).with_for_update()
    row = session.scalar(find, execution_options={"populate_existing": True})
    if row is None or row.hall_id not in halls:
        raise UnknownExemptionError(exemption_id)
    if row.revoked_at is not None:
        raise ExemptionRevokedError(row.revoked_by or "")
    row.revoked_at, row.revoked_by, row.revoked_why = now, by.name, why
    unmark(session, row)
    _write_down(session, row, "revoke", by, why, now)


def _write_down(
    session: Session, row: ExemptionRow, act: str, by: AccessBy, why: str, now: datetime
) -> None:
    record_access(
        session, by, Access.EDIT_EXEMPTION, f"exemption/{row.id}", now,
        hall=row.hall_id, purpose=why, details={"act": act, "kind": row.kind.value},
    )  # fmt: skip


def exemptions_of(
    session: Session, hall_id: str, touching: datetime | None = None, limit: int = 200
) -> tuple[ExemptionView, ...]:
    """The hall's exemptions, the latest first; `touching`: only those that end after it."""
    counted = (
        select(func.count())
        .where(AlertExemptionRow.exemption_id == ExemptionRow.id)
        .scalar_subquery()
    )
    query = (
        select(ExemptionRow, StaffRow, WindowRow.name, counted)
        .outerjoin(StaffRow, StaffRow.id == ExemptionRow.staff_id)
        .outerjoin(
            WindowRow,
            (WindowRow.hall_id == ExemptionRow.hall_id) & (WindowRow.id == ExemptionRow.window_id),
        )
        .where(ExemptionRow.hall_id == hall_id)
        .order_by(ExemptionRow.starts_at.desc(), ExemptionRow.id.desc())
        .limit(limit)
    )
    if touching is not None:
        query = query.where(ExemptionRow.ends_at > touching)
    return tuple(_view(*row) for row in session.execute(query))


def _view(
    row: ExemptionRow, staff: StaffRow | None, window_name: str | None, alerts: int
) -> ExemptionView:
    return ExemptionView(
        id=row.id,
        hall=row.hall_id,
        kind=row.kind,
        number=staff.number if staff else None,
        name=staff.name if staff else None,
        window=row.window_id,
        window_name=window_name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        allowed_by=row.allowed_by,
        note=row.note,
        entered_at=row.entered_at,
        entered_by=row.entered_by,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        revoked_why=row.revoked_why,
        alerts=alerts,
    )
