"""Reminders: who is told of which term, soon and when it is over."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.cases.remind import post_reminders
from api.cases.reminders import Reminder, due_reminders
from api.notices.tables import NoticeRow
from api.users.tables import Role, UserRow
from tests.halls import raised
from tests.office import BASE, Office
from tests.review_office import ReviewOffice
from tests.test_complaints import registered


@pytest.fixture
def review(office: Office) -> ReviewOffice:
    return ReviewOffice(office)


def reminders(review: ReviewOffice) -> list[Reminder]:
    with review.office.database.reading() as session:
        return list(due_reminders(session, "demo", review.office.clock.now))


def told(review: ReviewOffice) -> list[tuple[str, Role | int, bool]]:
    return [(r.what, r.to, r.overdue) for r in reminders(review)]


def test_a_case(review: ReviewOffice) -> None:
    with review.office.database.reading() as session:
        zhang = session.query(UserRow).filter_by(name="zhang").one().id
    case = review.open()
    assert told(review) == []
    review.pass_(18)  # Friday; the decision is due by Monday's end
    assert told(review) == [("decision", Role.REVIEWER, False)]
    review.pass_(4)
    assert told(review) == [("decision", Role.REVIEWER, True)]
    review.done("sun", case, "notify")
    assert told(review) == []
    review.pass_(2)
    assert told(review) == [("statement", zhang, False)]
    assert reminders(review)[0].path == f"/my-matters/{case}"
    review.done("zhang", case, "statement", text="去送材料")
    review.done("sun", case, "decide", text="不属实", outcome="unfounded")
    review.done("sun", case, "serve")
    review.done("sun", case, "close")
    assert told(review) == []


def test_the_head_is_reminded_of_an_approval(review: ReviewOffice) -> None:
    terms = {"two_decide": True, "statement_days": 3, "decision_days": 2, "appeal_days": 10}
    review.as_("zhou").put(f"{BASE}/halls/demo/review-terms", json=terms)
    case = review.open(raised())
    review.done("sun", case, "decide", text="不属实", outcome="unfounded")
    review.pass_(1)
    assert told(review) == [("approval", Role.HEAD, False)]


def test_a_complaint(review: ReviewOffice) -> None:
    registered(review)
    assert told(review) == []
    review.pass_(2)
    first = reminders(review)
    assert [(r.what, r.to, r.overdue) for r in first] == [("opinion", Role.REVIEWER, False)]
    review.pass_(1)
    assert [r.key for r in reminders(review)] == [first[0].key]  # told once
    review.pass_(1)
    assert told(review) == [("opinion", Role.REVIEWER, True)]


def test_it_is_said_once_in_words(review: ReviewOffice) -> None:
    registered(review)
    review.pass_(4)
    for _ in range(2):
        with review.office.database.session() as session:
            post_reminders(session, "demo", review.office.clock.now)
    with review.office.database.reading() as session:
        notices = session.scalars(select(NoticeRow)).all()
    assert {(n.title, n.body, n.path) for n in notices} == {
        ("已超期：投诉 2026000001 应提出意见", "期限是 昨天。", "/complaints/1")
    }
    assert len({n.key for n in notices}) == len(notices)
