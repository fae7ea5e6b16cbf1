"""What was seen over the last minutes, look by look, so that it can be drawn over a clip."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from vision.records import Detections
from vision.seeing import Look

MOST_KEPT = 2000
MOST_OF_A_CLIP = 600
"""So many looks are drawn over a clip at most: four minutes of the closest watching. Of a longer
one every second, every third and so on is left out."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look found, at this stream second. people: everybody, where a mask lies, too; None
    where the look before stands. told: that people were looked for, now or then; else nothing is
    known of them."""

    at_s: float
    seen: Detections
    people: Detections | None = None
    told: bool = False

    @classmethod
    def of(cls, look: Look) -> Sighting:
        people = look.people() if look.asked else None
        return cls(look.stamp.at_s, look.detections, people, look.asked or look.again)


class Sightings:
    """The looks of one camera over the last `keep_s` seconds, at most `MOST_KEPT`."""

    def __init__(self, keep_s: float) -> None:
        self.keep_s = keep_s
        self._kept: deque[Sighting] = deque(maxlen=MOST_KEPT)

    def add(self, sighting: Sighting) -> None:
        """One look at a picture, in the order of time."""
        while self._kept and self._kept[0].at_s < sighting.at_s - self.keep_s:
            self._kept.popleft()
        self._kept.append(sighting)

    def between(self, first_s: float, last_s: float) -> list[Sighting]:
        """Those of this span, its ends included."""
        return [s for s in self._kept if first_s <= s.at_s <= last_s]


def evenly(sightings: Sequence[Sighting]) -> Sequence[Sighting]:
    """`MOST_OF_A_CLIP` of them at most."""
    return sightings[:: -(-len(sightings) // MOST_OF_A_CLIP) or 1]
