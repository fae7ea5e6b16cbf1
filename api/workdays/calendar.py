"""Working days: Chinese public holidays with make-up workdays, and the hall's own days.

The State Council announces next year's holidays and make-up workdays (调休) in November. Until the
`holidays` library knows them, it gives the statutory holidays by law without make-up days: such a
year is not `announced`, and the hall may enter its own days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

import holidays

SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Year:
    """The public calendar of one year."""

    holidays: Mapping[date, str]  # with their Chinese names, days moved by make-up included
    makeup_days: frozenset[date]  # Saturdays and Sundays that are worked


@cache
def _public_year(year: int) -> _Year:
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    worked = frozenset(day for day in china.weekend_workdays if day.year == year)
    return _Year({day: name for day, name in china.items() if day.year == year}, worked)


def holiday_name(day: date) -> str | None:
    """The public holiday of that day by its Chinese name; None if it is none."""
    return _public_year(day.year).holidays.get(day)


def is_announced(year: int) -> bool:
    """Whether the library knows the year's make-up workdays."""
    return bool(_public_year(year).makeup_days)


def is_public_working_day(day: date) -> bool:
    public = _public_year(day.year)
    if day in public.makeup_days:
        return True
    return day.weekday() < SATURDAY and day not in public.holidays


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of a hall. `own`: its own days, True where it works; they win."""

    zone: tzinfo
    own: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        own = self.own.get(day)
        return is_public_working_day(day) if own is None else own

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself does not count."""
        while count > 0:
            day += _DAY
            count -= self.is_working_day(day)
        return day

    def due(self, moment: datetime, working_days: int) -> datetime:
        """When a term of so many working days ends: the midnight (UTC) after its last one. The day
        of `moment` does not count (Civil Code, articles 201 to 203)."""
        last = self.after(moment.astimezone(self.zone).date(), working_days)
        return datetime.combine(last + _DAY, time(0), self.zone).astimezone(UTC)

    def left(self, now: datetime, due: datetime) -> int:
        """Working days that remain, today included: 0 once `due` is past."""
        day = now.astimezone(self.zone).date()
        end = due.astimezone(self.zone).date()
        count = 0
        while day < end:
            count += self.is_working_day(day)
            day += _DAY
        return count
