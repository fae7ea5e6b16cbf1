"""Reports: figures against a brute-force count, from the database, as files."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from api.alerts.tables import State
from api.cases.law import Outcome
from api.live import WindowPhase
from api.reports.figures import fate_of
from api.reports.minutes import (
    STANDING_OF,
    AlertFact,
    Between,
    Fate,
    PhaseSpan,
    QueueCount,
    Standing,
    by_day,
    by_hour,
    tallies,
    time_in,
)
from api.reports.sheets import csv_of
from api.users.tables import Role
from tests.halls import NOON, ended, raised
from tests.office import BASE, Office, is_problem
from tests.review_office import ReviewOffice

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ZONE = ZoneInfo("Asia/Shanghai")
HOUR = Between(NOON, NOON + timedelta(seconds=120))

spans = st.lists(
    st.builds(
        lambda window, phase, start, length: PhaseSpan(
            window, phase, NOON + start * SECOND, NOON + (start + length) * SECOND
        ),
        st.sampled_from(["w1", "w2"]),
        st.sampled_from(WindowPhase),
        st.integers(-30, 140),
        st.integers(1, 60),
    ),
    unique_by=lambda span: (span.window, span.starts_at),
    max_size=12,
)


@given(spans)
def test_time_in_each_standing_as_counted_second_by_second(several: list[PhaseSpan]) -> None:
    """For each second the span that began last holds, if it has not ended."""
    expected: Counter[tuple[str, Standing]] = Counter()
    for window in ("w1", "w2"):
        for second in range(120):
            at = NOON + second * SECOND
            begun = [s for s in several if s.window == window and s.starts_at <= at]
            last = max(begun, key=lambda s: s.starts_at, default=None)
            if last is not None and at < last.ends_at and last.phase in STANDING_OF:
                expected[window, STANDING_OF[last.phase]] += 1
    found = time_in(several, HOUR)
    for window in ("w1", "w2"):
        for standing in Standing:
            seconds = found.get(window, {}).get(standing, timedelta(0)).total_seconds()
            assert seconds == expected[window, standing]


facts = st.lists(
    st.builds(
        lambda window, rule, fate, began, length: AlertFact(
            window, rule, fate, NOON + began * SECOND, NOON + (began + length) * SECOND, None
        ),
        st.sampled_from(["w1", "w2"]),
        st.sampled_from(["phone_use", "eating"]),
        st.sampled_from(Fate),
        st.integers(0, 200_000),
        st.integers(0, 900),
    ),
    max_size=30,
)


@given(facts)
def test_alerts_as_counted_one_by_one(alerts: list[AlertFact]) -> None:
    found = tallies(alerts)
    assert sum(t.counted for t in found.values()) == sum(a.counts for a in alerts)
    for (window, rule), tally in found.items():
        mine = [a for a in alerts if (a.window, a.rule) == (window, rule)]
        assert tally.fates == Counter(a.fate for a in mine)
        assert tally.lasted == sum((a.until - a.began for a in mine if a.counts), timedelta(0))
    days = by_day(alerts, ZONE)
    total = sum((t.lasted for t in days.values()), timedelta(0))
    assert total == sum((t.lasted for t in found.values()), timedelta(0))


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 30)), max_size=40))
def test_queues_by_hour_as_counted_one_by_one(looks: list[tuple[int, int]]) -> None:
    counts = [QueueCount("q1", NOON + minute * MINUTE, n) for minute, n in looks]
    found = by_hour(counts, ZONE).get("q1", {})
    assert sum(crowd.looks for crowd in found.values()) == len(counts)
    for (weekday, hour), crowd in found.items():
        mine = [
            c.count
            for c in counts
            if (c.at.astimezone(ZONE).weekday(), c.at.astimezone(ZONE).hour) == (weekday, hour)
        ]
        assert (crowd.mean, crowd.most) == (pytest.approx(sum(mine) / len(mine)), max(mine))


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
    spent = [window[f"{s}_s"] for s in ("attended", "paused", "unattended", "unknown")]
    assert spent == [600, 180, 420, 60]
    assert window["rules"] == [
        {
            "rule": "window_unattended", "counted": 2, "lasted_s": 840.0, "open": 1, "settled": 0,
            "false": 1, "excused": 0, "confirmed": 1, "exempt": 1,
        }
    ]  # fmt: skip
    assert window["cover"] == {"on_duty": 2}
    assert found["rules"] == window["rules"]
    assert found["days"] == [{"day": "2026-11-23", "counted": 2, "lasted_s": 840.0}]
    assert found["queues"][0]["hours"] == [
        {"weekday": 0, "hour": 12, "looks": 2, "mean": 6.0, "most": 8}
    ]
    assert "张三" not in str(found)


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
    assert book.sheetnames == ["窗口", "提醒", "排队", "逐日"]
    sheet = book["窗口"]
    assert [cell.value for cell in sheet[1]][:2] == ["窗口", "在岗（分钟）"]
    assert [cell.value for cell in sheet[2]][:6] == ["1号窗口", 10, 0, 0, 0, 1]
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
