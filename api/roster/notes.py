"""What the roster's notes (a visitor, a training, a handover) say of an alert.

A note informs and never judges: the alert is raised, kept and counted all the same, and whoever
judges it reads the note beside it. Only an exemption, which somebody answers for by name, takes an
alert out of the count (docs/decisions/0060-roster-notes-inform.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow
from api.roster.tables import NoteKind, RosterNoteRow

EXPLAINS: Mapping[NoteKind, frozenset[str]] = {
    NoteKind.VISITOR: frozenset({"extra_person"}),
    NoteKind.TRAINING: frozenset({"gathering"}),
    NoteKind.HANDOVER: frozenset({"gathering"}),
}
"""The rules for which the rulebook names such a note as a reason why nothing is wrong. For every
other rule a note is a circumstance."""


class AlertNote(BaseModel):
    """A note that lay over an alert, or over a part of it.

    window: None is the whole hall. explains: the rulebook takes it as a reason for what the rule
    saw. whole: it lay over the alert from its beginning to its end, or to its latest step. later:
    it was entered after the alert had come in. dropped_by, dropped_at: it was on the roster when
    the alert came in, and was taken back since.
    """

    model_config = ConfigDict(frozen=True)

    id: int
    kind: NoteKind
    window: str | None
    starts_at: datetime
    ends_at: datetime
    note: str
    entered_by: str
    entered_at: datetime
    dropped_by: str | None
    dropped_at: datetime | None
    explains: bool
    whole: bool
    later: bool


def notes_on(session: Session, alert: AlertRow) -> tuple[AlertNote, ...]:
    """The notes of the alert's window and of its hall that touch it, the earliest first."""
    rows = _rows(session, {alert.hall_id}, alert.began_at, _until(alert))
    return tuple(_view(row, alert) for row in rows if _bears_on(row, alert))


def noted(session: Session, uids: Collection[str]) -> set[str]:
    """Which of these alerts have such a note."""
    alerts = session.scalars(select(AlertRow).where(AlertRow.uid.in_(uids))).all()
    if not alerts:
        return set()
    first, last = min(a.began_at for a in alerts), max(map(_until, alerts))
    rows = list(_rows(session, {a.hall_id for a in alerts}, first, last))
    return {a.uid for a in alerts if any(_bears_on(row, a) for row in rows)}


def _rows(
    session: Session, halls: Collection[str], first: datetime, last: datetime
) -> Iterable[RosterNoteRow]:
    return session.scalars(
        select(RosterNoteRow)
        .where(
            RosterNoteRow.hall_id.in_(halls),
            RosterNoteRow.starts_at <= last,
            RosterNoteRow.ends_at > first,
        )
        .order_by(RosterNoteRow.starts_at, RosterNoteRow.id)
    )


def _until(alert: AlertRow) -> datetime:
    return alert.ended_at or alert.at


def _bears_on(row: RosterNoteRow, alert: AlertRow) -> bool:
    """An alert about the camera itself is about nobody, and no note bears on it."""
    here = row.hall_id == alert.hall_id and row.window_id in (None, alert.subject)
    touches = row.starts_at <= _until(alert) and row.ends_at > alert.began_at
    known_then = row.dropped_at is None or row.entered_at <= alert.received_at < row.dropped_at
    return here and touches and known_then and alert.subject != alert.camera_id


def _view(row: RosterNoteRow, alert: AlertRow) -> AlertNote:
    return AlertNote(
        id=row.id,
        kind=row.kind,
        window=row.window_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        note=row.note,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        dropped_by=row.dropped_by,
        dropped_at=row.dropped_at,
        explains=alert.rule in EXPLAINS[row.kind],
        whole=row.starts_at <= alert.began_at and _until(alert) <= row.ends_at,
        later=row.entered_at > alert.received_at,
    )
