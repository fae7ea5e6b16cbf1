"""What grows is told from what wavers, also where neighbouring samples resemble each other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.held import held_by_us, made_of
from benchmarks.trend import student, trend_of


def noise(alike: float, seed: int, samples: int = 300) -> list[float]:
    """Each value keeps this part of the one before."""
    values, last = [], 0.0
    for step in np.random.default_rng(seed).normal(size=samples):
        last = alike * last + float(step)
        values.append(last)
    return values


@pytest.mark.parametrize("alike", [0.0, 0.5, 0.9])
def test_noise_is_hardly_ever_called_growth(alike: float) -> None:
    trends = [trend_of(range(300), noise(alike, seed)) for seed in range(200)]
    assert sum(t.verdict != "within noise" for t in trends) <= 0.1 * len(trends)


def test_growth_is_seen_through_noise() -> None:
    values = [500 + 0.05 * i + wavering for i, wavering in enumerate(noise(0.5, 1))]
    trend = trend_of([i / 60 for i in range(300)], values)
    assert trend.verdict == "grows"
    assert trend.low < 60 * 0.05 < trend.high


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([7.0] * 50, "within noise"),
        ([float(i) for i in range(50)], "grows"),
        ([float(-i) for i in range(50)], "shrinks"),
        ([0.0, 0.0, 1.0], "cannot tell"),  # three samples are too few
    ],
)
def test_verdicts(values: list[float], verdict: str) -> None:
    assert trend_of(range(len(values)), values).verdict == verdict


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="three samples"):
        trend_of([0.0, 1.0], [1.0, 2.0])


@pytest.mark.parametrize(("freedom", "true"), [(3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042)])
def test_students_quantile(freedom: float, true: float) -> None:
    assert math.isclose(student(0.975, freedom), true, abs_tol=0.01)


def test_what_this_process_holds() -> None:
    held, made = held_by_us(), made_of()
    assert 0 < held.anon_mib < held.rss_mib
    assert min(held.objects, held.threads, held.files, made.python, made.library) > 0
