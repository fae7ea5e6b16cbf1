"""Simulator, events: what a clip's truth amounts to under the rulebook's defaults."""

from __future__ import annotations

import pytest

from models.simulator.expected import (
    EATING_LIMITS,
    PHONE_LIMITS,
    Event,
    bouts,
    changes,
    long_queue,
    spells,
    unattended,
    window_events,
)

FPS = 2.0


def held(*stretches: tuple[bool | int, float]) -> list[bool]:
    """Pictures at FPS: (holds, seconds) one after the other."""
    return [bool(so) for so, lasts_s in stretches for _ in range(round(lasts_s * FPS))]


@pytest.mark.parametrize(
    ("holds", "bridge_s", "found"),
    [
        ([], 0, []),
        (held((0, 3)), 0, []),
        (held((0, 3), (1, 2), (0, 1)), 0, [(3.0, 5.0)]),
        (held((1, 2), (0, 1), (1, 2)), 0, [(0.0, 2.0), (3.0, 5.0)]),
        (held((1, 2), (0, 1), (1, 2)), 1, [(0.0, 5.0)]),
    ],
)
def test_spells(holds: list[bool], bridge_s: float, found: list[tuple[float, float]]) -> None:
    assert spells(holds, FPS, bridge_s) == found


@pytest.mark.parametrize(
    ("empty", "events"),
    [
        (held((0, 10), (1, 119), (0, 10)), []),
        (held((0, 10), (1, 120), (0, 10)), [(10.0, 130.0)]),
        (held((0, 10), (1, 130)), [(10.0, None)]),
        (held((1, 100), (0, 1), (1, 100)), []),
    ],
)
def test_unattended_for_two_minutes(
    empty: list[bool], events: list[tuple[float, float | None]]
) -> None:
    found = unattended("w1", empty, FPS)
    assert [(event.began_s, event.ended_s) for event in found] == events


@pytest.mark.parametrize(
    ("holds", "events"),
    [
        (held((0, 5), (1, 9.5), (0, 30)), []),
        (held((0, 5), (1, 10), (0, 30)), [(5.0, 15.0)]),
        (held((0, 5), (1, 6), (0, 4), (1, 6), (0, 30)), [(5.0, 21.0)]),
        (held((0, 5), (1, 6), (0, 11), (1, 6), (0, 30)), []),
        (held((0, 5), (1, 12), (0, 9)), [(5.0, None)]),
    ],
)
def test_ten_seconds_of_phone_in_twenty(
    holds: list[bool], events: list[tuple[float, float | None]]
) -> None:
    found = bouts("phone_use", "w1", holds, FPS, PHONE_LIMITS)
    assert [(event.began_s, event.ended_s) for event in found] == events


def test_eating_is_counted_over_half_a_minute() -> None:
    bites = held((0, 5), *[(1, 2), (0, 4)] * 4, (0, 20))
    assert bouts("eating", "w1", bites, FPS, EATING_LIMITS) == [Event("eating", "w1", 5.0, 25.0)]
    assert bouts("eating", "w1", held((0, 5), *[(1, 2), (0, 8)] * 6), FPS, EATING_LIMITS) == []


def test_a_sign_excuses_an_absence() -> None:
    never = held((0, 140))
    facts = {"absent": held((1, 140)), "sign": held((1, 140))}
    facts |= dict.fromkeys(("phone", "eating", "smoking", "napping", "reading"), never)
    assert window_events("w1", facts, FPS) == []
    unexcused = facts | {"sign": never}
    assert window_events("w1", unexcused, FPS) == [Event("window_unattended", "w1", 0.0, None)]


def test_a_queue_of_eight_for_a_minute() -> None:
    seven, eight = [7] * 20, [8] * 120
    assert long_queue("q1", [*seven, *eight, *seven], FPS) == [
        Event("queue_length", "q1", 10.0, 70.0)
    ]
    assert long_queue("q1", [*eight[:60], *seven, *eight[:60]], FPS) == []


def test_counts_are_told_when_they_change() -> None:
    assert changes([2, 2, 3, 3, 2], FPS) == [(0.0, 2), (1.0, 3), (2.0, 2)]
