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

from cameras.streamtime import seconds

CREEP = 1e-3
"""Seconds a second by which a camera's clock may run slow; ten times what a bad crystal does."""
BACK_S = 1.0
"""Stamps that go back by more begin anew; less is the order of B-frames."""
REPORT: Final = "rtcp_sr"
WALL: Final = "prft"
"""Side data of FFmpeg's: that a sender report came before this packet (RFC 3550, 6.4.1), and the
camera's wall clock at the packet, in microseconds, reckoned from the last report."""
UNSURE_S = 0.05
"""Two reports may differ by so much in how far both clocks are apart."""


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
        stamp_s = seconds(ticks, packet.time_base)
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

    steady: None as long as its reports have not told; the first of a connection may be askew.
    """

    def __init__(self) -> None:
        self.steady: bool | None = None
        self._reports = 0
        self._first = (0.0, 0.0)

    def connected(self) -> None:
        """Stamps of a new connection begin anywhere."""
        self._reports = 0

    def note(self, packet: av.Packet[VideoStream]) -> None:
        if packet.pts is None or not (packet.has_sidedata(REPORT) and packet.has_sidedata(WALL)):
            return
        stamp_s = seconds(packet.pts, packet.time_base)
        (wall_us,) = struct.unpack_from("=q", bytes(packet.get_sidedata(WALL)))
        ahead_s = wall_us * 1e-6 - stamp_s
        self._reports += 1
        if self._reports <= 2:
            self._first = stamp_s, ahead_s
            return
        span_s = abs(stamp_s - self._first[0])
        self.steady = abs(ahead_s - self._first[1]) <= UNSURE_S + CREEP * span_s
