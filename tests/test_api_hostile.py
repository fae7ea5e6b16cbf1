"""What strangers and broken machines send: refused as a problem, never a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.database import Database
from api.settings import Settings
from api.users.tables import Role
from tests.halls import raised
from tests.office import BASE, Office, is_problem, wire

ALERTS = f"{BASE}/alerts"


def changed(path: str, value: Any) -> dict[str, Any]:
    """An alert with one value replaced; `path` is dotted."""
    body = wire(raised())
    *parents, last = path.split(".")
    inner: Any = body
    for parent in parents:
        inner = inner[parent]
    inner[last] = value
    return body


BAD_VALUES: list[tuple[str, Any]] = [
    ("uid", ""),
    ("uid", "../../etc/passwd"),
    ("uid", "0" * 31 + "\0"),
    ("uid", "0" * 32 + "\n"),
    ("uid", 5),
    ("step", "began"),
    ("step", "ended"),
    ("severity", "fatal"),
    ("severity", 2),
    ("rule", "Robert'); DROP TABLE alerts;--"),
    ("rule_version", 2**70),
    ("rule_version", -1),
    ("hall", "DEMO"),
    ("camera", "a" * 33),
    ("subject", "<script>"),
    ("began", None),
    ("began.at_s", "NaN"),
    ("began.at_s", True),
    ("began.wall", "2026-11-23T12:00:00"),
    ("began.wall", "0001-01-01T00:00:00+14:00"),
    ("began.wall", "9999-12-31T23:59:59-12:00"),
    ("began.wall", "1969-12-31T23:59:59Z"),
    ("began.wall", "2026-11-23T13:00:00+00:00"),
    ("at.wall", "2026-11-23T03:00:00Z"),
    ("ended", {"at_s": 1.0, "wall": "2026-11-23T05:00:00Z"}),
    ("why", []),
    ("why", {"text": "a\0b"}),
    ("why", {"a\0b": 1}),
    ("why", {"a": [[[[[[[[[1]]]]]]]]]}),
    ("policy", None),
    ("model_sha", "b" * 63),
    ("hall_sha", "A" * 64),
    ("unknown", 1),
]


@pytest.mark.parametrize(("path", "value"), BAD_VALUES)
def test_a_bad_alert_is_refused_where_it_is_bad(office: Office, path: str, value: Any) -> None:
    answer = office.client(Role.MACHINE).post(ALERTS, json=changed(path, value))
    assert is_problem(answer, 422, "invalid")
    assert answer.json()["errors"][0]["where"].startswith("body")
    assert office.client(Role.SUPERVISOR).get(ALERTS).json()["items"] == []


RAW_BODIES: list[bytes] = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"\xff\xfe\x00",
    b'{"why": NaN}',
    json.dumps(wire(raised())).encode().replace(b"120.0", b"NaN", 1),
    json.dumps(wire(raised())).encode().replace(b"120.0", b"Infinity", 1),
    json.dumps(wire(raised())).encode().replace(b'"empty_s"', b'"\\ud800"', 1),
    json.dumps(wire(raised())).encode().replace(b"120.0", b"1e999", 1),
    json.dumps(wire(raised())).encode().replace(b"120.0", b"9" * 5000, 1),
    json.dumps(wire(raised())).encode().replace(b"120.0", b"[" * 50_000, 1),
    b'{"a":' * 5_000,
]


@pytest.mark.parametrize("body", RAW_BODIES)
def test_broken_json_is_refused(office: Office, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = office.client(Role.MACHINE).post(ALERTS, content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


QUERIES: list[dict[str, Any]] = [
    {"hall": "a\0"},
    {"subject": "x' OR 1=1"},
    {"rule": "\0"},
    {"severity": "4"},
    {"state": "gone"},
    {"began_from": "yesterday"},
    {"began_from": "2026-11-23T00:00:00"},
    {"began_to": "9999-12-31T23:59:59-12:00"},
    {"text": "a\0b"},
    {"text": "x" * 101},
    {"cursor": "x"},
    {"cursor": "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgIngiXQ=="},  # the year 1, east of UTC
    {"cursor": "WyIyMDI2LTExLTIzVDA0OjAwOjAwKzAwOjAwIiwgImFcdTAwMDBiIl0="},  # a NUL in the uid
    {"limit": 0},
    {"limit": 10**30},
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_bad_query_is_refused(office: Office, query: dict[str, Any]) -> None:
    answer = office.client(Role.SUPERVISOR).get(ALERTS, params=query)
    code = "cursor" if query.get("cursor") else "invalid"
    assert is_problem(answer, 422, code)


@pytest.mark.parametrize("text", ["%", "_", "\\", "'; DROP TABLE alerts;--", "<b>", "\u202e"])
def test_searches_are_taken_literally(office: Office, text: str) -> None:
    office.send(raised(subject="q1", rule="queues"))
    answer = office.client(Role.SUPERVISOR).get(ALERTS, params={"text": text})
    assert (answer.status_code, answer.json()["items"]) == (200, [])


PATHS: list[tuple[str, int]] = [
    (f"{ALERTS}/{'0' * 32}", 404),
    (f"{ALERTS}/%00", 422),
    (f"{ALERTS}/..%2f..%2fetc%2fpasswd", 404),
    (f"{BASE}/clips/0", 422),
    (f"{BASE}/clips/-1", 422),
    (f"{BASE}/clips/{10**30}", 422),
    (f"{BASE}/clips/..%2f..%2fetc%2fpasswd", 404),
    (f"{BASE}/clips/%2e%2e/x", 404),
    (f"{BASE}/stills/a.jpg", 422),
    (f"{BASE}/halls/%00", 422),
    (f"{BASE}/halls/nowhere", 404),
    (f"{BASE}/halls/nowhere/staff", 404),
    (f"{BASE}/nothing", 404),
    ("/api/v2/alerts", 404),
    ("/api/", 404),
]


@pytest.mark.parametrize(("path", "status"), PATHS)
def test_strange_paths_are_problems(office: Office, path: str, status: int) -> None:
    answer = office.client(Role.SUPERVISOR).get(path)
    assert is_problem(answer, status, "not-found" if status == 404 else "invalid")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", ALERTS, "GET, POST"),
        ("PUT", f"{BASE}/session", "DELETE, GET, POST"),
        ("POST", f"{BASE}/clips/1", "GET"),
    ],
)
def test_a_wrong_method_says_which_are_right(
    office: Office, method: str, path: str, allowed: str
) -> None:
    answer = office.client(Role.SUPERVISOR).request(method, path)
    assert is_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == allowed


SPAN = {"from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z"}


@pytest.mark.parametrize(
    "change",
    [
        {"to": "2026-11-23T00:00:00Z"},
        {"to": "2026-11-22T00:00:00Z"},
        {"to": "2099-01-01T00:00:00Z"},
        {"from": "2026-11-23"},
        {"from": ""},
    ],
)
def test_absurd_spans_are_refused(office: Office, change: dict[str, str]) -> None:
    person = office.client(Role.SUPERVISOR)
    answer = person.get(f"{BASE}/halls/demo/shifts", params=SPAN | change)
    assert is_problem(answer, 422, "invalid")


def test_a_body_that_is_too_big_is_not_read(office: Office) -> None:
    machine = office.client(Role.MACHINE)
    big = b"x" * (Settings().body_limit_bytes + 1)
    assert is_problem(machine.post(ALERTS, content=big), 413, "too-large")

    def pieces() -> Iterator[bytes]:
        for _ in range(300):
            yield b" " * 1024

    headers = {"Content-Type": "application/json"}
    answer = machine.post(ALERTS, content=pieces(), headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("length", ["-1", "x", "1e9"])
def test_a_false_length_is_refused(office: Office, length: str) -> None:
    machine = office.client(Role.MACHINE)
    answer = machine.post(ALERTS, content=b"{}", headers={"Content-Length": length})
    assert answer.status_code == 413


def test_uploads_have_their_own_limit(office: Office) -> None:
    person = office.client(Role.SUPERVISOR)
    path = f"{BASE}/halls/demo/schedule/shifts"
    middling = b"x" * (Settings().body_limit_bytes + 1)
    answer = person.post(path, files={"file": ("a.csv", middling)})
    assert is_problem(answer, 422, "schedule-refused")
    huge = b"x" * (Settings().upload_limit_bytes + 1)
    assert is_problem(person.post(path, files={"file": ("a.csv", huge)}), 413, "too-large")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\0b.csv", "<script>.csv", "x" * 5000, "\u202egpj.csv", ""]
)
def test_a_hostile_file_name_is_only_a_name(office: Office, name: str) -> None:
    person = office.client(Role.SUPERVISOR)
    text = "工号,姓名\n2001,甲\n"
    answer = person.post(
        f"{BASE}/halls/demo/schedule/staff", files={"file": (name, text.encode(), "text/csv")}
    )
    assert answer.status_code in (201, 400, 422), answer.text
    assert [p.name for p in office.evidence.iterdir()] == []


def test_markup_in_a_reason_is_kept_as_text(office: Office) -> None:
    office.send(raised())
    person = office.client(Role.SUPERVISOR)
    reason = '<img src=x onerror="alert(1)">\n第二行'
    answer = person.post(f"{ALERTS}/{raised().uid}/excuse", json={"reason": reason})
    assert [e["why"] for e in answer.json()["history"] if e["what"] == "excuse"] == [reason]
    bad = person.post(f"{ALERTS}/{raised().uid}/refer", json={"reason": "a\0b"})
    assert is_problem(bad, 422, "invalid")
    long = person.post(f"{ALERTS}/{raised().uid}/refer", json={"reason": "x" * 2001})
    assert is_problem(long, 422, "invalid")


def test_an_unexpected_error_shows_nothing(office: Office) -> None:
    def fail() -> None:
        raise RuntimeError("the secret of the database")

    office.app.add_api_route("/api/v1/fail", fail)
    office.app.router.routes.insert(0, office.app.router.routes.pop())
    answer = office.client().get("/api/v1/fail")
    assert is_problem(answer, 500, "unexpected")
    assert "secret" not in answer.text


def test_a_database_that_is_gone_is_a_503(tmp_path: Path) -> None:
    gone = Database(f"postgresql://nobody@/nothing?host={tmp_path}")
    client = TestClient(create_app(gone, tmp_path), raise_server_exceptions=False)
    assert client.get("/healthz").status_code == 200
    assert is_problem(client.get("/readyz"), 503, "database")
    answer = client.get(ALERTS, headers={"Authorization": "Bearer x"})
    assert is_problem(answer, 503, "database")
    assert answer.headers["retry-after"] == "5"
    assert str(tmp_path) not in answer.text
