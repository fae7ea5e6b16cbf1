"""Correct what was registered wrongly: the complaint says the new, its history the old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from api.cases.opening import Person
from api.complaints.acting import ComplaintRefusedError, append, check_span, duty_then, taken
from api.complaints.tables import (
    Channel,
    ComplainantBeforeRow,
    ComplaintAct,
    ComplaintAlertRow,
    ComplaintFootageRow,
    ComplaintRow,
)
from api.halls.reading import window_row

SCOPE = frozenset({"window", "happened_from", "happened_to"})
"""What was gathered hangs on these."""


@dataclass(frozen=True, slots=True)
class Correction:
    """All of the complaint as it should read. complainant, contact: None leaves them as they are,
    for whoever corrects it may not see them."""

    channel: Channel
    window: str | None
    happened_from: datetime
    happened_to: datetime
    about: str
    complainant: str | None = None
    contact: str | None = None


def correct(
    session: Session,
    complaint_id: int,
    who: Person,
    version: int,
    given: Correction,
    why: str,
    now: datetime,
) -> ComplaintRow:
    """Let the complaint read as given. Its history keeps what it said before; of the complainant it
    says only that something was changed. With another window or time, what was gathered no longer
    belongs to it and has to be gathered again.

    Raises what `taken` raises, UnknownWindowError, and ComplaintRefusedError where nothing differs.
    """
    row = taken(session, complaint_id, ComplaintAct.CORRECT, who, version)
    if given.window is not None:
        window_row(session, row.hall_id, given.window)
    check_span(given.happened_from, given.happened_to, now)
    before, after = _open_facts(row), _open_facts(given)
    changed = [name for name in before if before[name] != after[name]]
    person = _person_changes(row, given)
    if not changed and not person:
        raise ComplaintRefusedError("nothing is different")
    if person:
        _keep_complainant(session, row, now)
    row.channel, row.window_id, row.about = given.channel, given.window, given.about
    row.happened_from, row.happened_to = given.happened_from, given.happened_to
    for name, value in person.items():
        setattr(row, name, value)
    if SCOPE & set(changed):
        _part_from_gathered(session, row)
    details = {
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
        "complainant": bool(person),
    }
    append(session, row, ComplaintAct.CORRECT, who, now, why, details)
    return row


def _open_facts(said: ComplaintRow | Correction) -> dict[str, Any]:
    """What everybody may read who may read the complaint, as JSON."""
    window = said.window_id if isinstance(said, ComplaintRow) else said.window
    return {
        "channel": said.channel.value,
        "window": window,
        "happened_from": said.happened_from.isoformat(),
        "happened_to": said.happened_to.isoformat(),
        "about": said.about,
    }


def _person_changes(row: ComplaintRow, given: Correction) -> Mapping[str, str]:
    wanted = {"complainant": given.complainant, "contact": given.contact}
    return {
        name: value
        for name, value in wanted.items()
        if value is not None and value != getattr(row, name)
    }


def _keep_complainant(session: Session, row: ComplaintRow, now: datetime) -> None:
    session.add(
        ComplainantBeforeRow(
            complaint_id=row.id,
            seq=row.version + 1,
            until=now,
            complainant=row.complainant,
            contact=row.contact,
        )
    )


def _part_from_gathered(session: Session, row: ComplaintRow) -> None:
    """Whose matter it is, is known at once: nobody handles a complaint about themselves."""
    if row.duty is not None:
        row.duty = duty_then(session, row)
    row.gathered_at = None
    for table in (ComplaintAlertRow, ComplaintFootageRow):
        session.execute(delete(table).where(table.complaint_id == row.id))


def has_earlier_complainant() -> ColumnElement[bool]:
    """The condition of a query of complaints: there are earlier details of who complained."""
    of_it = ComplainantBeforeRow.complaint_id == ComplaintRow.id
    return select(ComplainantBeforeRow.seq).where(of_it).exists()
