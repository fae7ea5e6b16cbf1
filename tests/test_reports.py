"""Reports from the database and as files; figures kept for good, and groups of a month."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, select

from api.alerts.record import record_alert
from api.alerts.tables import State
from api.cases.law import Outcome
from api.database import Database
from api.halls.tables import HallRow, QueueRow, WindowRow
from api.live import WindowPhase
from api.reports.alerts import alerts_in, fate_of, tallies_in
from api.reports.fates import Fate, tallies
from api.reports.figures import Period, report_of
from api.reports.groups import group_months, keep_months
from api.reports.keeping import keep_days
from api.reports.minutes import Between, Standing
from api.reports.sheets import csv_of
from api.reports.tables import CounterStayRow, GroupMonthRow, PhaseSpanRow, QueueCountRow
from api.roster.tables import Post, ServiceTimeRow, ShiftRow, StaffRow, TimeKind
from api.users.tables import Role
from tests.halls import NOON, ended, put_hall, put_leave, raised
from tests.office import BASE, Office, is_problem
from tests.review_office import ReviewOffice

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("state", "outcome", "fate"),
    [
        (State.NEW, None, Fate.OPEN),
        (State.REFERRED, None, Fate.OPEN),
        (State.ACKNOWLEDGED, None, Fate.SETTLED),
        (State.EXCUSED, None, Fate.EXCUSED),
        (State.FALSE, None, Fate.FALSE),
        (State.REFERRED, Outcome.CONFIRMED, Fate.CONFIRMED),
        (State.REFERRED, Outcome.EXCUSED, Fate.EXCUSED),
        (State.REFERRED, Outcome.UNFOUNDED, Fate.FALSE),
    ],
)
def test_what_became_of_an_alert(state: State, outcome: Outcome | None, fate: Fate) -> None:
    assert fate_of(state, outcome) is fate


MONDAY = {"first": "2026-11-23", "last": "2026-11-23"}


def report(office: Office, **period: str) -> dict[str, Any]:
    answer = office.client(Role.HEAD).get(f"{BASE}/halls/demo/report", params=period or MONDAY)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def measured(office: Office, *spans: tuple[str, str, float, float], **counts: int) -> None:
    """Send spans (window, phase, from, to in minutes past noon), and queue counts."""
    body = {
        "spans": [
            {
                "window": window,
                "phase": phase,
                "starts_at": (NOON + start * MINUTE).isoformat(),
                "ends_at": (NOON + end * MINUTE).isoformat(),
            }
            for window, phase, start, end in spans
        ],
        "counts": [
            {"queue": "q1", "at": (NOON + int(m[1:]) * MINUTE).isoformat(), "count": n}
            for m, n in counts.items()
        ],
    }
    machine = office.client(Role.MACHINE)
    for _ in range(2):  # sent twice, kept once
        answer = machine.post(f"{BASE}/halls/demo/measured", json=body)
        assert answer.status_code == 204, answer.text


def test_a_report(office: Office) -> None:
    review = ReviewOffice(office)
    measured(
        office, ("w1", "attended", 0, 10), ("w1", "empty", 10, 12), ("w1", "alerted", 12, 17),
        ("w1", "paused", 17, 20), ("w1", "unknown", 20, 21), ("w1", "closed", 21, 50),
        m1=4, m2=8,
    )  # fmt: skip
    for minute in (1, 40, 80, 120):
        office.send(raised(minute))
        office.send(ended(raised(minute)))  # each lasted 7 minutes
    supervisor = review.as_("wang")
    supervisor.post(f"{BASE}/alerts/{raised(40).uid}/mark-false", json={"reason": "遮挡"})
    meal = {
        "kind": "meal", "window": "w1", "allowed_by": "王主任",
        "starts_at": (NOON + 79 * MINUTE).isoformat(), "ends_at": (NOON + 90 * MINUTE).isoformat(),
    }  # fmt: skip
    supervisor.post(f"{BASE}/halls/demo/exemptions", json=meal)
    review.confirmed(raised(120))

    found = report(office)
    window = next(w for w in found["windows"] if w["window"] == "w1")
    spent = [window["spent"][f"{s}_s"] for s in ("attended", "paused", "unattended", "unknown")]
    assert spent == [600, 180, 420, 60]
    assert (window["spent"]["closed_s"], window["spent"]["not_looked_s"]) == (27 * 60, 0)
    assert found["until"] == "2026-11-23T04:48:00Z"  # the last twelve minutes are not in yet
    assert window["rules"] == [
        {
            "rule": "window_unattended", "counted": 2, "lasted_s": 840.0, "open": 1, "settled": 0,
            "false": 1, "excused": 0, "confirmed": 1, "exempt": 1,
        }
    ]  # fmt: skip
    gap = next(gap for gap in window["cover"] if gap["gap"] == "sudden")
    assert (gap["count"], gap["named"], gap["filled"]["paused"]) == (1, 1, 1)
    assert found["rules"] == window["rules"]
    assert [(m["month"], m["counted"], m["confirmed"]) for m in found["months"]] == [
        ("2026-11-01", 2, 1)
    ]
    assert found["days"] == [{"day": "2026-11-23", "counted": 2, "lasted_s": 840.0}]
    assert found["queues"][0]["hours"] == [
        {"weekday": 0, "hour": 12, "looks": 2, "mean": 6.0, "most": 8}
    ]
    assert "张三" not in str(found)
    day = Between(NOON - timedelta(hours=12), NOON + timedelta(hours=12))
    with office.database.reading() as session:  # as counted one by one
        assert tallies_in(session, "demo", day) == tallies(alerts_in(session, "demo", day))


def test_a_window_that_is_gone_by_now_is_in_the_report_of_its_time(office: Office) -> None:
    measured(office, ("w1", "attended", 0, 10), ("w2", "attended", 0, 10), m1=4)
    before = report(office)
    with office.database.session() as session:
        for row in (session.get_one(WindowRow, ("demo", "w1")), *session.scalars(select(QueueRow))):
            row.retired_at = NOON + timedelta(days=1)
    after = report(office)
    assert after == before
    assert "w1" in {window["window"] for window in after["windows"]}
    empty = report(office, first="2026-11-25", last="2026-11-25")
    assert "w1" not in {window["window"] for window in empty["windows"]}


def test_a_day_is_the_halls_own(office: Office) -> None:
    """An alert at 00:30 in the hall belongs to Tuesday, though it is Monday in UTC."""
    late = raised(12 * 60 + 30)
    office.send(late)
    assert report(office)["rules"] == []
    tuesday = report(office, first="2026-11-24", last="2026-11-24")
    assert [d["counted"] for d in tuesday["days"]] == [1]


def test_a_case_that_is_not_in_force_confirms_nothing(office: Office) -> None:
    review = ReviewOffice(office)
    case = review.open(raised(1))
    review.done("sun", case, "notify")
    review.done("zhang", case, "statement", text="去送材料")
    review.done("sun", case, "decide", text="属实", outcome="confirmed")
    assert [(r["confirmed"], r["open"]) for r in report(office)["rules"]] == [(0, 1)]
    review.done("sun", case, "serve")
    assert [(r["confirmed"], r["open"]) for r in report(office)["rules"]] == [(1, 0)]


def test_as_files(office: Office) -> None:
    measured(office, ("w1", "attended", 0, 10), m1=4)
    office.send(raised(1))
    client, path = office.client(Role.REVIEWER), f"{BASE}/halls/demo/report"
    answer = client.get(f"{path}/xlsx", params=MONDAY)
    assert "attachment" in answer.headers["content-disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == [
        "窗口", "提醒", "顶岗", "排队", "等候时间", "逐日", "逐月", "分岗分班",
    ]  # fmt: skip
    sheet = book["窗口"]
    assert [cell.value for cell in sheet[1]][:2] == ["窗口", "在岗（分钟）"]
    assert [cell.value for cell in sheet[2]][:9] == ["1号窗口", 10, 0, 0, 0, 0, 0, 38, 1]
    answer = client.get(f"{path}/csv", params=MONDAY | {"language": "en"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Window", "Attended (min)"]
    assert rows[1][:2] == ["1号窗口", "10.0"]


def test_no_cell_is_a_formula() -> None:
    content = csv_of([["=1+1", "@cmd", "-2", "ordinary", 3]]).decode("utf-8-sig")
    assert content == "'=1+1,'@cmd,'-2,ordinary,3\r\n"


@pytest.mark.parametrize(
    "period",
    [
        {"first": "2026-11-24", "last": "2026-11-23"},
        {"first": "2025-01-01", "last": "2026-11-23"},
        {"first": "yesterday", "last": "2026-11-23"},
    ],
)
def test_a_period_that_is_none_is_refused(office: Office, period: dict[str, str]) -> None:
    answer = office.client(Role.HEAD).get(f"{BASE}/halls/demo/report", params=period)
    assert is_problem(answer, 422, "invalid")


@pytest.mark.parametrize(
    "span",
    [
        ("w1", "attended", 10, 10),
        ("w1", "attended", 10, 5),
        ("w1", "attended", 0, 31),
        ("w1", "asleep", 0, 1),
        ("../w1", "attended", 0, 1),
    ],
)
def test_nonsense_is_not_taken(office: Office, span: tuple[str, str, float, float]) -> None:
    window, phase, start, end = span
    body = {
        "spans": [
            {
                "window": window,
                "phase": phase,
                "starts_at": (NOON + start * MINUTE).isoformat(),
                "ends_at": (NOON + end * MINUTE).isoformat(),
            }
        ]
    }
    answer = office.client(Role.MACHINE).post(f"{BASE}/halls/demo/measured", json=body)
    assert is_problem(answer, 422, "invalid")


def furnish_month(database: Database, *, clerks: int = 6) -> None:
    """November with so many clerks on w1 by turns (A, 12:00–13:00, a day each) and as many on w2
    (A, 13:00–14:00); each hour attended, but for ten minutes on w1."""
    with database.session() as session:
        if session.get(HallRow, "demo") is None:
            put_hall(session)
        session.execute(delete(ShiftRow))
        for n in range(2 * clerks):
            session.add(StaffRow(hall_id="demo", number=f"2{n:03d}", name=f"职员{n}"))
        session.flush()
        staff = {row.number: row.id for row in session.scalars(select(StaffRow))}
        for n in range(clerks):
            start = NOON + timedelta(days=n - 15)
            for window, number, since in (
                ("w1", f"2{n:03d}", start),
                ("w2", f"2{clerks + n:03d}", start + 60 * MINUTE),
            ):
                session.add(
                    ShiftRow(
                        hall_id="demo", window_id=window, post=Post.A, staff_id=staff[number],
                        starts_at=since, ends_at=since + 60 * MINUTE,
                    )
                )  # fmt: skip
                empty = 10 if window == "w1" else 0
                for phase, a, b in (("empty", 0, empty), ("attended", empty, 60)):
                    for at in range(a, b, 10):
                        session.add(
                            PhaseSpanRow(
                                hall_id="demo", window_id=window, phase=WindowPhase(phase),
                                starts_at=since + at * MINUTE, ends_at=since + (at + 10) * MINUTE,
                            )
                        )  # fmt: skip


MADE = datetime(2026, 12, 4, tzinfo=ZONE)


def test_kept_figures_are_those_of_the_live_ones(database: Database) -> None:
    """The same report, to the second, from what was measured and, once that is deleted, from what
    was kept; and it adds up to the whole time and to the alerts."""
    furnish_month(database)
    for day in range(6):
        with database.session() as session:
            alert = raised(60 * 24 * (day - 15), subject="w1")
            record_alert(session, ended(alert), NOON)
    november = Period(date(2026, 11, 1), date(2026, 11, 30))
    with database.reading() as session:
        live = report_of(session, "demo", november, MADE)
    keep_days(database, "demo", MADE)
    with database.session() as session:
        for table in (PhaseSpanRow, QueueCountRow, CounterStayRow):
            session.execute(delete(table))
    with database.reading() as session:
        kept = report_of(session, "demo", november, MADE)
    assert kept == live
    assert kept.rules[0].lasted_s == 6 * 420
    w1 = kept.windows[0].spent
    assert (w1.attended_s, w1.unattended_s) == (6 * 3000, 6 * 600)
    first = NOON - timedelta(days=15)
    whole = (datetime(2026, 12, 1, tzinfo=ZONE) - first).total_seconds()
    assert sum(getattr(w1, f"{s.value}_s") for s in Standing) == whole
    assert sum(day.counted for day in kept.days) == kept.months[-1].counted == 6
    gap = next(c for c in kept.windows[0].cover if c.gap == "sudden")
    assert (gap.count, gap.mean_s) == (6, 600.0)


def test_time_outside_the_hours_and_time_not_looked_at_are_kept_apart(office: Office) -> None:
    """Open 09:00 to 17:00 with a break at noon: what the camera missed of that is not looked at."""
    with office.database.session() as session:
        for kind, start, end in ((TimeKind.OPEN, 9 * 60, 17 * 60), (TimeKind.BREAK, 720, 780)):
            session.add(
                ServiceTimeRow(
                    hall_id="demo", kind=kind, weekdays=0b11111, every=1, start_min=start,
                    end_min=end, first=date(2026, 1, 1), by_calendar=False,
                )
            )  # fmt: skip
        midnight = datetime(2026, 11, 23, tzinfo=ZONE)
        for hour, minutes, phase in ((0, 10, "closed"), (9, 30, "attended"), (16, 20, "unknown")):
            since = midnight + timedelta(hours=hour)
            session.add(
                PhaseSpanRow(
                    hall_id="demo",
                    window_id="w1",
                    phase=WindowPhase(phase),
                    starts_at=since,
                    ends_at=since + minutes * MINUTE,
                )
            )
    office.clock.now = NOON + timedelta(days=2)
    spent = report(office)["windows"][0]["spent"]
    assert {name: seconds / 60 for name, seconds in spent.items()} == {
        "attended_s": 30, "unknown_s": 20, "not_looked_s": 7 * 60 - 50, "closed_s": 17 * 60,
        "paused_s": 0, "unattended_s": 0, "unsaid_s": 0,
    }  # fmt: skip


def groups(database: Database) -> list[tuple[str, tuple[str, ...], int]]:
    with database.reading() as session:
        months = group_months(session, "demo", date(2026, 11, 1), date(2026, 11, 30))
    return [(g.by, g.names, g.people) for month in months for g in month.groups]


def test_a_month_by_post_and_shift_is_made_once(database: Database) -> None:
    furnish_month(database)
    assert keep_months(database, "demo", MADE - timedelta(days=1)) == 0
    assert keep_months(database, "demo", MADE) == 1
    made = groups(database)
    assert made == [
        ("post", ("A",), 12),
        ("shift", ("12:00–13:00",), 6),
        ("shift", ("13:00–14:00",), 6),
    ]
    with database.session() as session:  # somebody is put elsewhere afterwards
        session.execute(delete(ShiftRow).where(ShiftRow.window_id == "w2"))
        session.execute(delete(PhaseSpanRow).where(PhaseSpanRow.window_id == "w1"))
    assert keep_months(database, "demo", MADE + timedelta(days=9)) == 0
    assert groups(database) == made


def test_small_groups_are_in_no_report_and_no_file(office: Office) -> None:
    """Four on each shift and the size of five: the shifts are one, and no figure is of four."""
    furnish_month(office.database, clerks=4)
    keep_months(office.database, "demo", MADE)
    assert groups(office.database) == [
        ("post", ("A",), 8),
        ("shift", ("12:00–13:00", "13:00–14:00"), 8),
    ]
    client = office.client(Role.HEAD)
    whole = {"first": "2026-11-01", "last": "2026-11-30"}
    told = client.get(f"{BASE}/halls/demo/report-groups", params=whole).json()
    assert [(g["by"], g["people"]) for g in told[0]["groups"]] == [("post", 8), ("shift", 8)]
    file = client.get(f"{BASE}/halls/demo/report/xlsx", params=whole).content
    rows = list(load_workbook(io.BytesIO(file))["分岗分班"].values)
    assert [(row[2], row[3]) for row in rows[1:]] == [
        ("A岗（主岗）", 8), ("12:00–13:00、13:00–14:00", 8),
    ]  # fmt: skip
    for sheet in load_workbook(io.BytesIO(file)).worksheets:
        assert "职员" not in str([*sheet.values])


def test_too_few_people_for_any_group(database: Database) -> None:
    furnish_month(database, clerks=2)
    keep_months(database, "demo", MADE)
    assert groups(database) == []
    with database.reading() as session:
        assert [row.least for row in session.scalars(select(GroupMonthRow))] == [5]


def test_the_size_of_a_group_is_set_by_those_who_answer_for_the_data(office: Office) -> None:
    path = f"{BASE}/halls/demo/report-terms"
    assert office.client(Role.SUPERVISOR).get(path).json() == {"min_group": 5}
    assert office.client(Role.SUPERVISOR).put(path, json={"min_group": 3}).status_code == 403
    assert office.client(Role.HEAD).put(path, json={"min_group": 3}).json() == {"min_group": 3}
    for size in (2, 0, 1000):
        answer = office.client(Role.HEAD).put(path, json={"min_group": size})
        assert is_problem(answer, 422, "invalid")
    furnish_month(office.database, clerks=4)
    keep_months(office.database, "demo", MADE)
    assert [size for _, _, size in groups(office.database)] == [8, 4, 4]


def test_a_planned_absence_on_the_report(office: Office) -> None:
    """张三 is on leave from 12:10; somebody sits at w1 again at 12:14."""
    with office.database.session() as session:
        put_leave(session, "1001", NOON + 10 * MINUTE, NOON + 40 * MINUTE)
    measured(office, ("w1", "attended", 0, 10), ("w1", "empty", 10, 14), ("w1", "attended", 14, 40))
    found = report(office)["windows"][0]["cover"]
    assert found == [
        {
            "gap": "planned", "post": "A", "count": 1, "named": 1, "mean_s": 240.0,
            "filled": {
                "minute": 0, "five": 1, "fifteen": 0, "later": 0, "paused": 0, "never": 0,
                "cannot_tell": 0,
            },
        }
    ]  # fmt: skip


def test_stays_at_counters_are_taken_in_once(office: Office) -> None:
    stay = {
        "window": "w1", "starts_at": NOON.isoformat(),
        "ends_at": (NOON + 4 * MINUTE).isoformat(),
    }  # fmt: skip
    machine = office.client(Role.MACHINE)
    for _ in range(2):
        answer = machine.post(f"{BASE}/halls/demo/measured", json={"stays": [stay]})
        assert answer.status_code == 204
    with office.database.reading() as session:
        assert len(session.scalars(select(CounterStayRow)).all()) == 1
    backwards = stay | {"ends_at": NOON.isoformat()}
    answer = machine.post(f"{BASE}/halls/demo/measured", json={"stays": [backwards]})
    assert is_problem(answer, 422, "invalid")
