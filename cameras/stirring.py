"""What the sizes of a stream's packets say of motion, before anything is decoded.

A coder spends few bytes on what stays as it is, and several times as many on what moves. Only where
a stream has shown that its sizes tell (a coder of constant rate pads them) are they believed.
"""

from __future__ import annotations

from collections import deque
from statistics import median

TOGETHER = 5
"""Packets whose sizes are added up: some coders send every other one nearly empty."""
STIRS = 2.5
"""How many times their usual size they have when something moves. Rendered halls at 15 pictures a
second: 230 bytes in 0.4 s while nothing does, 1,000 and more when a clerk lifts a hand."""
LEAST_BYTES = 200
"""What is smaller moves nothing: a coder that has nothing to send."""
KEPT = 900
"""Sums of which the usual one is the median: a minute at 15 packets a second."""
LEARNT_FROM = 60
SOON = 5
"""With no more packets than this to come before the next key frame, that is waited for: it shows
what moved for less than all the packets before it."""


class PacketSizes:
    """Follows the packets of one stream. tells: they have told of motion before."""

    def __init__(self) -> None:
        self.tells = False
        self._last: deque[int] = deque(maxlen=TOGETHER)
        self._sums: deque[int] = deque(maxlen=KEPT)
        self._usual_bytes: float | None = None
        self._since_key = 0
        self._group: int | None = None  # packets between the last two key frames

    def key_frame(self) -> None:
        """A key frame came: its size says nothing. What is usual is found anew."""
        self._group, self._since_key = self._since_key or None, 0
        self._last.clear()
        if len(self._sums) >= LEARNT_FROM:
            self._usual_bytes = max(median(self._sums), LEAST_BYTES)

    def stirs(self, size_bytes: int) -> bool:
        """Whether the last packets since the key frame, this one included, are so large that
        something moves, and the next key frame is not just about to show it."""
        self._since_key += 1
        self._last.append(size_bytes)
        together = sum(self._last)
        if len(self._last) == TOGETHER:
            self._sums.append(together)
        large = self._usual_bytes is not None and together > STIRS * self._usual_bytes
        self.tells = self.tells or large
        return large and not self._key_soon()

    def _key_soon(self) -> bool:
        return self._group is not None and 0 <= self._group - self._since_key < SOON
