"""A hall's report for a span of days, read from the database. It names no persons at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.halls.reading import hall_row, queue_rows, window_rows
from api.reports.alerts import fates_by_span, tallies_by_span, tallies_in
from api.reports.cover import IN_TIME, Filled
from api.reports.fates import Fate, Tally
from api.reports.gathering import NOT_IN_YET, Days, Gaps, Wanted, gather, summed
from api.reports.minutes import Between
from api.reports.queues import Flow, mean_wait_s
from api.reports.views import (
    CoverFigures,
    DayTrend,
    HourFigures,
    MonthTrend,
    QueueFigures,
    Report,
    RuleFigures,
    Spent,
    WaitFigures,
    WindowFigures,
)

LONGEST_DAYS = 366
TREND_MONTHS = 12
MOST_DAYS = 62
"""So many days are told one by one; a longer period is told by its months."""


class PeriodError(ValueError):
    def __init__(self) -> None:
        super().__init__(f"from must not lie after to, and the span be {LONGEST_DAYS} days at most")


@dataclass(frozen=True, slots=True)
class Period:
    """From one local day to another, both counted."""

    first: date
    last: date

    def checked(self) -> Period:
        """Raises PeriodError."""
        if not 0 <= (self.last - self.first).days < LONGEST_DAYS:
            raise PeriodError
        return self

    def between(self, zone: ZoneInfo) -> Between:
        """Raises PeriodError."""
        self.checked()
        return Between(midnight(self.first, zone), midnight(self.last + timedelta(days=1), zone))

    def months(self) -> list[date]:
        """The first days of the twelve months that end with the last day's."""
        months = [self.last.replace(day=1)]
        while len(months) < TREND_MONTHS:
            months.append((months[-1] - timedelta(days=1)).replace(day=1))
        return months[::-1]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone)


def next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def report_of(session: Session, hall_id: str, period: Period, now: datetime) -> Report:
    """Windows and queues that the hall had in the period are in it, though they are gone by now.
    Raises UnknownHallIdError, PeriodError."""
    hall = hall_row(session, hall_id)
    zone = ZoneInfo(hall.timezone)
    between = period.between(zone)
    per_window = tallies_in(session, hall_id, between)
    since = min(period.months()[0], period.first)
    days = gather(session, hall_id, Wanted(period.first, period.last, since), now, zone)
    windows = _windows(session, hall_id, period, between.start, per_window, days)
    gaps = [gap for day, several in days.gaps.items() if _within(day, period) for gap in several]
    flows = {day: hours for day, hours in days.flows.items() if _within(day, period)}
    return Report(
        hall=hall_id,
        hall_name=hall.name,
        first=period.first,
        last=period.last,
        until=min(between.end, now - NOT_IN_YET),
        windows=windows,
        spent=summed([window.spent for window in windows]),
        rules=_rules(per_window),
        cover=cover_of(gaps),
        queues=_queues(session, hall_id, between.start, days),
        waits=_waits(flows),
        wait_s=mean_wait_s(_all_flows(flows)),
        days=_days(session, hall_id, period, zone),
        months=_months(session, hall_id, period, zone, days),
    )


def _within(day: date, period: Period) -> bool:
    return period.first <= day <= period.last


def _windows(
    session: Session,
    hall_id: str,
    period: Period,
    since: datetime,
    per_window: Mapping[tuple[str, str], Tally],
    days: Days,
) -> tuple[WindowFigures, ...]:
    inside = [day for day in days.spent if _within(day, period)]
    gaps = [gap for day in days.gaps if _within(day, period) for gap in days.gaps[day]]
    return tuple(
        WindowFigures(
            window=window.id,
            name=window.name,
            spent=summed([s for d in inside if (s := days.spent[d].get(window.id)) is not None]),
            rules=tuple(
                rule_of(rule, tally)
                for (where, rule), tally in sorted(per_window.items())
                if where == window.id
            ),
            cover=cover_of(gap for gap in gaps if gap.window == window.id),
        )
        for window in sorted(window_rows(session, hall_id, since), key=lambda w: by_number(w.id))
    )


def _rules(per_window: Mapping[tuple[str, str], Tally]) -> tuple[RuleFigures, ...]:
    totals: dict[str, Tally] = defaultdict(Tally)
    for (_, rule), tally in per_window.items():
        totals[rule] += tally
    return tuple(rule_of(rule, tally) for rule, tally in sorted(totals.items()))


def rule_of(rule: str, tally: Tally) -> RuleFigures:
    return RuleFigures(
        rule=rule,
        counted=tally.counted,
        lasted_s=tally.lasted.total_seconds(),
        **{fate.value: tally.fates[fate] for fate in Fate},
    )


def cover_of(gaps: Iterable[Gaps]) -> tuple[CoverFigures, ...]:
    """By kind and post, planned gaps first."""

    def kind(gap: Gaps) -> tuple[str, str]:
        return gap.gap, gap.post

    found = []
    for _, group in groupby(sorted(gaps, key=kind), key=kind):
        several = list(group)
        filled = {f: sum(g.count for g in several if g.filled is f) for f in Filled}
        came = sum(n for f, n in filled.items() if f.came)
        found.append(
            CoverFigures(
                gap=several[0].gap,
                post=several[0].post,
                count=sum(gap.count for gap in several),
                named=sum(gap.count for gap in several if gap.named),
                filled=filled,
                mean_s=sum(gap.after_s for gap in several) / came if came else None,
            )
        )
    return tuple(found)


def _queues(
    session: Session, hall_id: str, since: datetime, days: Days
) -> tuple[QueueFigures, ...]:
    return tuple(
        QueueFigures(
            queue=queue.id,
            name=queue.name,
            hours=tuple(
                HourFigures(
                    weekday=weekday, hour=hour, looks=seen.looks,
                    mean=seen.total / seen.looks, most=seen.most,
                )
                for (weekday, hour), seen in sorted(days.queues.get(queue.id, {}).items())
            ),
        )
        for queue in sorted(
            queue_rows(session, hall_id, since), key=lambda q: by_number(q.id)
        )
    )  # fmt: skip


def _all_flows(flows: Mapping[date, Mapping[int, Flow]]) -> list[Flow]:
    return [flow for hours in flows.values() for flow in hours.values()]


def _waits(flows: Mapping[date, Mapping[int, Flow]]) -> tuple[WaitFigures, ...]:
    cells: dict[tuple[int, int], list[Flow]] = {}
    for day, hours in flows.items():
        for hour, flow in hours.items():
            cells.setdefault((day.weekday(), hour), []).append(flow)
    return tuple(
        WaitFigures(
            weekday=weekday, hour=hour,
            served=sum(flow.served for flow in several), wait_s=mean_wait_s(several),
        )
        for (weekday, hour), several in sorted(cells.items())
    )  # fmt: skip


def _days(session: Session, hall_id: str, period: Period, zone: ZoneInfo) -> tuple[DayTrend, ...]:
    """None in a long period: its months tell the trend."""
    length = (period.last - period.first).days + 1
    if length > MOST_DAYS:
        return ()
    starts = [midnight(period.first + timedelta(days=n), zone) for n in range(length + 1)]
    found = tallies_by_span(session, hall_id, starts[:-1], starts[-1])
    return tuple(
        DayTrend(day=start.date(), counted=day.counted, lasted_s=day.lasted.total_seconds())
        for start, day in zip(starts, found, strict=False)
    )


def _months(
    session: Session, hall_id: str, period: Period, zone: ZoneInfo, days: Days
) -> tuple[MonthTrend, ...]:
    """Up to the day that the report ends with; months of which nothing is known are left out."""
    months = period.months()
    end = midnight(period.last + timedelta(days=1), zone)
    fates = fates_by_span(session, hall_id, [midnight(m, zone) for m in months], end)
    found = []
    for month, counts in zip(months, fates, strict=True):
        spent: Sequence[Spent] = [
            s for day in _of(month, days.spent) for s in days.spent[day].values()
        ]
        gaps = [gap for day in _of(month, days.gaps) for gap in days.gaps[day]]
        flows = [flow for day in _of(month, days.flows) for flow in days.flows[day].values()]
        if not spent and not counts:
            continue
        found.append(
            MonthTrend(
                month=month,
                spent=summed(spent),
                counted=sum(n for fate, n in counts.items() if fate.counts),
                **{fate.value: counts[fate] for fate in Fate},
                wait_s=mean_wait_s(flows),
                gaps=sum(gap.count for gap in gaps),
                in_time=sum(gap.count for gap in gaps if gap.filled in IN_TIME),
            )
        )
    return tuple(found)


def by_number(name: str) -> list[tuple[int, str]]:
    """To sort by: w2 before w10."""
    parts = re.split(r"([0-9]+)", name)
    return [(int(part), "") if n % 2 else (0, part) for n, part in enumerate(parts)]


def _of(month: date, days: Iterable[date]) -> list[date]:
    return [day for day in days if day.replace(day=1) == month]
