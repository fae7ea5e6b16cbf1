"""What the threads that watch must know of the database, without asking it at every look."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.database import Database

T = TypeVar("T")


class Reread(Generic[T]):
    """Read again once it is `every_s` old, and as it was last read while the database does not
    answer. nothing: before it ever did. clock: monotonic seconds."""

    def __init__(
        self,
        database: Database,
        read: Callable[[Session], T],
        nothing: T,
        every_s: float,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._read = read
        self._last = nothing
        self._every_s = every_s
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at_s: float | None = None

    def __call__(self) -> T:
        with self._lock:
            now_s = self._clock()
            if self._read_at_s is None or now_s - self._read_at_s >= self._every_s:
                self._read_at_s = now_s
                try:
                    with self._database.reading() as session:
                        self._last = self._read(session)
                except SQLAlchemyError:
                    return self._last
            return self._last
