"""Scores that say how often they are right.

A network's scores rank well but are no probabilities. For each label two numbers a and b are
fitted (`models.reliability`) on pictures that training did not see, in
`1 / (1 + exp(-(a * logit(score) + b)))` (J. Platt, 1999), so that what is told at 0.7 is right
about seven times in ten, on pictures of that kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """slope, shift: a and b of the formula."""

    slope: float
    shift: float

    def __call__(self, scores: NDArray[np.floating]) -> NDArray[np.float32]:
        probable = sigmoid(self.slope * logit(scores) + self.shift)
        return probable.astype(np.float32)


def logit(p: NDArray[np.floating]) -> Floats:
    inside = np.clip(np.asarray(p, np.float64), 1e-6, 1 - 1e-6)
    odds: Floats = np.log(inside / (1 - inside))
    return odds


def sigmoid(x: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-x))
    return result
