"""Attach to a complaint, at one click, what there is of its window and time: who was on duty, the
alerts, the footage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypedDict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow
from api.audit.record import AccessBy
from api.cases.opening import Person
from api.complaints.acting import ComplaintRefusedError, append, duty_then, taken
from api.complaints.tables import (
    ComplaintAct,
    ComplaintAlertRow,
    ComplaintFootageRow,
    ComplaintRow,
)
from api.database import Database
from api.footage.keeping import (
    LONGEST,
    Cutter,
    FootageDiskError,
    NoFootageError,
    NotRecordingError,
    UnknownCameraError,
    Wanted,
    keep_footage,
)
from api.halls.reading import window_row

MARGIN = timedelta(minutes=2)
"""A citizen's watch is not the camera's."""


@dataclass(frozen=True, slots=True)
class Archive:
    """Where footage comes from and is kept: see `keep_footage`."""

    database: Database
    cutters: Mapping[str, Cutter]
    evidence_root: Path


def gather(
    archive: Archive, complaint_id: int, who: Person, version: int, now: datetime
) -> ComplaintRow:
    """Attach it all. Where nothing was recorded, the history says so.

    Raises what `taken` raises; the database is not held while footage is cut.
    """
    with archive.database.session() as session:
        row = _found(session, complaint_id, who, version)
        wanted = _footage_of(session, row)
    cut = _cut(archive, wanted, who, now)
    with archive.database.session() as session:
        row = _found(session, complaint_id, who, version)
        row.duty = duty_then(session, row)
        row.gathered_at = now
        uids = _attach_alerts(session, row)
        if cut["footage"] is not None:
            session.add(ComplaintFootageRow(complaint_id=row.id, footage_id=cut["footage"]))
        details = {"alerts": uids, "duty": row.duty, **cut}
        append(session, row, ComplaintAct.GATHER, who, now, details=details)
        return row


def _found(session: Session, complaint_id: int, who: Person, version: int) -> ComplaintRow:
    row = taken(session, complaint_id, ComplaintAct.GATHER, who, version)
    if row.window_id is None:
        raise ComplaintRefusedError("it names no window: there is nothing to look for")
    return row


def _footage_of(session: Session, row: ComplaintRow) -> Wanted:
    """The window's camera and the span, with a margin; of a long one, its beginning."""
    window = window_row(session, row.hall_id, row.window_id or "")
    begins = row.happened_from - MARGIN
    ends = min(row.happened_to + MARGIN, begins + LONGEST)
    return Wanted(row.hall_id, window.camera_id, begins, ends, f"complaint {row.number}")


class _Cut(TypedDict):
    """footage: its id, None if there is none; lacking: what of it, or why; no_room: on the disk."""

    footage: int | None
    lacking: str
    no_room: bool


def _cut(archive: Archive, wanted: Wanted, who: Person, now: datetime) -> _Cut:
    try:
        footage = keep_footage(
            archive.database, archive.cutters, archive.evidence_root, wanted, AccessBy.of(who), now
        )
    except (NoFootageError, NotRecordingError, UnknownCameraError, FootageDiskError) as error:
        no_room = isinstance(error, FootageDiskError)
        return {"footage": None, "lacking": str(error), "no_room": no_room}
    return {"footage": footage.id, "lacking": footage.lacking, "no_room": False}


def _attach_alerts(session: Session, row: ComplaintRow) -> list[str]:
    """The alerts of the window that touch the span; returns all that are attached now."""
    found = session.scalars(
        select(AlertRow.uid)
        .where(
            AlertRow.hall_id == row.hall_id,
            AlertRow.subject == row.window_id,
            AlertRow.began_at <= row.happened_to + MARGIN,
            func.coalesce(AlertRow.ended_at, AlertRow.at) >= row.happened_from - MARGIN,
        )
        .order_by(AlertRow.began_at)
    ).all()
    for uid in found:
        session.merge(ComplaintAlertRow(complaint_id=row.id, alert_uid=uid))
    session.flush()
    return list(found)
