"""What comes back weekly, hours and breaks: by tables, and against a book of every minute."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.alerts.record import record_alert
from api.alerts.tables import AlertRow
from api.database import Database
from api.roster.changes import duty_changed
from api.roster.duty import (
    Duty,
    DutyState,
    HallDays,
    Leave,
    Person,
    Roster,
    Service,
    ServiceTime,
    Shift,
    ShiftPattern,
    StandingPost,
    on_duty,
    service_at,
)
from api.roster.opening import READ_AGAIN_S, OpenHours, window_open
from api.roster.tables import Post, ServiceTimeRow, ShiftRow, TimeKind
from api.roster.weekly import Weekly
from api.workdays.calendar import WorkCalendar
from tests.halls import NOON, put_hall, put_leave, raised
from vision.records import Stamp

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZHANG, LI, SUN = Person("1", "张三"), Person("2", "李四"), Person("3", "孙七")
WORKDAYS = frozenset(range(5))
MONDAY = date(2026, 9, 21)


def weekly(start: float = 9, end: float = 17, **changes: object) -> Weekly:
    values: dict[str, object] = {
        "weekdays": WORKDAYS, "start_min": int(start * 60), "end_min": int(end * 60),
        "first": date(2026, 1, 1),
    }  # fmt: skip
    return Weekly(**(values | changes))  # type: ignore[arg-type]


CHINA = WorkCalendar(SHANGHAI)
OWN = WorkCalendar(SHANGHAI, {date(2026, 9, 26): True, date(2026, 9, 24): False})

HAPPENS: list[tuple[str, Weekly, WorkCalendar, date, bool]] = [
    ("a Monday", weekly(), CHINA, MONDAY, True),
    ("a Sunday", weekly(), CHINA, date(2026, 9, 27), False),
    ("before it began", weekly(first=date(2026, 9, 22)), CHINA, MONDAY, False),
    ("its first day", weekly(first=MONDAY), CHINA, MONDAY, True),
    ("its last day", weekly(last=MONDAY), CHINA, MONDAY, True),
    ("after it ended", weekly(last=date(2026, 9, 20)), CHINA, MONDAY, False),
    ("a day left out", weekly(skips=frozenset({MONDAY})), CHINA, MONDAY, False),
    ("National Day", weekly(), CHINA, date(2026, 10, 1), False),
    ("National Day all the same", weekly(by_calendar=False), CHINA, date(2026, 10, 1), True),
    ("a Saturday that is worked", weekly(), CHINA, date(2026, 10, 10), True),
    (
        "is worked like a Friday",
        weekly(weekdays=frozenset({4})), CHINA, date(2026, 10, 10), True,
    ),
    ("not like a Monday", weekly(weekdays=frozenset({0})), CHINA, date(2026, 10, 10), False),
    (
        "a Sunday that is worked is like a Monday",
        weekly(weekdays=frozenset({0})), CHINA, date(2026, 9, 20), True,
    ),
    ("the hall works on its own Saturday", weekly(), OWN, date(2026, 9, 26), True),
    ("the hall rests on its own Thursday", weekly(), OWN, date(2026, 9, 24), False),
    ("every other week: this one", weekly(every=2, first=MONDAY), CHINA, MONDAY, True),
    (
        "every other week: not the next",
        weekly(every=2, first=date(2026, 9, 16)), CHINA, MONDAY, False,
    ),
    (
        "every other week counts whole weeks",
        weekly(every=2, first=date(2026, 9, 11)), CHINA, MONDAY, True,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "pattern", "calendar", "day", "happens"), HAPPENS)
def test_on_which_days_it_happens(
    name: str, pattern: Weekly, calendar: WorkCalendar, day: date, happens: bool
) -> None:
    assert pattern.happens(day, calendar) is happens, name


def local(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI) + timedelta(hours=hour)


LUNCH = ServiceTime(TimeKind.BREAK, None, weekly(12, 13.5))
HOURS = ServiceTime(TimeKind.OPEN, None, weekly(9, 17))
LATE = ServiceTime(TimeKind.OPEN, "w2", weekly(14, 20))
DAYS = HallDays(SHANGHAI, CHINA)

SERVICE: list[tuple[tuple[ServiceTime, ...], str, date, float, Service | None]] = [
    ((), "w1", MONDAY, 10, None),
    ((LUNCH,), "w1", MONDAY, 10, None),
    ((LUNCH,), "w1", MONDAY, 12.5, Service.BREAK),
    ((HOURS,), "w1", MONDAY, 9, Service.OPEN),
    ((HOURS,), "w1", MONDAY, 17, Service.CLOSED),
    ((HOURS,), "w1", date(2026, 10, 1), 10, Service.CLOSED),
    ((HOURS,), "w1", date(2026, 10, 10), 10, Service.OPEN),
    ((HOURS, LUNCH), "w1", MONDAY, 12, Service.BREAK),
    ((HOURS, LUNCH), "w1", MONDAY, 13.5, Service.OPEN),
    ((HOURS, LATE), "w2", MONDAY, 10, Service.CLOSED),
    ((HOURS, LATE), "w2", MONDAY, 18, Service.OPEN),
    ((HOURS, LATE), "w1", MONDAY, 18, Service.CLOSED),
]


@pytest.mark.parametrize(("times", "window", "day", "hour", "service"), SERVICE)
def test_hours_of_service(
    times: tuple[ServiceTime, ...], window: str, day: date, hour: float, service: Service | None
) -> None:
    assert service_at(Roster(times=times, hall=DAYS), window, local(day, hour)) is service


def test_in_a_break_nobody_had_to_be_there_but_it_is_known_whose_shift_it_was() -> None:
    roster = Roster(
        patterns=(ShiftPattern("w1", Post.A, ZHANG, weekly(9, 17)),),
        posts=(StandingPost("w1", Post.B, LI),),
        times=(HOURS, LUNCH),
        hall=DAYS,
    )
    morning, lunch = (on_duty(roster, "w1", local(MONDAY, hour)) for hour in (10, 12.5))
    evening = on_duty(roster, "w1", local(MONDAY, 18))
    assert (morning.state, morning.holder, morning.cover) == (DutyState.ON_DUTY, ZHANG, LI)
    assert (lunch.state, lunch.holder) == (DutyState.BREAK, ZHANG)
    assert (evening.state, evening.holder) == (DutyState.CLOSED, None)


B_COVERS = ServiceTime(TimeKind.BREAK, None, weekly(12, 13.5), covered=True)
SUN_COVERS = ServiceTime(TimeKind.BREAK, "w1", weekly(12, 13.5), covered=True, cover=SUN)
DAY_SHIFT = ShiftPattern("w1", Post.A, ZHANG, weekly(9, 17))
SECOND_SEAT = ShiftPattern("w1", Post.A, SUN, weekly(9, 17))
B_SHIFT = ShiftPattern("w1", Post.B, SUN, weekly(9, 17))
STANDING_LI = StandingPost("w1", Post.B, LI)


def gone(person: Person) -> Leave:
    return Leave(person, local(MONDAY, 0), local(MONDAY, 24))


COVERED: list[tuple[str, Roster, Duty]] = [
    (
        "the standing B covers",
        Roster(patterns=(DAY_SHIFT,), posts=(STANDING_LI,), times=(B_COVERS,)),
        Duty(DutyState.BREAK_COVERED, Post.B, (LI,), LI, (ZHANG,)),
    ),
    (
        "a B shift goes before the standing B",
        Roster(patterns=(DAY_SHIFT, B_SHIFT), posts=(STANDING_LI,), times=(B_COVERS,)),
        Duty(DutyState.BREAK_COVERED, Post.B, (SUN,), SUN, (ZHANG,)),
    ),
    (
        "who is named goes before every B",
        Roster(patterns=(DAY_SHIFT,), posts=(STANDING_LI,), times=(SUN_COVERS,)),
        Duty(DutyState.BREAK_COVERED, Post.B, (SUN,), SUN, (ZHANG,)),
    ),
    (
        "who is named is on leave: B",
        Roster((), (gone(SUN),), (STANDING_LI,), (DAY_SHIFT,), (SUN_COVERS,)),
        Duty(DutyState.BREAK_COVERED, Post.B, (LI,), LI, (ZHANG,)),
    ),
    (
        "nobody there to cover: away, and nobody is named",
        Roster((), (gone(LI),), (STANDING_LI,), (DAY_SHIFT,), (B_COVERS,)),
        Duty(DutyState.AWAY, absent=(ZHANG,)),
    ),
    (
        "one of two seats covers for the other",
        Roster(patterns=(DAY_SHIFT, SECOND_SEAT), times=(SUN_COVERS,)),
        Duty(DutyState.BREAK_COVERED, Post.B, (SUN,), SUN, (ZHANG,)),
    ),
    (
        "no shift, but a person is named",
        Roster(times=(SUN_COVERS,)),
        Duty(DutyState.BREAK_COVERED, Post.B, (SUN,), SUN),
    ),
    (
        "no shift and nobody named: never a guess",
        Roster(posts=(STANDING_LI,), times=(B_COVERS,)),
        Duty(DutyState.NOBODY_ON_SCHEDULE),
    ),
    (
        "a break without cover closes the window all the same",
        Roster(patterns=(DAY_SHIFT,), posts=(STANDING_LI,), times=(LUNCH, B_COVERS)),
        Duty(DutyState.BREAK, Post.A, (ZHANG,), LI),
    ),
]


@pytest.mark.parametrize(("name", "roster", "duty"), COVERED)
def test_a_break_that_somebody_covers(name: str, roster: Roster, duty: Duty) -> None:
    there = replace(roster, hall=DAYS)
    assert on_duty(there, "w1", local(MONDAY, 12.5)) == duty, name
    after = on_duty(there, "w1", local(MONDAY, 14)).state
    assert after is not DutyState.BREAK_COVERED, name
    open_then = service_at(replace(there, times=(HOURS, *there.times)), "w1", local(MONDAY, 12.5))
    assert open_then is (Service.BREAK if duty.state is DutyState.BREAK else Service.OPEN), name


def test_a_night_shift_runs_over_midnight() -> None:
    night = Roster(
        patterns=(
            ShiftPattern(
                "w1", Post.A, SUN, weekly(22, 6, weekdays=frozenset({0}), by_calendar=False)
            ),
        ),
        hall=DAYS,
    )
    holders = {
        hour: on_duty(night, "w1", local(MONDAY, hour)).holder
        for hour in (5, 21.9, 22, 24, 29.9, 30)
    }
    assert holders == {5: None, 21.9: None, 22: SUN, 24: SUN, 29.9: SUN, 30: None}


ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")
CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1),
           date(2026, 4, 5), date(2026, 10, 4))  # fmt: skip
"""Days on which clocks change somewhere in `ZONES`."""


@dataclass(frozen=True)
class EveryDay:
    """A calendar on which only `rests` are not worked."""

    rests: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        return day not in self.rests


class MinuteBook:
    """Every minute of six days, and what the hall's clock showed then."""

    def __init__(self, middle: date, zone: ZoneInfo) -> None:
        start = datetime.combine(middle - timedelta(days=3), time(0), UTC)
        self.minutes = [start + timedelta(minutes=m) for m in range(6 * 1440)]
        self.shown = [m.astimezone(zone).replace(tzinfo=None) for m in self.minutes]
        self.first = {shown: i for i, shown in reversed(list(enumerate(self.shown)))}
        self.last = {shown: i for i, shown in enumerate(self.shown)}

    def span(self, day: date, start_min: int, end_min: int) -> range:
        """The minutes from the first that shows the start, or the one that jumps over it, to the
        last that shows the end."""
        midnight = datetime.combine(day, time(0))
        lasts_over = 1440 if end_min <= start_min else 0
        start = midnight + timedelta(minutes=start_min)
        end = midnight + timedelta(minutes=end_min + lasts_over)
        return range(self._first(start), self._last(end))

    def _first(self, naive: datetime) -> int:
        if naive in self.first:
            return self.first[naive]
        return next(i for i, shown in enumerate(self.shown) if shown >= naive)

    def _last(self, naive: datetime) -> int:
        return self.last[naive] if naive in self.last else self._first(naive)


BOOKS: dict[tuple[str, date], MinuteBook] = {}
quarters = st.integers(0, 95).map(lambda n: n * 15)
weeklies = st.builds(
    Weekly,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    start_min=quarters,
    end_min=quarters,
    first=st.integers(-9, 1).map(lambda n: n),  # days from the middle, made a date below
    last=st.none() | st.integers(-1, 3),
    every=st.sampled_from([1, 2]),
    by_calendar=st.booleans(),
    skips=st.frozensets(st.integers(-2, 2), max_size=1),
)
people = st.sampled_from([ZHANG, LI, SUN])


def dated(pattern: Weekly, middle: date) -> Weekly:
    """The strategy's day numbers as dates around the middle."""

    def on(n: object) -> date:
        assert isinstance(n, int)
        return middle + timedelta(days=n)

    return Weekly(
        pattern.weekdays, pattern.start_min, pattern.end_min, on(pattern.first),
        None if pattern.last is None else on(pattern.last), pattern.every, pattern.by_calendar,
        frozenset(on(n) for n in pattern.skips),
    )  # fmt: skip


def happens(pattern: Weekly, day: date, rests: frozenset[date]) -> bool:
    """Written down once more, by walking."""
    if day in pattern.skips or (pattern.last is not None and day > pattern.last):
        return False
    week, walker = 0, pattern.first
    while walker < day:
        walker += timedelta(days=1)
        week += walker.weekday() == 0
    if walker != day or week % pattern.every:
        return False
    if not pattern.by_calendar:
        return day.weekday() in pattern.weekdays
    like = {5: {5, 4}, 6: {6, 0}}.get(day.weekday(), {day.weekday()})
    return day not in rests and bool(like & pattern.weekdays)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    zone_name=st.sampled_from(ZONES),
    middle=st.sampled_from(CHANGES),
    shifts=st.lists(st.tuples(people, st.sampled_from(list(Post)), weeklies), max_size=3),
    times=st.lists(
        st.tuples(st.sampled_from(list(TimeKind)), weeklies, st.booleans(), st.none() | people),
        max_size=2,
    ),
    away=st.none() | st.tuples(people, st.integers(-1440, 1440), st.integers(1, 1440)),
    rests=st.frozensets(st.integers(-2, 2), max_size=2),
)
def test_every_minute_agrees_with_the_minute_book(
    zone_name: str,
    middle: date,
    shifts: list[tuple[Person, Post, Weekly]],
    times: list[tuple[TimeKind, Weekly, bool, Person | None]],
    away: tuple[Person, int, int] | None,
    rests: frozenset[int],
) -> None:
    zone = ZoneInfo(zone_name)
    book = BOOKS.setdefault((zone_name, middle), MinuteBook(middle, zone))
    rested = frozenset(middle + timedelta(days=n) for n in rests)
    on: dict[tuple[Post, int], set[Person]] = {}
    inside: dict[TimeKind, set[int]] = {kind: set() for kind in TimeKind}
    covered_by: dict[int, set[Person]] = {}  # minute of a covered break -> who is named for it
    patterns, services, edges = [], [], set[int]()

    def minutes(pattern: Weekly) -> set[int]:
        found: set[int] = set()
        for n in range(-3, 2):
            day = middle + timedelta(days=n)
            if happens(pattern, day, rested):
                span = book.span(day, pattern.start_min, pattern.end_min)
                found.update(span)
                edges.update({span.start, span.start - 1, span.stop, span.stop - 1})
        return found

    for person, post, undated in shifts:
        pattern = dated(undated, middle)
        patterns.append(ShiftPattern("w1", post, person, pattern))
        for minute in minutes(pattern):
            on.setdefault((post, minute), set()).add(person)
    for kind, undated, is_covered, named in times:
        pattern = dated(undated, middle)
        covered = kind is TimeKind.BREAK and is_covered
        services.append(ServiceTime(kind, None, pattern, covered, named if covered else None))
        if not covered:
            inside[kind] |= minutes(pattern)
            continue
        for minute in minutes(pattern):
            covered_by.setdefault(minute, set()).update({named} if named else ())
    leaves = ()
    gone = range(0)
    if away is not None:
        start = 3 * 1440 + away[1]
        gone = range(start, start + away[2])
        leaves = (
            Leave(away[0], book.minutes[start], book.minutes[start] + timedelta(minutes=away[2])),
        )
    roster = Roster(
        (), leaves, (), tuple(patterns), tuple(services), HallDays(zone, EveryDay(rested))
    )
    said_open = any(kind is TimeKind.OPEN for kind, *_ in times)
    for i in sorted(edges | set(range(1440, 4 * 1440, 131))):
        if not 1440 <= i < 4 * 1440:
            continue
        duty = on_duty(roster, "w1", book.minutes[i])
        main, stand_in = on.get((Post.A, i), set()), on.get((Post.B, i), set())
        absent = {away[0]} if away is not None and i in gone else set()
        holders = main - absent
        stand_ins = stand_in - absent - main
        if not holders and stand_ins:
            holders = {min(stand_ins)}
        if i in inside[TimeKind.BREAK]:
            assert duty.state is DutyState.BREAK
        elif said_open and i not in inside[TimeKind.OPEN]:
            assert duty.state is DutyState.CLOSED
        elif i in covered_by:
            ready = covered_by[i] - absent or stand_ins
            holders = {min(ready)} if ready else set()
            state = DutyState.BREAK_COVERED if ready else DutyState.AWAY
            nobody = not (ready or main or stand_in)
            assert duty.state is (DutyState.NOBODY_ON_SCHEDULE if nobody else state)
        else:
            ordinary = (DutyState.ON_DUTY, DutyState.COVERED, DutyState.AWAY)
            assert duty.state in (*ordinary, DutyState.NOBODY_ON_SCHEDULE)
        assert set(duty.holders) == holders


def put_hours(database: Database, kind: TimeKind, start: int, end: int) -> None:
    with database.session() as session:
        session.add(
            ServiceTimeRow(
                hall_id="demo", window_id=None, kind=kind, weekdays=0b0011111, every=1,
                start_min=start * 60, end_min=end * 60, first=date(2026, 1, 1), last=None,
                by_calendar=True,
            )
        )  # fmt: skip


def test_rules_are_told_whether_a_window_is_open(database: Database) -> None:
    with database.session() as session:
        put_hall(session)
    seconds = [0.0]
    hours = OpenHours(database, "demo", lambda: seconds[0])
    noon = Stamp(0.0, NOON)
    assert hours("w1", noon) is None
    put_hours(database, TimeKind.OPEN, 9, 17)
    assert hours("w1", noon) is None  # as it was read last
    seconds[0] += READ_AGAIN_S
    assert hours("w1", noon) is True
    put_hours(database, TimeKind.BREAK, 12, 13)
    with database.reading() as session:
        assert window_open(session, "demo", "w1", NOON) is False
        assert window_open(session, "demo", "w1", NOON + timedelta(hours=1)) is True
        assert window_open(session, "demo", "w1", NOON + timedelta(hours=6)) is False


def test_an_alert_keeps_what_the_roster_said_and_shows_that_it_changed(database: Database) -> None:
    alert = raised()
    with database.session() as session:
        put_hall(session)
        record_alert(session, alert, NOON)
        row = session.get_one(AlertRow, alert.uid)
        assert duty_changed(session, row) is None
    with database.session() as session:
        put_leave(session, "1001", NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    with database.reading() as session:
        row = session.get_one(AlertRow, alert.uid)
        now = duty_changed(session, row)
        assert row.duty is not None
        assert now is not None
        assert (row.duty["state"], row.duty["holders"][0]["name"]) == ("on_duty", "张三")
        assert (now["state"], now["holders"][0]["name"]) == ("covered", "李四")
        session.query(ShiftRow).delete()
        assert duty_changed(session, row) != now


def test_a_single_shift_stands_beside_weekly_ones() -> None:
    roster = Roster(
        (Shift("w1", Post.A, LI, local(MONDAY, 9), local(MONDAY, 12)),),
        patterns=(ShiftPattern("w1", Post.A, ZHANG, weekly(skips=frozenset({MONDAY}))),),
        hall=DAYS,
    )
    assert on_duty(roster, "w1", local(MONDAY, 10)).holder == LI
    assert on_duty(roster, "w1", local(MONDAY, 13)).state is DutyState.NOBODY_ON_SCHEDULE
    assert on_duty(roster, "w1", local(MONDAY + timedelta(days=1), 10)).holder == ZHANG
