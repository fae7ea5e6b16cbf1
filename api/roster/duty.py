"""Who held a window at an instant, and who was to cover: a pure function of the roster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from api.roster.tables import Post, TimeKind
from api.roster.weekly import Days, Weekly


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """A member of staff, by the number that the office knows them by (工号)."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Shift:
    """`person` holds `post` at `window` from `starts_at` until just before `ends_at`."""

    window: str
    post: Post
    person: Person
    starts_at: datetime
    ends_at: datetime

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Leave:
    person: Person
    starts_at: datetime
    ends_at: datetime

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class StandingPost:
    """The stand-in (or main clerk) of a window whatever the day; only shifts say when."""

    window: str
    post: Post
    person: Person


@dataclass(frozen=True, slots=True)
class ShiftPattern:
    """`person` holds `post` at `window` whenever `weekly` says so."""

    window: str
    post: Post
    person: Person
    weekly: Weekly


@dataclass(frozen=True, slots=True)
class ServiceTime:
    """When a window (None: every one that has no hours of its own) is open, or has a break.

    covered: the break is the main clerk's alone: the window stays open, and `cover` (None: the
    window's B) stands in.
    """

    kind: TimeKind
    window: str | None
    weekly: Weekly
    covered: bool = False
    cover: Person | None = None

    def rests(self, window: str) -> bool:
        """Whether it is a break at that window."""
        return self.kind is TimeKind.BREAK and self.window in (None, window)


@dataclass(frozen=True, slots=True)
class HallDays:
    """The hall's clock and calendar, which everything weekly goes by."""

    zone: ZoneInfo
    days: Days


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that the answer may depend on. All times are aware. `hall` is needed where
    anything comes back weekly."""

    shifts: tuple[Shift, ...] = ()
    leaves: tuple[Leave, ...] = ()
    posts: tuple[StandingPost, ...] = ()
    patterns: tuple[ShiftPattern, ...] = ()
    times: tuple[ServiceTime, ...] = ()
    hall: HallDays | None = None

    def shifts_at(self, window: str, at: datetime) -> list[Shift | ShiftPattern]:
        """Single shifts and weekly ones that cover the instant."""
        weekly = [p for p in self.patterns if p.window == window and self.covers(p.weekly, at)]
        return [*(s for s in self.shifts if s.window == window and s.covers(at)), *weekly]

    def covers(self, weekly: Weekly, at: datetime) -> bool:
        return self.hall is not None and weekly.covers(at, self.hall.zone, self.hall.days)


class Service(StrEnum):
    """What the hours of service say of a window."""

    OPEN = "open"
    BREAK = "break"
    CLOSED = "closed"


def service_at(roster: Roster, window: str, at: datetime) -> Service | None:
    """Whether the window is open at the instant; None where nothing was said about its hours. A
    window with hours of its own has only those; a break of the hall is every window's. In a break
    that somebody covers, the window is open."""
    now = [t for t in roster.times if roster.covers(t.weekly, at)]
    if any(t.rests(window) and not t.covered for t in now):
        return Service.BREAK
    hours = [t for t in roster.times if t.kind is TimeKind.OPEN]
    own = window if any(t.window == window for t in hours) else None
    if not any(t.window == own for t in hours):
        return None
    inside = any(t.kind is TimeKind.OPEN and t.window == own for t in now)
    return Service.OPEN if inside else Service.CLOSED


class DutyState(StrEnum):
    ON_DUTY = "on_duty"  # A by the schedule
    COVERED = "covered"  # B, because A is on leave or only B is on the schedule
    AWAY = "away"  # A is on leave and nobody is there to cover
    NOBODY_ON_SCHEDULE = "nobody_on_schedule"
    BREAK_COVERED = "break_covered"  # A's planned break; somebody covers, the window is open
    BREAK = "break"  # a planned break: nobody had to be there
    CLOSED = "closed"  # outside the hours of service: nobody had to be there


@dataclass(frozen=True, slots=True)
class Duty:
    """The roster's answer for one window and instant.

    `holders` is everybody who held the window: one person, or several where the schedule names
    several (a window with two seats), or none. `cover` stands in should A be away. `absent` are
    those on the schedule whom a leave, or a break that somebody covers, takes away. In a break and
    outside the hours of service they are those whose shift it is all the same; they did not have to
    be there.
    """

    state: DutyState
    post: Post | None = None
    holders: tuple[Person, ...] = ()
    cover: Person | None = None
    absent: tuple[Person, ...] = ()

    @property
    def holder(self) -> Person | None:
        """The one who held the window; None if nobody did, or if the schedule cannot say who."""
        return self.holders[0] if len(self.holders) == 1 else None


def on_duty(roster: Roster, window: str, at: datetime) -> Duty:
    """Who held `window` at the instant `at`, and who was to cover.

    A, where A's shift covers the instant and neither a leave nor a covered break takes A away; else
    whom the break names, or B of a B shift, or the window's standing B. No schedule entry for the
    window: nobody, never a guess.
    """
    service = service_at(roster, window, at)
    if service is Service.BREAK:
        return replace(_on_shift(roster, window, at), state=DutyState.BREAK)
    if service is Service.CLOSED:
        return replace(_on_shift(roster, window, at), state=DutyState.CLOSED)
    rests = [t for t in roster.times if t.rests(window) and roster.covers(t.weekly, at)]
    return _in_covered_break(roster, window, at, rests) if rests else _on_shift(roster, window, at)


def _in_covered_break(roster: Roster, window: str, at: datetime, rests: list[ServiceTime]) -> Duty:
    """A rests; the window is open all the same."""
    shift = _on_shift(roster, window, at)
    on_leave = {leave.person for leave in roster.leaves if leave.covers(at)}
    named = _people(t.cover for t in rests if t.cover is not None and t.cover not in on_leave)
    cover = named[0] if named else shift.cover
    if cover is None and shift.state is DutyState.NOBODY_ON_SCHEDULE:
        return shift
    main = shift.holders if shift.post is Post.A else ()
    absent = _people(p for p in (*main, *shift.absent) if p != cover)
    if cover is None:
        return Duty(DutyState.AWAY, absent=absent)
    return Duty(DutyState.BREAK_COVERED, Post.B, (cover,), cover, absent)


def _on_shift(roster: Roster, window: str, at: datetime) -> Duty:
    on_leave = {leave.person for leave in roster.leaves if leave.covers(at)}
    now = roster.shifts_at(window, at)
    main = _people(s.person for s in now if s.post is Post.A)
    shift_b = _people(s.person for s in now if s.post is Post.B)
    standing_b = _people(p.person for p in roster.posts if p.window == window and p.post is Post.B)
    if not main and not shift_b:
        return Duty(DutyState.NOBODY_ON_SCHEDULE)
    present = tuple(p for p in main if p not in on_leave)
    covers = [p for p in shift_b or standing_b if p not in on_leave and p not in main]
    absent = tuple(p for p in (*main, *shift_b) if p in on_leave)
    if present:
        return Duty(DutyState.ON_DUTY, Post.A, present, covers[0] if covers else None, absent)
    if covers:
        return Duty(DutyState.COVERED, Post.B, (covers[0],), covers[0], absent)
    return Duty(DutyState.AWAY, absent=absent)


def _people(people: Iterable[Person]) -> tuple[Person, ...]:
    """Each person once, in the order of their numbers."""
    return tuple(sorted(set(people)))
