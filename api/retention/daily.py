"""The sweep once a day, beside everything else that runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from api.database import Database
from api.retention.sweep import Swept, sweep_all
from api.trouble import Trouble

DAY_S = 86_400.0
AGAIN_S = 3_600.0
FIRST_AFTER_S = 300.0
"""Not while everything starts."""
_log = logging.getLogger(__name__)


class DailySweep:
    """A thread of its own; what fails is tried again an hour later."""

    def __init__(
        self,
        database: Database,
        evidence: Path,
        now: Callable[[], datetime],
        outbox: Path | None = None,
    ) -> None:
        self._database = database
        self._evidence = evidence
        self._outbox = outbox
        self._now = now
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> DailySweep:
        self._thread.start()
        return self

    def close(self) -> None:
        self._over.set()
        self._thread.join(5)

    def _run(self) -> None:
        wait_s = FIRST_AFTER_S
        trouble = Trouble(_log, "the daily deletion is done")
        while not self._over.wait(wait_s):
            wait_s = DAY_S
            try:
                self.sweep()
            except Exception as error:
                trouble.met("the daily deletion failed; it is tried again every hour", error)
                wait_s = AGAIN_S
            else:
                trouble.over()

    def sweep(self) -> list[Swept]:
        """Now."""
        swept = sweep_all(self._database, self._evidence, self._now(), self._outbox)
        for hall in swept:
            if hall != Swept(hall.hall):
                _log.info("deleted what was kept long enough: %s", hall)
        return swept
