"""The last day's health of every camera, sampled at a steady pace and kept in memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vision.health import CameraHealth

EVERY_S = 15.0
KEPT = 24 * 3600 // int(EVERY_S)

Read = Callable[[], Sequence[CameraHealth]]
"""The state of all cameras now."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What happened between two looks at the counters. Rates are per second; the milliseconds are
    those of one analysed picture. None: nothing happened of which it could be told."""

    at: datetime
    packets_hz: float
    analysed_hz: float
    gaps_hz: float
    lag_s: float | None
    decode_ms: float | None
    inference_ms: float | None


class HealthBoard:
    """A service that samples what `read` says every `EVERY_S` seconds and keeps a day of it.

    now: the aware current time.
    """

    def __init__(self, read: Read, now: Callable[[], datetime]) -> None:
        self._read = read
        self._now = now
        self._lock = threading.Lock()
        self._last: dict[str, tuple[datetime, CameraHealth]] = {}
        self._history: dict[str, deque[Sample]] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()

    def cameras(self) -> Sequence[CameraHealth]:
        """How every camera is doing now."""
        return self._read()

    def history(self, camera: str) -> list[Sample]:
        """The samples of the last day, oldest first."""
        with self._lock:
            return list(self._history.get(camera, ()))

    def sample(self) -> None:
        """Look at the counters once."""
        now = self._now()
        for health in self._read():
            with self._lock:
                before = self._last.get(health.camera)
                self._last[health.camera] = (now, health)
                if before is not None and now > before[0] and health.packets >= before[1].packets:
                    history = self._history.setdefault(health.camera, deque(maxlen=KEPT))
                    history.append(between(*before, now, health))

    def _run(self) -> None:
        while not self._closing.wait(EVERY_S):
            self.sample()


def between(was: datetime, then: CameraHealth, at: datetime, now: CameraHealth) -> Sample:
    """What happened from one state of a camera's counters to a later one."""
    passed_s = (at - was).total_seconds()
    looks = now.analysed - then.analysed
    return Sample(
        at=at,
        packets_hz=(now.packets - then.packets) / passed_s,
        analysed_hz=looks / passed_s,
        gaps_hz=(now.gaps - then.gaps) / passed_s,
        lag_s=now.lag_s,
        decode_ms=1e3 * (now.decode_s - then.decode_s) / looks if looks else None,
        inference_ms=1e3 * (now.inference_s - then.inference_s) / looks if looks else None,
    )
