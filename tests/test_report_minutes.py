"""Minutes, alerts and queues of a report against a count one by one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.live import WindowPhase
from api.reports.fates import AlertFact, Fate, tallies
from api.reports.minutes import (
    STANDING_OF,
    UNSEEN,
    Between,
    PhaseSpan,
    Standing,
    added_up,
    stretches,
)
from api.reports.queues import QueueCount, by_hour
from api.roster.duty import Duty, DutyState, Service
from api.roster.timeline import Turn
from tests.halls import NOON

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ZONE = ZoneInfo("Asia/Shanghai")
LENGTH = 120
PERIOD = Between(NOON, NOON + LENGTH * SECOND)
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be doing other things."""

spans = st.lists(
    st.builds(
        lambda phase, start, length: PhaseSpan(
            "w1", phase, NOON + start * SECOND, NOON + (start + length) * SECOND
        ),
        st.sampled_from(WindowPhase),
        st.integers(-30, 140),
        st.integers(1, 60),
    ),
    unique_by=lambda span: span.starts_at,
    max_size=12,
)


def turns_of(services: list[tuple[int, Service | None]]) -> list[Turn]:
    """Turns that fill the period: service from that second on."""
    edges = [second for second, _ in services] + [LENGTH]
    duty = Duty(DutyState.ON_DUTY)
    return [
        Turn(NOON + a * SECOND, NOON + b * SECOND, duty, service)
        for (a, service), b in zip(services, edges[1:], strict=True)
    ]


service = st.sampled_from([None, *Service])
hours = st.builds(
    lambda first, more: [(0, first), *((n, s) for n, s in sorted(more.items()))],
    service,
    st.dictionaries(st.integers(1, LENGTH - 1), service, max_size=4),
)


@BUSY
@given(spans, hours)
def test_time_in_each_standing_as_counted_second_by_second(
    several: list[PhaseSpan], services: list[tuple[int, Service | None]]
) -> None:
    """For each second the span that began last holds, if it has not ended; else the roster says
    what it was. Nothing is left out and nothing counted twice."""
    expected: Counter[Standing] = Counter()
    for second in range(LENGTH):
        at = NOON + second * SECOND
        begun = [s for s in several if s.starts_at <= at]
        last = max(begun, key=lambda s: s.starts_at, default=None)
        if last is not None and at < last.ends_at:
            expected[STANDING_OF[last.phase]] += 1
        else:
            expected[UNSEEN[[s for n, s in services if n <= second][-1]]] += 1
    of_window = stretches(several, turns_of(services), PERIOD)
    found = {standing: int(t.total_seconds()) for standing, t in added_up(of_window).items()}
    assert found == {standing: expected[standing] for standing in Standing}
    assert sum(found.values()) == LENGTH
    edges = [of_window[0].starts_at, *(s.ends_at for s in of_window)]
    assert [s.starts_at for s in of_window] == edges[:-1]
    assert (edges[0], edges[-1]) == (PERIOD.start, PERIOD.end)


facts = st.lists(
    st.builds(
        lambda window, rule, fate, began, length: AlertFact(
            window, rule, fate, NOON + began * SECOND, NOON + (began + length) * SECOND
        ),
        st.sampled_from(["w1", "w2"]),
        st.sampled_from(["phone_use", "eating"]),
        st.sampled_from(Fate),
        st.integers(0, 200_000),
        st.integers(0, 900),
    ),
    max_size=30,
)


@BUSY
@given(facts)
def test_alerts_as_counted_one_by_one(alerts: list[AlertFact]) -> None:
    found = tallies(alerts)
    assert sum(t.counted for t in found.values()) == sum(a.counts for a in alerts)
    for (window, rule), tally in found.items():
        mine = [a for a in alerts if (a.window, a.rule) == (window, rule)]
        assert tally.fates == Counter(a.fate for a in mine)
        assert tally.lasted == sum((a.until - a.began for a in mine if a.counts), timedelta(0))


@BUSY
@given(st.lists(st.tuples(st.integers(0, 719), st.integers(0, 30)), max_size=40))
def test_queues_by_hour_as_counted_one_by_one(looks: list[tuple[int, int]]) -> None:
    counts = [QueueCount("q1", NOON + minute * MINUTE, n) for minute, n in looks]
    found = by_hour(counts, ZONE).get("q1", {})
    assert sum(crowd.looks for crowd in found.values()) == len(counts)
    for hour, crowd in found.items():
        mine = [c for c in counts if c.at.astimezone(ZONE).hour == hour]
        of_it = [c.count for c in mine]
        assert (crowd.mean, crowd.most) == (pytest.approx(sum(of_it) / len(of_it)), max(of_it))
        assert crowd.first in [c.count for c in mine if c.at == min(m.at for m in mine)]
