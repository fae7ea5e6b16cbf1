"""Clocks. Whoever needs the time is handed one; a replay's clock is moved by the footage itself."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from vision.records import Stamp


class Clock(Protocol):
    """Tells the time (aware, UTC) and waits for it."""

    def now(self) -> datetime: ...

    def wait_until(self, wall: datetime) -> None:
        """Return at `wall`; at once if it has passed."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait_until(self, wall: datetime) -> None:
        left_s = (wall - self.now()).total_seconds()
        if left_s > 0:
            time.sleep(left_s)


class ReplayClock:
    """The time of footage that is replayed from `start`, `speed` times as fast as it was recorded.

    With speed None waiting only moves the time: the replay goes as fast as the machine. Several
    cameras may share one clock; it never goes back.
    """

    def __init__(self, start: datetime, speed: float | None = None) -> None:
        if start.tzinfo is None:
            raise ValueError("a replay starts at an aware time")
        if speed is not None and speed <= 0:
            raise ValueError(f"a replay's speed is positive, not {speed}")
        self.speed = speed
        self._start = start.astimezone(UTC)
        self._reached = self._start
        self._began_s = time.monotonic()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        if self.speed is None:
            return self._reached
        passed_s = (time.monotonic() - self._began_s) * self.speed
        return self._start + timedelta(seconds=passed_s)

    def wait_until(self, wall: datetime) -> None:
        if self.speed is None:
            with self._lock:
                self._reached = max(self._reached, wall.astimezone(UTC))
            return
        left_s = (wall - self.now()).total_seconds() / self.speed
        if left_s > 0:
            time.sleep(left_s)


class StreamClock:
    """Stream seconds beside the wall clock: they count from here, and stand still while the clock
    is set back. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall = clock.now()
        self._at_s = 0.0
        self._lock = threading.Lock()

    def now(self) -> Stamp:
        with self._lock:
            wall = self._clock.now()
            self._at_s += max((wall - self._wall).total_seconds(), 0.0)
            self._wall = wall
            return Stamp(self._at_s, wall)
