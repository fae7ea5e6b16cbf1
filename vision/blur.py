"""Pictures for people: citizens are made unrecognisable, the clerk's place stays sharp.

Blocks are a thirtieth of the picture's height, so that a face that is a tenth of it high is left
with nine of them: enough to see that somebody stands there, too little to know who.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from vision.records import Image

Corners: TypeAlias = Sequence[tuple[float, float]]
"""A polygon in pixels of the picture."""
Box: TypeAlias = tuple[float, float, float, float]
"""(x1, y1, x2, y2) in the same pixels as the zones."""
Mask: TypeAlias = npt.NDArray[np.uint8]
"""uint8 (h, w) of a picture: 1 in a part of it, 0 elsewhere."""

BLOCKS_HIGH = 30
FINEST_BLOCK_PX = 10
CHANGED_LEVELS, CELL_PX = 10.0, 8
"""Cells of so many pixels changed when their mean grey did by so much: more than coding does."""
BOX_MARGIN = 0.15
"""A box is widened by this share on each side: detectors cut hair and shoulders off."""


class Veil:
    """Blurs the pictures of one camera, whose zones stand still: the mask is made once.

    keep: the zones that stay sharp, in pixels of a picture of `size` (width, height); pictures of
    another size are taken for the same view.
    """

    def __init__(self, keep: Iterable[Corners], size: tuple[int, int]) -> None:
        self._keep = tuple(keep)
        self._size = size
        self._mask: Mask | None = None

    def all_but_zones(self, bgr: Image, besides: Mask | None = None) -> Image:
        """A new picture, blurred everywhere but in the zones. bgr: uint8 (h, w, 3). besides: what
        else stays sharp of it."""
        zones = self._sharp(bgr)
        return _composed(bgr, zones if besides is None else np.maximum(zones, besides))

    def people(self, bgr: Image, boxes: Iterable[Box], since: Image | None = None) -> Image:
        """A new picture, blurred where people stand outside the zones. Whoever has the middle of
        their box in a zone works there. bgr: uint8 (h, w, 3). since: the earlier picture that the
        boxes are of, in any size; what changed since is blurred too."""
        height, width = bgr.shape[:2]
        across, down = width / self._size[0], height / self._size[1]
        sharp = np.ones((height, width), np.uint8)
        zones = self._sharp(bgr)
        for x1, y1, x2, y2 in boxes:
            middle = (int((y1 + y2) * down / 2), int((x1 + x2) * across / 2))
            if 0 <= middle[0] < height and 0 <= middle[1] < width and zones[middle]:
                continue
            sharp[reach((x1, y1, x2, y2), across, down)] = 0
        if since is not None:
            sharp[_changed(since, bgr)] = 0
        return _composed(bgr, np.maximum(sharp, zones))

    def _sharp(self, bgr: Image) -> Mask:
        if self._mask is None or self._mask.shape != bgr.shape[:2]:
            self._mask = filled(self._keep, self._size, bgr)
        return self._mask


def blurred(
    bgr: Image,
    keep: Iterable[Corners],
    boxes: Iterable[Box] | None = None,
) -> Image:
    """One picture by itself, zones and boxes in its own pixels; see `Veil`. boxes None: it is not
    known where people are, so everything outside `keep` is blurred."""
    veil = Veil(keep, (bgr.shape[1], bgr.shape[0]))
    return veil.all_but_zones(bgr) if boxes is None else veil.people(bgr, boxes)


def filled(zones: Iterable[Corners], size: tuple[int, int], bgr: Image) -> Mask:
    """1 inside the zones, which are in pixels of a picture of `size`, in the shape of `bgr`."""
    height, width = bgr.shape[:2]
    scale = np.array([width / size[0], height / size[1]])
    mask = np.zeros((height, width), np.uint8)
    for corners in zones:
        points = np.asarray(corners, np.float64).reshape(-1, 2) * scale
        cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1)
    return mask


def reach(box: Box, across: float, down: float) -> tuple[slice, slice]:
    """The rows and columns of a picture that somebody may cover whose box is this. across, down:
    pixels of the picture by those of the box."""
    x1, y1, x2, y2 = box[0] * across, box[1] * down, box[2] * across, box[3] * down
    dx, dy = BOX_MARGIN * (x2 - x1), BOX_MARGIN * (y2 - y1)
    left, top = max(int(x1 - dx), 0), max(int(y1 - dy), 0)
    return slice(top, max(int(y2 + dy), 0)), slice(left, max(int(x2 + dx), 0))


def _changed(before: Image, now: Image) -> npt.NDArray[np.bool_]:
    """Where two pictures of one view differ: (h, w) of the second, whole cells and those around."""
    height, width = now.shape[:2]
    cells = max(width // CELL_PX, 1), max(height // CELL_PX, 1)
    grey = [
        cv2.resize(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), cells, interpolation=cv2.INTER_AREA)
        for p in (before, now)
    ]
    moved = (cv2.absdiff(*grey) >= CHANGED_LEVELS).astype(np.uint8)
    around = cv2.dilate(moved, np.ones((3, 3), np.uint8))
    whole = cv2.resize(around, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(whole > 0, np.bool_)


def _composed(bgr: Image, sharp: Mask) -> Image:
    """The picture where `sharp` is 1, its blocks elsewhere."""
    height, width = bgr.shape[:2]
    block = max(FINEST_BLOCK_PX, height // BLOCKS_HIGH)
    few = (max(1, width // block), max(1, height // block))
    coarse = cv2.resize(bgr, few, interpolation=cv2.INTER_AREA)
    soft = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.copyTo(bgr, sharp, soft), np.uint8)
