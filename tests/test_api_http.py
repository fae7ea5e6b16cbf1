"""The API as machines and people use it over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.users.tables import Role
from tests.halls import NOON, ended, escalated, raised
from tests.office import BASE, Office, is_problem, wire

ALERTS = f"{BASE}/alerts"


def test_an_alert_is_sent_listed_and_read(office: Office) -> None:
    alert = raised()
    machine, person = office.client(Role.MACHINE), office.client(Role.SUPERVISOR)
    answers = [machine.post(ALERTS, json=wire(a)) for a in (alert, alert, ended(alert))]
    assert [(a.status_code, a.json()) for a in answers] == [
        (201, {"created": True, "changed": True}),
        (200, {"created": False, "changed": False}),
        (200, {"created": False, "changed": True}),
    ]
    [item] = person.get(ALERTS).json()["items"]
    assert (item["uid"], item["severity"], item["step"]) == (alert.uid, "warning", "ended")
    detail = person.get(f"{ALERTS}/{alert.uid}").json()
    assert detail["duty"]["holders"] == [{"number": "1001", "name": "张三"}]
    assert detail["acts"] == ["acknowledge", "excuse", "mark_false", "refer"]
    assert detail["began"] == "2026-11-23T04:00:00Z"
    assert [e["what"] for e in detail["history"]] == ["raised", "ended"]


def test_the_answer_comes_after_the_commit(office: Office) -> None:
    heard: list[str] = []
    office.database.bus.subscribe(lambda news: heard.append(news.uid))
    office.send(raised())
    assert heard == [raised().uid]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [2, 1, 0]),
        ({"hall": "demo", "limit": 2}, [2, 1]),
        ({"hall": "other"}, []),
        ({"subject": "q1"}, [1]),
        ({"rule": "queue_length"}, [1]),
        ({"severity": "serious"}, [2]),
        ({"state": ["new", "false"]}, [2, 1, 0]),
        ({"state": ["referred"]}, []),
        ({"began_from": "2026-11-23T12:01:00+08:00"}, [2, 1]),
        ({"began_to": "2026-11-23T04:01:00Z"}, [0]),
        ({"text": "等候区"}, [1]),
    ],
)
def test_the_list_is_filtered(office: Office, query: dict[str, Any], found: list[int]) -> None:
    alerts = [raised(), raised(1, subject="q1", rule="queue_length"), raised(2)]
    for alert in (*alerts, escalated(alerts[2])):
        office.send(alert)
    answer = office.client(Role.SUPERVISOR).get(ALERTS, params=query).json()
    assert [item["uid"] for item in answer["items"]] == [alerts[i].uid for i in found]


def test_pages_follow_each_other(office: Office) -> None:
    alerts = [raised(minute) for minute in range(5)]
    for alert in alerts:
        office.send(alert)
    person, cursor, seen = office.client(Role.REVIEWER), None, []
    for _ in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = person.get(ALERTS, params=query).json()
        seen += [item["uid"] for item in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert seen == [alert.uid for alert in reversed(alerts)]


def test_acts_go_one_way(office: Office) -> None:
    office.send(raised())
    person, uid = office.client(Role.SUPERVISOR), raised().uid
    acknowledged = person.post(f"{ALERTS}/{uid}/acknowledge", json={"reason": "已提醒"}).json()
    assert (acknowledged["state"], acknowledged["acts"]) == (
        "acknowledged",
        ["excuse", "mark_false", "refer"],
    )
    last = acknowledged["history"][-1]
    assert (last["what"], last["who"], last["why"]) == ("acknowledge", "某supervisor", "已提醒")
    again = person.post(f"{ALERTS}/{uid}/acknowledge", json={})
    assert is_problem(again, 409, "act-refused")
    assert is_problem(person.post(f"{ALERTS}/{uid}/excuse", json={}), 422, "invalid")
    for blank in ("   ", " 忙 "):  # one character is no reason, with blanks neither
        answer = person.post(f"{ALERTS}/{uid}/excuse", json={"reason": blank})
        assert is_problem(answer, 422, "invalid")
    excused = person.post(f"{ALERTS}/{uid}/excuse", json={"reason": "开会"})
    assert excused.json()["state"] == "excused"
    assert is_problem(person.post(f"{ALERTS}/{uid}/mark-false", json={}), 409, "act-refused")
    referred = office.client(Role.REVIEWER).post(f"{ALERTS}/{uid}/refer", json={})
    assert referred.json()["state"] == "referred"


UNBLURRED = "original=1&reason=核对柜台物品"


def test_a_clip_is_sent_whole_and_in_parts(office: Office) -> None:
    office.send(raised())
    clip = office.put_clip(raised().uid, bytes(range(100)))
    still = office.put_still(raised().uid, b"\xff\xd8picture")
    person = office.client(Role.REVIEWER)
    detail = person.get(f"{ALERTS}/{raised().uid}").json()
    assert [detail["clips"][0]["id"], detail["stills"][0]["id"]] == [clip, still]
    whole = person.get(f"{BASE}/clips/{clip}?{UNBLURRED}")
    assert (whole.status_code, whole.content) == (200, bytes(range(100)))
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["x-content-type-options"] == "nosniff"
    part = person.get(f"{BASE}/clips/{clip}?{UNBLURRED}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["content-range"] == "bytes 10-19/100"
    beyond = person.get(f"{BASE}/clips/{clip}?{UNBLURRED}", headers={"Range": "bytes=200-"})
    assert beyond.status_code == 416
    assert person.get(f"{BASE}/stills/{still}?{UNBLURRED}").content == b"\xff\xd8picture"


def test_a_clip_that_is_gone_from_the_disk_says_so(office: Office) -> None:
    office.send(raised())
    clip = office.put_clip(raised().uid, b"x")
    (office.evidence / "a.mp4").unlink()
    person = office.client(Role.REVIEWER)
    assert is_problem(person.get(f"{BASE}/clips/{clip}"), 404, "evidence-missing")
    assert is_problem(person.get(f"{BASE}/clips/999"), 404, "not-found")


def test_a_hall_is_put_and_read(office: Office) -> None:
    machine = office.client(Role.MACHINE)
    hall = machine.get(f"{BASE}/halls/demo").json()
    assert [w["name"] for w in hall["windows"]] == ["1号窗口", "2号窗口"]
    assert hall["queues"][0]["zones"]["queue"][0] == [10.0, 10.0]
    hall["windows"] = [hall["windows"][0] | {"name": "综合窗口"}]
    changed = machine.put(f"{BASE}/halls/demo", json=hall)
    assert (changed.status_code, changed.json()) == (200, hall)
    assert machine.get(f"{BASE}/halls").json() == [
        {"id": "demo", "name": "示范政务大厅", "timezone": "Asia/Shanghai"}
    ]
    new = hall | {"id": "second", "name": "分厅"}
    assert machine.put(f"{BASE}/halls/second", json=new).status_code == 200
    assert len(machine.get(f"{BASE}/halls").json()) == 2
    bad: list[dict[str, Any]] = [
        {"id": "third"},
        {"timezone": "Mars/Base"},
        {"cameras": []},
        {"extra": 1},
    ]
    for change in bad:
        answer = machine.put(f"{BASE}/halls/second", json=new | change)
        assert is_problem(answer, 422, "invalid")


def test_a_retired_window_keeps_its_name_in_old_alerts(office: Office) -> None:
    office.send(raised())
    machine = office.client(Role.MACHINE)
    hall = machine.get(f"{BASE}/halls/demo").json()
    machine.put(f"{BASE}/halls/demo", json=hall | {"windows": []})
    item = office.client(Role.SUPERVISOR).get(f"{ALERTS}/{raised().uid}").json()
    assert item["subject_name"] == "1号窗口"


def test_a_schedule_is_uploaded_and_read(office: Office) -> None:
    person = office.client(Role.SUPERVISOR)
    text = "日期,窗口,岗位,工号,开始,结束\n2026-11-24,w2,A,1002,09:00,17:00\n"
    path = f"{BASE}/halls/demo/schedule/shifts"
    answer = person.post(path, files={"file": ("班表.csv", text.encode("gbk"))})
    assert (answer.status_code, answer.json()["added"]) == (201, 1)
    span = {"from": "2026-11-24T00:00:00+08:00", "to": "2026-11-25T00:00:00+08:00"}
    [shift] = person.get(f"{BASE}/halls/demo/shifts", params=span).json()
    assert (shift["window"], shift["name"], shift["starts_at"]) == (
        "w2",
        "李四",
        "2026-11-24T01:00:00Z",
    )
    at = {"at": "2026-11-24T10:00:00+08:00"}
    duty = person.get(f"{BASE}/halls/demo/windows/w2/duty", params=at).json()
    assert (duty["state"], duty["holders"][0]["name"]) == ("on_duty", "李四")
    leave = "工号,开始,结束\n1002,2026-11-24,2026-11-24\n"
    files = {"file": ("请假.csv", leave.encode())}
    assert person.post(f"{BASE}/halls/demo/schedule/leaves", files=files).status_code == 201
    assert len(person.get(f"{BASE}/halls/demo/leaves", params=span).json()) == 1
    staff = person.get(f"{BASE}/halls/demo/staff").json()
    assert [(s["number"], s["posts"]) for s in staff] == [
        ("1001", []),
        ("1002", [{"window": "w1", "post": "B"}]),
    ]


@pytest.mark.parametrize(("language", "why"), [("zh-CN", "没有窗口“w9”"), ("en", "no window 'w9'")])
def test_a_bad_schedule_names_each_row(office: Office, language: str, why: str) -> None:
    person = office.client(Role.SUPERVISOR)
    text = "日期,窗口,岗位,工号,开始,结束\n2026-11-24,w9,A,1002,09:00,17:00\n"
    answer = person.post(
        f"{BASE}/halls/demo/schedule/shifts",
        files={"file": ("x.csv", text.encode())},
        headers={"Accept-Language": language},
    )
    assert is_problem(answer, 422, "schedule-refused")
    [error] = answer.json()["errors"]
    assert (error["row"], error["column"], error["code"]) == (2, "窗口", "window")
    assert why in error["why"]


def test_a_template_comes_back_through_the_upload(office: Office) -> None:
    person = office.client(Role.SUPERVISOR)
    content = person.get(f"{BASE}/schedule-templates/staff").content
    answer = person.post(f"{BASE}/halls/demo/schedule/staff", files={"file": ("a.xlsx", content)})
    assert answer.json() == {"import_id": 1, "added": 0, "unchanged": 2, "removed": 0}


def test_health(office: Office) -> None:
    stranger = office.client()
    assert stranger.get("/healthz").json() == stranger.get("/readyz").json() == {"status": "ok"}


def test_an_alert_of_another_event_or_hall_is_refused(office: Office) -> None:
    office.send(raised())
    machine = office.client(Role.MACHINE)
    other = wire(raised()) | {"subject": "w2"}
    assert is_problem(machine.post(ALERTS, json=other), 409, "alert-conflict")
    nowhere = wire(raised()) | {"hall": "nowhere"}
    assert is_problem(machine.post(ALERTS, json=nowhere | {"uid": "0" * 32}), 422, "unknown-hall")


def test_two_who_decide_at_once_are_told(office: Office) -> None:
    office.send(raised())
    first, second = office.client(Role.SUPERVISOR), office.client(Role.SUPERVISOR)
    path = f"{ALERTS}/{raised().uid}/mark-false"
    assert first.post(path, json={}).status_code == 200
    answer = second.post(path, json={})
    assert is_problem(answer, 409, "act-refused")
    assert "false" in answer.json()["detail"]


def test_times_are_utc_and_the_duty_is_asked_with_a_zone(office: Office) -> None:
    person = office.client(Role.SUPERVISOR)
    path = f"{BASE}/halls/demo/windows/w1/duty"
    inside = (NOON + timedelta(hours=4)).isoformat()
    assert person.get(path, params={"at": inside}).json()["state"] == "on_duty"
    assert is_problem(person.get(path, params={"at": "2026-11-23T12:00:00"}), 422, "invalid")
    assert is_problem(
        person.get(f"{BASE}/halls/demo/windows/w9/duty", params={"at": inside}), 404, "not-found"
    )
