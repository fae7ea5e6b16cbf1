"""The part of the sign zones that nobody stands before: it may be shown sharp.

The model says where people are about once a second; a film shows them in between, too. So a sign is
shown sharp only where it looks as it did when the model was last asked, and then nobody covered it:
whoever came since has changed the picture there. What nobody was asked about is not shown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vision.blur import CELL_PX, CHANGED_LEVELS, Box, Corners, Mask, filled, reach
from vision.pace import Pace
from vision.records import Image

Seen: TypeAlias = tuple[float, Sequence[Box] | None]
"""A look at this second of a film, and everybody who was found; None: what was found by the look
before still stood."""

SKEW_S = 0.5
"""The seconds of a look and of the film may be apart by so much: looks are stamped as they arrive,
and may be of a camera's second stream."""
LONGEST_GAP_S = 2 * Pace().still_s
"""Between two looks farther apart nothing is known; at an open window they are half as far."""

_Cells: TypeAlias = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Places:
    """Zones of one camera, in pixels of a picture of `size` (width, height). Who has the middle of
    their box in a staff zone and does not stand at a counter works there, as in `vision.seeing`."""

    signs: Sequence[Corners]
    staff: Sequence[Corners]
    counters: Sequence[Corners]
    size: tuple[int, int]

    def citizens(self, people: Iterable[Box]) -> list[Box]:
        return [
            (x1, y1, x2, y2)
            for x1, y1, x2, y2 in people
            if _within(self.counters, (x1 + x2) / 2, y2)
            or not _within(self.staff, (x1 + x2) / 2, (y1 + y2) / 2)
        ]

    def bare(self, bgr: Image, people: Iterable[Box]) -> Mask:
        """The part of the sign zones that none of these people covers, who were found in this very
        picture."""
        bare = filled(self.signs, self.size, bgr)
        clear(bare, self.citizens(people), self.size)
        return bare


def clear(mask: Mask, boxes: Iterable[Box], size: tuple[int, int]) -> None:
    """Where the boxes reach, which are in pixels of a picture of `size`."""
    across, down = mask.shape[1] / size[0], mask.shape[0] / size[1]
    for box in boxes:
        mask[reach(box, across, down)] = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """The least and most that the film showed in each cell about the moment of a look, and the
    look's place in order."""

    least: _Cells
    most: _Cells
    look: int


class BareSigns:
    """The bare signs of one film, whose pictures are handed to it once each, in order.

    looks: in the order of time; boxes in the pixels of the zones.
    """

    def __init__(self, places: Places, looks: Sequence[Seen]) -> None:
        self._places = places
        self._at_s = [at_s for at_s, _ in looks]
        self._citizens = [None if p is None else places.citizens(p) for _, p in looks]
        self._forget()

    def _forget(self) -> None:
        """Of the pictures before."""
        self._signs: Mask | None = None
        self._began_s = 0.0
        self._lately: deque[tuple[float, _Cells]] = deque()
        self._known: _Known | None = None
        self._next = 0  # the first look of which not all pictures about it were seen

    def bare(self, bgr: Image, at_s: float | None) -> Mask | None:
        """1 where a sign may be shown sharp; None: nowhere. bgr: uint8 (h, w, 3). at_s: the second
        of the film, None where it is not known."""
        again = bool(self._lately) and (at_s is None or at_s < self._lately[-1][0])
        if again or (self._signs is not None and self._signs.shape != bgr.shape[:2]):
            self._forget()
        if at_s is None:
            return None
        if self._signs is None:
            self._signs = filled(self._places.signs, self._places.size, bgr)
            left, top, width, height = cv2.boundingRect(self._signs)
            self._around = slice(top, top + height), slice(left, left + width)
            self._began_s = at_s
        if not self._signs[self._around].size:
            return None
        now = _cells(bgr[self._around])
        self._lately.append((at_s, now))
        self._learn(at_s)
        while self._lately[0][0] < at_s - 2 * SKEW_S:
            self._lately.popleft()
        if self._known is None or not self._looked_near(at_s):
            return None
        bare = np.zeros_like(self._signs)
        bare[self._around] = self._signs[self._around] & _same(self._known, now, self._around)
        last = bisect_left(self._at_s, at_s + SKEW_S)
        for citizens in self._citizens[self._known.look : last + 1]:
            clear(bare, citizens or (), self._places.size)
        return bare

    def _learn(self, at_s: float) -> None:
        """Of the looks about which all pictures have been seen by now."""
        while self._next < len(self._at_s) and self._at_s[self._next] + SKEW_S <= at_s:
            look_s = self._at_s[self._next]
            about = [cells for then_s, cells in self._lately if abs(then_s - look_s) <= SKEW_S]
            whole = bool(about) and look_s - SKEW_S >= self._began_s
            if whole and self._citizens[self._next] is not None:
                self._known = _Known(np.min(about, axis=0), np.max(about, axis=0), self._next)
            self._next += 1

    def _looked_near(self, at_s: float) -> bool:
        after = bisect_right(self._at_s, at_s)
        if not 0 < after < len(self._at_s):
            return False
        return self._at_s[after] - self._at_s[after - 1] <= LONGEST_GAP_S


def _within(zones: Iterable[Corners], x: float, y: float) -> bool:
    return any(
        cv2.pointPolygonTest(np.asarray(corners, np.float32).reshape(-1, 1, 2), (x, y), False) >= 0
        for corners in zones
    )


def _cells(bgr: Image) -> _Cells:
    height, width = bgr.shape[:2]
    few = max(width // CELL_PX, 1), max(height // CELL_PX, 1)
    return cv2.resize(bgr, few, interpolation=cv2.INTER_AREA).astype(np.int16)


def _same(known: _Known, now: _Cells, around: tuple[slice, slice]) -> Mask:
    """1 where the picture is as it was all about the moment of the look: (h, w) of the part."""
    least, most = np.minimum(known.least, now), np.maximum(known.most, now)
    other = np.asarray((most - least >= CHANGED_LEVELS).any(axis=2), np.uint8)
    near = np.asarray(cv2.dilate(other, np.ones((3, 3), np.uint8)), np.uint8)
    rows, columns = (part.stop - part.start for part in around)
    whole = cv2.resize(1 - near, (columns, rows), interpolation=cv2.INTER_NEAREST)
    return np.asarray(whole, np.uint8)
