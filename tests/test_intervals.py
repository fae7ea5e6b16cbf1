"""Shares and rates with how sure they are."""

from __future__ import annotations

import pytest

from models.intervals import Share, most_per_hour


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (4, 4, 0.510, 1.0),
        (0, 4, 0.0, 0.490),
        (9, 10, 0.596, 0.982),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson(part: int, whole: int, low: float, high: float) -> None:
    assert Share(part, whole).interval == pytest.approx((low, high), abs=1e-3)


def test_a_share_says_how_many_it_rests_on() -> None:
    assert str(Share(9, 10)) == "0.900 (0.596 to 0.982, n=10)"
    assert str(Share(0, 0)) == "not known (none)"


@pytest.mark.parametrize(
    ("events", "hours", "most"),
    [(0, 3.0, 0.9986), (1, 1.0, 4.74), (10, 1.0, 16.96), (0, 0.0, float("inf"))],
)
def test_the_most_a_rate_can_be(events: int, hours: float, most: float) -> None:
    """Against the exact Poisson bounds (chi-squared quantiles)."""
    assert most_per_hour(events, hours) == pytest.approx(most, rel=0.02)
