"""Two recorded streams of one camera side by side: the main one follows the watched one's time.

Live streams keep step by themselves. Of files, the one that is read for its packets only would run
ahead, and a replay would not be the same twice.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from datetime import datetime

from cameras.clocks import Clock
from vision.records import Frame, Gap


class Gate:
    """The clock of the stream that follows: it waits until it is let."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._let: datetime | None = None
        self._waits_for: datetime | None = None
        self._open = False

    def now(self) -> datetime:
        return self._clock.now()

    def wait_until(self, wall: datetime) -> None:
        with self._changed:
            self._waits_for = wall
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: self._open or (self._let is not None and self._let >= wall)
            )

    def let(self, wall: datetime) -> None:
        """Let the follower come to this moment; returns when it waits for a later one."""
        with self._changed:
            self._let = wall
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: self._open or (self._waits_for is not None and self._waits_for > wall)
            )

    def open(self) -> None:
        """Nobody waits any more: the follower, or who lets it, has ended."""
        with self._changed:
            self._open = True
            self._changed.notify_all()


def in_step(pictures: Iterable[Frame | Gap], gate: Gate) -> Iterator[Frame | Gap]:
    """The pictures, each when the follower has come to its moment."""
    for item in pictures:
        gate.let(item.stamp.wall)
        yield item
