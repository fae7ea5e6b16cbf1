"""Nobody judges an alert about themselves, and nobody exempts themselves: over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.alerts.tables import AlertRow, State
from api.roster.tables import Post, ShiftRow, StaffRow
from api.users.tables import Role
from tests.halls import NOON, ended, put_leave, raised
from tests.office import BASE, Office, is_problem
from tests.review_office import ReviewOffice

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PEOPLE = (
    ("zhang-leads", "张三", Role.SUPERVISOR, "1001"),  # holds w1 at noon, and supervises
    ("wu-leads", "吴六", Role.SUPERVISOR, "1003"),  # is on the roster of no day
)


@pytest.fixture
def review(office: Office) -> ReviewOffice:
    with office.database.session() as session:
        session.add(StaffRow(hall_id="demo", number="1003", name="吴六"))
    return ReviewOffice(office, PEOPLE)


def state_of(review: ReviewOffice, uid: str) -> State:
    with review.office.database.reading() as session:
        return session.scalars(select(AlertRow.state).where(AlertRow.uid == uid)).one()


@pytest.mark.parametrize(
    ("by", "act", "refused"),
    [
        ("zhang-leads", "excuse", True),
        ("zhang-leads", "mark-false", True),
        ("zhang-leads", "refer", True),
        ("zhang-leads", "acknowledge", False),
        ("wu-leads", "excuse", False),
        ("wu-leads", "mark-false", False),
        ("wu-leads", "refer", False),
    ],
)
def test_nobody_judges_an_alert_about_themselves(
    review: ReviewOffice, by: str, act: str, refused: bool
) -> None:
    review.office.send(raised())
    answer = review.as_(by).post(f"{BASE}/alerts/{raised().uid}/{act}", json={"reason": "送材料"})
    assert (state_of(review, raised().uid) is State.NEW) == refused
    assert is_problem(answer, 403, "own-alert") if refused else answer.status_code == 200


def test_a_case_of_several_alerts_is_no_way_around(review: ReviewOffice) -> None:
    review.office.send(raised())
    body = {"alerts": [raised().uid], "reason": "请核实"}
    answer = review.as_("zhang-leads").post(f"{BASE}/halls/demo/cases", json=body)
    assert is_problem(answer, 403, "own-alert")
    assert state_of(review, raised().uid) is State.NEW


def test_an_alert_about_somebody_else_is_judged(review: ReviewOffice) -> None:
    """张三 was on leave: it is about 李四, who stood in; and another window is not his."""
    with review.office.database.session() as session:
        put_leave(session, "1001", NOON, NOON + 30 * MINUTE)
    for alert in (raised(), raised(1, subject="w2")):
        review.office.send(alert)
        path = f"{BASE}/alerts/{alert.uid}/mark-false"
        assert review.as_("zhang-leads").post(path, json={}).status_code == 200


def test_a_roster_that_came_later_counts(review: ReviewOffice) -> None:
    alert = raised(subject="w2")
    review.office.send(alert)  # nobody on the schedule then
    put_shift(review, "1003", "w2")
    answer = review.as_("wu-leads").post(f"{BASE}/alerts/{alert.uid}/mark-false", json={})
    assert is_problem(answer, 403, "own-alert")


def put_shift(review: ReviewOffice, number: str, window: str) -> None:
    """At noon, for an hour."""
    with review.office.database.session() as session:
        staff = session.scalars(select(StaffRow).where(StaffRow.number == number)).one()
        session.add(
            ShiftRow(hall_id="demo", window_id=window, post=Post.A, staff_id=staff.id,
                     starts_at=NOON, ends_at=NOON + HOUR)
        )  # fmt: skip


@pytest.mark.parametrize(
    ("by", "number", "window", "hours", "refused"),
    [
        ("zhang-leads", "1001", None, 0, True),  # himself
        ("zhang-leads", None, "w1", 0, True),  # whoever holds the window: himself
        ("zhang-leads", None, "w1", 6, False),  # his shift is over
        ("zhang-leads", None, "w2", 0, False),
        ("zhang-leads", "1002", "w1", 0, False),  # another person, at a window that he holds
        ("wu-leads", "1001", None, 0, False),
        ("wu-leads", None, "w1", 0, False),
    ],
)
def test_nobody_exempts_themselves(
    review: ReviewOffice, by: str, number: str | None, window: str | None, hours: int, refused: bool
) -> None:
    answer = enter(review, by, number=number, window=window, hours=hours)
    assert is_problem(answer, 403, "own-exemption") if refused else answer.status_code == 201
    listed = review.as_(by).get(f"{BASE}/halls/demo/exemptions").json()
    assert len(listed) == (0 if refused else 1)


def test_a_shift_that_was_taken_out_later_is_no_way_around(review: ReviewOffice) -> None:
    review.office.send(raised())
    review.office.send(ended(raised()))
    with review.office.database.session() as session:
        session.delete(session.scalars(select(ShiftRow)).one())
    answer = enter(review, "zhang-leads", number=None, window="w1", hours=0)
    assert is_problem(answer, 403, "own-exemption")


def enter(
    review: ReviewOffice, by: str, *, number: str | None, window: str | None, hours: int
) -> Any:
    """Half an hour's meal, so many hours after noon."""
    starts = NOON + hours * HOUR
    body = {
        "kind": "meal", "number": number, "window": window, "starts_at": starts.isoformat(),
        "ends_at": (starts + 30 * MINUTE).isoformat(), "allowed_by": "王主任",
    }  # fmt: skip
    return review.as_(by).post(f"{BASE}/halls/demo/exemptions", json=body)
