"""Where something moved since the last look: it may say when to look again, and nothing else.

A clerk sits still: a zone without motion is a zone whose last answer still stands, never an empty
one. What moves outside of every zone (a burnt-in clock, a screen, a passer-by) does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from vision.geometry import Zone
from vision.records import Image

CELLS_WIDE = 80
"""Cells in a row of the picture; they are square."""
MOVED_LEVELS = 10.0
"""A cell moved when its mean grey changed by so much: four times what a coder's noise does to a
still cell of rendered footage at 0.5 Mbit/s."""

SAMPLES = 3

Grid = NDArray[np.float32]
Place = TypeVar("Place", bound=Hashable)


class Motion(Generic[Place]):
    """Follows places of one camera, each with its zones. width, height: of the picture that the
    zones are drawn in; the pictures themselves may be smaller."""

    def __init__(self, zones: Mapping[Place, tuple[Zone, ...]], width: int, height: int) -> None:
        rows = max(round(CELLS_WIDE * height / width), 1)
        x, y = np.meshgrid(
            (np.arange(CELLS_WIDE) + 0.5) * width / CELLS_WIDE,
            (np.arange(rows) + 0.5) * height / rows,
        )
        points = np.stack([x.ravel(), y.ravel()], axis=1)
        self._rows = rows
        self._masks = {
            name: np.any([zone.holds(points) for zone in places], axis=0).reshape(rows, CELLS_WIDE)
            for name, places in zones.items()
        }
        self._before: dict[Place, Grid] = {}
        self._sampled: tuple[tuple[int, ...], NDArray[np.intp]] | None = None  # of which shape

    def looked(self, picture: Image, places: Collection[Place]) -> None:
        """From now on the motion of these places is counted from this picture."""
        cells = self._cells(picture)
        self._before |= {place: cells[self._masks[place]] for place in places}

    def since(self, picture: Image) -> dict[Place, float]:
        """The share of each place's cells that changed since it was looked at; 1 before that."""
        cells = self._cells(picture)
        return {place: self._moved(place, cells[mask]) for place, mask in self._masks.items()}

    def _moved(self, place: Place, cells: Grid) -> float:
        before = self._before.get(place)
        if before is None:
            return 1.0
        return float((np.abs(cells - before) >= MOVED_LEVELS).mean()) if cells.size else 0.0

    def _cells(self, picture: Image) -> Grid:
        """Mean green of each cell, from `SAMPLES` x `SAMPLES` of its pixels."""
        if self._sampled is None or self._sampled[0] != picture.shape:
            self._sampled = picture.shape, _greens(self._rows, *picture.shape[:2])
        sampled = np.ascontiguousarray(picture).reshape(-1)[self._sampled[1]]
        cells: Grid = sampled.sum(axis=0, dtype=np.uint16).astype(np.float32) / SAMPLES**2
        return cells


def _greens(rows: int, height: int, width: int) -> NDArray[np.intp]:
    """Where the green samples of each cell lie in a picture: (SAMPLES**2, rows, CELLS_WIDE).
    One after the other they are summed seven times as fast as cell by cell."""
    y, x = _samples(rows, height), _samples(CELLS_WIDE, width)
    places = (y[:, None] * width + x) * 3 + 1
    cells = places.reshape(rows, SAMPLES, CELLS_WIDE, SAMPLES).transpose(1, 3, 0, 2)
    return np.ascontiguousarray(cells.reshape(SAMPLES**2, rows, CELLS_WIDE))


def _samples(cells: int, pixels: int) -> NDArray[np.intp]:
    """The rows (or columns) that are sampled, evenly over all pixels."""
    return ((np.arange(cells * SAMPLES) + 0.5) * pixels / (cells * SAMPLES)).astype(np.intp)
