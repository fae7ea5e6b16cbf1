"""What an interruption does to what the rules know: a table of absences, and standing alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.observations import stamp
from tests.test_rule_contract import HALL
from vision.engine import Engine
from vision.records import Alert, Blindness, CameraSeen, Stamp, Step, WindowSeen


def looks(engine: Engine, from_s: int, to_s: int, staff: bool = False) -> list[Alert]:
    """Alerts of a window that is seen once a second."""
    return [
        alert
        for at in range(from_s, to_s)
        for alert in engine.step([WindowSeen(stamp(at), "w1", staff=staff, sign=False)])
    ]


def restarted(engine: Engine) -> Engine:
    fresh = Engine(engine.hall, "cam1", "m")
    assert fresh.restore(engine.save()) == []
    return fresh


@pytest.mark.parametrize(
    ("off_s", "raised_at_s"),
    [
        (3, 120),  # no longer than between two looks: as if nothing had happened
        (8, 128),  # shorter than the tolerance: goes on, but what was not seen does not count
        (30, 250),  # unknown for too long: counts anew
    ],
)
def test_an_absence_goes_on_over_a_short_interruption_only(off_s: int, raised_at_s: int) -> None:
    engine = Engine(HALL, "cam1", "m")
    assert looks(engine, 0, 101) == []
    (raised,) = looks(restarted(engine), 100 + off_s, 300)
    assert raised.step is Step.RAISED
    assert raised.at.at_s == pytest.approx(raised_at_s, abs=1)


@pytest.mark.parametrize("off_s", [2, 8, 40])
def test_a_standing_alert_is_continued_and_ends_once(off_s: int) -> None:
    engine = Engine(HALL, "cam1", "m")
    (raised,) = looks(engine, 0, 130)
    again = restarted(engine)
    assert looks(again, 129 + off_s, 180) == []
    (ended,) = looks(again, 180, 200, staff=True)
    assert (ended.uid, ended.step) == (raised.uid, Step.ENDED)


def test_what_is_no_longer_watched_ends_and_the_rest_goes_on() -> None:
    engine = Engine(HALL, "cam1", "m")
    told: list[Alert] = []
    for at in range(130):
        told += engine.step([CameraSeen(stamp(at), "cam1", Blindness.DARK)])
        told += engine.step([WindowSeen(stamp(at), "w1", staff=False, sign=False)])
    assert {a.rule for a in told} == {"camera_blind", "window_unattended"}

    again = Engine(replace(HALL, windows=()), "cam1", "m")
    (ended,) = again.restore(engine.save())
    assert (ended.rule, ended.subject, ended.step) == ("window_unattended", "w1", Step.ENDED)
    assert ended.uid in {a.uid for a in told}
    assert ended.ended is not None
    assert ended.ended.at_s == 129  # the last moment known
    seeing = [a for at in range(130, 140) for a in again.step([CameraSeen(stamp(at), "cam1")])]
    assert [(a.rule, a.step) for a in seeing] == [("camera_blind", Step.ENDED)]


def test_another_version_of_a_rule_takes_over_nothing() -> None:
    engine = Engine(HALL, "cam1", "m")
    (raised,) = looks(engine, 0, 130)
    text = engine.save().replace('"window_unattended": 2', '"window_unattended": 1')
    assert text != engine.save()
    again = Engine(HALL, "cam1", "m")
    (ended,) = again.restore(text)
    assert (ended.uid, ended.step) == (raised.uid, Step.ENDED)
    assert looks(again, 130, 180) == []


def test_an_alert_does_not_end_before_it_began_where_the_clock_was_set_back() -> None:
    engine = Engine(HALL, "cam1", "m")
    (raised,) = looks(engine, 0, 130)
    told: list[Alert] = []
    for at in range(130, 150):
        set_back = Stamp(at, stamp(at).wall - timedelta(hours=1))
        told += engine.step([WindowSeen(set_back, "w1", staff=True, sign=False)])
    (ended,) = told
    assert (ended.uid, ended.began, ended.ended) == (raised.uid, raised.began, stamp(130))
    assert ended.at.wall > stamp(130).wall
