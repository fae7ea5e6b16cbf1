"""How late a live camera's packets come, by the camera's own time stamps.

Only the difference between arrival and stamp is looked at, and it is compared with its least value
so far: that packet was prompt. A camera whose clock runs slow would seem ever later; the least
value may therefore rise a little (`CREEP`).
"""

from __future__ import annotations

import av
from av.video.stream import VideoStream

CREEP = 1e-3
"""Seconds a second by which a camera's clock may run slow; ten times what a bad crystal does."""
BACK_S = 1.0
"""Stamps that go back by more begin anew; less is the order of B-frames."""


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
