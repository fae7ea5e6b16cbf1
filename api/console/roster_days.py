"""The hall's calendar: public holidays and make-up workdays, and where the hall does otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from api.console import parts
from api.console.forms import Choice, Field, form
from api.console.page import Visit
from api.console.roster_acting import RosterActs
from api.console.roster_fields import day_of
from api.console.roster_words import date_words
from api.console.sheets import Sheet
from api.roster.editing import RosterEditor
from api.roster.weekly import DAY, SATURDAY
from api.users.permissions import Permission
from api.workdays.calendar import (
    WorkCalendar,
    holiday_name,
    is_announced,
    is_public_working_day,
)
from api.workdays.reading import calendar_of, own_days

MOST_DAYS = 31
"""So many days at once: a longer rest is entered month by month."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says, or on which the hall has its own word (`own`)."""

    day: date
    works: bool
    own: bool
    holiday: str | None
    note: str = ""


def special_days(
    calendar: WorkCalendar, first: date, last: date, notes: dict[date, str]
) -> Iterator[SpecialDay]:
    day = first
    while day <= last:
        own = day in calendar.own
        usual = day.weekday() < SATURDAY
        if own or is_public_working_day(day) is not usual:
            yield SpecialDay(
                day, calendar.is_working_day(day), own, holiday_name(day), notes.get(day, "")
            )
        day += DAY


class CalendarCard:
    """The special days of this year from today on, or of the next."""

    def __init__(self, visit: Visit, hall: str, acts: RosterActs) -> None:
        self.visit, self.hall, self.acts = visit, hall, acts
        self.edits = visit.may(Permission.ROSTER_EDIT)
        self.today = visit.now().astimezone(visit.zone).date()
        say = visit.say
        years = [str(self.today.year + n) for n in range(2)]
        with parts.card(say("calendar_title"), "hall-days"):
            parts.text(say("calendar_about"), "card-note", tag="p")
            with parts.box("days-bar"):
                self.year = parts.Tabs(
                    say("calendar_year"), [(y, y) for y in years], years[0],
                    lambda _: self.refresh(),
                )  # fmt: skip
                if self.edits:
                    parts.button(say("day_add"), self._add, drawing="plus", data_act="add-day")
            self.place = parts.box("days-list")

    def refresh(self) -> None:
        visit, say, year = self.visit, self.visit.say, int(self.year.value)
        with visit.console.database.reading() as session:
            calendar = calendar_of(session, self.hall)
            notes = {row.day: row.note for row in own_days(session, self.hall, year)}
        first = max(self.today, date(year, 1, 1))
        days = list(special_days(calendar, first, date(year, 12, 31), notes))
        self.place.clear()
        with self.place:
            if not is_announced(year):
                parts.text(say("calendar_not_announced", year=year), "days-warning", tag="p")
            if not days:
                parts.text(say("calendar_none"), "card-note", tag="p")
                return
            columns = [
                parts.Column(say("change_day")),
                parts.Column(say("change_kind")),
                parts.Column(say("day_why")),
                parts.Column("", "acts"),
            ]
            parts.table(columns, [self._row(day) for day in days], name=say("calendar_title"))

    def _row(self, special: SpecialDay) -> list[parts.Cell]:
        say = self.visit.say
        weekday = say.of("weekday", str(special.day.weekday()))
        kind = "good" if special.works else "calm"
        words = say("day_works") if special.works else say("day_rests")
        return [
            f"{date_words(self.visit, special.day)} {weekday}",
            partial(parts.badge, words, kind),
            self._why(special),
            partial(self._row_acts, special),
        ]

    def _why(self, special: SpecialDay) -> str:
        say = self.visit.say
        if special.own:
            return say("day_own_note", note=special.note) if special.note else say("day_own")
        if special.works:
            return say("week_makeup")
        chinese = say.language == "zh" and special.holiday is not None
        return special.holiday.split(";")[0] if chinese and special.holiday else say("day_public")

    def _row_acts(self, special: SpecialDay) -> None:
        say = self.visit.say
        if not self.edits:
            return
        parts.button(say("entry_change"), partial(self._open, special), "btn btn-quiet")
        if special.own:
            parts.button(say("day_drop"), partial(self._ask_drop, special), "btn btn-quiet")

    def _add(self) -> None:
        self._open(SpecialDay(self.today, self.today.weekday() >= SATURDAY, False, None))

    def _open(self, special: SpecialDay) -> None:
        with self.acts.apart:
            DaySheet(self, special)

    def _ask_drop(self, special: SpecialDay) -> None:
        say = self.visit.say
        self.acts.ask(
            say("day_drop"),
            say("day_drop_about", day=date_words(self.visit, special.day)),
            say("day_drop"),
            lambda roster: roster.drop_day(special.day),
            say("day_dropped"),
        )


class DaySheet:
    """One day or some in a row: the hall works or rests, whatever the public calendar says."""

    def __init__(self, card: CalendarCard, special: SpecialDay) -> None:
        self.card = card
        say = card.visit.say
        with Sheet(say("day_add"), say("day_about"), "act-sheet") as self.sheet:
            with form():
                with parts.box("form-row"):
                    shown = special.day.isoformat()
                    self.first = Field(say("span_first"), "date", value=shown, must=True)
                    self.last = Field(say("span_last"), "date", value=shown, must=True)
                choices = [("works", say("day_works")), ("rests", say("day_rests"))]
                self.works = Choice(say("day_what"), choices, "works" if special.works else "rests")
                self.note = Field(say("change_note"), value=special.note, maxlength="200")
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(say("save"), self._save, "btn btn-main", drawing="save")

    def _save(self) -> None:
        say = self.card.visit.say
        first, last = day_of(self.first.value), day_of(self.last.value)
        for field, value in ((self.first, first), (self.last, last)):
            if value is None:
                field.complain(say("day_missing"))
        if first is None or last is None:
            return
        if not 0 <= (last - first).days < MOST_DAYS:
            self.last.complain(say("day_span", n=MOST_DAYS))
            return
        works, note = self.works.value == "works", self.note.value.strip()[:200]

        def put(roster: RosterEditor) -> None:
            for n in range((last - first).days + 1):
                roster.put_day(first + n * DAY, works=works, note=note)

        if self.card.acts.do(put, say("entry_saved")):
            self.sheet.close()
