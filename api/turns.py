"""One after the other, in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A lock that goes to whoever waits longest, and may be given back by another thread than took
    it. SQLite's own waiting is by trying again now and then: who writes without a pause is always
    faster, and others wait until they give up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def take(self, longest_s: float) -> bool:
        """Wait for the turn; False: it did not come within so many seconds."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(longest_s):
            return True
        with self._lock:
            if mine.is_set():
                return True
            self._waiting.remove(mine)
            return False

    def give_back(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def waiting(self) -> int:
        """How many wait for their turn."""
        with self._lock:
            return len(self._waiting)
