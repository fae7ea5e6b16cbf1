"""Fitting a picture into a network's input without distorting it, and coming back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.records import Image

SHRINK_LIMIT = 1.5
"""A picture goes to the smallest side that shrinks it by no more than this."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How one picture lies in the input: scaled by `scale`, moved by `left`, `top` (pixels), in
    an input of `height` x `width`."""

    scale: float
    left: int
    top: int
    height: int
    width: int

    def back(self, xyxy: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
        """Boxes (n, 4) of the input as boxes of the picture of that height and width, clipped."""
        shift = np.array([self.left, self.top, self.left, self.top], np.float32)
        boxes = (xyxy - shift) / np.float32(self.scale)
        limit = np.array([width, height, width, height], np.float32)
        back: NDArray[np.float32] = np.clip(boxes, 0, limit).astype(np.float32)
        return back


def chosen_side(long_side_px: int, sides_px: Sequence[int]) -> int:
    """The long side that a picture of this long side is scaled to."""
    for side in sorted(sides_px):
        if long_side_px <= side * SHRINK_LIMIT:
            return side
    return max(sides_px)


def fit(height: int, width: int, side_px: int, stride_px: int) -> Fit:
    """Where a picture of that height and width lies when its long side becomes `side_px`."""
    scale = side_px / max(height, width)
    tall, wide = max(round(height * scale), 1), max(round(width * scale), 1)
    full_h, full_w = -(-tall // stride_px) * stride_px, -(-wide // stride_px) * stride_px
    return Fit(scale, (full_w - wide) // 2, (full_h - tall) // 2, full_h, full_w)


def letterboxed(picture: Image, place: Fit, pad: int) -> Image:
    """The picture scaled and padded to (place.height, place.width, 3)."""
    height, width = picture.shape[:2]
    tall, wide = max(round(height * place.scale), 1), max(round(width * place.scale), 1)
    full: Image = np.full((place.height, place.width, 3), pad, np.uint8)
    way = cv2.INTER_AREA if place.scale < 1 else cv2.INTER_LINEAR
    scaled = picture if (tall, wide) == (height, width) else cv2.resize(
        picture, (wide, tall), interpolation=way
    )  # fmt: skip
    full[place.top : place.top + tall, place.left : place.left + wide] = scaled
    return full
