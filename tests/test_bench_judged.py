"""A benchmark's alerts against the truth: what counts, what does not, and how late it was."""

from __future__ import annotations

import pytest

from benchmarks.judged import RuleResult, Spell, Told, delays_of, due_s, judge
from models.events import Event
from vision.rules.eating import EatingPolicy
from vision.rules.window_unattended import UnattendedPolicy

DUE = {
    Event("eating", "w1", 10.0, 40.0): 18.0,
    Event("window_unattended", "w2", 20.0, 150.0): 140.0,
}
MEAL = Event("eating", "w1", 12.0, 46.0)


def results(told: list[Told], seen_s: float = 200.0) -> dict[str, RuleResult]:
    found: dict[str, RuleResult] = {}
    judge(found, told, DUE, seen_s)
    return found


def test_alerts_in_time_keep_the_promise() -> None:
    found = results([
        Told("eating", "w1", 10.5, 19.0), Told("window_unattended", "w2", 20.4, 140.9),
    ])  # fmt: skip
    assert all(result.keeps for result in found.values())
    assert delays_of(found) == pytest.approx([1.0, 0.9])


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ([], "missed"),
        ([Told("eating", "w1", 14.0, 19.0)], "of another onset"),
        ([Told("eating", "w2", 10.0, 19.0)], "at another window"),
        ([Told("eating", "w1", 10.0, 20.0)], "told 2 s late"),
        ([Told("eating", "w1", 10.0, 19.0), Told("eating", "w1", 60.0, 70.0)], "one made up"),
        ([Told("eating", "w1", 10.0, 19.0), Told("eating", "w1", 11.0, 19.4)], "told twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_breaks_it(told: list[Told], why: str) -> None:
    assert not results(told)["eating"].keeps


def test_what_could_not_be_told_yet_is_not_counted() -> None:
    found = results([Told("eating", "w1", 10.0, 18.2)], seen_s=100.0)
    assert "window_unattended" not in found
    assert found["eating"].events == 1


def test_an_alert_told_early_by_chance_of_the_end_is_no_invention() -> None:
    found = results([Told("window_unattended", "w2", 20.0, 140.1)], seen_s=143.0)
    assert (found["window_unattended"].events, found["window_unattended"].extra) == (0, 0)


@pytest.mark.parametrize(
    ("spells", "told_s"),
    [
        ([(12.0, 46.0)], 20.0),  # without a break
        ([(12.0, 15.0), (20.0, 23.0), (25.0, 28.0)], 27.0),  # three and three and two
        ([(3.0, 6.0), (12.0, 46.0)], 20.0),  # what was before the event is not of it
        ([(12.0, 15.0), (30.0, 33.0), (44.0, 50.0)], 49.0),  # the first bite is too long ago then
    ],
)
def test_the_rules_own_time_of_conduct_that_comes_and_goes(
    spells: list[Spell], told_s: float
) -> None:
    assert due_s(MEAL, EatingPolicy(), spells) == pytest.approx(told_s, abs=0.06)


def test_an_absence_is_told_after_its_time() -> None:
    event = Event("window_unattended", "w1", 16.0, 150.0)
    assert due_s(event, UnattendedPolicy(after_s=90.0), ()) == 106.0


def test_what_never_comes_together_is_no_event() -> None:
    with pytest.raises(ValueError, match="eating at w1 is never held for 8 s"):
        due_s(MEAL, EatingPolicy(), [(12.0, 15.0)])
