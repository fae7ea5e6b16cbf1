"""Whether a window is open: for rules, which leave a closed or resting window alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from api.database import Database
from api.rereading import Reread
from api.roster.duty import Roster, Service, service_at
from api.roster.reading import hall_days, service_times
from vision.records import Stamp

READ_AGAIN_S = 30.0


def window_open(session: Session, hall_id: str, window_id: str, at: datetime) -> bool | None:
    """False: closed, or on a planned break. None: nothing was said about the window's hours."""
    return _open(_hours(session, hall_id), window_id, at)


def _hours(session: Session, hall_id: str) -> Roster:
    """As much of the roster as the hours of service need."""
    return Roster(times=service_times(session, hall_id), hall=hall_days(session, hall_id))


def _open(hours: Roster, window_id: str, at: datetime) -> bool | None:
    service = service_at(hours, window_id, at)
    return None if service is None else service is Service.OPEN


class OpenHours:
    """The same for the threads that watch. clock: monotonic seconds."""

    def __init__(
        self, database: Database, hall_id: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._hours = Reread(
            database, lambda session: _hours(session, hall_id), Roster(), READ_AGAIN_S, clock
        )

    def __call__(self, window_id: str, stamp: Stamp) -> bool | None:
        return _open(self._hours(), window_id, stamp.wall)
