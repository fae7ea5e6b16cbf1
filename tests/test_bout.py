"""Conduct that comes and goes: sure looks say that it was, fainter ones from when to when."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from vision.records import Change, Step
from vision.rules.bout import Bout, BoutPolicy, step_bout

POLICY = BoutPolicy(held_s=10.0, within_s=20.0, clear_after_s=10.0, min_score=0.5)


def changes(*scores: float | None) -> list[Change]:
    """What one look a second with these scores gives."""
    state, told = Bout(), list[Change]()
    for at_s, score in enumerate(scores):
        state, now = step_bout(state, float(at_s), score, POLICY)
        told += now
    return told


NO, FAINT, SURE = 0.39, 0.41, 0.6


@pytest.mark.parametrize(
    ("scores", "raised", "ended"),
    [
        ((*[NO] * 5, *[SURE] * 11, *[NO] * 12), (5.0, 15.0), 16.0),
        # the hand turns at the beginning and at the end
        ((*[NO] * 5, *[FAINT] * 4, *[SURE] * 11, *[FAINT] * 3, *[NO] * 12), (5.0, 19.0), 23.0),
        # and in the middle
        ((*[NO] * 5, *[SURE] * 5, *[FAINT] * 4, *[SURE] * 6, *[NO] * 12), (5.0, 19.0), 20.0),
        # what was faintly seen before, but not until then, is not of it
        ((*[FAINT] * 3, *[NO] * 2, *[SURE] * 11, *[NO] * 12), (5.0, 15.0), 16.0),
    ],
)
def test_a_bout_lasts_as_long_as_it_is_seen_faintly(
    scores: Sequence[float], raised: tuple[float, float], ended: float
) -> None:
    first, last = changes(*scores)
    assert (first.step, first.began_s, first.at_s) == (Step.RAISED, *raised)
    assert (last.step, last.began_s, last.ended_s) == (Step.ENDED, raised[0], ended)


def test_what_is_only_faintly_seen_raises_nothing() -> None:
    assert changes(*[FAINT] * 600) == []
    assert changes(*[SURE] * 9, *[FAINT] * 600) == []


def test_what_cannot_be_told_does_not_join_a_faint_look_to_a_sure_one() -> None:
    (first,) = changes(*[FAINT] * 3, *[None] * 2, *[SURE] * 12)
    assert first.began_s == 5.0
