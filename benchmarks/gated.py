"""Motion-gated crops, as Frigate's documentation describes them: the second stream at 5 pictures a
second; motion against a running average of a small grey picture; square regions of at least 320 px
around what moved and around what was seen before, each through the network at 320 px. What stands
still is looked at again every 10 s (its `stationary.interval` of 50 pictures).

https://docs.frigate.video/configuration/motion_detection
https://docs.frigate.video/configuration/stationary_objects
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.geometry import without_doubles
from vision.records import Detections, Image
from vision.seeing import Detector

RATE_HZ = 5.0
REGION_PX = 320
SMALL_HIGH_PX = 100
MOVED_LEVELS, LEAST_AREA = 30, 10
FRAME_ALPHA = 0.01
STILL_EVERY = 50
STAYED_PX = 10.0


@dataclass(slots=True)
class Seen:
    """Something that is followed: its box, and for how many pictures it has stood still."""

    box: NDArray[np.float32]
    label: int
    score: float
    still: int = 0


class MotionGated:
    """Detects in the regions where something moved or is followed. Close-ups it knows none of."""

    def __init__(self, detector: Detector, whole: tuple[int, int]) -> None:
        self.detector = detector
        self.whole = whole
        self.regions = 0
        self._average: NDArray[np.float32] | None = None
        self._seen: list[Seen] = []

    @property
    def sha256(self) -> str:
        return self.detector.sha256

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        return [
            self._look(image) if image.shape[1::-1] == self.whole else Detections.none()
            for image in images
        ]

    def _look(self, picture: Image) -> Detections:
        moving = self._moving(picture)
        due = [s for s in self._seen if _touches(s.box, moving) or s.still % STILL_EVERY == 0]
        kept = [s for s in self._seen if not any(s is d for d in due)]
        regions = _regions([*moving, *(s.box for s in due)], *picture.shape[1::-1])
        self.regions += len(regions)
        cuts = [picture[y : y + side, x : x + side] for x, y, side in regions]
        found = [
            told.moved(x, y)
            for told, (x, y, _) in zip(self.detector.detect(cuts), regions, strict=True)
        ]
        new = _single(Detections.joined(*found))
        before, self._seen = self._seen, []
        for seen in kept:
            seen.still += 1
            self._seen.append(seen)
        for box, score, label in zip(new.xyxy, new.score, new.label, strict=True):
            last = [s for s in before if s.label == label and np.abs(s.box - box).max() < STAYED_PX]
            still = last[0].still + 1 if last else 0
            self._seen.append(Seen(box, int(label), float(score), still))
        return _single(Detections(
            np.array([s.box for s in self._seen], np.float32).reshape(-1, 4),
            np.array([s.score for s in self._seen], np.float32),
            np.array([s.label for s in self._seen], np.int8),
        ))  # fmt: skip

    def _moving(self, picture: Image) -> list[NDArray[np.float32]]:
        high, wide = picture.shape[:2]
        small = cv2.resize(picture, (SMALL_HIGH_PX * wide // high, SMALL_HIGH_PX))
        grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (3, 3), 0)
        if self._average is None:
            self._average = grey.astype(np.float32)
        change = cv2.absdiff(grey, cv2.convertScaleAbs(self._average))
        cv2.accumulateWeighted(grey, self._average, FRAME_ALPHA)
        moved = cv2.dilate(cv2.threshold(change, MOVED_LEVELS, 255, cv2.THRESH_BINARY)[1], None)
        shapes, _ = cv2.findContours(moved, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        scale = high / SMALL_HIGH_PX
        boxes = []
        for shape in shapes:
            if cv2.contourArea(shape) >= LEAST_AREA:
                x, y, w, h = cv2.boundingRect(shape)
                boxes.append(np.array([x, y, x + w, y + h], np.float32) * np.float32(scale))
        return boxes


def _touches(box: NDArray[np.float32], others: Sequence[NDArray[np.float32]]) -> bool:
    return any(
        min(box[2], o[2]) > max(box[0], o[0]) and min(box[3], o[3]) > max(box[1], o[1])
        for o in others
    )


def _regions(
    boxes: Sequence[NDArray[np.float32]], width: int, height: int
) -> list[tuple[int, int, int]]:
    """Squares (x, y, side) that hold all boxes: near ones share one."""
    left = sorted((b.tolist() for b in boxes), key=lambda b: b[0])
    regions: list[tuple[int, int, int]] = []
    while left:
        x1, y1, x2, y2 = left.pop(0)
        for other in list(left):
            joined = min(x1, other[0]), min(y1, other[1]), max(x2, other[2]), max(y2, other[3])
            if max(joined[2] - joined[0], joined[3] - joined[1]) <= REGION_PX:
                x1, y1, x2, y2 = joined
                left.remove(other)
        side = min(max(int(1.1 * max(x2 - x1, y2 - y1)), REGION_PX), width, height)
        x = int(min(max((x1 + x2 - side) / 2, 0), width - side))
        y = int(min(max((y1 + y2 - side) / 2, 0), height - side))
        regions.append((x, y, side))
    return regions


def _single(found: Detections) -> Detections:
    """Each thing once."""
    kept: list[int] = []
    for label in np.unique(found.label):
        mine = np.flatnonzero(found.label == label)
        kept += mine[without_doubles(found.xyxy[mine], found.score[mine], 0.6)].tolist()
    order = np.sort(np.array(kept, np.intp))
    return found.chosen(order)
