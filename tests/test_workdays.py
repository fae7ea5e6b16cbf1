"""Working days: public holidays, make-up workdays, the hall's own days, terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.audit.record import AccessBy
from api.database import Database
from api.roster.changes import Editor
from api.roster.editing import RosterEditor
from api.users.tables import Role
from api.workdays.calendar import WorkCalendar, holiday_name, is_announced
from api.workdays.reading import calendar_of
from tests.halls import NOON, put_hall
from tests.office import BASE, Office

WANG = Editor(AccessBy(None, "王主任"), NOON)
SHANGHAI = ZoneInfo("Asia/Shanghai")
PUBLIC = WorkCalendar(SHANGHAI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # an ordinary Monday
        (date(2026, 11, 22), False),  # an ordinary Sunday
        (date(2026, 10, 1), False),  # National Day
        (date(2026, 10, 7), False),  # a Wednesday moved into the holiday
        (date(2026, 10, 10), True),  # the Saturday worked for it
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2027, 1, 1), False),
        (date(2027, 2, 5), False),  # Spring Festival's eve, a holiday since 2025
    ],
)
def test_public_calendar(day: date, works: bool) -> None:
    assert PUBLIC.is_working_day(day) is works


def test_a_year_without_makeup_days_is_not_announced() -> None:
    assert is_announced(2026)
    assert not is_announced(2030)
    assert holiday_name(date(2030, 10, 1)) == "国庆节"


def test_the_halls_own_days_win() -> None:
    hall = WorkCalendar(SHANGHAI, {date(2026, 11, 22): True, date(2026, 11, 23): False})
    assert hall.is_working_day(date(2026, 11, 22))
    assert not hall.is_working_day(date(2026, 11, 23))
    assert hall.is_working_day(date(2026, 11, 24))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 23), 3, date(2026, 11, 26)),
        (date(2026, 11, 20), 3, date(2026, 11, 25)),  # over a weekend
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # begun on a Saturday
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # over National Day: 8th, 9th, Saturday 10th
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_terms_in_working_days(day: date, count: int, expected: date) -> None:
    assert PUBLIC.after(day, count) == expected


def test_a_term_ends_at_the_halls_midnight() -> None:
    """23:30 on Sunday in the hall is still Sunday there, though Monday elsewhere."""
    registered = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    assert PUBLIC.due(registered, 3) == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


def test_days_left() -> None:
    due = PUBLIC.due(datetime(2026, 11, 20, 4, tzinfo=UTC), 3)  # Wednesday's end
    lefts = [PUBLIC.left(datetime(2026, 11, day, 4, tzinfo=UTC), due) for day in range(20, 28)]
    assert lefts == [4, 3, 3, 3, 2, 1, 0, 0]


@settings(deadline=None)  # a busy machine is no failure
@given(
    start=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    count=st.integers(0, 40),
    own=st.dictionaries(st.dates(date(2024, 1, 1), date(2028, 3, 1)), st.booleans(), max_size=20),
)
def test_exactly_that_many_working_days_lie_in_a_term(
    start: date, count: int, own: dict[date, bool]
) -> None:
    calendar = WorkCalendar(SHANGHAI, own)
    end = calendar.after(start, count)
    days = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(map(calendar.is_working_day, days)) == count
    assert count == 0 or calendar.is_working_day(end)


def test_own_days_are_kept_for_their_hall(database: Database) -> None:
    day = date(2026, 11, 28)
    with database.session() as session:
        put_hall(session)
        roster = RosterEditor(session, "demo", WANG)
        roster.put_day(day, works=True, note="值班")
        roster.put_day(day, works=True, note="周六值班")
    with database.session() as session:
        assert calendar_of(session, "demo").is_working_day(day)
        roster = RosterEditor(session, "demo", WANG)
        roster.drop_day(day)
        roster.drop_day(day)
        assert not calendar_of(session, "demo").is_working_day(day)


def test_own_days_over_http(office: Office) -> None:
    supervisor = office.client(Role.SUPERVISOR)
    path = f"{BASE}/halls/demo/workdays"
    given = {"works": True, "note": "<b>值班</b>"}
    assert supervisor.put(f"{path}/2027-02-14", json=given).status_code == 204
    year = supervisor.get(path, params={"year": 2027}).json()
    assert (year["year"], len(year["days"])) == (2027, 365)
    days = {day["day"]: day for day in year["days"]}
    assert days["2027-02-14"] == {
        "day": "2027-02-14", "works": True, "own": True, "holiday": None, "note": "<b>值班</b>",
    }  # fmt: skip
    assert days["2027-02-06"]["holiday"] == "春节"
    assert supervisor.delete(f"{path}/2027-02-14").status_code == 204
    year = supervisor.get(path, params={"year": 2027}).json()
    assert not any(day["own"] for day in year["days"])


@pytest.mark.parametrize("day", ["2027-02-30", "soon", "1800-01-01"])
def test_a_day_that_is_none_is_refused(office: Office, day: str) -> None:
    answer = office.client(Role.SUPERVISOR).put(
        f"{BASE}/halls/demo/workdays/{day}", json={"works": True}
    )
    assert answer.status_code == 422
