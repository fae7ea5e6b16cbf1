"""Entries of the roster in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from api.console import times
from api.console.page import Visit
from api.console.strings import Say
from api.roster.changes import RosterThing

Told = Mapping[str, Any]
WORKDAYS = [0, 1, 2, 3, 4]
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


def weekdays_words(say: Say, weekdays: Iterable[int]) -> str:
    days = sorted(weekdays)
    if days == EVERY_DAY:
        return say("every_day")
    if days == WORKDAYS:
        return say("monday_to_friday")
    return say("name_comma").join(say.of("weekday", str(n)) for n in days)


def clocks_words(say: Say, start_min: int, end_min: int) -> str:
    """09:00–17:00; an end that is not after the start is said to be the next day's."""
    start, end = (f"{m // 60:02d}:{m % 60:02d}" for m in (start_min, end_min))
    if start_min == end_min == 0:
        return say("all_day")
    return say("overnight", start=start, end=end) if end_min <= start_min else f"{start}–{end}"


def date_words(visit: Visit, day: date) -> str:
    """The date, with the year where it is another one."""
    say, today = visit.say, visit.now().astimezone(visit.zone).date()
    key = "month_day" if day.year == today.year else "full_date"
    return say(key, year=day.year, month=day.month, day=day.day, short=f"{day:%d %b}")


def span_words(visit: Visit, starts_at: datetime, ends_at: datetime) -> str:
    """From when to when, whole days without clocks, the day said once where it is the same."""
    first, last = starts_at.astimezone(visit.zone), ends_at.astimezone(visit.zone)
    if (first.hour, first.minute, last.hour, last.minute) == (0, 0, 0, 0) and last > first:
        until = (last - timedelta(days=1)).date()
        if until == first.date():
            return date_words(visit, until)
        return f"{date_words(visit, first.date())} – {date_words(visit, until)}"
    begins = f"{date_words(visit, first.date())} {first:%H:%M}"
    if first.date() == last.date():
        return f"{begins}–{last:%H:%M}"
    return f"{begins} – {date_words(visit, last.date())} {last:%H:%M}"


class EntryWords:
    """What the history tells of an entry, in words. windows: id -> name."""

    def __init__(self, visit: Visit, windows: Mapping[str, str]) -> None:
        self.visit, self.windows = visit, windows

    def facts(self, what: RosterThing, told: Told) -> list[tuple[str, str]]:
        """Names and values, for a comparison of before and after."""
        say = self.visit.say
        match what:
            case RosterThing.SHIFT:
                return [*self._whose(told), (say("change_when"), self._span(told))]
            case RosterThing.PATTERN:
                return [*self._whose(told), *self._weekly(told), *self._skips(told)]
            case RosterThing.LEAVE:
                return [
                    (say("change_person"), self._person(told)),
                    (say("change_kind"), say.of("leave_kind", told["kind"])),
                    (say("change_when"), self._span(told)),
                    *self._note(told),
                ]
            case RosterThing.TIME:
                return [
                    (say("change_window"), self.window(told["window"])),
                    (say("change_kind"), say.of("time_kind", told["kind"])),
                    *self._weekly(told),
                    *self._cover(told),
                ]
            case RosterThing.NOTE:
                return [
                    (say("change_window"), self.window(told["window"])),
                    (say("change_kind"), say.of("note_kind", told["kind"])),
                    (say("change_when"), self._span(told)),
                    *self._note(told),
                ]
            case RosterThing.DAY:
                works = say("day_works") if told["works"] else say("day_rests")
                day = date_words(self.visit, date.fromisoformat(told["day"]))
                return [(say("change_day"), day), (say("change_kind"), works), *self._note(told)]
            case RosterThing.STAFF:
                return [(say("change_person"), self._person(told))]
            case RosterThing.POST:
                return self._whose(told)
            case RosterThing.IMPORT:
                return [
                    (say("change_file"), str(told["file"])),
                    (say("change_kind"), say.of("kind", str(told["kind"]))),
                    (
                        say("change_rows"),
                        say(
                            "change_counts",
                            added=told["added"],
                            unchanged=told["unchanged"],
                            removed=told["removed"],
                        ),
                    ),
                ]

    def window(self, window: str | None) -> str:
        return self.visit.say("whole_hall") if window is None else self.windows.get(window, window)

    def _whose(self, told: Told) -> list[tuple[str, str]]:
        say = self.visit.say
        return [
            (say("change_window"), self.window(told["window"])),
            (say("change_post"), say.of("post", told["post"])),
            (say("change_person"), self._person(told)),
        ]

    def _person(self, told: Told) -> str:
        return self.visit.say("person_number", name=told["name"], number=told["number"])

    def _span(self, told: Told) -> str:
        starts, ends = (datetime.fromisoformat(told[key]) for key in ("starts_at", "ends_at"))
        return span_words(self.visit, starts, ends)

    def _weekly(self, told: Told) -> list[tuple[str, str]]:
        say = self.visit.say
        days = weekdays_words(say, told["weekdays"])
        if told["every"] == 2:
            days = say("every_other_week", days=days)
        clocks = clocks_words(say, told["start_min"], told["end_min"])
        first = date_words(self.visit, date.fromisoformat(told["first"]))
        last = told["last"]
        until = say("no_end") if not last else date_words(self.visit, date.fromisoformat(last))
        calendar = say("by_calendar") if told["by_calendar"] else say("not_by_calendar")
        return [
            (say("change_days"), days),
            (say("change_clocks"), clocks),
            (say("change_since"), say("since_until", first=first, last=until)),
            (say("change_calendar"), calendar),
        ]

    def _skips(self, told: Told) -> list[tuple[str, str]]:
        days = [date_words(self.visit, date.fromisoformat(day)) for day in told["skips"]]
        say = self.visit.say
        return [(say("change_skips"), say("name_comma").join(days))] if days else []

    def _cover(self, told: Told) -> list[tuple[str, str]]:
        say = self.visit.say
        if told["kind"] != "break":
            return []
        if not told["covered"]:
            return [(say("change_cover"), say("cover_nobody"))]
        named = told["cover"]
        return [(say("change_cover"), self._person(named) if named else say("cover_b"))]

    def _note(self, told: Told) -> list[tuple[str, str]]:
        return [(self.visit.say("change_note"), told["note"])] if told["note"] else []


def entered_words(visit: Visit, who: str, at: datetime) -> str:
    time = times.day_clock(at, visit.now(), visit.zone, visit.say)
    return visit.say("case_by", who=who, time=time)
