"""The roster of a day, window by window, and the import of the office's own files."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from api.console import parts, times
from api.console.beat import Beat
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.roster_import import RosterImport
from api.console.roster_nav import roster_nav
from api.halls.reading import window_rows
from api.roster.tables import Post
from api.roster.views import (
    Between,
    LeaveView,
    ShiftView,
    StaffView,
    leaves_of,
    staff_of,
)
from api.roster.week import entries_of, shifts_as_views
from api.users.permissions import Permission

OPENING, CLOSING = 8.0, 18.0
"""The hours that are drawn at least."""


@dataclass(frozen=True, slots=True)
class Day:
    """The roster of one local day: windows (id, name), what touches the day, all staff."""

    date: date
    between: Between
    windows: tuple[tuple[str, str], ...]
    shifts: tuple[ShiftView, ...]
    leaves: tuple[LeaveView, ...]
    staff: tuple[StaffView, ...]


def read_day(session: Session, hall: str, day: date, visit: Visit) -> Day:
    start = datetime.combine(day, time(0), visit.zone)
    between = Between(start, datetime.combine(day + timedelta(days=1), time(0), visit.zone))
    return Day(
        date=day,
        between=between,
        windows=tuple((w.id, w.name or w.id) for w in window_rows(session, hall)),
        shifts=shifts_as_views(entries_of(session, hall, day, 1)),
        leaves=leaves_of(session, hall, between),
        staff=staff_of(session, hall),
    )


def build(visit: Visit, beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _RosterPage(visit, beat, visit.hall.id)


class _RosterPage:
    def __init__(self, visit: Visit, beat: Beat, hall: str) -> None:
        self.visit = visit
        self.hall = hall
        self.day = _asked_day(visit)
        parts.text(visit.say.of("nav", "roster"), "sr-only", tag="h1")
        roster_nav(visit, "day", self.day)
        with parts.box("roster"):
            with parts.box("roster-main"):
                _day_bar(visit, self.day)
                self.plan = parts.box("plan-card")
            with parts.box("roster-side"):
                if visit.may(Permission.ROSTER_IMPORT):
                    RosterImport(visit, hall).on("imported", lambda _: self.refresh(), args=[])
                self.leaves = parts.box("card", "section")
        self.refresh()
        beat.every(120, self.refresh)

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            day = read_day(session, self.hall, self.day, self.visit)
        self.plan.clear()
        with self.plan:
            _plan(self.visit, day)
        self.leaves.clear()
        with self.leaves:
            _leaves(self.visit, day)


def _asked_day(visit: Visit) -> date:
    """The day in the address, or today in the hall."""
    try:
        asked = date.fromisoformat(visit.query.get("day", ""))
    except ValueError:
        return visit.now().astimezone(visit.zone).date()
    return asked if 2000 <= asked.year < 2100 else visit.now().astimezone(visit.zone).date()


def _day_bar(visit: Visit, day: date) -> None:
    say = visit.say
    today = visit.now().astimezone(visit.zone).date()
    noon = datetime.combine(day, time(12), visit.zone)
    with parts.box("day-bar"):
        for delta, drawing, words in (
            (-1, "back", say("day_before")),
            (1, "forward", say("day_after")),
        ):
            address = f"/roster?day={day + timedelta(days=delta)}"
            with parts.box("btn day-step", "a", href=address, aria_label=words, title=words):
                parts.icon(drawing)
        with parts.box("day-name"):
            name = say(
                "full_date", year=day.year, month=day.month, day=day.day, short=f"{day:%d %b}"
            )
            parts.text(name, "day-date", tag="h2")
            parts.text(times.weekday(noon, visit.zone, say), "day-week")
            if day == today:
                parts.text(say("today"), "day-today")
        if day != today:
            parts.link(say("to_today"), "/roster", "btn btn-quiet")
        pick = parts.box("", "input", type="date", aria_label=say("pick_day"))
        pick.props["value"] = day.isoformat()
        pick.on(
            "change",
            js_handler="(event) => event.target.value && "
            "(location.href = '/roster?day=' + encodeURIComponent(event.target.value))",
        )


def _plan(visit: Visit, day: Day) -> None:
    """Every window with its people on a line of hours."""
    say = visit.say
    if not day.staff:
        with parts.box("hollow"):
            parts.icon("calendar", "hollow-icon")
            parts.text(say("no_roster"), "hollow-title", tag="h2")
            parts.text(say("no_roster_do"), "hollow-do", tag="p")
        return
    first, last = _hours(day, visit)
    with parts.box("plan"):
        with parts.box("plan-row plan-hours", aria_hidden="true"):
            parts.text("", "plan-window")
            with parts.box("plan-line"):
                for hour in range(int(first), int(last) + 1, 1 if last - first <= 12 else 2):
                    left = _share(hour, first, last)
                    parts.text(f"{hour:02d}", "plan-hour").style(f"left: {left}")
        for window, name in day.windows:
            _window_row(visit, day, window, name, (first, last))


def _window_row(visit: Visit, day: Day, window: str, name: str, hours: tuple[float, float]) -> None:
    shifts = [s for s in day.shifts if s.window == window]
    say = visit.say
    with parts.box("plan-row", data_window=window):
        with parts.box("plan-window"):
            parts.text(name, "plan-name")
            standing = [
                say("standing", post=p.post, name=person.name)
                for post in Post
                for person in day.staff
                for p in person.posts
                if p.window == window and p.post is post
            ]
            parts.text(say("space_comma").join(standing), "plan-standing")
        with parts.box("plan-line"):
            _now_line(visit, day, hours)
            for post in Post:
                for lane in _lanes([s for s in shifts if s.post is post]):
                    with parts.box("plan-lane"):
                        for shift in lane:
                            _bar(visit, day, shift, hours)
            if not shifts:
                parts.text(say("no_shift"), "plan-none")


def _lanes(shifts: list[ShiftView]) -> list[list[ShiftView]]:
    """The shifts on as few lines as they need not to lie on each other."""
    lanes: list[list[ShiftView]] = []
    for shift in sorted(shifts, key=lambda s: s.starts_at):
        free = next((lane for lane in lanes if lane[-1].ends_at <= shift.starts_at), None)
        if free is None:
            lanes.append([shift])
        else:
            free.append(shift)
    return lanes


def _bar(visit: Visit, day: Day, shift: ShiftView, hours: tuple[float, float]) -> None:
    say, zone = visit.say, visit.zone
    start = max(shift.starts_at, day.between.starts_at)
    end = min(shift.ends_at, day.between.ends_at)
    away = [leave for leave in day.leaves if leave.number == shift.number and _meet(leave, shift)]
    span = f"{shift.starts_at.astimezone(zone):%H:%M}–{shift.ends_at.astimezone(zone):%H:%M}"
    left = _share(_hour(start, day, visit), *hours)
    width = _share(_hour(end, day, visit) - _hour(start, day, visit), 0, hours[1] - hours[0])
    classes = f"shift shift-{shift.post.lower()} {'is-away' if away else ''}"
    title = f"{shift.name} {shift.number} {span}"
    with parts.box(classes, title=title).style(f"left: {left}; width: {width}"):
        parts.text(shift.post, "shift-post")
        parts.text(shift.name, "shift-name")
        if away:
            parts.text(say("week_away"), "shift-away")
        parts.text(span, "shift-span")


def _meet(leave: LeaveView, shift: ShiftView) -> bool:
    return leave.starts_at < shift.ends_at and shift.starts_at < leave.ends_at


def _now_line(visit: Visit, day: Day, hours: tuple[float, float]) -> None:
    now = visit.now()
    if day.between.starts_at <= now < day.between.ends_at:
        hour = _hour(now, day, visit)
        if hours[0] <= hour <= hours[1]:
            parts.box("plan-now").style(f"left: {_share(hour, *hours)}")


def _hours(day: Day, visit: Visit) -> tuple[float, float]:
    """The whole hours to draw: all shifts, and office hours at least."""
    starts = [_hour(max(s.starts_at, day.between.starts_at), day, visit) for s in day.shifts]
    ends = [_hour(min(s.ends_at, day.between.ends_at), day, visit) for s in day.shifts]
    return (
        float(math.floor(min([OPENING, *starts]))),
        float(math.ceil(max([CLOSING, *ends]))),
    )


def _hour(moment: datetime, day: Day, visit: Visit) -> float:
    """The local hour of that day, as clocks show it: 9.5 is half past nine, its end is 24."""
    if moment >= day.between.ends_at:
        return 24.0
    local = moment.astimezone(visit.zone)
    return local.hour + local.minute / 60


def _share(hour: float, first: float, last: float) -> str:
    return f"{100 * (hour - first) / (last - first):.2f}%"


def _leaves(visit: Visit, day: Day) -> None:
    say, zone = visit.say, visit.zone
    parts.text(say("leaves_title"), "card-title", tag="h2")
    if not day.leaves:
        parts.text(say("no_leaves"), "card-note", tag="p")
    with parts.box("leaves", "ul"):
        for leave in day.leaves:
            with parts.box("leave", "li"):
                parts.text(leave.name, "person-name")
                parts.text(leave.number, "person-number")
                span = (leave.starts_at.astimezone(zone), leave.ends_at.astimezone(zone))
                parts.text(_leave_span(span, day.date, say("all_day")), "leave-span")
                if leave.note:
                    parts.text(leave.note, "leave-note")


def _leave_span(span: tuple[datetime, datetime], day: date, all_day: str) -> str:
    start = "00:00" if span[0].date() < day else f"{span[0]:%H:%M}"
    end = "24:00" if span[1].date() > day else f"{span[1]:%H:%M}"
    return all_day if (start, end) == ("00:00", "24:00") else f"{start}–{end}"
