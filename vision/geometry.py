"""Zones and boxes in picture coordinates (pixels, x right, y down)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.validation import explain_validity

Boxes = NDArray[np.float32]
"""(n, 4) float32: x1, y1, x2, y2."""


class ZoneError(ValueError):
    """A polygon that cannot be a zone; the message says why and what to do. `flaw`: corners (too
    few), outside, crosses or tiny."""

    def __init__(self, flaw: str, words: str) -> None:
        super().__init__(words)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Zone:
    """A simple polygon inside a picture."""

    polygon: Polygon

    @classmethod
    def of(cls, points: Sequence[tuple[float, float]], width: int, height: int) -> Zone:
        """Build a zone for a picture of `width` x `height` pixels; raises ZoneError."""
        if len(points) < 3:
            raise ZoneError(
                "corners", f"a zone needs at least 3 corners, this one has {len(points)}"
            )
        for x, y in points:
            if not (0 <= x <= width and 0 <= y <= height):
                raise ZoneError(
                    "outside",
                    f"the corner ({x:g}, {y:g}) lies outside the {width}x{height} picture; "
                    "draw the zone inside the picture",
                )
        polygon = Polygon(points)
        if not polygon.is_valid:
            raise ZoneError(
                "crosses",
                f"the polygon crosses itself ({explain_validity(polygon)}); "
                "list its corners in order around the edge",
            )
        if polygon.area < 16:
            raise ZoneError("tiny", "the polygon is smaller than 16 square pixels")
        shapely.prepare(polygon)
        return cls(polygon)

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        return tuple((float(x), float(y)) for x, y in self.polygon.exterior.coords[:-1])

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """x1, y1, x2, y2 of the smallest upright rectangle around it."""
        x1, y1, x2, y2 = self.polygon.bounds
        return float(x1), float(y1), float(x2), float(y2)

    def holds(self, points: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Which of the (n, 2) points lie inside: (n,) bool."""
        if len(points) == 0:
            return np.zeros(0, bool)
        inside: NDArray[np.bool_] = shapely.contains_xy(
            self.polygon, points[:, 0].astype(float), points[:, 1].astype(float)
        )
        return inside

    def covered_by(self, boxes: Boxes) -> float:
        """Share 0..1 of the zone's area that lies under the union of the boxes."""
        if len(boxes) == 0:
            return 0.0
        union = shapely.union_all([shapely.box(*b) for b in boxes.astype(float)])
        return float(self.polygon.intersection(union).area / self.polygon.area)

    def share_of(self, boxes: Boxes) -> NDArray[np.float64]:
        """Share 0..1 of each box's area that lies in the zone: (n,)."""
        drawn = shapely.box(*boxes.astype(float).T)
        inside = shapely.area(shapely.intersection(self.polygon, drawn))
        share: NDArray[np.float64] = inside / np.maximum(shapely.area(drawn), 1e-6)
        return share


def centres(boxes: Boxes) -> NDArray[np.float32]:
    """Centres of (n, 4) boxes: (n, 2)."""
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2], axis=1)


def feet(boxes: Boxes) -> NDArray[np.float32]:
    """Middles of the lower edges of (n, 4) boxes: (n, 2)."""
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)


def areas(boxes: Boxes) -> NDArray[np.float32]:
    """Areas of (n, 4) boxes in square pixels: (n,)."""
    area: NDArray[np.float32] = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return area


def overlap_of_smaller(a: Boxes, b: Boxes) -> NDArray[np.float32]:
    """Intersection over the smaller box, for each pair: (len(a), len(b)).

    Unlike IoU it recognises a person cut off by a crop's edge as the person in the whole picture.
    """
    left = np.maximum(a[:, None, :2], b[None, :, :2])
    right = np.minimum(a[:, None, 2:], b[None, :, 2:])
    side = np.clip(right - left, 0, None)
    smaller = np.minimum(areas(a)[:, None], areas(b)[None, :])
    ratio: NDArray[np.float32] = side[..., 0] * side[..., 1] / np.maximum(smaller, 1e-6)
    return ratio


def without_doubles(boxes: Boxes, scores: NDArray[np.float32], limit: float) -> NDArray[np.intp]:
    """Indices of boxes that stay, best first: each lies on a better one by less than `limit`
    (intersection over the smaller box)."""
    order = np.argsort(-scores, kind="stable")
    lying = overlap_of_smaller(boxes, boxes)
    kept: list[int] = []
    for i in order:
        if all(lying[i, j] < limit for j in kept):
            kept.append(int(i))
    return np.array(kept, np.intp)
