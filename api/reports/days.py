"""The figures of one local day, reckoned from what the cameras measured and the roster says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.halls.reading import hall_row, queue_rows, window_rows
from api.live import WindowPhase
from api.reports.cover import Covered, covered
from api.reports.minutes import (
    NOTHING,
    Between,
    PhaseSpan,
    Standing,
    Stretch,
    added_up,
    stretches,
)
from api.reports.queues import (
    Counters,
    Crowd,
    Flow,
    QueueCount,
    Stay,
    by_hour,
    flow_of,
    served_by_hour,
)
from api.reports.tables import CounterStayRow, PhaseSpanRow, QueueCountRow
from api.roster.duty import Roster
from api.roster.timeline import Turn, roster_over, turns

DAY = timedelta(days=1)
OUT_OF_SIGHT = (Standing.UNKNOWN, Standing.NOT_LOOKED)


@dataclass(frozen=True, slots=True)
class WindowDay:
    """One window on one day: what stood how long, and the gaps with how they were covered."""

    turns: Sequence[Turn]
    stretches: Sequence[Stretch]
    gaps: Sequence[Covered]

    @property
    def spent(self) -> Mapping[Standing, timedelta]:
        return added_up(self.stretches)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of a hall: its windows, its queues by hour, its flow where it could be told."""

    windows: Mapping[str, WindowDay] = field(default_factory=dict)
    crowds: Mapping[str, Mapping[int, Crowd]] = field(default_factory=dict)
    flows: Mapping[int, Flow] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured in a span. seen_from: since when a window was looked at at all;
    windows that never were are left out."""

    spans: Mapping[str, Sequence[PhaseSpan]]
    counts: Sequence[QueueCount]
    stays: Sequence[Stay]
    queues: Sequence[str]
    seen_from: Mapping[str, datetime]


def day_between(day: date, zone: tzinfo) -> Between:
    return Between(datetime.combine(day, time(0), zone), datetime.combine(day + DAY, time(0), zone))


def day_figures(session: Session, hall_id: str, between: Between) -> DayFigures:
    """A local day (or as much of it as is over), read and reckoned."""
    hall = hall_row(session, hall_id)
    roster = roster_over(session, hall_id, between.start, between.end)
    return reckoned(
        measured_in(session, hall_id, between), roster, between, ZoneInfo(hall.timezone)
    )


def reckoned(measured: Measured, roster: Roster, between: Between, zone: tzinfo) -> DayFigures:
    """A pure function of what was measured and of the roster."""
    windows: dict[str, WindowDay] = {}
    for window, since in measured.seen_from.items():
        if since >= between.end:
            continue
        start = max(since, between.start)
        roster_turns = turns(roster, window, start, between.end)
        of_window = stretches(
            measured.spans.get(window, ()), roster_turns, Between(start, between.end)
        )
        windows[window] = WindowDay(roster_turns, of_window, covered(roster_turns, of_window))
    crowds = by_hour(measured.counts, zone)
    counters = _counters(windows.values(), measured.stays, zone)
    unfinished = _unfinished(between.end.astimezone(zone))
    flows = {
        hour: flow
        for hour in sorted({h for hours in crowds.values() for h in hours} - unfinished)
        for flow in [_flow(measured.queues, crowds, counters, hour)]
        if flow is not None
    }
    return DayFigures(windows, crowds, flows)


def _unfinished(end: datetime) -> set[int]:
    """The local hour in the middle of which it ends."""
    return {end.hour} if (end.minute, end.second, end.microsecond) != (0, 0, 0) else set()


def _flow(
    queues: Sequence[str],
    crowds: Mapping[str, Mapping[int, Crowd]],
    counters: Mapping[int, Counters],
    hour: int,
) -> Flow | None:
    seen = [crowds.get(queue, {}).get(hour) for queue in queues]
    return flow_of(seen, counters.get(hour, Counters(0, NOTHING, NOTHING)))


def _counters(
    windows: Iterable[WindowDay], stays: Iterable[Stay], zone: tzinfo
) -> Mapping[int, Counters]:
    could: dict[int, timedelta] = defaultdict(lambda: NOTHING)
    blind: dict[int, timedelta] = defaultdict(lambda: NOTHING)
    for window in windows:
        for stretch in window.stretches:
            if stretch.standing is not Standing.ATTENDED and stretch.standing not in OUT_OF_SIGHT:
                continue
            for hour, length in _hours(stretch, zone):
                could[hour] += length
                if stretch.standing in OUT_OF_SIGHT:
                    blind[hour] += length
    served = served_by_hour(stays, zone)
    return {
        hour: Counters(served.get(hour, 0), could[hour], blind[hour]) for hour in {*could, *served}
    }


def _hours(stretch: Stretch, zone: tzinfo) -> Iterable[tuple[int, timedelta]]:
    """A stretch cut at the local hours."""
    at = stretch.starts_at
    while at < stretch.ends_at:
        local = at.astimezone(zone)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        until = min(at + timedelta(hours=1) - past, stretch.ends_at)
        yield local.hour, until - at
        at = until


def measured_in(session: Session, hall_id: str, between: Between) -> Measured:
    spans: dict[str, list[PhaseSpan]] = defaultdict(list)
    rows = session.execute(
        select(
            PhaseSpanRow.window_id, PhaseSpanRow.phase, PhaseSpanRow.starts_at, PhaseSpanRow.ends_at
        ).where(
            PhaseSpanRow.hall_id == hall_id,
            PhaseSpanRow.starts_at > between.start - DAY,  # none is longer than half an hour
            PhaseSpanRow.starts_at < between.end,
            PhaseSpanRow.ends_at > between.start,
        )
    )
    for window, phase, starts_at, ends_at in rows:
        spans[window].append(PhaseSpan(window, WindowPhase(phase), starts_at, ends_at))
    counts = session.execute(
        select(QueueCountRow.queue_id, QueueCountRow.at, QueueCountRow.count).where(
            QueueCountRow.hall_id == hall_id,
            QueueCountRow.at >= between.start,
            QueueCountRow.at < between.end,
        )
    )
    stays = session.execute(
        select(CounterStayRow.window_id, CounterStayRow.starts_at).where(
            CounterStayRow.hall_id == hall_id,
            CounterStayRow.starts_at >= between.start,
            CounterStayRow.starts_at < between.end,
        )
    )
    return Measured(
        spans=spans,
        counts=[QueueCount(queue, at, n) for queue, at, n in counts],
        stays=[Stay(window, at) for window, at in stays],
        queues=[queue.id for queue in queue_rows(session, hall_id, between.start)],
        seen_from=seen_from(session, hall_id, between.start),
    )


def seen_from(session: Session, hall_id: str, since: datetime) -> dict[str, datetime]:
    """When each window that the hall has had since then was looked at first, as far as that is
    kept."""
    found = {}
    for window in window_rows(session, hall_id, since):
        first = session.scalar(
            select(func.min(PhaseSpanRow.starts_at)).where(
                PhaseSpanRow.hall_id == hall_id, PhaseSpanRow.window_id == window.id
            )
        )
        if first is not None:
            found[window.id] = first
    return found


def first_measured(session: Session, hall_id: str) -> datetime | None:
    """Since when there is anything to reckon with."""
    firsts = (
        select(func.min(PhaseSpanRow.starts_at)).where(PhaseSpanRow.hall_id == hall_id),
        select(func.min(QueueCountRow.at)).where(QueueCountRow.hall_id == hall_id),
    )
    moments = [moment for first in firsts if (moment := session.scalar(first)) is not None]
    return min(moments, default=None)
