"""A week of one window's roster, edited by mouse and keyboard."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from nicegui import ui
from sqlalchemy.orm import Session

from api.console import parts, times
from api.console.beat import Beat
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.roster_acting import RosterActs
from api.console.roster_nav import roster_nav
from api.console.roster_shift import Place, ShiftSheet
from api.halls.reading import window_rows
from api.roster.editing import RosterEditor, ShiftWanted
from api.roster.reading import hall_days, service_times
from api.roster.tables import TimeKind
from api.roster.views import Between, LeaveView, leaves_of
from api.roster.week import DAY, Entry, entries_of
from api.roster.weekly import moment_of
from api.users.permissions import Permission
from api.workdays.calendar import holiday_name

WEEK = 7
HOURS = (7, 20)
"""The hours that are drawn at least."""


class WeekGrid(ui.element, component="static/week_grid.js"):
    """Draws blocks and asks to make, move, open or drop them."""


def build(visit: Visit, beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _WeekPage(visit, beat, visit.hall.id)


class _WeekPage:
    def __init__(self, visit: Visit, beat: Beat, hall: str) -> None:
        self.visit, self.hall = visit, hall
        self.first = _asked_monday(visit)
        self.entries: dict[str, Entry] = {}
        with visit.console.database.reading() as session:
            windows = [(w.id, w.name or w.id) for w in window_rows(session, hall)]
        asked = visit.query.get("window", "")
        known = [key for key, _ in windows]
        self.window = asked if asked in known else next(iter(known), "")
        parts.text(visit.say.of("nav", "roster"), "sr-only", tag="h1")
        with parts.box("page roster-week"):
            roster_nav(visit, "week", self.first)
            self._bar()
            if not windows:
                parts.hollow("calendar", visit.say("no_hall"), visit.say("no_hall_do"))
                return
            parts.Tabs(visit.say("week_window"), windows, self.window, self._choose)
            self.grid = WeekGrid()
            self.grid.props["editable"] = visit.may(Permission.ROSTER_EDIT)
            self.grid.props["words"] = {
                "grid": visit.say("week_grid"),
                "away": visit.say("week_away"),
                "break": visit.say("week_break"),
            }
            self.grid.on("create", lambda event: self._create(dict(event.args)))
            self.grid.on("move", lambda event: self._move(dict(event.args)))
            self.grid.on("open", lambda event: self._open(str(event.args["key"])))
            self.grid.on("drop", lambda event: self._drop(str(event.args["key"])))
            if visit.may(Permission.ROSTER_EDIT):
                parts.text(visit.say("week_keys"), "keys keys-keyboard", tag="p")
            self.acts = RosterActs(visit, hall, self.refresh)
        self.refresh()
        beat.every(60, self.refresh)

    def _bar(self) -> None:
        say = self.visit.say
        with parts.box("day-bar"):
            for weeks, drawing, words in (
                (-1, "back", say("week_before")),
                (1, "forward", say("week_after")),
            ):
                address = self._address(self.first + weeks * WEEK * DAY)
                with parts.box("btn day-step", "a", href=address, aria_label=words, title=words):
                    parts.icon(drawing)
            with parts.box("day-name"):
                last = self.first + (WEEK - 1) * DAY
                days = [
                    say("month_day", month=d.month, day=d.day, short=f"{d:%d %b}")
                    for d in (self.first, last)
                ]
                parts.text(say("week_of", first=days[0], last=days[1]), "day-date", tag="h2")
                parts.text(str(self.first.year), "day-week")
            parts.link(say("week_export"), self._export(), "btn btn-quiet", download="")

    def _address(self, first: date) -> str:
        asked = {"day": first.isoformat()}
        if self.visit.query.get("window"):
            asked["window"] = self.visit.query["window"]
        return f"/roster/week?{urlencode(asked)}"

    def _export(self) -> str:
        """Where all windows' shifts of the week are downloaded."""
        zone = self.visit.zone
        start = moment_of(self.first, 0, zone, end=False)
        end = moment_of(self.first + WEEK * DAY, 0, zone, end=False)
        span = urlencode({"from": start.isoformat(), "to": end.isoformat()})
        return f"/api/v1/halls/{self.hall}/schedule/shifts?{span}"

    def _choose(self, window: str) -> None:
        self.window = window
        self.visit.query["window"] = window
        address = self._address(self.first)
        ui.run_javascript(f"history.replaceState(history.state, '', '{address}')")
        self.refresh()

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            entries = [
                e for e in entries_of(session, self.hall, self.first, WEEK)
                if e.window == self.window
            ]  # fmt: skip
            start = moment_of(self.first, 0, self.visit.zone, end=False)
            leaves = leaves_of(session, self.hall, Between(start, start + timedelta(days=WEEK + 1)))
            days = self._days(session)
        self.entries = {_key(e): e for e in entries}
        blocks = [b for e in entries for b in self._blocks(e, leaves)]
        _put_in_lanes(blocks)
        shown = [(b["from"], b["to"]) for b in blocks]
        hours = [
            min(HOURS[0], *(f // 60 for f, _ in shown), HOURS[0]),
            max(HOURS[1], *(-(-t // 60) for _, t in shown), HOURS[1]),
        ]
        new = {"days": days, "blocks": blocks, "hours": hours, "now": self._now()}
        if any(self.grid.props.get(name) != value for name, value in new.items()):
            self.grid.props.update(new)
            self.grid.update()

    def _days(self, session: Session) -> list[dict[str, Any]]:
        say, today = self.visit.say, self.visit.now().astimezone(self.visit.zone).date()
        hall = hall_days(session, self.hall)
        services = service_times(session, self.hall)
        own = [t for t in services if t.kind is TimeKind.OPEN and t.window == self.window]
        hours = own or [t for t in services if t.kind is TimeKind.OPEN and t.window is None]
        breaks = [
            t for t in services
            if t.kind is TimeKind.BREAK and t.window in (None, self.window)
        ]  # fmt: skip
        days = []
        for n in range(WEEK):
            day = self.first + n * DAY
            open_spans = [_minutes(t.weekly) for t in hours if t.weekly.happens(day, hall.days)]
            noon = datetime.combine(day, datetime.min.time(), self.visit.zone)
            days.append(
                {
                    "words": times.weekday(noon, self.visit.zone, say),
                    "date": f"{day.month}/{day.day}",
                    "today": day == today,
                    "rest": not hall.days.is_working_day(day),
                    "note": self._day_note(day, hall.days.is_working_day(day)),
                    "closed": _gaps(open_spans) if hours else [],
                    "breaks": [
                        _minutes(t.weekly) for t in breaks if t.weekly.happens(day, hall.days)
                    ],
                }
            )
        return days

    def _day_note(self, day: date, works: bool) -> str:
        """Why a day is not what its weekday says."""
        say = self.visit.say
        if works:
            return say("week_makeup") if day.weekday() >= 5 else ""
        name = holiday_name(day)
        if name is not None and say.language == "zh":
            return name.split(";")[0]
        return say("week_rest") if name is not None or day.weekday() < 5 else ""

    def _blocks(self, entry: Entry, leaves: tuple[LeaveView, ...]) -> list[dict[str, Any]]:
        """The parts of a shift on the days of this week: two where it runs over midnight."""
        zone, say = self.visit.zone, self.visit.say
        start, end = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
        away = any(
            leave.number == entry.number
            and leave.starts_at < entry.ends_at
            and leave.ends_at > entry.starts_at
            for leave in leaves
        )
        blocks = []
        day = start.date()
        while day <= end.date():
            begins = start.hour * 60 + start.minute if day == start.date() else 0
            ends = end.hour * 60 + end.minute if day == end.date() else 1440
            column = (day - self.first).days
            if ends > begins and 0 <= column < WEEK:
                label = say(
                    "week_block", day=times.weekday(start, zone, say),
                    span=f"{start:%H:%M}–{end:%H:%M}", post=entry.post, name=entry.name,
                )  # fmt: skip
                blocks.append(
                    {
                        "key": _key(entry),
                        "part": column,
                        "day": column,
                        "from": begins,
                        "to": ends,
                        "whole": (ends - begins) * 60 == (end - start).total_seconds(),
                        "post": entry.post.value,
                        "name": entry.name,
                        "weekly": entry.pattern is not None,
                        "away": away,
                        "label": label,
                    }
                )
            day += DAY
        return blocks

    def _now(self) -> dict[str, int] | None:
        local = self.visit.now().astimezone(self.visit.zone)
        column = (local.date() - self.first).days
        if not 0 <= column < WEEK:
            return None
        return {"day": column, "minute": local.hour * 60 + local.minute}

    def _span(self, day: int, start: int, end: int) -> tuple[datetime, datetime]:
        on = self.first + min(max(day, 0), WEEK - 1) * DAY
        zone = self.visit.zone
        return moment_of(on, start, zone, end=False), moment_of(on, end, zone, end=True)

    def _create(self, asked: dict[str, Any]) -> None:
        span = self._span(int(asked["day"]), int(asked["from"]), int(asked["to"]))
        ShiftSheet(self.visit, Place(self.hall, self.window, *span), None, self.acts)

    def _open(self, key: str) -> None:
        entry = self.entries.get(key)
        if entry is not None:
            place = Place(self.hall, entry.window, entry.starts_at, entry.ends_at)
            ShiftSheet(self.visit, place, entry, self.acts)

    def _move(self, asked: dict[str, Any]) -> None:
        entry = self.entries.get(str(asked["key"]))
        if entry is None:
            return
        span = self._span(int(asked["day"]), int(asked["from"]), int(asked["to"]))
        self.grid.props["blocks"] = None  # draw it where it stands now, also where it was refused
        self.acts.do(lambda roster: move_entry(roster, entry, *span), self.visit.say("shift_moved"))

    def _drop(self, key: str) -> None:
        entry = self.entries.get(key)
        if entry is None:
            return
        self.acts.do(lambda roster: drop_entry(roster, entry), self.visit.say("shift_dropped"))


def move_entry(editor: RosterEditor, entry: Entry, starts_at: datetime, ends_at: datetime) -> None:
    """A single shift is moved; of a weekly one, only this day's."""
    wanted = ShiftWanted(entry.window, entry.post, entry.number, starts_at, ends_at)
    if entry.pattern is not None:
        editor.skip(entry.pattern, entry.day)
    editor.put_shift(wanted, entry.shift)


def drop_entry(editor: RosterEditor, entry: Entry) -> None:
    """A single shift is taken away; of a weekly one, only this day's."""
    if entry.pattern is not None:
        editor.skip(entry.pattern, entry.day)
    elif entry.shift is not None:
        editor.drop_shift(entry.shift)


def _key(entry: Entry) -> str:
    if entry.shift is not None:
        return f"s{entry.shift}"
    return f"p{entry.pattern}-{entry.day}"


def _put_in_lanes(blocks: list[dict[str, Any]]) -> None:
    """Beside each other where they overlap: A to the left."""
    for day in range(WEEK):
        here = sorted((b for b in blocks if b["day"] == day), key=lambda b: (b["post"], b["from"]))
        ends: list[int] = []
        for block in here:
            lane = next((n for n, end in enumerate(ends) if end <= block["from"]), len(ends))
            ends[lane : lane + 1] = [block["to"]]
            block["lane"] = lane
        for block in here:
            block["lanes"] = max(len(ends), 1)


def _minutes(weekly: Any) -> dict[str, int]:
    end = weekly.end_min if weekly.end_min > weekly.start_min else 1440
    return {"from": weekly.start_min, "to": end}


def _gaps(spans: list[dict[str, int]]) -> list[dict[str, int]]:
    """What of a day lies outside the spans."""
    gaps, at = [], 0
    for span in sorted(spans, key=lambda s: s["from"]):
        if span["from"] > at:
            gaps.append({"from": at, "to": span["from"]})
        at = max(at, span["to"])
    return [*gaps, {"from": at, "to": 1440}] if at < 1440 else gaps


def _asked_monday(visit: Visit) -> date:
    """The Monday of the day in the address, or of today in the hall."""
    today = visit.now().astimezone(visit.zone).date()
    try:
        asked = date.fromisoformat(visit.query.get("day", ""))
    except ValueError:
        asked = today
    asked = asked if 2000 <= asked.year < 2100 else today
    return asked - timedelta(days=asked.weekday())
