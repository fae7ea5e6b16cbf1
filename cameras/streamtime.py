"""From a stream's own time stamps to stream seconds that never go back, and the pace of pictures.

`at_s` is pts times time base, counted from the stream's first picture. A stream whose stamps are
missing or stand still goes on by its frame rate; one whose stamps jump says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import av
from av.video.stream import VideoStream

LONGEST_PAUSE_S = 3600.0
"""A forward jump up to this is believed to be a pause in the recording; a longer one is a fault of
the stamps, and the stream goes on as if nothing had happened."""


def seconds(ticks: int, time_base: Fraction) -> float:
    """So many ticks of a time base; Fraction's own product takes several times as long."""
    return ticks * time_base.numerator / time_base.denominator


@dataclass(frozen=True, slots=True)
class Moment:
    """When a packet is due. seq: its number; jumps: how many jumps of stream time lie before it;
    guessed: its time comes from the frame rate because the stream does not give one."""

    seq: int
    at_s: float
    jumps: int
    guessed: bool


class StreamTime:
    """Reads the packets of one stream in decoding order.

    first_s: the stream's own second that is second 0, or None for the first packet's.
    rate_hz: pictures a second. jump_s: a larger step between two packets, either way, is a jump.
    """

    def __init__(self, first_s: float | None, rate_hz: float, jump_s: float = 2.0) -> None:
        self.first_s = first_s
        self.period_s = 1.0 / rate_hz
        self.jump_s = jump_s
        self.guessed = 0
        self._seq = -1
        self._jumps = 0
        self._offset_s: float | None = None
        self._raw_s = 0.0
        self._had_dts = False
        self._running_s = -self.period_s

    def read(self, packet: av.Packet[VideoStream]) -> Moment:
        self._seq += 1
        step = packet.dts if packet.dts is not None else packet.pts
        if step is None:
            self.guessed += 1
            self._running_s += self.period_s
            return Moment(self._seq, max(self._running_s, 0.0), self._jumps, True)
        base = float(packet.time_base)
        shown = packet.pts if packet.pts is not None else step
        raw_s = step * base
        has_dts = packet.dts is not None
        guessed = self._follow(raw_s, ordered=has_dts and self._had_dts, shown_s=shown * base)
        self._had_dts = has_dts
        offset_s = self._offset_s or 0.0
        self._raw_s, self._running_s = raw_s, raw_s + offset_s
        self.guessed += guessed
        return Moment(self._seq, max(shown * base + offset_s, 0.0), self._jumps, guessed)

    def _follow(self, raw_s: float, *, ordered: bool, shown_s: float) -> bool:
        """Keep the offset such that the running time goes on; whether it had to be guessed."""
        if self._offset_s is None:
            if self._seq == 0:
                self._offset_s = -(shown_s if self.first_s is None else self.first_s)
            else:  # the packets before this one had no stamps
                self._offset_s = self._running_s + self.period_s - raw_s
            return False
        step_s = raw_s - self._raw_s
        jumped = abs(step_s) > self.jump_s
        self._jumps += jumped
        if jumped and 0 < step_s <= LONGEST_PAUSE_S:
            return False
        if jumped or (ordered and step_s <= 0):
            self._offset_s = self._running_s + self.period_s - raw_s
            return not jumped
        return False


class Pace:
    """Chooses the first picture at or after each point of a grid of 1/pace_hz seconds."""

    def __init__(self, pace_hz: float) -> None:
        if not pace_hz > 0:
            raise ValueError(f"a pace is positive pictures a second, not {pace_hz}")
        self.pace_hz = pace_hz
        self._next = 0

    def takes(self, at_s: float) -> bool:
        """Whether the picture at this second is chosen; asked once for each, in order."""
        point = math.floor(at_s * self.pace_hz + 1e-6)
        if point < self._next:
            return False
        self._next = point + 1
        return True
