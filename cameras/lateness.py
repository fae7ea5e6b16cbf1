"""How late a live camera's packets come, by the camera's own time stamps.

Only the difference between arrival and stamp is looked at, and it is compared with its least value
so far: that packet was prompt. A camera whose clock runs slow would seem ever later; the least
value may therefore rise a little (`CREEP`). Whether it runs slower than that is told by its reports
(`OwnClock`); a line that grows ever slower looks the same in the stamps alone.
"""

from __future__ import annotations

import struct
from typing import Final

import av
from av.video.stream import VideoStream

CREEP = 1e-3
"""Seconds a second by which a camera's clock may run slow; ten times what a bad crystal does."""
BACK_S = 1.0
"""Stamps that go back by more begin anew; less is the order of B-frames."""
REPORT: Final = "prft"
"""The side data in which FFmpeg puts the camera's wall clock at a packet (microseconds), reckoned
from its last RTCP sender report (RFC 3550, 6.4.1)."""
TOLD_AFTER_S, UNSURE_S = 4.0, 0.02
"""Reports so far apart tell the two clocks apart, but for so much."""


class Lateness:
    """Reads the packets of one connection in the order of their arrival."""

    def __init__(self) -> None:
        self._least_s: float | None = None
        self._stamp_s = 0.0
        self._at_s = 0.0

    def of(self, packet: av.Packet[VideoStream], at_s: float) -> float:
        """By how many seconds this packet, which arrived at `at_s`, is late; 0 for one without a
        stamp."""
        ticks = packet.dts if packet.dts is not None else packet.pts
        if ticks is None:
            return 0.0
        stamp_s = float(ticks * packet.time_base)
        behind_s = at_s - stamp_s
        if self._least_s is None or stamp_s < self._stamp_s - BACK_S:
            self._least_s = behind_s
        else:
            self._least_s += CREEP * (at_s - self._at_s)
            self._least_s = min(self._least_s, behind_s)
        self._stamp_s, self._at_s = stamp_s, at_s
        return behind_s - self._least_s


class OwnClock:
    """Whether a camera's stamps keep step with its wall clock, from one connection to the next.

    steady: None as long as its reports have not told.
    """

    def __init__(self) -> None:
        self.steady: bool | None = None
        self._first: tuple[float, float] | None = None

    def connected(self) -> None:
        """Stamps of a new connection begin anywhere."""
        self._first = None

    def note(self, packet: av.Packet[VideoStream]) -> None:
        if packet.pts is None or not packet.has_sidedata(REPORT):
            return
        stamp_s = float(packet.pts * packet.time_base)
        (wall_us,) = struct.unpack_from("=q", bytes(packet.get_sidedata(REPORT)))
        ahead_s = wall_us * 1e-6 - stamp_s
        if self._first is None:
            self._first = stamp_s, ahead_s
        span_s = abs(stamp_s - self._first[0])
        if span_s >= TOLD_AFTER_S:
            self.steady = abs(ahead_s - self._first[1]) <= UNSURE_S + CREEP * span_s
