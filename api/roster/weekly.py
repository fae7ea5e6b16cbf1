"""Times that come back week by week, on the hall's clock: a pure description."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = 7
SATURDAY, SUNDAY = 5, 6


class Days(Protocol):
    """Which days are worked in the hall."""

    def is_working_day(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class Weekly:
    """From `start_min` to `end_min` (minutes since local midnight; an end that is not after the
    start is the next day's) on these weekdays (0 is Monday), from `first` to `last`, both counted.

    every: 2 is every other week, the week of `first` being one of them. by_calendar: it rests on
    holidays; a Saturday that is worked is worked like the Friday before, a Sunday like the Monday
    after. skips: days on which it does not happen.
    """

    weekdays: frozenset[int]
    start_min: int
    end_min: int
    first: date
    last: date | None = None
    every: int = 1
    by_calendar: bool = True
    skips: frozenset[date] = frozenset()

    def happens(self, day: date, days: Days) -> bool:
        """Whether it begins on that day."""
        if day < self.first or (self.last is not None and day > self.last) or day in self.skips:
            return False
        weeks = ((day - timedelta(days=day.weekday())) - self._first_monday()).days // WEEK
        if weeks % self.every:
            return False
        if not self.by_calendar:
            return day.weekday() in self.weekdays
        return days.is_working_day(day) and bool({day.weekday(), _worked_like(day)} & self.weekdays)

    def _first_monday(self) -> date:
        return self.first - timedelta(days=self.first.weekday())

    def span(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when to when (UTC) it lasts if it begins on that day."""
        lasts_over = DAY if self.end_min <= self.start_min else timedelta(0)
        return (
            moment_of(day, self.start_min, zone, end=False),
            moment_of(day + lasts_over, self.end_min, zone, end=True),
        )

    def covers(self, at: datetime, zone: ZoneInfo, days: Days) -> bool:
        return any(start <= at < end for start, end in self.around(at, zone, days))

    def around(
        self, at: datetime, zone: ZoneInfo, days: Days
    ) -> Iterator[tuple[datetime, datetime]]:
        """The spans that begin on the local day of `at`, or on the day before."""
        today = at.astimezone(zone).date()
        for day in (today - DAY, today):
            if self.happens(day, days):
                yield self.span(day, zone)


def _worked_like(day: date) -> int:
    """The weekday whose work is done on a weekend day that is worked."""
    return {SATURDAY: 4, SUNDAY: 0}.get(day.weekday(), day.weekday())


def moment_of(day: date, minute: int, zone: ZoneInfo, *, end: bool) -> datetime:
    """That local time in UTC. Where clocks go back and it comes twice, a start is the first and an
    end the second; where they go forward over it, it is the moment at which they do."""
    naive = datetime.combine(day, time(0)) + timedelta(minutes=minute)
    first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second < first:  # clocks go forward over it
        return _change_between(second, first, zone)
    return second if end else first


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second in between at which the zone's offset is the later one."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
