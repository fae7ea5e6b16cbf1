"""Who was on duty: by tables, and against a model that writes down every minute."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.roster.cells import CellError, utc_of
from api.roster.duty import (
    Duty,
    DutyState,
    Leave,
    Person,
    Roster,
    Shift,
    StandingPost,
    on_duty,
)
from api.roster.tables import Post

ZHANG, LI, ZHAO, SUN = (
    Person(number, name)
    for number, name in (("1", "张三"), ("2", "李四"), ("3", "赵六"), ("4", "孙七"))
)
MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)


def at(hour: float) -> datetime:
    return MORNING + timedelta(hours=hour)


def shift(person: Person, post: Post = Post.A, hours: tuple[float, float] = (0, 8)) -> Shift:
    return Shift("w1", post, person, at(hours[0]), at(hours[1]))


def leave(person: Person, hours: tuple[float, float] = (0, 8)) -> Leave:
    return Leave(person, at(hours[0]), at(hours[1]))


STANDING_B = (StandingPost("w1", Post.B, LI),)
NOBODY = Duty(DutyState.NOBODY_ON_SCHEDULE)

ROWS: list[tuple[str, Roster, float, Duty]] = [
    ("no entry at all", Roster(), 4, NOBODY),
    ("a standing B alone is no schedule", Roster(posts=STANDING_B), 4, NOBODY),
    (
        "a standing A alone is no schedule",
        Roster(posts=(StandingPost("w1", Post.A, ZHANG),)),
        4,
        NOBODY,
    ),
    ("A", Roster((shift(ZHANG),)), 4, Duty(DutyState.ON_DUTY, Post.A, (ZHANG,))),
    ("the first instant", Roster((shift(ZHANG),)), 0, Duty(DutyState.ON_DUTY, Post.A, (ZHANG,))),
    ("the last instant is not theirs", Roster((shift(ZHANG),)), 8, NOBODY),
    (
        "A with a standing B",
        Roster((shift(ZHANG),), posts=STANDING_B),
        4,
        Duty(DutyState.ON_DUTY, Post.A, (ZHANG,), LI),
    ),
    (
        "a B shift goes before the standing B",
        Roster((shift(ZHANG), shift(ZHAO, Post.B)), posts=STANDING_B),
        4,
        Duty(DutyState.ON_DUTY, Post.A, (ZHANG,), ZHAO),
    ),
    (
        "A away, B covers",
        Roster((shift(ZHANG),), (leave(ZHANG),), STANDING_B),
        4,
        Duty(DutyState.COVERED, Post.B, (LI,), LI, (ZHANG,)),
    ),
    (
        "A back from leave",
        Roster((shift(ZHANG),), (leave(ZHANG, (1, 3)),), STANDING_B),
        3,
        Duty(DutyState.ON_DUTY, Post.A, (ZHANG,), LI),
    ),
    (
        "A away and no B",
        Roster((shift(ZHANG),), (leave(ZHANG),)),
        4,
        Duty(DutyState.AWAY, absent=(ZHANG,)),
    ),
    (
        "A and B away",
        Roster((shift(ZHANG),), (leave(ZHANG), leave(LI)), STANDING_B),
        4,
        Duty(DutyState.AWAY, absent=(ZHANG,)),
    ),
    (
        "B away: A has no cover",
        Roster((shift(ZHANG),), (leave(LI),), STANDING_B),
        4,
        Duty(DutyState.ON_DUTY, Post.A, (ZHANG,)),
    ),
    (
        "only a B shift",
        Roster((shift(LI, Post.B),)),
        4,
        Duty(DutyState.COVERED, Post.B, (LI,), LI),
    ),
    (
        "nobody covers for themselves",
        Roster((shift(LI),), posts=STANDING_B),
        4,
        Duty(DutyState.ON_DUTY, Post.A, (LI,)),
    ),
    (
        "two seats",
        Roster((shift(ZHAO), shift(ZHANG)), posts=STANDING_B),
        4,
        Duty(DutyState.ON_DUTY, Post.A, (ZHANG, ZHAO), LI),
    ),
]


@pytest.mark.parametrize(("name", "roster", "hour", "duty"), ROWS)
def test_rows(name: str, roster: Roster, hour: float, duty: Duty) -> None:
    assert on_duty(roster, "w1", at(hour)) == duty, name
    assert on_duty(roster, "w2", at(hour)) == NOBODY


def test_one_holder_or_none() -> None:
    assert on_duty(Roster((shift(ZHANG),)), "w1", at(4)).holder == ZHANG
    assert on_duty(Roster((shift(ZHANG), shift(ZHAO))), "w1", at(4)).holder is None
    assert NOBODY.holder is None


ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")
CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1),
           date(2026, 4, 5), date(2026, 10, 4))  # fmt: skip
"""Days on which clocks change somewhere in `ZONES`."""


@dataclass(frozen=True)
class Entry:
    """A line as an office writes it: local day, minutes since midnight, the end maybe tomorrow."""

    person: Person
    window: str
    post: Post
    day: int
    start_min: int
    length_min: int


entries = st.builds(
    Entry,
    person=st.sampled_from([ZHANG, LI, ZHAO, SUN]),
    window=st.sampled_from(["w1", "w2"]),
    post=st.sampled_from(list(Post)),
    day=st.integers(-1, 1),
    start_min=st.integers(0, 95).map(lambda quarter: quarter * 15),
    length_min=st.integers(1, 64).map(lambda quarter: quarter * 15),
)
posts = st.builds(
    StandingPost,
    window=st.sampled_from(["w1", "w2"]),
    post=st.sampled_from(list(Post)),
    person=st.sampled_from([ZHANG, LI, ZHAO, SUN]),
)


class MinuteBook:
    """The model: every minute of five days with what the hall's clock showed then."""

    def __init__(self, middle: date, zone: ZoneInfo) -> None:
        first = datetime.combine(middle - timedelta(days=2), time(0), UTC)
        self.middle = middle
        self.minutes = [first + timedelta(minutes=m) for m in range(5 * 1440)]
        shown = [m.astimezone(zone).replace(tzinfo=None) for m in self.minutes]
        self.first = {local: i for i, local in reversed(list(enumerate(shown)))}
        self.last = {local: i for i, local in enumerate(shown)}

    def span(self, entry: Entry) -> range | None:
        """Which minutes the entry covers; None where the clock never showed its start or end."""
        midnight = datetime.combine(self.middle + timedelta(days=entry.day), time(0))
        start = self.first.get(midnight + timedelta(minutes=entry.start_min))
        end = self.last.get(midnight + timedelta(minutes=entry.start_min + entry.length_min))
        return None if start is None or end is None else range(start, end)


def utc_span(entry: Entry, middle: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    day = middle + timedelta(days=entry.day)
    start = timedelta(minutes=entry.start_min)
    try:
        return (
            utc_of(day, start, zone, end=False),
            utc_of(day, start + timedelta(minutes=entry.length_min), zone, end=True),
        )
    except CellError:
        return None


def expected(
    held: set[Person], b_now: set[Person], b_standing: set[Person], away: set[Person]
) -> tuple[DutyState, set[Person], bool]:
    """State, holders, and whether anybody is there to cover."""
    if not held | b_now:
        return DutyState.NOBODY_ON_SCHEDULE, set(), False
    cover = (b_now or b_standing) - away - held
    if held - away:
        return DutyState.ON_DUTY, held - away, bool(cover)
    if cover:
        return DutyState.COVERED, {min(cover)}, True
    return DutyState.AWAY, set(), False


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    zone_name=st.sampled_from(ZONES),
    middle=st.sampled_from(CHANGES),
    shift_entries=st.lists(entries, max_size=6),
    leave_entries=st.lists(entries, max_size=3),
    standing=st.lists(posts, max_size=3),
)
def test_every_minute_agrees_with_the_minute_book(
    zone_name: str,
    middle: date,
    shift_entries: list[Entry],
    leave_entries: list[Entry],
    standing: list[StandingPost],
) -> None:
    zone = ZoneInfo(zone_name)
    book = MinuteBook(middle, zone)
    shifts, leaves = [], []
    on: dict[tuple[str, Post, int], set[Person]] = defaultdict(set)
    away: dict[int, set[Person]] = defaultdict(set)
    for entry in shift_entries:
        minutes, span = book.span(entry), utc_span(entry, middle, zone)
        assert (minutes is None) == (span is None)
        if minutes is not None and span is not None:
            shifts.append(Shift(entry.window, entry.post, entry.person, *span))
            for minute in minutes:
                on[entry.window, entry.post, minute].add(entry.person)
    for entry in leave_entries:
        minutes, span = book.span(entry), utc_span(entry, middle, zone)
        if minutes is not None and span is not None:
            leaves.append(Leave(entry.person, *span))
            for minute in minutes:
                away[minute].add(entry.person)
    roster = Roster(tuple(shifts), tuple(leaves), tuple(standing))
    edges = {e for s in shifts for e in (s.starts_at, s.ends_at)}
    edges |= {e for away_time in leaves for e in (away_time.starts_at, away_time.ends_at)}
    for i, moment in enumerate(book.minutes):
        if i % 97 and moment not in edges and moment + timedelta(minutes=1) not in edges:
            continue
        for window in ("w1", "w2"):
            duty = on_duty(roster, window, moment)
            stand_ins = {p.person for p in standing if p.window == window and p.post is Post.B}
            state, holders, covered = expected(
                on[window, Post.A, i], on[window, Post.B, i], stand_ins, away[i]
            )
            assert (duty.state, set(duty.holders)) == (state, holders)
            assert (duty.cover is not None) == covered
