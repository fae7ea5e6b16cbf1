"""Scoring of found events against the truth."""

from __future__ import annotations

import pytest

from models.events import Event, matched

TRUE = [Event("phone_use", "w1", 10.0, 40.0), Event("eating", "w2", 50.0, None)]

TABLE = [
    (TRUE, 2, 0, 0),
    ([], 0, 0, 2),
    ([Event("phone_use", "w1", 12.0, 38.0)], 1, 0, 1),
    ([Event("phone_use", "w1", 12.1, 40.0)], 0, 1, 2),
    ([Event("phone_use", "w1", 10.0, None)], 0, 1, 2),
    ([Event("phone_use", "w2", 10.0, 40.0)], 0, 1, 2),
    ([Event("eating", "w2", 51.0, None)], 1, 0, 1),
    ([Event("eating", "w2", 51.0, 60.0)], 0, 1, 2),
    ([TRUE[0], TRUE[0]], 1, 1, 1),
]


@pytest.mark.parametrize(("found", "hits", "extra", "missed"), TABLE)
def test_events_are_paired_once_each_within_the_tolerance(
    found: list[Event], hits: int, extra: int, missed: int
) -> None:
    got = matched(found, TRUE)
    assert (len(got.hits), len(got.extra), len(got.missed)) == (hits, extra, missed)


def test_precision_and_recall_are_unknown_where_there_is_nothing() -> None:
    assert matched([], []).precision is None
    assert matched([], []).recall is None
    assert matched([TRUE[0]], TRUE).precision == 1.0
    assert matched([TRUE[0]], TRUE).recall == 0.5
