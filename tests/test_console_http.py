"""The console over HTTP, without a browser: who gets in, who sees what, headers, odd paths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.console.sign_in import safe_next
from api.settings import Settings
from api.users.tables import Role
from tests.console_office import PASSWORD, running_office


@pytest.fixture(scope="module")
def running(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    with running_office(migrated_sqlite, tmp_path_factory.mktemp("console-http")) as (client, _):
        yield client


@pytest.fixture
def client(running: TestClient) -> TestClient:
    """A stranger's browser."""
    running.cookies.clear()
    return running


def enter(client: TestClient, role: Role) -> None:
    answer = client.post("/sign-in", data={"name": role.value, "password": PASSWORD})
    assert answer.status_code == 303


PICTURE = "/console/pictures/cam1.jpg"


@pytest.mark.parametrize("path", ["/", "/alerts", "/alerts/abc", "/roster", "/nothing/here"])
def test_strangers_are_sent_to_the_door(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_strangers_see_no_picture(client: TestClient) -> None:
    assert client.get(PICTURE).status_code == 401


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.SUPERVISOR, "/", 200),
        (Role.SUPERVISOR, "/alerts", 200),
        (Role.SUPERVISOR, "/roster", 200),
        (Role.SUPERVISOR, PICTURE, 200),
        (Role.SUPERVISOR, "/alerts/0000", 404),
        (Role.SUPERVISOR, "/nothing/here", 404),
        (Role.SUPERVISOR, "/console/pictures/cam9.jpg", 404),
        (Role.REVIEWER, "/alerts", 200),
        (Role.REVIEWER, PICTURE, 200),
        (Role.ADMIN, "/", 303),
        (Role.ADMIN, "/alerts", 403),
        (Role.ADMIN, "/alerts/0000", 403),
        (Role.ADMIN, "/roster", 200),
        (Role.ADMIN, PICTURE, 403),
    ],
)
def test_everybody_sees_what_is_theirs(
    client: TestClient, role: Role, path: str, status: int
) -> None:
    enter(client, role)
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ("/alerts/abc", "/alerts/abc"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_only_to_our_own_pages(given: str, leads_to: str) -> None:
    assert safe_next(given) == leads_to


def test_refusals_at_the_door_say_nothing_about_who_exists(client: TestClient) -> None:
    wrong = client.post("/sign-in", data={"name": "supervisor", "password": "no-such-thing"})
    unknown = client.post("/sign-in", data={"name": "nobody", "password": "no-such-thing"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("supervisor", "nobody") == unknown.text
    blank = client.post("/sign-in", data={"name": " ", "password": ""})
    assert blank.status_code == 422


def test_too_many_wrong_passwords_lock_the_account_and_say_for_how_long(client: TestClient) -> None:
    for _ in range(Settings().lock_after):
        client.post("/sign-in", data={"name": "forgetful", "password": "no-such-thing"})
    answer = client.post("/sign-in", data={"name": "forgetful", "password": PASSWORD})
    assert answer.status_code == 401
    assert "15 分钟后再试" in answer.text


def test_markup_in_a_user_name_stays_text(client: TestClient) -> None:
    hostile = '"><script>alert(1)</script>'
    answer = client.post("/sign-in", data={"name": hostile, "password": "no-such-thing"})
    assert "<script>alert(1)" not in answer.text


def test_the_cookie_is_kept_from_scripts_and_ends_at_sign_out(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"name": "supervisor", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    kept = dict(client.cookies)
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    client.cookies.update(kept)
    assert client.get("/").status_code == 303  # the secret itself is worth nothing any more


def test_pages_forbid_framing_and_foreign_sources(client: TestClient) -> None:
    enter(client, Role.SUPERVISOR)
    headers = client.get("/").headers
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "http" not in headers["content-security-policy"]


def test_languages_differ_and_stay_chosen(client: TestClient) -> None:
    assert 'lang="zh-CN"' in client.get("/sign-in").text
    answer = client.get("/console/preferences", params={"language": "en", "next": "/sign-in"})
    assert answer.headers["location"] == "/sign-in"
    assert "User name" in client.get("/sign-in").text
    client.get("/console/preferences", params={"language": "xx"})
    assert "User name" in client.get("/sign-in").text


def test_what_a_person_chose_is_there_wherever_they_sign_in(client: TestClient) -> None:
    enter(client, Role.REVIEWER)
    client.get("/console/preferences", params={"language": "en", "appearance": "dark"})
    client.cookies.clear()  # another computer
    enter(client, Role.REVIEWER)
    page = client.get("/alerts").text
    assert 'lang="en-US"' in page
    assert "const dark = True" in page or 'content="dark"' in page
    client.cookies.clear()
    enter(client, Role.SUPERVISOR)  # somebody else's choice is their own
    assert 'lang="zh-CN"' in client.get("/alerts").text


def test_machines_get_problems_where_people_get_pages(client: TestClient) -> None:
    answer = client.get("/console/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
