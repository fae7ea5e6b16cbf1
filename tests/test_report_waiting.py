"""Waiting from queue length and throughput, against a simulated hall whose true waits are known."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from api.reports.days import Measured, reckoned
from api.reports.minutes import Between
from api.reports.queues import (
    Counters,
    Crowd,
    Flow,
    QueueCount,
    Stay,
    by_hour,
    flow_of,
    mean_wait_s,
    served_by_hour,
)
from api.roster.duty import Roster
from cli.stays import Counter
from tests.halls import NOON

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
UTC_HOUR = NOON.tzinfo


@dataclass(frozen=True, slots=True)
class Visit:
    """One citizen: seconds of arrival, of reaching a counter, of leaving it; which counter."""

    arrived: float
    reached: float
    left: float
    window: int


def hall_day(
    seed: int, windows: int, per_hour: float, service_s: float, hours: int = 8
) -> list[Visit]:
    """A queue for several windows, first come first served; it takes 8 s to walk to the counter,
    and service times are log-normal. Arrivals come at random and stop an hour before the end."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(3600 / per_hour, int(per_hour * hours * 2)))
    free = [(0.0, window) for window in range(windows)]
    visits = []
    for arrived in arrivals[arrivals < 3600 * (hours - 1)]:
        since, window = heapq.heappop(free)
        reached = max(since, float(arrived)) + 8.0
        left = reached + max(25.0, float(rng.lognormal(np.log(service_s), 0.5)))
        visits.append(Visit(float(arrived), reached, left, window))
        heapq.heappush(free, (left, window))
    return visits


def flows_of(visits: Sequence[Visit], windows: int, hours: int = 8) -> dict[int, Flow]:
    """What the hall's cameras would have written down: people in the queue once a minute, stays
    from looks at each counter every second."""
    arrived = np.array([v.arrived for v in visits])
    reached = np.array([v.reached for v in visits])
    counts = [
        QueueCount(
            "q1", NOON + m * 60 * SECOND, int(((arrived <= m * 60) & (reached > m * 60)).sum())
        )
        for m in range(hours * 60)
    ]
    stays = []
    for window in range(windows):
        mine = [(v.reached, v.left) for v in visits if v.window == window]
        counter, n = Counter(), 0
        for second in range(hours * 3600):
            while n < len(mine) and mine[n][1] <= second:
                n += 1
            stands = n < len(mine) and mine[n][0] <= second
            stay = counter.look(int(stands), NOON + second * SECOND)
            stays += [] if stay is None else [Stay(f"w{window}", stay[0])]
    crowds, served = by_hour(counts, UTC_HOUR)["q1"], served_by_hour(stays, UTC_HOUR)
    flows = {
        hour: flow_of([crowd], Counters(served.get(hour, 0), windows * HOUR, timedelta(0)))
        for hour, crowd in crowds.items()
    }
    return {hour: flow for hour, flow in flows.items() if flow is not None}


@pytest.mark.parametrize(
    ("windows", "per_hour", "service_s"), [(2, 22.0, 270.0), (4, 60.0, 210.0), (6, 70.0, 260.0)]
)
def test_the_mean_wait_of_several_days_is_near_the_true_one(
    windows: int, per_hour: float, service_s: float
) -> None:
    days = [hall_day(seed, windows, per_hour, service_s) for seed in range(5)]
    true_s = np.mean([v.reached - v.arrived for visits in days for v in visits])
    flows = [flow for visits in days for flow in flows_of(visits, windows).values()]
    told_s = mean_wait_s(flows)
    assert told_s == pytest.approx(true_s, rel=0.1)


def test_the_mean_wait_of_one_hour_of_five_days_is_near_the_true_one() -> None:
    """An hour in which the queue still grows: within a quarter, or not told at all."""
    days = [hall_day(seed, 4, 60.0, 210.0) for seed in range(5)]
    per_day = [flows_of(visits, 4) for visits in days]
    told = 0
    for hour in range(1, 7):
        inside = [
            v.reached - v.arrived
            for visits in days
            for v in visits
            if hour * 3600 <= v.reached < (hour + 1) * 3600
        ]
        clock = (NOON + hour * HOUR).hour
        wait_s = mean_wait_s([day[clock] for day in per_day])
        if wait_s is not None:
            told += 1
            assert wait_s == pytest.approx(np.mean(inside), rel=0.25)
    assert told >= 4


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        ([], None),
        ([Flow(3600.0, 9, 0)], None),  # too few people
        ([Flow(3600.0, 5, 0), Flow(2400.0, 5, 0)], 600.0),
        ([Flow(3600.0, 10, 6)], None),  # the queue grew by more than half of those served
        ([Flow(36000.0, 0, 12)], None),  # nobody was served
        ([Flow(0.0, 12, 0)], 0.0),
    ],
)
def test_when_it_can_be_told(flows: list[Flow], told: float | None) -> None:
    assert mean_wait_s(flows) == told


SEEN = Crowd(looks=60, total=120, most=4, first=1, last=3)


@pytest.mark.parametrize(
    ("crowds", "blind_min", "told"),
    [
        ([SEEN], 0, True),
        ([SEEN, SEEN], 12, True),
        ([SEEN, SEEN], 13, False),  # counters out of sight
        ([SEEN, None], 0, False),  # one queue not looked at
        ([Crowd(44, 88, 4, 1, 3)], 0, False),  # not looked at all along
        ([], 0, False),
    ],
)
def test_an_hour_that_was_not_seen_well_tells_nothing(
    crowds: list[Crowd | None], blind_min: int, told: bool
) -> None:
    counters = Counters(20, 2 * HOUR, timedelta(minutes=blind_min))
    flow = flow_of(crowds, counters)
    assert (flow is not None) is told
    if flow is not None:
        assert flow == Flow(7200.0 * len(crowds), 20, 2 * len(crowds))


@pytest.mark.parametrize(("minutes", "hours"), [(119, [12]), (120, [12, 13]), (59, [])])
def test_an_hour_that_is_not_over_tells_nothing(minutes: int, hours: list[int]) -> None:
    counts = [QueueCount("q1", NOON + m * 60 * SECOND, 2) for m in range(minutes)]
    measured = Measured({}, counts, [], ["q1"], {})
    until = Between(NOON, NOON + timedelta(minutes=minutes))
    assert sorted(reckoned(measured, Roster(), until, ZoneInfo("Asia/Shanghai")).flows) == hours


@pytest.mark.parametrize(
    ("looks", "stays"),
    [
        ("1" * 30 + "0" * 6, [(0, 29)]),
        ("1" * 19 + "0" * 6, []),  # asked for the way
        ("1" * 30 + "00" + "1" * 30 + "00000", [(0, 61)]),  # missed for a moment
        ("1" * 30 + "00000" + "1" * 30 + "00000", [(0, 29), (35, 64)]),  # the next one
        ("1" * 30 + "?" * 20 + "1" * 10 + "00000", [(0, 59)]),  # out of sight for a moment
        ("1" * 30 + "?" * 40 + "1" * 30 + "00000", [(0, 29), (70, 99)]),
        ("2" * 10 + "1" * 20 + "00000", [(0, 29)]),  # a party is one
        ("?" * 50, []),
    ],
)
def test_stays_at_a_counter(looks: str, stays: list[tuple[int, int]]) -> None:
    counter, found = Counter(), []
    for second, look in enumerate(looks):
        stay = counter.look(None if look == "?" else int(look), NOON + second * SECOND)
        found += [] if stay is None else [stay]
    told = [((a - NOON).total_seconds(), (b - NOON).total_seconds()) for a, b in found]
    assert told == stays
