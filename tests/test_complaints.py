"""Complaints: registered, what belongs to them attached, opinion and answer in time, and who
complained known to few."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from api.audit.tables import Access, AccessRow
from api.complaints.masking import masked_contact, masked_name
from api.complaints.tables import ComplaintEventRow
from api.footage.keeping import CutOut, NoFootageError
from api.retention.sweep import sweep_hall
from api.users.tables import Role
from tests.halls import NOON, put_leave, raised
from tests.office import BASE, Office, is_problem
from tests.review_office import ReviewOffice

MINUTE = timedelta(minutes=1)
MARKUP = "<script>alert(1)</script>窗口没人"


@pytest.fixture
def review(office: Office) -> ReviewOffice:
    return ReviewOffice(office)


def complaint(**changes: Any) -> dict[str, Any]:
    return {
        "channel": "phone",
        "window": "w1",
        "happened_from": NOON.isoformat(),
        "happened_to": (NOON + 10 * MINUTE).isoformat(),
        "about": MARKUP,
        "complainant": "刘女士",
        "contact": "13800001234",
    } | changes


def registered(review: ReviewOffice, by: str = "wang", **changes: Any) -> int:
    answer = review.as_(by).post(f"{BASE}/halls/demo/complaints", json=complaint(**changes))
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def read(review: ReviewOffice, number: int, by: str = "sun") -> dict[str, Any]:
    answer = review.as_(by).get(f"{BASE}/complaints/{number}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def act(review: ReviewOffice, by: str, number: int, what: str, **body: Any) -> Any:
    body = {"version": read(review, number)["version"]} | body
    return review.as_(by).post(f"{BASE}/complaints/{number}/{what}", json=body)


def test_the_whole_way(review: ReviewOffice) -> None:
    review.office.send(raised(3))
    review.office.send(raised(40))  # later than what is complained about
    number = registered(review)
    seen = read(review, number)
    assert (seen["state"], seen["number"], seen["about"]) == (
        "registered", f"2026{number:06d}", MARKUP,
    )  # fmt: skip
    assert seen["opinion_due"] == "2026-11-26T16:00:00Z"
    assert seen["answer_due"] == "2026-12-14T16:00:00Z"

    seen = act(review, "wang", number, "gather").json()
    assert [a["uid"] for a in seen["alerts"]] == [raised(3).uid]
    assert [p["name"] for p in seen["duty"]["holders"]] == ["张三"]
    assert "no recordings here" in seen["history"][-1]["details"]["lacking"]

    seen = act(review, "wang", number, "refer", text="请核实").json()
    case = review.read(seen["case_id"])
    assert (case["person_name"], [a["uid"] for a in case["alerts"]]) == ("张三", [raised(3).uid])
    assert is_problem(act(review, "sun", number, "refer", text="x"), 422, "complaint-refused")

    seen = act(review, "sun", number, "opinion", text="情况属实，向您致歉").json()
    assert (seen["state"], seen["due"]) == ("opined", seen["answer_due"])
    seen = act(review, "sun", number, "answer", text="已电话答复").json()
    assert (seen["state"], seen["due"]) == ("answered", None)
    assert [e["act"] for e in seen["history"]] == [
        "register", "gather", "refer", "opine", "answer",
    ]  # fmt: skip
    assert is_problem(act(review, "sun", number, "answer", text="再"), 422, "complaint-refused")


def test_a_machine_registers_once(review: ReviewOffice) -> None:
    """The hotline's system sends, loses the answer, and sends again."""
    machine = review.office.client(Role.MACHINE)
    path, body = f"{BASE}/halls/demo/complaints", complaint(reference="12345-1", channel="hotline")
    first, second = machine.post(path, json=body), machine.post(path, json=body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len(review.as_("sun").get(f"{BASE}/complaints").json()) == 1


def test_sent_twice_at_once_it_is_registered_once(review: ReviewOffice) -> None:
    path, body = f"{BASE}/halls/demo/complaints", complaint(reference="12345-2")
    answers: list[int] = []
    start = threading.Barrier(4)

    def send() -> None:
        machine = review.office.client(Role.MACHINE)
        start.wait()
        answers.append(machine.post(path, json=body).status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 200, 201]


def test_who_complained_is_known_to_few(review: ReviewOffice) -> None:
    number = registered(review)
    for by in ("wang", "sun", "zhou"):
        for text in (
            review.as_(by).get(f"{BASE}/complaints/{number}").text,
            review.as_(by).get(f"{BASE}/complaints").text,
        ):
            assert "刘女士" not in text
            assert "13800001234" not in text
    seen = read(review, number)
    assert (seen["complainant"], seen["contact"]) == ("刘***", "138***34")
    path = f"{BASE}/complaints/{number}/complainant"
    assert is_problem(review.as_("wang").post(path, json={"purpose": "看看"}), 403, "not-allowed")
    for blank in ("", "    ", " 看 "):
        assert is_problem(review.as_("sun").post(path, json={"purpose": blank}), 422, "invalid")
    clear = review.as_("sun").post(path, json={"purpose": "电话答复"}).json()
    assert clear == {"complainant": "刘女士", "contact": "13800001234", "before": []}
    with review.office.database.reading() as session:
        row = session.scalars(
            select(AccessRow).where(AccessRow.object == f"complaint/{number}/complainant")
        ).one()
    assert (row.what, row.who, row.purpose) == (Access.VIEW_COMPLAINT, "孙纪检", "电话答复")


@pytest.mark.parametrize(
    ("name", "contact", "masked"),
    [
        ("刘女士", "13800001234", ("刘***", "138***34")),
        ("欧阳修", "me@x.cn", ("欧***", "***")),
        ("", "", ("", "")),
        ("刘", "0", ("刘***", "***")),
    ],
)
def test_masks(name: str, contact: str, masked: tuple[str, str]) -> None:
    assert (masked_name(name), masked_contact(contact)) == masked


def test_what_was_registered_wrongly_is_corrected_and_its_history_keeps_it(
    review: ReviewOffice,
) -> None:
    review.office.send(raised(3))
    number = registered(review)
    act(review, "wang", number, "gather")
    right = complaint(window="w2", about="二号窗口没人")
    del right["complainant"], right["contact"]
    answer = act(review, "wang", number, "correct", **right, reason="登记时选错了窗口")
    assert answer.status_code == 204, answer.text
    seen = read(review, number)
    assert (seen["window"], seen["about"], seen["complainant"]) == ("w2", "二号窗口没人", "刘***")
    assert (seen["gathered_at"], seen["alerts"], seen["footage"]) == (None, [], [])
    assert seen["opinion_due"] == "2026-11-26T16:00:00Z"  # terms run from the day it came
    last = seen["history"][-1]
    assert (last["act"], last["who"], last["said"]) == ("correct", "王主管", "登记时选错了窗口")
    assert last["details"]["before"] == {"window": "w1", "about": MARKUP}
    assert last["details"]["after"] == {"window": "w2", "about": "二号窗口没人"}
    gathered = seen["history"][1]["details"]
    assert gathered["alerts"] == [raised(3).uid]  # what belonged to the wrong window is on record


def test_an_earlier_complainant_is_known_to_as_few_and_forgotten_with_the_present(
    review: ReviewOffice, tmp_path: Path
) -> None:
    number = registered(review)
    right = complaint(complainant="柳女士", contact="13900005678")
    assert act(review, "wang", number, "correct", **right, reason="听错了").status_code == 204
    for by in ("wang", "sun", "zhou"):
        text = review.as_(by).get(f"{BASE}/complaints/{number}").text
        for secret in ("刘女士", "柳女士", "13800001234", "13900005678"):
            assert secret not in text
    path = f"{BASE}/complaints/{number}/complainant"
    clear = review.as_("sun").post(path, json={"purpose": "电话答复"}).json()
    assert (clear["complainant"], clear["contact"]) == ("柳女士", "13900005678")
    (before,) = clear["before"]
    assert (before["complainant"], before["contact"]) == ("刘女士", "13800001234")
    act(review, "sun", number, "answer", text="已答复")
    review.pass_(365 * 5)
    sweep_hall(review.office.database, tmp_path, "demo", review.office.clock.now)
    clear = review.as_("sun").post(path, json={"purpose": "电话答复"}).json()
    assert clear == {"complainant": "", "contact": "", "before": []}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "complaint-refused"),  # nothing is different
        ({"window": "w9"}, "not-found"),
        ({"happened_from": (NOON + timedelta(days=1)).isoformat()}, "complaint-refused"),
        ({"about": "别的", "reason": ""}, "invalid"),
    ],
)
def test_no_correction(review: ReviewOffice, changes: dict[str, Any], code: str) -> None:
    number = registered(review)
    answer = act(review, "wang", number, "correct", **complaint() | {"reason": "错了"} | changes)
    assert answer.json()["type"].endswith(code), answer.text
    assert read(review, number)["version"] == 1


def test_an_answered_complaint_and_one_about_oneself_are_not_corrected(
    review: ReviewOffice,
) -> None:
    with review.office.database.session() as session:
        put_leave(session, "1001", NOON, NOON + 30 * MINUTE)
    number = registered(review)
    act(review, "sun", number, "gather")
    right = complaint(about="别的", reason="错了")
    assert is_problem(act(review, "li", number, "correct", **right), 409, "own-complaint")
    act(review, "sun", number, "answer", text="已答复")
    assert is_problem(act(review, "wang", number, "correct", **right), 422, "complaint-refused")


def test_nobody_handles_a_complaint_about_themselves(review: ReviewOffice) -> None:
    """李四 reviews, and held the window for 张三 then."""
    with review.office.database.session() as session:
        put_leave(session, "1001", NOON, NOON + 30 * MINUTE)
    number = registered(review)
    act(review, "sun", number, "gather")
    answer = act(review, "li", number, "answer", text="没有这回事")
    assert is_problem(answer, 409, "own-complaint")


@pytest.mark.parametrize(
    ("window", "status"), [("w1", 409), ("w2", 200), (None, 200)], ids=["theirs", "other", "none"]
)
def test_nobody_answers_a_complaint_about_themselves_before_anything_is_gathered(
    review: ReviewOffice, window: str | None, status: int
) -> None:
    with review.office.database.session() as session:
        put_leave(session, "1001", NOON, NOON + 30 * MINUTE)
    number = registered(review, window=window)
    answer = act(review, "li", number, "answer", text="没有这回事")
    assert answer.status_code == status, answer.text
    assert status == 200 or is_problem(answer, 409, "own-complaint")


def test_of_two_the_second_is_told(review: ReviewOffice) -> None:
    number = registered(review)
    version = read(review, number)["version"]
    assert act(review, "sun", number, "opinion", text="属实").status_code == 200
    second = act(review, "qian", number, "opinion", text="不属实", version=version)
    assert is_problem(second, 409, "complaint-changed")
    assert "孙纪检 was first" in second.json()["detail"]


def test_what_is_not_answered_is_overdue(review: ReviewOffice) -> None:
    number = registered(review)
    assert read(review, number)["overdue"] is False
    review.pass_(4)
    assert read(review, number)["overdue"] is True
    assert act(review, "sun", number, "opinion", text="属实").json()["overdue"] is False
    review.pass_(20)
    assert read(review, number)["overdue"] is True


def test_footage_is_attached(review: ReviewOffice) -> None:
    asked: list[tuple[str, datetime, datetime]] = []

    def cutter(camera: str, begins: datetime, ends: datetime, path: Path) -> CutOut:
        asked.append((camera, begins, ends))
        path.write_bytes(b"clip")
        return CutOut(path, "0" * 64, begins, ends, "")

    review.office.cutters["demo"] = cutter
    number = registered(review)
    seen = act(review, "wang", number, "gather").json()
    assert asked == [("cam1", NOON - 2 * MINUTE, NOON + 12 * MINUTE)]
    assert len(seen["footage"]) == 1
    assert seen["history"][-1]["details"]["footage"] == seen["footage"][0]
    footage = review.as_("sun").get(f"{BASE}/halls/demo/footage").json()
    assert [f["purpose"] for f in footage] == [f"complaint {seen['number']}"]


def test_footage_that_is_gone_is_said_to_be(review: ReviewOffice) -> None:
    def cutter(camera: str, begins: datetime, ends: datetime, path: Path) -> CutOut:
        raise NoFootageError("recorded since 2026-11-23T06:00Z only")

    review.office.cutters["demo"] = cutter
    seen = act(review, "wang", registered(review), "gather").json()
    assert (seen["footage"], seen["history"][-1]["details"]["lacking"]) == (
        [], "recorded since 2026-11-23T06:00Z only",
    )  # fmt: skip


def test_without_a_window_there_is_nothing_to_gather(review: ReviewOffice) -> None:
    number = registered(review, window=None)
    assert is_problem(act(review, "wang", number, "gather"), 422, "complaint-refused")
    seen = act(review, "wang", number, "refer", text="态度问题").json()
    case = review.read(seen["case_id"])
    assert (case["person_name"], case["alerts"]) == (None, [])


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"about": ""}, 422),
        ({"about": " \n "}, 422),
        ({"about": "长" * 2001}, 422),
        ({"contact": "1" * 121}, 422),
        ({"complainant": "a\x1bb"}, 422),
        ({"window": "w9"}, 404),
        ({"window": "../w1"}, 422),
        ({"happened_from": (NOON + timedelta(days=1)).isoformat()}, 422),
        ({"happened_to": (NOON - MINUTE).isoformat()}, 422),
        ({"happened_to": (NOON + timedelta(hours=13)).isoformat()}, 422),
        ({"channel": "telepathy"}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(
    review: ReviewOffice, changes: dict[str, Any], status: int
) -> None:
    answer = review.as_("wang").post(f"{BASE}/halls/demo/complaints", json=complaint(**changes))
    assert answer.status_code == status, answer.text
    assert review.as_("sun").get(f"{BASE}/complaints").json() == []


def test_lists_are_filtered_and_paged(review: ReviewOffice) -> None:
    numbers = [registered(review) for _ in range(3)]
    act(review, "sun", numbers[0], "answer", text="已答复")
    sun = review.as_("sun")

    def ids(**wanted: Any) -> list[int]:
        return [c["id"] for c in sun.get(f"{BASE}/complaints", params=wanted).json()]

    assert ids() == numbers[::-1]
    assert ids(limit=1, before=numbers[2]) == [numbers[1]]
    assert ids(open=True) == [numbers[2], numbers[1]]
    assert ids(open=False) == [numbers[0]]


def test_the_history_cannot_be_changed(review: ReviewOffice) -> None:
    registered(review)
    with (
        pytest.raises(DatabaseError, match="only grows"),
        review.office.database.session() as session,
    ):
        session.execute(update(ComplaintEventRow).values(who="别人"))
