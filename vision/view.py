"""A picture of a camera whose zones are drawn in the pixels of its main stream.

A camera's second stream shows the same scene in fewer pixels, and not always in the same shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vision.records import Detections, Image


class Parted(Protocol):
    """A picture whose parts can be had without the whole."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    def part(self, left: int, top: int, right: int, bottom: int) -> Image:
        """(bottom - top, right - left, 3) uint8 BGR, of pixels within the picture."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture that is there as a whole."""

    bgr: Image

    @property
    def size(self) -> tuple[int, int]:
        return self.bgr.shape[1], self.bgr.shape[0]

    def part(self, left: int, top: int, right: int, bottom: int) -> Image:
        return self.bgr[top:bottom, left:right]


@dataclass(frozen=True, slots=True)
class View:
    """A picture of the camera; one of its pixels is `across` x `down` of the main stream's."""

    picture: Parted
    across: float = 1.0
    down: float = 1.0

    @classmethod
    def of(cls, picture: Image | Parted, width: int, height: int) -> View:
        """The picture as a view of a main stream of that size."""
        parted = Pixels(picture) if isinstance(picture, np.ndarray) else picture
        wide, high = parted.size
        return cls(parted, width / wide, height / high)

    def cut(self, box: Sequence[float], margin: float = 0.0) -> Image:
        """The part under a box of main-stream pixels with a margin relative to its sides; at least
        one pixel."""
        dx, dy = margin * (box[2] - box[0]), margin * (box[3] - box[1])
        width, height = self.picture.size
        x1, x2 = int((box[0] - dx) / self.across), int(np.ceil((box[2] + dx) / self.across))
        y1, y2 = int((box[1] - dy) / self.down), int(np.ceil((box[3] + dy) / self.down))
        x1, y1 = min(max(x1, 0), width - 1), min(max(y1, 0), height - 1)
        x2, y2 = min(max(x2, x1 + 1), width), min(max(y2, y1 + 1), height)
        return self.picture.part(x1, y1, x2, y2)

    def told(self, found: Detections, left: float = 0, top: float = 0) -> Detections:
        """What was found in the part that begins at (left, top), in main-stream pixels."""
        if (self.across, self.down) == (1.0, 1.0):
            return found.moved(left, top)
        scale = np.array([self.across, self.down] * 2, np.float32)
        scaled = Detections(found.xyxy * scale, found.score.copy(), found.label.copy())
        return scaled.moved(left, top)
