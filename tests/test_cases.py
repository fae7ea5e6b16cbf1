"""Cases over HTTP: the whole way, who may what, terms, the repeat rule, hostile input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from api.audit.tables import Access, AccessRow
from api.cases.tables import CaseEventRow
from api.users.tables import Role
from tests.halls import NOON, put_leave, raised
from tests.office import BASE, Office, is_problem
from tests.review_office import ReviewOffice

MINUTE = timedelta(minutes=1)
MARKUP = "<img src=x onerror=alert(1)> '; DROP TABLE cases; --"


@pytest.fixture
def review(office: Office) -> ReviewOffice:
    return ReviewOffice(office)


def test_the_whole_way(review: ReviewOffice) -> None:
    """Referred, told, heard, decided by two, served, appealed, decided by another, closed."""
    head = review.as_("zhou")
    terms = {"two_decide": True, "statement_days": 3, "decision_days": 15, "appeal_days": 10}
    assert head.put(f"{BASE}/halls/demo/review-terms", json=terms).status_code == 204

    case = review.open()
    seen = review.read(case)
    assert (seen["state"], seen["person_name"], seen["person_number"]) == ("opened", "张三", "1001")
    assert seen["number"] == f"2026{case:06d}"
    assert [a["uid"] for a in seen["alerts"]] == [raised().uid]
    assert seen["alerts"][0]["state"] == "referred"
    assert seen["acts"] == ["join", "name", "notify", "decide"]

    seen = review.done("sun", case, "notify", text="请说明情况")
    assert seen["statement_due"] == "2026-11-26T16:00:00Z"  # Thursday's end in the hall
    assert review.read(case, "zhang")["acts"] == ["state"]
    review.done("zhang", case, "statement", text=MARKUP)
    seen = review.done(
        "sun", case, "decide", text="录像属实", outcome="confirmed",
        measures=[{"kind": "talk"}, {"kind": "points", "points": 2}],
    )  # fmt: skip
    assert (seen["state"], seen["acts"]) == ("proposed", [])
    assert is_problem(review.act("sun", case, "approve"), 403, "not-allowed")
    seen = review.done("zhou", case, "return", text="请核对排班")
    assert (seen["state"], seen["outcome"], seen["measures"]) == ("stated", None, [])
    review.done("sun", case, "decide", text="已核对，属实", outcome="confirmed",
                measures=[{"kind": "points", "points": 2}])  # fmt: skip
    seen = review.done("zhou", case, "approve", text="同意")
    assert seen["state"] == "decided"
    seen = review.done("sun", case, "serve", text="当面告知")
    assert seen["appeal_due"] == "2026-12-07T16:00:00Z"

    assert review.read(case, "zhang")["acts"] == ["appeal"]
    review.done("zhang", case, "appeal", text="当时有人顶岗")
    refused = review.act("sun", case, "rule", text="维持", outcome="confirmed")
    assert is_problem(refused, 409, "case-refused")
    worse = review.act("qian", case, "rule", text="加重", outcome="confirmed",
                       measures=[{"kind": "points", "points": 3}])  # fmt: skip
    assert is_problem(worse, 409, "case-refused")
    seen = review.done("qian", case, "rule", text="扣分过重", outcome="confirmed",
                       measures=[{"kind": "points", "points": 1}])  # fmt: skip
    assert (seen["state"], seen["measures"]) == ("ruled", [{"kind": "points", "points": 1.0}])
    seen = review.done("qian", case, "close", text="已告知本人")
    assert (seen["state"], seen["acts"], seen["due"]) == ("closed", [], None)

    history = seen["history"]
    assert [e["act"] for e in history] == [
        "open", "notify", "state", "decide", "return", "decide", "approve", "serve", "appeal",
        "rule", "close",
    ]  # fmt: skip
    assert [e["seq"] for e in history] == [*range(1, 12)]
    assert history[2]["said"] == MARKUP
    assert history[9]["details"]["before"]["measures"] == [{"kind": "points", "points": 2.0}]
    assert [e["who"] for e in history][-2:] == ["钱纪检", "钱纪检"]


def test_nobody_on_the_schedule_is_not_accused(review: ReviewOffice) -> None:
    with review.office.database.session() as session:
        put_leave(session, "1001", NOON, NOON + 30 * MINUTE)
        put_leave(session, "1002", NOON, NOON + 30 * MINUTE)
    case = review.open(raised(1), raised(2))
    assert review.read(case)["person_name"] is None
    assert is_problem(review.act("sun", case, "notify"), 409, "case-refused")
    talk = {"text": "空岗", "outcome": "confirmed", "measures": [{"kind": "talk"}]}
    assert is_problem(review.act("sun", case, "decide", **talk), 409, "case-refused")
    review.done("sun", case, "decide", text="空岗属实，当班无人", outcome="confirmed")
    assert review.done("sun", case, "close")["state"] == "closed"


def test_alerts_of_different_people_name_nobody(review: ReviewOffice) -> None:
    with review.office.database.session() as session:
        put_leave(session, "1001", NOON + 10 * MINUTE, NOON + 30 * MINUTE)
    case = review.open(raised(1), raised(11))  # 张三, then 李四 for him
    assert review.read(case)["person_name"] is None
    named = review.done("sun", case, "name", number="1001", text="按值班表")
    assert named["person_name"] == "张三"
    assert named["history"][-1]["details"] == {"person": "张三", "before": None}
    unknown = review.act("sun", case, "name", number="9999", text="按值班表")
    assert is_problem(unknown, 422, "unknown-number")
    nobody = review.done("sun", case, "name", number=None, text="当班无人")
    assert nobody["person_name"] is None


def test_a_clerk_sees_their_own_case_from_the_notice_on(review: ReviewOffice) -> None:
    case = review.open()
    zhang, zhao = review.as_("zhang"), review.as_("zhao")
    for client in (zhang, zhao):
        assert client.get(f"{BASE}/cases").json() == []
        assert is_problem(client.get(f"{BASE}/cases/{case}"), 404, "not-found")
    review.done("sun", case, "notify", text="请说明情况")
    assert [c["id"] for c in zhang.get(f"{BASE}/cases").json()] == [case]
    assert zhao.get(f"{BASE}/cases").json() == []
    assert is_problem(zhao.get(f"{BASE}/cases/{case}"), 404, "not-found")
    spoken = review.act("zhao", case, "statement", text="不是我")
    assert is_problem(spoken, 403, "not-allowed")


def test_a_clerk_learns_of_the_decision_when_it_is_served(review: ReviewOffice) -> None:
    case = review.open()
    review.done("sun", case, "name", number="1001", text="只有他一人当班")
    review.done("sun", case, "notify")
    review.done("zhang", case, "statement", text="去送材料")
    review.done("sun", case, "decide", text="属实", outcome="confirmed",
                measures=[{"kind": "talk"}])  # fmt: skip
    seen = review.read(case, "zhang")
    assert (seen["state"], seen["outcome"], seen["measures"]) == ("stated", None, [])
    assert [e["act"] for e in seen["history"]] == ["open", "notify", "state"]
    assert (seen["history"][0]["who"], seen["history"][0]["said"]) == ("", "")
    assert seen["due"] is None
    review.done("sun", case, "serve")
    seen = review.read(case, "zhang")
    assert (seen["state"], seen["outcome"]) == ("served", "confirmed")
    assert [e["act"] for e in seen["history"]] == ["open", "notify", "state", "decide", "serve"]
    assert seen["due"]["kind"] == "appeal"


def test_nobody_decides_on_themselves(review: ReviewOffice) -> None:
    """李四 reviews, and stood in at the window."""
    with review.office.database.session() as session:
        put_leave(session, "1001", NOON, NOON + 30 * MINUTE)
    case = review.open(raised(5))
    assert review.read(case)["person_name"] == "李四"
    for act, body in (
        ("notify", {}),
        ("name", {"text": "不是我", "number": None}),
        ("decide", {"text": "不属实", "outcome": "unfounded"}),
    ):
        answer = review.act("li", case, act, **body)
        assert is_problem(answer, 409, "case-refused"), act
        assert "own_case" in answer.json()["detail"]
    review.done("sun", case, "notify")
    assert review.read(case, "li")["acts"] == ["state"]
    review.done("li", case, "statement", text="我在帮邻窗")


def test_of_two_who_decide_the_second_is_told(review: ReviewOffice) -> None:
    case = review.open()
    review.done("sun", case, "notify")
    version = review.done("zhang", case, "statement", text="去送材料")["version"]
    review.done("sun", case, "decide", version=version, text="属实", outcome="confirmed")
    second = review.act("qian", case, "decide", version=version, text="不", outcome="unfounded")
    assert is_problem(second, 409, "case-changed")
    assert "孙纪检 was first (decide" in second.json()["detail"]
    assert review.read(case)["outcome"] == "confirmed"
    ahead = review.act("qian", case, "serve", version=version + 9)
    assert is_problem(ahead, 409, "case-changed")


def test_silence_is_no_confession_and_no_veto(review: ReviewOffice) -> None:
    """Without a statement it is decided once the term is over, not before."""
    case = review.open()
    review.done("sun", case, "notify")
    decision = {"text": "属实", "outcome": "confirmed"}
    assert is_problem(review.act("sun", case, "decide", **decision), 409, "case-refused")
    assert review.read(case)["due"]["kind"] == "statement"
    review.pass_(4)
    assert review.read(case)["due"]["kind"] == "decision"
    review.done("zhang", case, "statement", text="晚了，但请听我说")
    review.done("sun", case, "decide", **decision)


def test_an_appeal_comes_in_time_or_not_at_all(review: ReviewOffice) -> None:
    case = review.confirmed()
    assert is_problem(review.act("sun", case, "close"), 409, "case-refused")
    review.pass_(15)
    late = review.act("zhang", case, "appeal", text="不服")
    assert is_problem(late, 409, "case-refused")
    assert "term_over" in late.json()["detail"]
    assert review.done("sun", case, "close")["state"] == "closed"


def test_a_statement_on_paper_is_recorded_with_its_day(review: ReviewOffice) -> None:
    case = review.open()
    review.done("sun", case, "notify")
    seen = review.done("sun", case, "statement", text="书面说明", said_on="2026-11-20")
    assert seen["history"][-1]["details"] == {"recorded": True, "said_on": "2026-11-20"}


def test_what_takes_too_long_is_overdue(review: ReviewOffice) -> None:
    case = review.open()
    due = review.read(case)["due"]
    assert due == {"kind": "decision", "at": "2026-12-14T16:00:00Z", "overdue": False}
    review.pass_(22)
    assert review.read(case)["due"]["overdue"] is True


def test_a_second_confirmed_breach_within_a_year_is_counted(review: ReviewOffice) -> None:
    first = review.confirmed(raised(-50))
    assert review.read(first)["priors"] == []
    unfounded = review.open(raised(-20))
    review.done("sun", unfounded, "decide", text="认错窗口", outcome="unfounded")
    second = review.open(raised(10))
    priors = review.read(second)["priors"]
    assert [(p["id"], p["rules"]) for p in priors] == [(first, ["window_unattended"])]
    review.done("sun", second, "notify")
    assert review.read(second, "zhang")["priors"] == []
    # the appeal takes the first one away again
    review.done("zhang", first, "appeal", text="当时有人顶岗")
    review.done("qian", first, "rule", text="确有顶岗", outcome="unfounded")
    assert review.read(second)["priors"] == []


def test_an_alert_is_in_one_case(review: ReviewOffice) -> None:
    case = review.open(raised(1))
    again = review.as_("sun").post(
        f"{BASE}/halls/demo/cases", json={"alerts": [raised(1).uid], "reason": "再查"}
    )
    assert is_problem(again, 409, "alert-in-case")
    assert f"2026{case:06d}" in again.json()["detail"]
    review.office.send(raised(3))
    joined = review.done("sun", case, "join", alert=raised(3).uid)
    assert [a["uid"] for a in joined["alerts"]] == [raised(1).uid, raised(3).uid]
    assert [a["place"] for a in joined["about"]] == ["1号窗口", "1号窗口"]
    taken = review.act("sun", case, "join", alert=raised(3).uid)
    assert is_problem(taken, 409, "alert-in-case")
    assert len(review.read(case)["history"]) == 2  # nothing of the refused ones was kept


def test_referring_an_alert_opens_a_case(review: ReviewOffice) -> None:
    review.office.send(raised())
    path = f"{BASE}/alerts/{raised().uid}/refer"
    answer = review.as_("wang").post(path, json={"reason": "屡次空岗"})
    assert answer.json()["state"] == "referred"
    cases = review.as_("sun").get(f"{BASE}/cases", params={"open": True}).json()
    assert [(c["person_name"], c["about"][0]["rule"]) for c in cases] == [
        ("张三", "window_unattended")
    ]
    again = review.as_("wang").post(path, json={"reason": "屡次空岗"})
    assert is_problem(again, 409, "act-refused")


def test_the_history_cannot_be_changed(review: ReviewOffice) -> None:
    review.open()
    for change in (
        update(CaseEventRow).values(who="别人"),
        delete(CaseEventRow),
    ):
        with (
            pytest.raises(DatabaseError, match="only grows"),
            review.office.database.session() as session,
        ):
            session.execute(change)


def test_looks_and_decisions_are_in_the_access_log(review: ReviewOffice) -> None:
    case = review.open()
    review.done("sun", case, "notify")
    with review.office.database.reading() as session:
        rows = session.scalars(
            select(AccessRow).where(AccessRow.object == f"case/{case}").order_by(AccessRow.seq)
        ).all()
    assert [(r.what, r.who) for r in rows] == [
        (Access.DECIDE_CASE, "王主管"),  # who opened it
        (Access.VIEW_CASE, "孙纪检"), (Access.DECIDE_CASE, "孙纪检"),
    ]  # fmt: skip
    assert rows[2].details == {"act": "notify", "version": 2}


def test_lists_are_filtered_and_paged(review: ReviewOffice) -> None:
    cases = [review.open(raised(n)) for n in range(3)]
    review.done("sun", cases[0], "decide", text="不属实", outcome="unfounded")
    review.done("sun", cases[0], "close")
    sun = review.as_("sun")

    def ids(**wanted: Any) -> list[int]:
        return [c["id"] for c in sun.get(f"{BASE}/cases", params=wanted).json()]

    assert ids() == cases[::-1]
    assert ids(limit=2) == [cases[2], cases[1]]
    assert ids(limit=2, before=cases[1]) == [cases[0]]
    assert ids(open=True) == [cases[2], cases[1]]
    assert ids(open=False) == [cases[0]]
    assert ids(number="1001") == cases[::-1]
    assert ids(number="1002") == []
    assert ids(hall="demo") == cases[::-1]


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("notify", {"version": 0}, 422),
        ("notify", {"version": "1; DROP"}, 422),
        ("notify", {"version": 1, "text": "长" * 2001}, 422),
        ("notify", {"version": 1, "text": "a\x00b"}, 422),
        ("notify", {"version": 1, "more": 1}, 422),
        ("decide", {"version": 1, "text": " ", "outcome": "unfounded"}, 422),
        ("decide", {"version": 1, "text": "x", "outcome": "guilty"}, 422),
        ("decide", {"version": 1, "text": "x", "outcome": "confirmed",
                    "measures": [{"kind": "points", "points": -1}]}, 422),
        ("decide", {"version": 1, "text": "x", "outcome": "confirmed",
                    "measures": [{"kind": "talk"}] * 9}, 422),
        ("join", {"version": 1, "alert": "../../etc/passwd"}, 422),
        ("join", {"version": 1, "alert": "0" * 32}, 404),
    ],
)  # fmt: skip
def test_hostile_input_is_refused(
    review: ReviewOffice, act: str, body: dict[str, Any], status: int
) -> None:
    case = review.open()
    answer = review.as_("sun").post(f"{BASE}/cases/{case}/{act}", json=body)
    assert answer.status_code == status, answer.text
    assert review.read(case)["version"] == 1


def test_a_supervisor_reads_no_cases(review: ReviewOffice) -> None:
    case = review.open()
    answer = review.as_("wang").get(f"{BASE}/cases/{case}")
    assert is_problem(answer, 403, "not-allowed")
    assert review.office.client(Role.ADMIN).get(f"{BASE}/cases").status_code == 403


def test_the_person_concerned_sees_the_evidence_of_their_own_case(review: ReviewOffice) -> None:
    case, other = review.open(raised(1)), review.open(raised(20))
    still = cv2.imencode(".jpg", np.zeros((54, 96, 3), np.uint8))[1].tobytes()
    own = review.office.put_still(raised(1).uid, still)
    foreign = review.office.put_still(raised(20).uid, still, "b.jpg")
    zhang = review.as_("zhang")
    path = f"{BASE}/cases/{case}/stills/{own}"
    assert is_problem(zhang.get(path), 404, "not-found")  # not before the notice
    review.done("sun", case, "notify")
    shown = zhang.get(path)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.content != still  # a blurred copy
    assert is_problem(review.as_("zhao").get(path), 404, "not-found")
    for number in (case, other):
        answer = zhang.get(f"{BASE}/cases/{number}/stills/{foreign}")
        assert is_problem(answer, 404, "not-found")
    assert is_problem(zhang.get(f"{BASE}/stills/{own}"), 403, "not-allowed")
