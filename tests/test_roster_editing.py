"""The roster changed by hand over HTTP: entries, what is refused, and the history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.users.tables import Role
from tests.halls import NOON
from tests.office import BASE, Office, is_problem

HALL = f"{BASE}/halls/demo"
HOUR = timedelta(hours=1)


def shift(start: float = 24, length: float = 8, **changes: Any) -> dict[str, Any]:
    """A shift of 李四 on window 2; by default the day after tomorrow's noon."""
    return {
        "window": "w2",
        "post": "A",
        "number": "1002",
        "starts_at": (NOON + start * HOUR).isoformat(),
        "ends_at": (NOON + (start + length) * HOUR).isoformat(),
    } | changes


WEEKLY = {
    "weekdays": [0, 1, 2, 3, 4], "start_min": 540, "end_min": 1020, "first": "2026-11-23",
}  # fmt: skip
PATTERN = WEEKLY | {"window": "w2", "post": "A", "number": "1002"}


def holder(client: Any, window: str, hours: float) -> list[str]:
    at = (NOON + hours * HOUR).isoformat()
    duty = client.get(f"{HALL}/windows/{window}/duty", params={"at": at}).json()
    return [duty["state"], *(p["name"] for p in duty["holders"])]


def test_a_shift_is_made_moved_and_taken_away_and_all_of_it_is_remembered(office: Office) -> None:
    client = office.client(Role.SUPERVISOR)
    made = client.post(f"{HALL}/shifts", json=shift())
    assert made.status_code == 201, made.text
    address = f"{HALL}/shifts/{made.json()['id']}"
    assert holder(client, "w2", 25) == ["on_duty", "李四"]
    assert client.put(address, json=shift(48, number="1001")).status_code == 200
    assert holder(client, "w2", 25) == ["nobody_on_schedule"]
    assert holder(client, "w2", 49) == ["on_duty", "张三"]
    assert client.delete(address).status_code == 204
    changes = client.get(f"{HALL}/roster-changes").json()
    assert [(c["what"], c["before"] is None, c["after"] is None) for c in changes] == [
        ("shift", False, True),
        ("shift", False, False),
        ("shift", True, False),
    ]
    assert changes[1]["before"]["name"] == "李四"
    assert changes[1]["after"]["name"] == "张三"
    assert {c["who"] for c in changes} == {"某supervisor"}


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    (shift(length=0), 422, "entry-refused"),
    (shift(length=17), 422, "entry-refused"),
    (shift(-1, window="w2", number="1001"), 422, "entry-refused"),  # on window 1 at that time
    (shift(number="9999"), 422, "invalid"),
    (shift(window="w9"), 404, "not-found"),
    (shift(post="C"), 422, "invalid"),
    (shift(starts_at="2026-11-24T09:00:00"), 422, "invalid"),  # in which zone?
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
def test_what_cannot_be_is_refused_and_not_remembered(
    office: Office, body: dict[str, Any], status: int, code: str
) -> None:
    client = office.client(Role.SUPERVISOR)
    assert is_problem(client.post(f"{HALL}/shifts", json=body), status, code)
    assert client.get(f"{HALL}/roster-changes").json() == []


def test_a_weekly_shift_with_a_day_left_out(office: Office) -> None:
    client = office.client(Role.SUPERVISOR)
    pattern = client.post(f"{HALL}/shift-patterns", json=PATTERN).json()["id"]
    assert holder(client, "w2", 0) == ["on_duty", "李四"]
    assert holder(client, "w2", 24) == ["on_duty", "李四"]
    assert holder(client, "w2", 5 * 24) == ["nobody_on_schedule"]  # Saturday
    skip = f"{HALL}/shift-patterns/{pattern}/skips/2026-11-24"
    assert client.put(skip).status_code == 204
    assert client.put(skip).status_code == 204
    assert holder(client, "w2", 24) == ["nobody_on_schedule"]
    (shown,) = client.get(f"{HALL}/shift-patterns").json()
    assert (shown["skips"], shown["weekdays"]) == (["2026-11-24"], [0, 1, 2, 3, 4])
    assert len(client.get(f"{HALL}/roster-changes").json()) == 2
    assert client.delete(f"{HALL}/shift-patterns/{pattern}").status_code == 204
    assert holder(client, "w2", 0) == ["nobody_on_schedule"]
    empty = PATTERN | {"weekdays": []}
    assert is_problem(client.post(f"{HALL}/shift-patterns", json=empty), 422, "entry-refused")


def test_hours_and_breaks_say_when_a_window_is_open(office: Office) -> None:
    client = office.client(Role.SUPERVISOR)

    def is_open(hours: float) -> bool | None:
        at = (NOON + hours * HOUR).isoformat()
        answer: bool | None = client.get(f"{HALL}/windows/w1/open", params={"at": at}).json()[
            "open"
        ]
        return answer

    assert is_open(0) is None
    client.post(f"{HALL}/service-times", json=WEEKLY | {"kind": "open"})
    lunch = WEEKLY | {"kind": "break", "start_min": 720, "end_min": 810, "window": "w1"}
    made = client.post(f"{HALL}/service-times", json=lunch).json()["id"]
    assert [is_open(h) for h in (-4, -1, 0, 1.5, 5)] == [False, True, False, True, False]
    assert holder(client, "w1", 0) == ["break", "张三"]
    assert [t["kind"] for t in client.get(f"{HALL}/service-times").json()] == ["open", "break"]
    assert client.delete(f"{HALL}/service-times/{made}").status_code == 204
    assert holder(client, "w1", 0) == ["on_duty", "张三"]


def test_leaves_and_notes_by_hand(office: Office) -> None:
    client = office.client(Role.SUPERVISOR)
    span = {"starts_at": NOON.isoformat(), "ends_at": (NOON + HOUR).isoformat()}
    leave = client.post(f"{HALL}/leaves", json=span | {"number": "1001", "kind": "out"}).json()
    assert holder(client, "w1", 0) == ["covered", "李四"]
    assert client.delete(f"{HALL}/leaves/{leave['id']}").status_code == 204
    assert holder(client, "w1", 0) == ["on_duty", "张三"]
    note = span | {"kind": "visitor", "window": "w1", "note": "上级检查 <b>组</b>"}
    client.post(f"{HALL}/roster-notes", json=note)
    (shown,) = client.get(f"{HALL}/roster-notes").json()
    assert (shown["note"], shown["window"]) == ("上级检查 <b>组</b>", "w1")
    assert client.delete(f"{HALL}/roster-notes/{shown['id']}").status_code == 204


def test_two_people_at_once_the_second_is_told(office: Office) -> None:
    client = office.client(Role.SUPERVISOR)
    made = client.post(f"{HALL}/shifts", json=shift()).json()["id"]
    assert client.delete(f"{HALL}/shifts/{made}").status_code == 204
    late = client.put(f"{HALL}/shifts/{made}", json=shift(48))
    assert is_problem(late, 404, "not-found")
