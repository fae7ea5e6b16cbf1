"""Which moments of the continuous recordings must stay: what is not cut out of them yet, and what a
case, a complaint or a hold may still need."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow
from api.cases.tables import CaseAlertRow, CaseRow
from api.complaints.gathering import MARGIN
from api.complaints.tables import ComplaintRow
from api.database import Database
from api.halls.tables import WindowRow
from api.retention.terms import held, held_cases
from api.trouble import Trouble

AROUND = timedelta(minutes=2)
"""Before an alert's conduct began and after it ended: more than its clip shows."""
EVERY_S = 30.0
_log = logging.getLogger(__name__)

Moments: TypeAlias = Mapping[str, Sequence[tuple[datetime, datetime]]]
"""Camera -> spans of its time."""


def moments_held(session: Session, hall_id: str) -> Moments:
    """Around the alerts of open cases, of unanswered complaints, and under a hold; and what such
    complaints are about, as far as they name a window."""
    moments: dict[str, list[tuple[datetime, datetime]]] = {}
    for camera, begins, ends in (
        *_of_alerts(session, hall_id),
        *_of_complaints(session, hall_id),
    ):
        moments.setdefault(camera, []).append((begins, ends))
    return moments


def _of_alerts(session: Session, hall_id: str) -> list[tuple[str, datetime, datetime]]:
    uids, _ = held(session, hall_id)
    in_open_case = select(CaseAlertRow.alert_uid).join(CaseRow).where(CaseRow.closed_at.is_(None))
    ended = func.coalesce(AlertRow.ended_at, AlertRow.at)
    rows = session.execute(
        select(AlertRow.camera_id, AlertRow.began_at, ended).where(
            AlertRow.hall_id == hall_id,
            or_(AlertRow.uid.in_(uids), AlertRow.uid.in_(in_open_case)),
        )
    )
    return [(camera, begins - AROUND, ends + AROUND) for camera, begins, ends in rows]


def _of_complaints(session: Session, hall_id: str) -> list[tuple[str, datetime, datetime]]:
    cases = select(CaseRow.id).where(
        or_(CaseRow.closed_at.is_(None), CaseRow.id.in_(held_cases(session, hall_id)))
    )
    there = and_(WindowRow.hall_id == ComplaintRow.hall_id, WindowRow.id == ComplaintRow.window_id)
    rows = session.execute(
        select(WindowRow.camera_id, ComplaintRow.happened_from, ComplaintRow.happened_to)
        .join(ComplaintRow, there)
        .where(
            ComplaintRow.hall_id == hall_id,
            or_(ComplaintRow.answered_at.is_(None), ComplaintRow.case_id.in_(cases)),
        )
    )
    return [(camera, begins - MARGIN, ends + MARGIN) for camera, begins, ends in rows]


class HeldRecordings:
    """The same for the thread that records, which must not wait for the database: read by a thread
    of its own, and as it was last read while the database does not answer. None: before it ever
    did."""

    def __init__(self, database: Database, hall_id: str) -> None:
        self._database = database
        self._hall_id = hall_id
        self._last: Moments | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="held", daemon=True)

    def __call__(self) -> Moments | None:
        return self._last

    def start(self) -> HeldRecordings:
        self._thread.start()
        return self

    def close(self) -> None:
        self._over.set()
        self._thread.join(5)

    def read(self) -> None:
        """Now."""
        with self._database.reading() as session:
            self._last = moments_held(session, self._hall_id)

    def _run(self) -> None:
        trouble = Trouble(_log, "what is held of the recordings is read again")
        while True:
            try:
                self.read()
            except Exception as error:
                trouble.met(
                    "what is held of the recordings cannot be read; as it was last known, it stays",
                    error,
                )
            else:
                trouble.over()
            if self._over.wait(EVERY_S):
                return
