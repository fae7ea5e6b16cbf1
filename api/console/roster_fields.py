"""The parts of the roster's forms: times that come back weekly, and spans from one moment to
another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from api.console import parts
from api.console.forms import Field, Tick
from api.console.moments import for_input, typed_moment
from api.console.page import Visit
from api.roster.editing import LONGEST_ENTRY
from api.roster.weekly import DAY, Weekly

WORKDAYS = frozenset(range(5))
DAY_MIN = 24 * 60


def minute_of(clock: str) -> int | None:
    """What a time input says, in minutes since midnight."""
    hour, _, minute = clock.partition(":")
    if not (hour.isdecimal() and minute[:2].isdecimal()):
        return None
    return int(hour) * 60 + int(minute[:2])


def clock_of(minute: int) -> str:
    """As a time input wants it; midnight at the end of a day is 00:00."""
    return f"{minute % DAY_MIN // 60:02d}:{minute % 60:02d}"


def day_of(value: str) -> date | None:
    """What a date input says; None if it says nothing or nonsense."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2099 else None


class WeeklyFields:
    """On which weekdays, from when to when, since when; `read` gives it as the roster keeps it."""

    def __init__(self, visit: Visit, was: Weekly) -> None:
        self.visit, self.was = visit, was
        say = visit.say
        with parts.box("week-days", "fieldset"):
            parts.text(say("weekly_days"), "field-label", tag="legend")
            self.days = [
                Tick(say.of("weekday", str(n)), n in was.weekdays, lambda _: self._no_complaint())
                for n in range(7)
            ]
        self.no_days = parts.text("", "field-error", tag="p", role="alert")
        with parts.box("form-row"):
            self.start = self._clock(say("shift_start"), was.start_min)
            self.end = self._clock(say("shift_end"), was.end_min)
        self.overnight = parts.text("", "field-hint", tag="p", role="status")
        self.by_calendar = Tick(say("weekly_calendar"), was.by_calendar)
        with parts.box("form-row"):
            self.first = Field(
                say("weekly_first"), "date", value=was.first.isoformat(), must=True,
            )  # fmt: skip
            self.last = Field(
                say("weekly_last"), "date", value=was.last.isoformat() if was.last else "",
                hint=say("weekly_last_hint"),
            )  # fmt: skip
        self._tell_overnight()

    def _clock(self, words: str, minute: int) -> Field:
        return Field(
            words, "time", value=clock_of(minute), must=True,
            on_change=lambda _: self._tell_overnight(),
        )  # fmt: skip

    def _no_complaint(self) -> None:
        self.no_days.set_text("")

    def _tell_overnight(self) -> None:
        """An end that is not after the start is the next day's: say so while it is typed."""
        say = self.visit.say
        start, end = minute_of(self.start.value), minute_of(self.end.value)
        over = start is not None and end is not None and end <= start and (start, end) != (0, 0)
        self.overnight.set_text(say("weekly_overnight", end=self.end.value) if over else "")

    def read(self) -> Weekly | None:
        """None, after saying so, where something is missing."""
        say = self.visit.say
        days = frozenset(n for n, tick in enumerate(self.days) if tick.value)
        start, end = minute_of(self.start.value), minute_of(self.end.value)
        first, last = day_of(self.first.value), day_of(self.last.value)
        if not days:
            self.no_days.set_text(say.of("entry_refused", "weekdays"))
        for field, value in ((self.start, start), (self.end, end)):
            if value is None:
                field.complain(say("time_missing"))
        if first is None:
            self.first.complain(say("day_missing"))
        if self.last.value and last is None:
            self.last.complain(say("day_missing"))
            return None
        if first is not None and last is not None and last < first:
            self.last.complain(say("weekly_last_first"))
            return None
        if not days or start is None or end is None or first is None:
            return None
        end_min = DAY_MIN if end == 0 and start > 0 else end
        return Weekly(days, start, end_min, first, last, self.was.every, self.by_calendar.value)


@dataclass(frozen=True, slots=True)
class Span:
    starts_at: datetime
    ends_at: datetime


class SpanFields:
    """From one moment to another, or whole days; both as the hall's clock shows them."""

    def __init__(self, visit: Visit, was: Span, *, whole_days: bool) -> None:
        self.visit = visit
        say = visit.say
        start, end = (t.astimezone(visit.zone) for t in (was.starts_at, was.ends_at))
        last = (end - timedelta(microseconds=1)).date()
        self.whole = Tick(say("span_whole_days"), whole_days, lambda _: self._choose())
        with parts.box("form-row") as self.days:
            self.first = Field(say("span_first"), "date", value=f"{start:%Y-%m-%d}", must=True)
            self.last = Field(say("span_last"), "date", value=f"{last:%Y-%m-%d}", must=True)
        with parts.box("form-row") as self.moments:
            self.starts = self._moment(say("span_from"), was.starts_at)
            self.ends = self._moment(say("span_to"), was.ends_at)
        self._choose()

    def _moment(self, words: str, moment: datetime) -> Field:
        return Field(words, "datetime-local", value=for_input(moment, self.visit), must=True)

    def _choose(self) -> None:
        self.days.set_visibility(self.whole.value)
        self.moments.set_visibility(not self.whole.value)

    def read(self) -> Span | None:
        """None, after saying so, where it is no span, or a year too long."""
        fields: Sequence[Field]
        if self.whole.value:
            fields = (self.first, self.last)
            first, last = (day_of(field.value) for field in fields)
            starts = None if first is None else self._midnight(first)
            ends = None if last is None else self._midnight(last + DAY)
            missing = "day_missing"
        else:
            fields = (self.starts, self.ends)
            starts, ends = (typed_moment(field.value, self.visit) for field in fields)
            missing = "time_missing"
        for field, value in zip(fields, (starts, ends), strict=True):
            if value is None:
                field.complain(self._words(missing))
        if starts is None or ends is None:
            return None
        if not timedelta(0) < ends - starts <= LONGEST_ENTRY:
            too_long = ends > starts
            fields[1].complain(self._words("span_too_long" if too_long else "span_backwards"))
            return None
        return Span(starts, ends)

    def _words(self, key: str) -> str:
        return self.visit.say(key)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), self.visit.zone)


def is_whole_days(visit: Visit, span: Span) -> bool:
    """Whether it begins and ends at midnight in the hall."""
    return all(t.astimezone(visit.zone).time() == time(0) for t in (span.starts_at, span.ends_at))
