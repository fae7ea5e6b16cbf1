"""A source that is not there: a recording that cannot be opened, looked at all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Self

from cameras.clocks import Clock, StreamClock
from cameras.counts import SourceCounts
from vision.records import Blindness, Frame, Gap

GAP_EVERY_S = 1.0


class AbsentSource:
    """Says once a second that the camera gives no pictures, as one does that cannot be reached;
    for `lasts_s` seconds, then it ends. stop: asked every second whether to end before."""

    keys_only = False
    size = (0, 0)

    def __init__(
        self, camera: str, *, clock: Clock, lasts_s: float, stop: Callable[[], bool]
    ) -> None:
        self.camera = camera
        self.clock = clock
        self.lasts_s = lasts_s
        self.stop = stop

    def pictures(self) -> Iterator[Frame | Gap]:
        stream_clock = StreamClock(self.clock)
        for _ in range(max(round(self.lasts_s / GAP_EVERY_S), 1)):
            if self.stop():
                return
            yield Gap(self.camera, stream_clock.now(), Blindness.OFFLINE)
            self.clock.wait_until(self.clock.now() + timedelta(seconds=GAP_EVERY_S))

    def counts(self) -> SourceCounts:
        return SourceCounts()

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
