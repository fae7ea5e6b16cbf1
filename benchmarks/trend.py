"""Whether something grows over a run, or only wavers: a straight line, and how sure its slope is.

Neighbouring samples of a process's memory resemble each other, so that the usual interval of a
slope is far too narrow. It is made for the number of samples that would be independent, after
Santer et al., "Statistical significance of trends and trend differences in layer-average
atmospheric temperature time series", J. Geophys. Res. 105 (2000), 7337-7356, equations 3 to 6:
n_e = n (1 - r) / (1 + r), with r the residuals' correlation with their neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

LEAST_FREEDOM = 2.0
"""With fewer degrees of freedom nothing can be said."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A slope per unit of time with its 95 percent interval, and the number of independent samples
    that stand behind it."""

    slope: float
    low: float
    high: float
    independent: float

    @property
    def within_noise(self) -> bool | None:
        """None: too few independent samples to tell."""
        return None if math.isinf(self.high) else self.low <= 0.0 <= self.high

    @property
    def verdict(self) -> str:
        if self.within_noise is None:
            return "cannot tell"
        if self.within_noise:
            return "within noise"
        return "grows" if self.slope > 0 else "shrinks"


def trend_of(times: Sequence[float], values: Sequence[float]) -> Trend:
    """The least-squares line through at least three samples, taken at equal intervals."""
    if len(times) != len(values) or len(times) < 3:
        raise ValueError("a trend needs at least three samples, each with its time")
    time, value = np.asarray(times, np.float64), np.asarray(values, np.float64)
    away = time - time.mean()
    spread = float(np.sum(away**2))
    slope = float(np.sum(away * value)) / spread
    rest = value - value.mean() - slope * away
    total = float(np.sum(rest**2))
    if total <= 1e-18 * max(float(np.sum(value**2)), 1.0):
        return Trend(slope, slope, slope, float(len(time)))
    alike = float(np.sum(rest[1:] * rest[:-1])) / total
    independent = len(time) * (1 - max(alike, 0.0)) / (1 + max(alike, 0.0))
    freedom = independent - 2
    if freedom < LEAST_FREEDOM:
        return Trend(slope, -math.inf, math.inf, independent)
    unsure = student(0.975, freedom) * math.sqrt(total / freedom / spread)
    return Trend(slope, slope - unsure, slope + unsure, independent)


def student(probability: float, freedom: float) -> float:
    """The quantile of Student's t: Abramowitz and Stegun, Handbook of Mathematical Functions,
    26.7.5; within a hundredth from three degrees of freedom on, and 0.03 too small at two."""
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom ** (n + 1) for n, term in enumerate(terms))
