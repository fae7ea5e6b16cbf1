"""What was seen over the last minutes, look by look, so that it can be drawn over a clip."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from vision.records import Detections

MOST_KEPT = 2000
MOST_OF_A_CLIP = 600
"""So many looks go with a clip at most: four minutes of the closest watching. Of a longer one every
second, every third and so on is left out."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look found, at this stream second."""

    at_s: float
    seen: Detections


class Sightings:
    """The looks of one camera over the last `keep_s` seconds, at most `MOST_KEPT`."""

    def __init__(self, keep_s: float) -> None:
        self.keep_s = keep_s
        self._kept: deque[Sighting] = deque(maxlen=MOST_KEPT)

    def add(self, at_s: float, seen: Detections) -> None:
        """One look at a picture, in the order of time."""
        while self._kept and self._kept[0].at_s < at_s - self.keep_s:
            self._kept.popleft()
        self._kept.append(Sighting(at_s, seen))

    def between(self, first_s: float, last_s: float) -> list[Sighting]:
        """Those of this span, its ends included, `MOST_OF_A_CLIP` at most and evenly chosen."""
        inside = [s for s in self._kept if first_s <= s.at_s <= last_s]
        step = -(-len(inside) // MOST_OF_A_CLIP) or 1
        return inside[::step]
