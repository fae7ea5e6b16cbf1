"""For how long nothing at all has moved where a person is told to sit.

Whoever reads or listens without stirring still breathes, blinks and turns: at a dozen cells across
a person's box something moves within seconds. A jacket on a chair does not. It may be told to be a
person; that it never moves makes it doubtful, and never makes a seat empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.geometry import overlap_of_smaller
from vision.view import View

CELLS = 12
"""Cells across and down a person's box."""
MOVED_LEVELS, MOVED_CELLS = 12.0, 6
"""Something moved when so many cells differ by so many grey levels, the light on the whole box
made equal. In real footage still cells differ by 1 to 8 in ten seconds (most
where a camera of 320x240 px codes anew), and of people at work the sixth cell by 30 and more."""
SAME_BOX = 0.6
LOST_S = 10.0
"""Not seen for so long, it is another one."""

Box = Sequence[float]
Cells = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Still:
    """What a box showed when something last moved in it."""

    box: Box
    cells: Cells
    since_s: float
    last_s: float


class Stillness:
    """Follows who is told to be at each of a camera's windows."""

    def __init__(self) -> None:
        self._still: dict[str, list[_Still]] = {}

    def still_s(self, window: str, at_s: float, view: View, boxes: Sequence[Box]) -> float:
        """Seconds without any motion in any of the boxes (one at least; main-stream px). A box
        elsewhere than before, or seen anew after a while, begins with 0."""
        before = [s for s in self._still.get(window, ()) if at_s - s.last_s < LOST_S]
        now = [_followed(before, at_s, view, box) for box in boxes]
        unseen = [s for s in before if not any(_same(s.box, box) for box in boxes)]
        self._still[window] = now + unseen
        return min(at_s - s.since_s for s in now)


def _followed(before: Sequence[_Still], at_s: float, view: View, box: Box) -> _Still:
    known = next((s for s in before if _same(s.box, box)), None)
    if known is not None and not _moved(known.cells, _cells(view, known.box)):
        return replace(known, last_s=at_s)
    return _Still(tuple(box), _cells(view, box), at_s, at_s)


def _cells(view: View, box: Box) -> Cells:
    grey = cv2.cvtColor(view.cut(box), cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, (CELLS, CELLS), interpolation=cv2.INTER_AREA).astype(np.float32)


def _moved(before: Cells, now: Cells) -> bool:
    light = float(np.median(now)) / max(float(np.median(before)), 1.0)
    apart = np.abs(now - light * before)
    return int((apart >= MOVED_LEVELS).sum()) >= MOVED_CELLS


def _same(a: Box, b: Box) -> bool:
    boxes = np.array([a, b], np.float32)
    return bool(overlap_of_smaller(boxes[:1], boxes[1:])[0, 0] >= SAME_BOX)
