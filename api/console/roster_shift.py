"""The dialog of one shift: whose, when, once or weekly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from api.console import parts
from api.console.forms import Choice, Field, form
from api.console.page import Visit
from api.console.roster_acting import RosterActs
from api.console.roster_fields import WORKDAYS, day_of, minute_of
from api.console.sheets import Sheet
from api.roster.editing import (
    PatternWanted,
    RosterEditor,
    ShiftWanted,
    UnknownNumberError,
)
from api.roster.reading import pattern_rows, weekly_of
from api.roster.tables import Post
from api.roster.views import staff_of
from api.roster.week import Entry
from api.roster.weekly import Weekly, moment_of

REPEATS = ("once", "weekday", "workdays", "fortnight")
SCOPES = ("day", "onward", "all")


@dataclass(frozen=True, slots=True)
class Place:
    hall: str
    window: str
    starts_at: datetime
    ends_at: datetime


class ShiftSheet:
    """A new shift (`entry` None), or one to be changed or taken away."""

    def __init__(self, visit: Visit, place: Place, entry: Entry | None, acts: RosterActs) -> None:
        self.visit, self.place, self.entry, self.acts = visit, place, entry, acts
        say = visit.say
        with visit.console.database.reading() as session:
            staff = [(p.number, f"{p.name}（{p.number}）") for p in staff_of(session, place.hall)]
        start, end = (t.astimezone(visit.zone) for t in (place.starts_at, place.ends_at))
        title = say("shift_new") if entry is None else say("shift_edit")
        with Sheet(title) as self.sheet, form():
            self.who = Choice(say("shift_who"), staff, entry.number if entry else "")
            posts = [(post.value, say.of("post", post)) for post in Post]
            self.post = Choice(say("shift_post"), posts, entry.post if entry else Post.A)
            self.day = Field(say("shift_day"), "date", value=f"{start:%Y-%m-%d}", must=True)
            with parts.box("form-row"):
                self.start = Field(say("shift_start"), "time", value=f"{start:%H:%M}", must=True)
                self.end = Field(say("shift_end"), "time", value=f"{end:%H:%M}", must=True)
            if entry is None:
                repeats = [(key, say.of("repeat", key)) for key in REPEATS]
                self.repeat = Choice(say("shift_repeat"), repeats, hint=say("shift_repeat_hint"))
            elif entry.pattern is not None:
                scopes = [(key, say.of("scope", key)) for key in SCOPES]
                self.scope = Choice(say("shift_scope"), scopes)
            with parts.box("sheet-buttons"):
                if entry is not None:
                    parts.button(say("shift_drop"), self._drop, "btn btn-danger", drawing="delete")
                parts.button(say("cancel"), self.sheet.close)
                parts.button(say("save"), self._save, "btn btn-main", drawing="save")

    def _save(self) -> None:
        day, start, end = self._times()
        if day is None or start is None or end is None:
            self.start.complain(self.visit.say.of("entry_refused", "span"))
            return
        self._do(lambda roster: self._write(roster, day, start, end), "entry_saved")

    def _drop(self) -> None:
        entry = self.entry
        assert entry is not None
        self._do(lambda roster: self._take_away(roster, entry), "shift_dropped")

    def _do(self, change: Callable[[RosterEditor], None], done: str) -> None:
        if self.acts.do(change, self.visit.say(done)):
            self.sheet.close()

    def _write(self, roster: RosterEditor, day: date, start: int, end: int) -> None:
        entry = self.entry
        once = self.repeat.value == "once" if entry is None else entry.pattern is None
        if once or (entry is not None and entry.pattern is not None and self.scope.value == "day"):
            if entry is not None and entry.pattern is not None:
                roster.skip(entry.pattern, entry.day)
            roster.put_shift(self._shift(day, start, end), entry.shift if entry else None)
        elif entry is None:
            roster.put_pattern(self._pattern(self._weekly(day, start, end)))
        else:
            self._change_pattern(roster, entry, day, start, end)

    def _change_pattern(
        self, roster: RosterEditor, entry: Entry, day: date, start: int, end: int
    ) -> None:
        """All of a weekly shift, or from this day on: what was before stays as it was."""
        assert entry.pattern is not None
        old = _read_pattern(roster.session, self.place.hall, entry.pattern)
        moved = frozenset({(n + (day - entry.day).days) % 7 for n in old.weekdays})
        new = replace(old, weekdays=moved, start_min=start, end_min=end)
        if self.scope.value == "all":
            roster.put_pattern(self._pattern(new), entry.pattern)
            return
        _end_before(roster, entry, old)
        roster.put_pattern(self._pattern(replace(new, first=day)))

    def _take_away(self, roster: RosterEditor, entry: Entry) -> None:
        if entry.pattern is None:
            assert entry.shift is not None
            roster.drop_shift(entry.shift)
        elif self.scope.value == "day":
            roster.skip(entry.pattern, entry.day)
        elif self.scope.value == "all":
            roster.drop_pattern(entry.pattern)
        else:
            _end_before(
                roster, entry, _read_pattern(roster.session, self.place.hall, entry.pattern)
            )

    def _times(self) -> tuple[date | None, int | None, int | None]:
        return day_of(self.day.value), minute_of(self.start.value), minute_of(self.end.value)

    def _shift(self, day: date, start: int, end: int) -> ShiftWanted:
        zone = self.visit.zone
        last = day + timedelta(days=1) if end <= start else day
        return ShiftWanted(
            self.place.window,
            Post(self.post.value),
            self.who.value,
            moment_of(day, start, zone, end=False),
            moment_of(last, end, zone, end=True),
        )

    def _weekly(self, day: date, start: int, end: int) -> Weekly:
        every = 2 if self.repeat.value == "fortnight" else 1
        weekdays = WORKDAYS if self.repeat.value == "workdays" else frozenset({day.weekday()})
        return Weekly(weekdays, start, end, day, every=every)

    def _pattern(self, weekly: Weekly) -> PatternWanted:
        return PatternWanted(self.place.window, Post(self.post.value), self.who.value, weekly)


def _read_pattern(session: Session, hall: str, pattern: int) -> Weekly:
    for row, _, skips in pattern_rows(session, hall):
        if row.id == pattern:
            return weekly_of(row, skips)
    raise UnknownNumberError(str(pattern))


def _end_before(roster: RosterEditor, entry: Entry, old: Weekly) -> None:
    """Let a weekly shift end the day before; where that is before it began, it goes."""
    assert entry.pattern is not None
    last = entry.day - timedelta(days=1)
    if last < old.first:
        roster.drop_pattern(entry.pattern)
        return
    kept = PatternWanted(entry.window, entry.post, entry.number, replace(old, last=last))
    roster.put_pattern(kept, entry.pattern)
