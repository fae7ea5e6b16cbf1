"""What was changed in a roster, by whom, when; and whether an alert's duty would differ by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, insert, or_, select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow
from api.audit.record import AccessBy, Person, record_access
from api.audit.tables import Access
from api.halls.tables import WindowRow
from api.roster.reading import duty_at, duty_snapshot
from api.roster.tables import RosterChangeRow

Told = Mapping[str, Any]


class RosterThing(StrEnum):
    SHIFT = "shift"
    PATTERN = "pattern"
    LEAVE = "leave"
    TIME = "time"
    NOTE = "note"
    DAY = "day"  # of the hall's own calendar; its number is 20270214
    STAFF = "staff"
    POST = "post"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes the roster, when."""

    by: AccessBy
    at: datetime

    @classmethod
    def of(cls, person: Person, at: datetime) -> Self:
        return cls(AccessBy.of(person), at)


def note_change(
    session: Session,
    hall_id: str,
    editor: Editor,
    what: RosterThing,
    thing_id: int,
    *,
    before: Told | None = None,
    after: Told | None = None,
    import_id: int | None = None,
) -> int | None:
    """Add a line to the history and a row to the access log; returns the line's id. Nothing, and
    None, where nothing changed."""
    if before == after:
        return None
    row = RosterChangeRow(
        hall_id=hall_id,
        at=editor.at,
        who=editor.by.name,
        user_id=editor.by.user_id,
        what=what.value,
        thing_id=thing_id,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
        import_id=import_id,
    )
    session.add(row)
    session.flush()
    record_access(
        session,
        editor.by,
        Access.EDIT_ROSTER,
        f"roster/{what.value}/{thing_id}",
        editor.at,
        hall=hall_id,
        details={"change": row.id, "act": act_of(before, after)},
    )
    return row.id


@dataclass(frozen=True, slots=True)
class FileChange:
    """One entry that a file brought, changed or took away."""

    what: RosterThing
    thing_id: int
    before: Told | None
    after: Told | None


def note_import(
    session: Session,
    hall_id: str,
    editor: Editor,
    import_id: int,
    summary: Told,
    changes: Iterable[FileChange],
) -> None:
    """A line for the file, and one for each entry; the access log has a row for the file alone."""
    values = [
        {
            "hall_id": hall_id,
            "at": editor.at,
            "who": editor.by.name,
            "user_id": editor.by.user_id,
            "what": change.what.value,
            "thing_id": change.thing_id,
            "before": change.before,
            "after": change.after,
            "import_id": import_id,
        }
        for change in changes
        if change.before != change.after
    ]
    if values:
        session.execute(insert(RosterChangeRow), values)
    note_change(session, hall_id, editor, RosterThing.IMPORT, import_id, after=summary)


def act_of(before: Told | None, after: Told | None) -> str:
    """made, changed or dropped."""
    if before is None:
        return "made"
    return "dropped" if after is None else "changed"


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """What to look for; what is left out matches all. `window`: also what holds for the whole hall.
    `number`: whose shift, leave, post or cover it is. `import_id`: the entries of that file, which
    are left out where neither a window nor a person nor a file is asked for."""

    window: str | None = None
    number: str | None = None
    who: str = ""
    what: RosterThing | None = None
    at_from: datetime | None = None
    at_to: datetime | None = None
    import_id: int | None = None


ALL_CHANGES = ChangeFilter()


def change_rows(
    session: Session,
    hall_id: str,
    wanted: ChangeFilter = ALL_CHANGES,
    *,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[RosterChangeRow]:
    """The latest first; `before` an id, for the next page."""
    query = (
        select(RosterChangeRow)
        .where(RosterChangeRow.hall_id == hall_id, *_conditions(wanted))
        .order_by(RosterChangeRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(RosterChangeRow.id < before)
    return session.scalars(query).all()


def _conditions(wanted: ChangeFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.window is not None:
        conditions.append(_of_window(wanted.window))
    if wanted.number is not None:
        sides = (RosterChangeRow.before, RosterChangeRow.after)
        conditions.append(
            or_(
                *(side["number"].as_string() == wanted.number for side in sides),
                *(side["cover"]["number"].as_string() == wanted.number for side in sides),
            )
        )
    if wanted.import_id is not None:
        conditions.append(RosterChangeRow.import_id == wanted.import_id)
    elif wanted.window is None and wanted.number is None:
        conditions.append(RosterChangeRow.import_id.is_(None))
    if wanted.who:
        conditions.append(RosterChangeRow.who.contains(wanted.who, autoescape=True))
    if wanted.what is not None:
        conditions.append(RosterChangeRow.what == wanted.what.value)
    if wanted.at_from is not None:
        conditions.append(RosterChangeRow.at >= wanted.at_from)
    if wanted.at_to is not None:
        conditions.append(RosterChangeRow.at < wanted.at_to)
    return conditions


def _of_window(window: str) -> ColumnElement[bool]:
    """It names the window before or afterwards, or holds for every window."""
    before, after = (
        side["window"].as_string() for side in (RosterChangeRow.before, RosterChangeRow.after)
    )
    of_hall = (RosterThing.TIME.value, RosterThing.NOTE.value, RosterThing.DAY.value)
    everywhere = RosterChangeRow.what.in_(of_hall) & before.is_(None) & after.is_(None)
    return or_(before == window, after == window, everywhere)


def duty_changed(session: Session, alert: AlertRow) -> Mapping[str, Any] | None:
    """What the roster says now of who was on duty, where that is not what it said when the alert
    came in, which is what counts. None: it says the same, or the alert is about no window."""
    if alert.duty is None or session.get(WindowRow, (alert.hall_id, alert.subject)) is None:
        return None
    now = duty_snapshot(duty_at(session, alert.hall_id, alert.subject, alert.began_at))
    return None if now == alert.duty else now
