"""Things that stand at a window and might be its pause sign, judged by all looks of some seconds.

A detector's score of one and the same tablet on the counter goes up and down by a tenth from look
to look. A thing that stands has one answer: what could be read on it last, else the middle of its
scores, a look that does not show it counting as none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from vision.geometry import Boxes, overlap_of_smaller
from vision.records import Said

REMEMBERED_S = 10.0
"""As long as a rule waits before it takes "cannot tell" for the state of a window."""
SAME_PLACE = 0.6


@dataclass(slots=True, eq=False)
class Thing:
    """One thing: where it was seen last, and (when, score, what its text says) of each look."""

    box: Boxes
    looks: deque[tuple[float, float, Said]] = field(default_factory=deque)

    @property
    def says(self) -> Said:
        """What was read on it last, where anything could be."""
        read = (says for _, _, says in reversed(self.looks) if says is not Said.NOTHING)
        return next(read, Said.NOTHING)

    @property
    def score(self) -> float:
        """How surely it is a sign, 0..1, where it cannot be read."""
        return median(score for _, score, _ in self.looks)


class Standing:
    """The things at one window."""

    def __init__(self) -> None:
        self._things: list[Thing] = []
        self._last_s = -REMEMBERED_S

    def seen(
        self, at_s: float, boxes: Boxes, scores: Sequence[float], says: Sequence[Said]
    ) -> list[Thing]:
        """The things that this look shows, after it. boxes: (n, 4) px."""
        if at_s - self._last_s >= REMEMBERED_S:
            self._things.clear()
        self._last_s = at_s
        absent = list(self._things)
        shown = []
        for box, score, text in zip(boxes, scores, says, strict=True):
            here = np.asarray(box, np.float32).reshape(1, 4)
            thing = next((t for t in absent if _same_place(t.box, here)), None)
            if thing is None:
                thing = Thing(here)
                self._things.append(thing)
            else:
                absent.remove(thing)
            thing.box = here
            thing.looks.append((at_s, float(score), text))
            shown.append(thing)
        for thing in absent:
            thing.looks.append((at_s, 0.0, Said.NOTHING))
        for thing in self._things:
            while at_s - thing.looks[0][0] >= REMEMBERED_S:
                thing.looks.popleft()
        self._things = [t for t in self._things if any(score for _, score, _ in t.looks)]
        return shown


def _same_place(a: Boxes, b: Boxes) -> bool:
    return bool(overlap_of_smaller(a, b)[0, 0] >= SAME_PLACE)
