"""Watches whether the shared detector keeps up, and stretches the pace of all cameras alike."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from models.shared import SharedDetector
from vision.pace import stretched

_log = logging.getLogger(__name__)

EVERY_S = 2.0
TELL_FROM = 1.5
"""From this stretch on it is said in the log."""


class Throttle:
    """Tells every camera by how much to slow down. tell: told of the stretch when it changes."""

    def __init__(
        self,
        shared: SharedDetector,
        tell: Callable[[float], None],
        *,
        every_s: float = EVERY_S,
    ) -> None:
        self.stretch = 1.0
        self._shared = shared
        self._tell = tell
        self._every_s = every_s
        self._said = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="throttle", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """The detector ends with it: started before the cameras, it is closed after them."""
        self._closing.set()
        self._thread.join()
        self._shared.close()

    def look(self) -> None:
        """Follow the last seconds' load. Where nothing was asked there is room: after closing time
        the machine keeps up."""
        load = self._shared.load()
        if load.answers == 0 and load.waiting:
            return
        stretch = stretched(self.stretch, load.late, load.busy)
        if stretch != self.stretch:
            self.stretch = stretch
            self._tell(stretch)
        slow = stretch >= TELL_FROM
        if slow and not self._said:
            _log.warning(
                "the machine does not keep up: every camera is looked at %.1f times as seldom. "
                "`hallwatch doctor` says how many cameras it can carry", stretch,
            )  # fmt: skip
        self._said = slow

    def _run(self) -> None:
        while not self._closing.wait(self._every_s):
            self.look()
