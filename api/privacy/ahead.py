"""Blurred copies made before anybody asks: a supervisor should not wait for a clip."""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from api.alerts.tables import ClipRow, StillRow
from api.database import Database
from api.events import AlertNews, What
from api.halls.reach import EVERY_HALL
from api.privacy.copies import BlurError, BlurredCopies
from api.privacy.showing import Find, clip_film, still_film

NICENESS = 10
"""Watching comes first."""
_log = logging.getLogger(__name__)


class CopiesAhead:
    """Makes the copies of an alert's evidence as soon as it is attached, one after the other."""

    def __init__(self, database: Database, evidence: Path, copies: BlurredCopies) -> None:
        self._database = database
        self._evidence = evidence
        self._copies = copies
        self._uids: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="blur", daemon=True)
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> CopiesAhead:
        self._unsubscribe = self._database.bus.subscribe(self._told)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop after the copy that is being made; the others are made when somebody asks."""
        self._unsubscribe()
        while not self._uids.empty():
            self._uids.get()
        self._uids.put(None)
        self._thread.join(10)

    def _told(self, news: AlertNews) -> None:
        if news.what is What.EVIDENCE:
            self._uids.put(news.uid)

    def _run(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while (uid := self._uids.get()) is not None:
            try:
                self._make(uid)
            except (BlurError, LookupError) as error:
                _log.warning("no blurred copy ahead of time: %s", error)
            except Exception:
                _log.exception("no blurred copy ahead of time of alert %s", uid)

    def _make(self, uid: str) -> None:
        kinds: tuple[tuple[type[ClipRow] | type[StillRow], Find], ...] = (
            (StillRow, still_film),
            (ClipRow, clip_film),
        )
        with self._database.reading() as session:
            films = [
                find(session, self._evidence, row_id, EVERY_HALL)
                for table, find in kinds
                for row_id in session.scalars(select(table.id).where(table.alert_uid == uid))
            ]
        for film in films:
            film.blurred(self._copies)
