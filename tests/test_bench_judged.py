"""A benchmark's alerts against the truth: what counts, what does not, and how late it was."""

from __future__ import annotations

import pytest

from benchmarks.judged import RuleResult, Told, delays_of, judge
from models.events import Event

TRUE = [Event("eating", "w1", 10.0, 40.0), Event("window_unattended", "w2", 20.0, 150.0)]
WAITS_S = {"eating": 8.0, "window_unattended": 120.0}


def results(told: list[Told], seen_s: float = 200.0) -> dict[str, RuleResult]:
    found: dict[str, RuleResult] = {}
    judge(found, told, TRUE, seen_s, lambda rule, subject: WAITS_S[rule])
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
