"""When windows are open, when they rest and who covers then; and the hall's own calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from api.console import parts
from api.console.beat import Beat
from api.console.forms import Choice, form
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.roster_acting import RosterActs
from api.console.roster_days import CalendarCard
from api.console.roster_fields import WORKDAYS, WeeklyFields
from api.console.roster_nav import roster_nav
from api.console.roster_words import clocks_words, date_words, weekdays_words
from api.console.sheets import Sheet
from api.halls.reading import window_rows
from api.roster.editing import RosterEditor, TimeWanted
from api.roster.reading import time_rows, weekly_of
from api.roster.tables import Post, TimeKind
from api.roster.views import StaffView, staff_of
from api.roster.weekly import DAY, Weekly
from api.users.permissions import Permission

OWN_B = "b"
"""The choice that the window's own B covers; a staff number is none of one letter."""
USUAL = {TimeKind.OPEN: (540, 1020), TimeKind.BREAK: (720, 810)}
TIME_SCOPES = ("onward", "all")


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Hours of service or a break as it stands. cover: number and name of who is named."""

    id: int
    kind: TimeKind
    window: str | None
    weekly: Weekly
    covered: bool
    cover: tuple[str, str] | None

    def wanted(self, weekly: Weekly) -> TimeWanted:
        cover = None if self.cover is None else self.cover[0]
        return TimeWanted(self.kind, self.window, weekly, self.covered, cover)


def read_times(session: Session, hall: str) -> list[TimeLine]:
    """Those of the whole hall first, then window by window."""
    lines = [
        TimeLine(
            row.id,
            row.kind,
            row.window_id,
            weekly_of(row),
            row.covered,
            None if who is None else (who.number, who.name),
        )
        for row, who in time_rows(session, hall)
    ]
    return sorted(lines, key=lambda t: (t.window or "", t.weekly.first, t.weekly.start_min))


def build(visit: Visit, _beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _HoursPage(visit, visit.hall.id)


class _HoursPage:
    def __init__(self, visit: Visit, hall: str) -> None:
        self.visit, self.hall = visit, hall
        self.edits = visit.may(Permission.ROSTER_EDIT)
        say = visit.say
        with parts.box("page roster-entries"):
            roster_nav(visit, "hours")
            with parts.heading(say("hours_title"), say("hours_about")):
                if self.edits:
                    for kind in TimeKind:
                        main = "btn btn-main" if kind is TimeKind.OPEN else "btn"
                        parts.button(
                            say.of("time_add", kind), partial(self._add, kind), main,
                            drawing="plus", data_act=f"add-{kind.value}",
                        )  # fmt: skip
            self.place = parts.box("hours")
            self.calendar = parts.box("calendar")
            self.acts = RosterActs(visit, hall, self.refresh)
        with self.calendar:
            self.days = CalendarCard(visit, hall, self.acts)
        self.refresh()

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            self.windows = {w.id: w.name or w.id for w in window_rows(session, self.hall)}
            self.staff = staff_of(session, self.hall)
            lines = read_times(session, self.hall)
        self.place.clear()
        with self.place:
            for kind in TimeKind:
                self._list(kind, [line for line in lines if line.kind is kind])
        self.days.refresh()

    def _list(self, kind: TimeKind, lines: list[TimeLine]) -> None:
        say = self.visit.say
        with parts.card(say.of("time_kind", kind), "times"):
            if not lines:
                parts.text(say.of("time_none", kind), "card-note", tag="p")
                return
            columns = [
                parts.Column(say("change_window")),
                parts.Column(say("change_days")),
                parts.Column(say("change_clocks")),
            ]
            if kind is TimeKind.BREAK:
                columns.append(parts.Column(say("change_cover")))
            columns += [parts.Column(say("change_since")), parts.Column("", "acts")]
            rows = [self._row(line) for line in lines]
            parts.table(columns, rows, name=say.of("time_kind", kind))

    def _row(self, line: TimeLine) -> list[parts.Cell]:
        visit, say, weekly = self.visit, self.visit.say, line.weekly
        days = weekdays_words(say, weekly.weekdays)
        days = say("every_other_week", days=days) if weekly.every == 2 else days
        calendar = "" if weekly.by_calendar else f" · {say('not_by_calendar')}"
        first = date_words(visit, weekly.first)
        last = say("no_end") if weekly.last is None else date_words(visit, weekly.last)
        cells: list[parts.Cell] = [
            self._place(line.window),
            days + calendar,
            clocks_words(say, weekly.start_min, weekly.end_min),
        ]
        if line.kind is TimeKind.BREAK:
            cells.append(self._cover(line))
        since = say("since_until", first=first, last=last)
        return [*cells, since, partial(self._row_acts, line)]

    def _place(self, window: str | None) -> str:
        return self.visit.say("whole_hall") if window is None else self.windows.get(window, window)

    def _cover(self, line: TimeLine) -> str:
        say = self.visit.say
        if not line.covered:
            return say("cover_nobody")
        if line.cover is None:
            return say("cover_b")
        return say("person_number", name=line.cover[1], number=line.cover[0])

    def _row_acts(self, line: TimeLine) -> None:
        say = self.visit.say
        if self.edits:
            parts.button(say("entry_change"), partial(self._open, line), "btn btn-quiet")
            parts.button(say("shift_drop"), partial(self._ask_drop, line), "btn btn-quiet")

    def _add(self, kind: TimeKind) -> None:
        today = self.visit.now().astimezone(self.visit.zone).date()
        usual = Weekly(WORKDAYS, *USUAL[kind], today)
        with self.acts.apart:
            TimeSheet(self, TimeLine(0, kind, None, usual, False, None), today)

    def _open(self, line: TimeLine) -> None:
        with self.acts.apart:
            TimeSheet(self, line, self.visit.now().astimezone(self.visit.zone).date())

    def _ask_drop(self, line: TimeLine) -> None:
        """From today on, keeping what was; or as if it had never been."""
        say = self.visit.say
        today = self.visit.now().astimezone(self.visit.zone).date()

        def drop() -> None:
            onward = scope.value == "onward"
            sheet.close()
            self.acts.do(
                lambda roster: _drop(roster, line, today if onward else None), say("shift_dropped")
            )

        title = say.of("time_drop", line.kind)
        with self.acts.apart, Sheet(title, say("time_drop_about")) as sheet:
            with form():
                scope = Choice(
                    say("time_drop_which"), [(s, say.of("time_scope", s)) for s in TIME_SCOPES]
                )
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), sheet.close)
                parts.button(say("shift_drop"), drop, "btn btn-danger", drawing="delete")


def _drop(roster: RosterEditor, line: TimeLine, today: date | None) -> None:
    """today: it goes on to the day before; None, or where it only began then: it goes."""
    if today is None or line.weekly.first >= today:
        roster.drop_time(line.id)
    else:
        roster.put_time(line.wanted(_ended(line.weekly, today)), line.id)


def _ended(weekly: Weekly, day: date) -> Weekly:
    """The same, with the day before that day as its last."""
    last = day - DAY if weekly.last is None else min(weekly.last, day - DAY)
    return replace(weekly, last=last)


def _write(roster: RosterEditor, line: TimeLine, wanted: TimeWanted, *, past_too: bool) -> None:
    """A new one (id 0), or a changed one: from its first day on, what was before stays; or as if
    it had always been so."""
    if line.id == 0:
        roster.put_time(wanted)
    elif past_too:
        first = min(line.weekly.first, wanted.weekly.first)
        roster.put_time(replace(wanted, weekly=replace(wanted.weekly, first=first)), line.id)
    elif wanted.weekly.first <= line.weekly.first:
        roster.put_time(wanted, line.id)
    else:
        roster.put_time(line.wanted(_ended(line.weekly, wanted.weekly.first)), line.id)
        roster.put_time(wanted)


class TimeSheet:
    """Of the hall or one window, on which days, from when to when; of a break, who covers."""

    def __init__(self, page: _HoursPage, line: TimeLine, today: date) -> None:
        self.page, self.line = page, line
        say = page.visit.say
        was = line.weekly
        shown = was if line.id == 0 else replace(was, first=max(was.first, today))
        title = say.of("time_add" if line.id == 0 else "time_change", line.kind)
        with Sheet(title, say.of("time_about", line.kind), "act-sheet") as self.sheet:
            with form():
                windows = [("", say("whole_hall")), *page.windows.items()]
                self.window = Choice(
                    say("change_window"), windows, line.window or "", on_change=self._tell_b
                )
                self.weekly = WeeklyFields(page.visit, shown)
                if line.kind is TimeKind.BREAK:
                    self._cover()
                if line.id:
                    scopes = [(s, say.of("time_change_scope", s)) for s in TIME_SCOPES]
                    self.scope = Choice(say("time_change_which"), scopes)
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(say("save"), self._save, "btn btn-main", drawing="save")
        if line.kind is TimeKind.BREAK:
            self._tell_b(self.window.value)

    def _cover(self) -> None:
        say, line = self.page.visit.say, self.line
        people = [
            (p.number, say("person_number", name=p.name, number=p.number)) for p in self.page.staff
        ]
        named = OWN_B if line.cover is None else line.cover[0]
        self.cover = Choice(
            say("change_cover"),
            [("", say("cover_nobody")), (OWN_B, say("cover_b")), *people],
            named if line.covered else "",
        )
        self.own_b = parts.text("", "field-hint", tag="p", role="status")

    def _tell_b(self, window: str) -> None:
        """Who the window's B is, where the break asks for one."""
        if self.line.kind is not TimeKind.BREAK:
            return
        say = self.page.visit.say
        names = [p.name for p in self.page.staff if _stands_in(p, window)]
        if window:
            who = say("name_comma").join(names) or say("cover_b_nobody")
            self.own_b.set_text(say("cover_b_is", who=who))
        else:
            self.own_b.set_text(say("cover_b_each"))

    def _save(self) -> None:
        say = self.page.visit.say
        weekly = self.weekly.read()
        if weekly is None:
            return
        cover = self.cover.value if self.line.kind is TimeKind.BREAK else ""
        wanted = TimeWanted(
            self.line.kind,
            self.window.value or None,
            weekly,
            covered=cover != "",
            cover=None if cover in ("", OWN_B) else cover,
        )
        past_too = self.line.id != 0 and self.scope.value == "all"
        change: Callable[[RosterEditor], None] = partial(
            _write, line=self.line, wanted=wanted, past_too=past_too
        )
        if self.page.acts.do(change, say("entry_saved")):
            self.sheet.close()


def _stands_in(person: StaffView, window: str) -> bool:
    return any(p.window == window and p.post is Post.B for p in person.posts)
