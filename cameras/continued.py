"""Stream seconds that go on after a restart: a source counts from 0 each time it is opened, the
rules count from when they began."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace

import av
from av.video.stream import VideoStream

from cameras.packets import PacketSink
from vision.records import Frame, Gap, Stamp

SET_BACK_S = 3600.0
"""What passes, for the rules, while the clock says that less than nothing did: longer than any
rule's tolerance, so that they know that they do not know."""


class Continued:
    """Moves the stamps of one run of a source so that as many stream seconds lie between them and
    the last stamp of the run before as went by on the wall clock. Thread-safe.

    last: the last stamp of the run before; None leaves all stamps as they are.
    """

    def __init__(self, last: Stamp | None) -> None:
        self._last = last
        self._shift_s = 0.0 if last is None else None
        self._lock = threading.Lock()

    def stamp(self, stamp: Stamp) -> Stamp:
        with self._lock:
            if self._shift_s is None and self._last is not None:
                passed_s = (stamp.wall - self._last.wall).total_seconds()
                passed_s = passed_s if passed_s >= 0 else SET_BACK_S
                self._shift_s = self._last.at_s + passed_s - stamp.at_s
        return Stamp(stamp.at_s + self._shift_s, stamp.wall) if self._shift_s else stamp

    def pictures(self, items: Iterable[Frame | Gap]) -> Iterator[Frame | Gap]:
        for item in items:
            stamp = self.stamp(item.stamp)
            if isinstance(item, Gap):
                yield replace(item, stamp=stamp)
            else:
                yield replace(item, packet=replace(item.packet, stamp=stamp))


class ContinuedPackets:
    """Hands packets on with continued stamps."""

    def __init__(self, continued: Continued, sink: PacketSink) -> None:
        self._continued = continued
        self._sink = sink

    def push(self, packet: av.Packet[VideoStream], stamp: Stamp) -> None:
        self._sink.push(packet, self._continued.stamp(stamp))
