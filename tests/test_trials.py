"""Judging what was seen with other thresholds, and choosing one for a rate of false alarms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.events import Event, overlapping
from models.looks import read_looks, write_looks
from models.trials import Trial, chosen, counted, judged, outcome, presence
from tests.observations import stamp
from tests.test_rule_contract import HALL
from vision.records import Blindness, CameraSeen, QueueSeen, WindowSeen

TRUE = Event("phone_use", "w1", 100.0, 130.0)


def trial(*spells: tuple[float, float, float], true: tuple[Event, ...] = (TRUE,)) -> Trial:
    """Two hundred seconds at a window; in each spell (from, to, score) a phone is so sure."""
    seen = []
    for half in range(400):
        at_s = half / 2
        score = max((s for a, b, s in spells if a <= at_s < b), default=0.0)
        seen.append(WindowSeen(stamp(at_s), "w1", staff=True, citizens=0, sign=False, phone=score))
    return Trial("clip", HALL, "cam1", seen, true, 200.0)


HIT = (100.0, 130.0, 0.7)
FALSE = (20.0, 40.0, 0.5)


@pytest.mark.parametrize(
    ("score", "hits", "missed", "extra"), [(0.4, 1, 0, 1), (0.6, 1, 0, 0), (0.8, 0, 1, 0)]
)
def test_a_limit_trades_false_alarms_for_misses(
    score: float, hits: int, missed: int, extra: int
) -> None:
    found = outcome([trial(HIT, FALSE)], "phone_use", score)
    assert (found.hits, found.missed, found.extra) == (hits, missed, extra)
    assert found.in_time == hits
    assert found.hours == 0  # conduct is staged in it


def test_false_alarms_are_counted_in_ordinary_footage() -> None:
    found = outcome([trial(HIT), trial(FALSE, true=())], "phone_use", 0.4)
    assert (found.hits, found.extra, found.false_alarms) == (1, 1, 1)
    assert found.hours == pytest.approx(200 / 3600)
    assert found.extra_a_day == pytest.approx(8 * 18)
    assert found.most_a_day > found.extra_a_day


def test_the_limit_in_the_middle_of_the_good_ones_is_chosen() -> None:
    choice = chosen([trial(HIT, FALSE)] * 5, "phone_use", a_day=1)
    assert choice.outcome.score == pytest.approx(0.65)  # 0.55 to 0.70 are alike
    assert choice.limits() == {"min_score": choice.outcome.score, "on": True}


def test_a_limit_that_alarms_too_often_in_ordinary_footage_is_not_chosen() -> None:
    ordinary = trial((20, 40, 0.62), true=())
    assert chosen([trial(HIT), ordinary], "phone_use", a_day=1).outcome.score == pytest.approx(0.7)
    hopeless = chosen([trial(HIT), trial((20, 40, 0.96), true=())], "phone_use", a_day=1)
    assert (hopeless.outcome.score, hopeless.on) == (0.95, False)


@pytest.mark.parametrize(
    ("events", "wrong", "hours", "on"),
    [(25, 0, 8, True), (25, 5, 8, False), (5, 0, 8, False), (25, 0, 1, False)],
)
def test_a_rule_that_is_off_needs_many_right_alarms_and_an_ordinary_day(
    events: int, wrong: int, hours: int, on: bool
) -> None:
    def nap(true: bool) -> Trial:
        every_2s = trial().seen[::4]
        naps = [replace(s, phone=0.0, napping=0.9) for s in every_2s]
        event = Event("napping", "w1", 0.0, None) if true else TRUE
        return replace(trial(true=(event,)), seen=naps)

    ordinary = replace(trial(true=()), seen=[], lasts_s=3600.0 * hours)
    trials = [nap(True)] * events + [nap(False)] * wrong + [ordinary]
    assert chosen(trials, "napping", a_day=1).on is on


def test_real_footage_tells_of_false_alarms_only() -> None:
    found = outcome([replace(trial(HIT, FALSE), real=True)], "phone_use", 0.4)
    assert (found.hits, found.missed, found.extra) == (0, 0, 1)


def test_a_rule_that_is_off_is_judged_as_if_it_were_on() -> None:
    naps = [replace(s, phone=0.0, napping=0.9) for s in trial().seen]
    nap = replace(trial(true=(Event("napping", "w1", 0.0, None),)), seen=naps)
    assert judged(nap, {}) == []
    assert outcome([nap], "napping", 0.5).hits == 1


@pytest.mark.parametrize(
    ("found", "hits", "extra", "missed"),
    [
        ([Event("phone_use", "w1", 110.0, 150.0)], 1, 0, 0),
        # more than half of it was something else
        ([Event("phone_use", "w1", 110.0, 151.0)], 0, 1, 1),
        ([Event("phone_use", "w1", 69.0, 130.0)], 0, 1, 1),
        ([Event("phone_use", "w1", 110.0, None)], 0, 1, 1),  # seventy seconds too long
        ([Event("phone_use", "w1", 100.0, 130.0)], 1, 0, 0),
        ([Event("phone_use", "w1", 131.0, 140.0)], 0, 1, 1),
        ([Event("phone_use", "w2", 110.0, 120.0)], 0, 1, 1),
        ([Event("phone_use", "w1", 100.0, 110.0), Event("phone_use", "w1", 120.0, 130.0)], 1, 1, 0),
    ],
)
def test_an_alert_is_right_when_it_is_mostly_true(
    found: list[Event], hits: int, extra: int, missed: int
) -> None:
    result = overlapping(found, [TRUE], 200.0)
    assert (len(result.hits), len(result.extra), len(result.missed)) == (hits, extra, missed)


def test_looks_are_kept_to_the_bit(tmp_path: Path) -> None:
    seen = [
        WindowSeen(stamp(0.1), "w1", staff=None, phone=0.123456789, sign=True),
        WindowSeen(stamp(0.1), "w2", blind=Blindness.COVERED, open=None),
        QueueSeen(stamp(1 / 3), "q1", count=None),
        CameraSeen(stamp(1 / 3), "cam1", blind=Blindness.OFFLINE),
    ]
    write_looks(tmp_path / "new" / "clip.jsonl.gz", seen)
    assert read_looks(tmp_path / "new" / "clip.jsonl.gz") == seen


def test_presence_is_scored_look_by_look_but_for_the_edges() -> None:
    seen = [
        *(WindowSeen(stamp(t), "w1", staff=True) for t in range(10)),
        *(WindowSeen(stamp(t), "w1", staff=t == 15) for t in range(10, 20)),
        WindowSeen(stamp(20.5), "w1", staff=True),
        *(WindowSeen(stamp(t), "w1", staff=None) for t in range(22, 24)),
    ]
    score = presence(replace(trial(), seen=seen, absent={"w1": [(10.0, 20.0)]}))
    assert (score.right, score.wrong, score.unsure) == (9 + 6, 1, 2)


def test_queue_counts_within_one_or_a_tenth() -> None:
    told = [(5, 4), (6, 6), (30, 18), (31, 17), (32, None), (19.0, 0)]
    seen = [QueueSeen(stamp(at_s), "q1", count=count) for at_s, count in told]
    share = counted(replace(trial(), seen=seen, queues={"q1": [(0.0, 4), (20.0, 20)]}))
    assert (share.part, share.whole) == (2, 5)
