"""Exemptions: which alerts they cover, marked on entry and kept true, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.alerts.tables import AlertRow
from api.exemptions.cover import RULES, Conduct, Exemption, covers
from api.exemptions.marking import exempting, is_exempt
from api.exemptions.tables import ExemptionKind
from api.users.tables import Role
from tests.halls import NOON, ended, put_leave, raised
from tests.office import BASE, Office, is_problem
from vision.records import Alert

MINUTE = timedelta(minutes=1)

LUNCH = Exemption(
    ExemptionKind.MEAL, person="1001", window="w1", starts_at=NOON, ends_at=NOON + 30 * MINUTE
)
EATING = Conduct("eating", "w1", "1001", NOON + MINUTE, NOON + 2 * MINUTE)


@pytest.mark.parametrize(
    ("exemption", "conduct", "covered"),
    [
        (LUNCH, EATING, True),
        (replace(LUNCH, person=None), EATING, True),
        (replace(LUNCH, window=None), EATING, True),
        (replace(LUNCH, person=None, window=None), EATING, False),  # nobody and nowhere
        (LUNCH, replace(EATING, person="1002"), False),
        (LUNCH, replace(EATING, person=None), False),  # nobody on the schedule: nobody excused
        (LUNCH, replace(EATING, window="w2"), False),
        (LUNCH, replace(EATING, rule="smoking"), False),
        (LUNCH, replace(EATING, rule="a_halls_own_rule"), False),
        (LUNCH, replace(EATING, began=NOON), True),
        (LUNCH, replace(EATING, began=NOON - MINUTE), False),  # had begun before
        (LUNCH, replace(EATING, until=NOON + 30 * MINUTE), True),
        (LUNCH, replace(EATING, until=NOON + 31 * MINUTE), False),  # went on past it
    ],
)
def test_what_covers_what(exemption: Exemption, conduct: Conduct, covered: bool) -> None:
    assert covers(exemption, conduct) is covered


def test_some_conduct_is_excused_by_nothing() -> None:
    assert set(RULES) == set(ExemptionKind)
    for rules in RULES.values():
        assert not rules & {"smoking", "citizen_unserved", "left_waiting", "camera_blind"}


def lunch(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "meal",
        "number": "1001",
        "starts_at": NOON.isoformat(),
        "ends_at": (NOON + 30 * MINUTE).isoformat(),
        "allowed_by": "王主任",
        "note": "<script>alert(1)</script>午饭",
    } | changes


def enter(office: Office, **changes: Any) -> int:
    answer = office.client(Role.SUPERVISOR).post(
        f"{BASE}/halls/demo/exemptions", json=lunch(**changes)
    )
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def marked(office: Office, alert: Alert) -> list[int]:
    with office.database.reading() as session:
        found = exempting(session, [alert.uid])
        by_query = session.scalars(select(AlertRow.uid).where(is_exempt(AlertRow.uid))).all()
    assert (alert.uid in by_query) == (alert.uid in found)
    return [row.id for row in found.get(alert.uid, ())]


def listed(office: Office) -> list[dict[str, Any]]:
    answer = office.client(Role.REVIEWER).get(f"{BASE}/halls/demo/exemptions")
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()
    return rows


@pytest.mark.parametrize("first", ["alert", "exemption"])
def test_entered_before_or_after(office: Office, first: str) -> None:
    if first == "alert":
        office.send(raised(5))
    exemption = enter(office)
    if first == "exemption":
        office.send(raised(5))
    assert marked(office, raised(5)) == [exemption]
    row = listed(office)[0]
    assert (row["name"], row["alerts"], row["note"]) == (
        "张三", 1, "<script>alert(1)</script>午饭",
    )  # fmt: skip


def test_an_absence_that_outlasts_what_was_allowed_counts_again(office: Office) -> None:
    enter(office)
    alert = raised(25)
    office.send(alert)
    assert len(marked(office, alert)) == 1
    office.send(ended(alert))  # 32 minutes past noon
    assert marked(office, alert) == []


def test_only_the_one_who_held_the_window_is_excused(office: Office) -> None:
    """李四 covers while 张三 is on leave: 张三's lunch excuses nothing."""
    with office.database.session() as session:
        put_leave(session, "1001", NOON, NOON + 30 * MINUTE)
    enter(office, number="1001")
    office.send(raised(5))
    assert marked(office, raised(5)) == []
    enter(office, number="1002")
    assert len(marked(office, raised(5))) == 1


def test_taken_back_it_counts_again_and_the_entry_stays(office: Office) -> None:
    office.send(raised(5))
    first, second = enter(office), enter(office, number=None, window="w1")
    assert marked(office, raised(5)) == [first, second]
    supervisor = office.client(Role.SUPERVISOR)
    path = f"{BASE}/exemptions/{first}/revoke"
    assert supervisor.post(path, json={"reason": "登记错了"}).status_code == 204
    assert marked(office, raised(5)) == [second]
    again = supervisor.post(path, json={"reason": "登记错了"})
    assert is_problem(again, 409, "exemption-revoked")
    assert "某supervisor" in again.json()["detail"]
    row = next(row for row in listed(office) if row["id"] == first)
    assert (row["revoked_by"], row["revoked_why"]) == ("某supervisor", "登记错了")
    office.send(ended(raised(5)))
    assert marked(office, raised(5)) == [second]  # what was taken back stays so


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": None}, "exemption-refused"),  # neither person nor window
        ({"number": "9999"}, "exemption-refused"),
        ({"window": "w9"}, "not-found"),
        ({"ends_at": NOON.isoformat()}, "exemption-refused"),
        ({"ends_at": (NOON + timedelta(days=500)).isoformat()}, "exemption-refused"),
        ({"allowed_by": ""}, "invalid"),
        ({"allowed_by": "王\x00主任"}, "invalid"),
        ({"note": "长" * 501}, "invalid"),
        ({"kind": "holiday"}, "invalid"),
        ({"starts_at": "2026-11-23T12:00:00"}, "invalid"),  # no zone
        (
            {
                "starts_at": (NOON - timedelta(days=90)).isoformat(),
                "ends_at": (NOON - timedelta(days=89)).isoformat(),
            },
            "exemption-refused",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(office: Office, changes: dict[str, Any], code: str) -> None:
    answer = office.client(Role.SUPERVISOR).post(
        f"{BASE}/halls/demo/exemptions", json=lunch(**changes)
    )
    assert is_problem(answer, 404 if code == "not-found" else 422, code)
    assert listed(office) == []


def test_past_ones_can_be_left_out(office: Office) -> None:
    enter(office)
    reviewer = office.client(Role.REVIEWER)
    since = {"since": (NOON + 31 * MINUTE).isoformat()}
    assert reviewer.get(f"{BASE}/halls/demo/exemptions", params=since).json() == []
    since = {"since": NOON.isoformat()}
    assert len(reviewer.get(f"{BASE}/halls/demo/exemptions", params=since).json()) == 1
