"""Whether the ticket system says that a window is paused: for rules, which excuse an empty one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.database import Database
from api.rereading import Reread
from api.tickets.saying import SILENT_AFTER, last_word, pause_said, said_by
from api.tickets.tables import TicketRow, TicketState
from vision.records import Stamp

READ_AGAIN_S = 5.0
LATE = timedelta(minutes=1)
"""So much older than the newest word a picture may be."""

Told = Mapping[str, Sequence[tuple[datetime, TicketState]]]
"""Window id -> what was said of it, the latest first."""


def lately_told(session: Session, hall_id: str) -> Told:
    """As much as the rules need."""
    newest = last_word(session, hall_id)
    told: dict[str, list[tuple[datetime, TicketState]]] = {}
    if newest is None:
        return told
    rows = session.scalars(
        select(TicketRow)
        .where(TicketRow.hall_id == hall_id, TicketRow.at >= newest - SILENT_AFTER - LATE)
        .order_by(TicketRow.at.desc())
    )
    for row in rows:
        told.setdefault(row.window_id, []).append((row.at, row.state))
    return told


class TicketPauses:
    """For the threads that watch. None: no ticket system is connected, it has gone silent, or the
    window is signed off there. clock: monotonic seconds."""

    def __init__(
        self, database: Database, hall_id: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        none: Told = {}
        self._told = Reread(
            database, lambda session: lately_told(session, hall_id), none, READ_AGAIN_S, clock
        )

    def __call__(self, window_id: str, stamp: Stamp) -> bool | None:
        for at, state in self._told().get(window_id, ()):
            if at <= stamp.wall:
                return pause_said(state, at, stamp.wall)
        return None


class PausesThen:
    """The same of any moment for which it is kept, read anew for each: for footage that is watched
    again."""

    def __init__(self, database: Database, hall_id: str) -> None:
        self._database, self._hall_id = database, hall_id

    def __call__(self, window_id: str, stamp: Stamp) -> bool | None:
        with self._database.reading() as session:
            said = said_by(session, self._hall_id, window_id, stamp.wall)
        if said.state is None or said.heard is None:
            return None
        return pause_said(said.state, said.heard, stamp.wall)
