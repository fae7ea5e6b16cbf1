"""Two runs over the same footage, side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.halls import raised
from vision.records import Severity, Step
from vision.whatif import Fate, Incident, compare, incidents

T = datetime(2026, 11, 24, 2, tzinfo=UTC)


def event(began_s: float, lasts_s: float | None = 60.0, *, raised_s: float = 20.0,
          rule: str = "phone_use", subject: str = "w1",
          severity: Severity = Severity.WARNING) -> Incident:  # fmt: skip
    began = T + timedelta(seconds=began_s)
    ended = None if lasts_s is None else began + timedelta(seconds=lasts_s)
    return Incident(rule, subject, began, began + timedelta(seconds=raised_s), ended, severity)


@pytest.mark.parametrize(
    ("before", "after", "fates"),
    [
        ([], [], []),
        ([event(0)], [event(0)], [Fate.STAYS]),
        ([event(0)], [event(0.5)], [Fate.STAYS]),
        ([event(0)], [event(4)], [Fate.MOVES]),
        ([event(0)], [event(0, raised_s=30)], [Fate.MOVES]),
        ([event(0)], [event(0, severity=Severity.SERIOUS)], [Fate.MOVES]),
        ([event(0)], [event(0, None)], [Fate.MOVES]),
        ([event(0, None)], [event(0, None)], [Fate.STAYS]),
        ([event(0)], [], [Fate.GOES]),
        ([], [event(0)], [Fate.COMES]),
        ([event(0)], [event(70)], [Fate.GOES, Fate.COMES]),
        ([event(0)], [event(63)], [Fate.MOVES]),
        ([event(0)], [event(0, subject="w2")], [Fate.GOES, Fate.COMES]),
        ([event(0)], [event(0, rule="eating")], [Fate.COMES, Fate.GOES]),
        ([event(0, 300)], [event(0, 100), event(200, 100)], [Fate.MOVES, Fate.COMES]),
        ([event(0, 100), event(200, 100)], [event(0, 300)], [Fate.MOVES, Fate.GOES]),
    ],
)
def test_fates(before: list[Incident], after: list[Incident], fates: list[Fate]) -> None:
    assert [d.fate for d in compare(before, after)] == fates


def test_nobody_is_paired_twice() -> None:
    differences = compare([event(0, 300)], [event(0, 20), event(30, 20), event(60, 20)])
    assert [d.fate for d in differences] == [Fate.MOVES, Fate.COMES, Fate.COMES]
    assert sum(d.after is not None for d in differences) == 3


def test_steps_of_an_alert_are_one_incident() -> None:
    first = raised()
    worse = replace(first, step=Step.ESCALATED, severity=Severity.SERIOUS,
                    at=first.at.back_to(first.at.at_s + 60))  # fmt: skip
    end = first.at.back_to(first.at.at_s + 90)
    last = replace(first, step=Step.ENDED, at=end, ended=end)
    (incident,) = incidents([first, worse, last])
    assert incident.severity is Severity.SERIOUS
    assert (incident.raised, incident.ended) == (first.at.wall, end.wall)
    assert incidents([first])[0].ended is None
