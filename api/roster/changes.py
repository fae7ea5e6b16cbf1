"""What was changed in a roster, by whom, when; and whether an alert's duty would differ by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow
from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.halls.tables import WindowRow
from api.roster.reading import duty_at, duty_snapshot
from api.roster.tables import RosterChangeRow


class RosterThing(StrEnum):
    SHIFT = "shift"
    PATTERN = "pattern"
    LEAVE = "leave"
    TIME = "time"
    NOTE = "note"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes the roster, when."""

    name: str
    user_id: int | None
    at: datetime


def note_change(
    session: Session,
    hall_id: str,
    editor: Editor,
    what: RosterThing,
    thing_id: int,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add a line to the history; nothing where nothing changed."""
    if before == after:
        return
    session.add(
        RosterChangeRow(
            hall_id=hall_id,
            at=editor.at,
            who=editor.name,
            user_id=editor.user_id,
            what=what.value,
            thing_id=thing_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
        )
    )
    session.flush()
    by, name = AccessBy(editor.user_id, editor.name), f"roster/{what.value}/{thing_id}"
    record_access(session, by, Access.EDIT_ROSTER, name, editor.at, hall=hall_id)


def change_rows(
    session: Session, hall_id: str, *, before: int | None = None, limit: int = 50
) -> Sequence[RosterChangeRow]:
    """The latest first; `before` an id, for the next page."""
    query = (
        select(RosterChangeRow)
        .where(RosterChangeRow.hall_id == hall_id)
        .order_by(RosterChangeRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(RosterChangeRow.id < before)
    return session.scalars(query).all()


def duty_changed(session: Session, alert: AlertRow) -> Mapping[str, Any] | None:
    """What the roster says now of who was on duty, where that is not what it said when the alert
    came in, which is what counts. None: it says the same, or the alert is about no window."""
    if alert.duty is None or session.get(WindowRow, (alert.hall_id, alert.subject)) is None:
        return None
    now = duty_snapshot(duty_at(session, alert.hall_id, alert.subject, alert.began_at))
    return None if now == alert.duty else now
