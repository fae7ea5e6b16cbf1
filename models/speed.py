"""How long a detector takes for a picture, measured beside its rivals in one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter

import numpy as np

from vision.records import Image
from vision.seeing import Detector

SHAPES: Mapping[str, tuple[int, int]] = {
    "whole 960x540": (540, 960),
    "close-up 300x300": (300, 300),
}
"""Heights and widths of pictures as the product gives them to a detector."""
ROUNDS = 15


def timed(
    detectors: Mapping[str, Detector],
    shapes: Mapping[str, tuple[int, int]] = SHAPES,
    *,
    rounds: int = ROUNDS,
    clock: Callable[[], float] = perf_counter,
) -> dict[str, dict[str, float]]:
    """Milliseconds a picture, by detector and shape: the median of the faster half of the rounds.

    The detectors take turns, so that whatever else the machine does slows all alike.
    """
    took: dict[tuple[str, str], list[float]] = {}
    rng = np.random.default_rng(1)
    for shape, (height, width) in shapes.items():
        picture: Image = rng.integers(0, 255, (height, width, 3), np.uint8)
        for detector in detectors.values():
            detector.detect([picture])
        for _ in range(rounds):
            for name, detector in detectors.items():
                began = clock()
                detector.detect([picture])
                took.setdefault((name, shape), []).append(1000 * (clock() - began))
    return {
        name: {shape: round(faster_half(took[name, shape]), 1) for shape in shapes}
        for name in detectors
    }


def faster_half(times: Sequence[float]) -> float:
    return median(sorted(times)[: (len(times) + 1) // 2])
