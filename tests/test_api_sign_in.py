"""Signing in and out, locks, sessions that end, tokens, accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from api.app import create_app
from api.console.door import SignInRefusedError
from api.settings import Settings
from api.site import SESSION_COOKIE
from api.users.door import PasswordDoor
from api.users.tables import Role, TokenRow, UserRow
from tests.halls import raised
from tests.office import BASE, PASSWORD, Office, is_problem, wire

SESSION = f"{BASE}/session"


def tries(office: Office, password: str, name: str = "supervisor") -> int:
    answer = office.client().post(SESSION, json={"name": name, "password": password})
    status: int = answer.status_code
    return status


def test_a_person_signs_in_looks_and_signs_out(office: Office) -> None:
    client = office.client()
    assert is_problem(client.get(SESSION), 401, "not-signed-in")
    answer = client.post(SESSION, json={"name": "reviewer", "password": PASSWORD})
    assert answer.json()["role"] == "reviewer"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert {"httponly", "samesite=lax", "path=/"} <= set(cookie.lower().split("; "))
    assert "secure" not in cookie.lower()
    who = client.get(SESSION).json()
    assert (who["name"], who["full_name"]) == ("reviewer", "某reviewer")
    assert "alerts.read" in who["may"]
    assert "alerts.settle" not in who["may"]
    secret = client.cookies[SESSION_COOKIE]
    assert client.delete(SESSION).status_code == 204
    assert SESSION_COOKIE not in client.cookies
    client.cookies.set(SESSION_COOKIE, secret)
    assert is_problem(client.get(SESSION), 401, "not-signed-in")


def test_behind_https_the_cookie_is_secure(office: Office) -> None:
    app = create_app(office.database, office.evidence, Settings(secure_cookie=True), office.clock)
    client = TestClient(app, base_url="https://hall.test")
    answer = client.post(SESSION, json={"name": "admin", "password": PASSWORD})
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_the_database_keeps_neither_passwords_nor_secrets(office: Office) -> None:
    client = office.client()
    client.post(SESSION, json={"name": "admin", "password": PASSWORD})
    with office.database.reading() as session:
        hashes = session.scalars(select(UserRow.password_hash)).all()
        kept = session.scalars(select(TokenRow.secret_sha)).all()
    assert all(h.startswith("$argon2id$") for h in hashes)
    assert client.cookies[SESSION_COOKIE] not in kept
    assert office.machine_secret not in kept


def test_a_wrong_name_and_a_wrong_password_look_alike(office: Office) -> None:
    client = office.client()
    answers = [
        client.post(SESSION, json={"name": name, "password": password})
        for name, password in (("supervisor", "wrong password"), ("nobody", PASSWORD))
    ]
    assert all(is_problem(answer, 401, "sign-in-refused") for answer in answers)
    assert answers[0].json() == answers[1].json()


def test_an_account_locks_after_failures_and_opens_again(office: Office) -> None:
    assert [tries(office, "wrong password") for _ in range(5)] == [401] * 5
    locked = office.client().post(SESSION, json={"name": "supervisor", "password": PASSWORD})
    assert is_problem(locked, 429, "locked")
    assert int(locked.headers["retry-after"]) == 901
    assert tries(office, PASSWORD, "reviewer") == 200
    office.clock.now += timedelta(seconds=899)
    assert tries(office, PASSWORD) == 429
    office.clock.now += timedelta(seconds=1)
    assert tries(office, PASSWORD) == 200


def test_a_right_password_clears_the_count(office: Office) -> None:
    for _ in range(3):
        assert [tries(office, "wrong password") for _ in range(4)] == [401] * 4
        assert tries(office, PASSWORD) == 200


def test_a_session_ends_by_itself(office: Office) -> None:
    client = office.client(Role.SUPERVISOR)
    office.clock.now += timedelta(hours=12, seconds=-1)
    assert client.get(SESSION).status_code == 200
    office.clock.now += timedelta(seconds=1)
    assert is_problem(client.get(SESSION), 401, "not-signed-in")


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "admin"}, {"password": "x" * 9}])
def test_changing_an_account_ends_its_sessions(office: Office, change: dict[str, object]) -> None:
    client, admin = office.client(Role.SUPERVISOR), office.client(Role.ADMIN)
    users = {u["name"]: u["id"] for u in admin.get(f"{BASE}/users").json()}
    path = f"{BASE}/users/{users['supervisor']}"
    assert admin.patch(path, json=change).status_code == 200
    assert is_problem(client.get(SESSION), 401, "not-signed-in")
    assert tries(office, PASSWORD) == (200 if "role" in change else 401)


def test_an_administrator_unlocks(office: Office) -> None:
    for _ in range(5):
        tries(office, "wrong password")
    admin = office.client(Role.ADMIN)
    users = {u["name"]: u for u in admin.get(f"{BASE}/users").json()}
    assert users["supervisor"]["locked_until"] is not None
    admin.patch(f"{BASE}/users/{users['supervisor']['id']}", json={})
    assert tries(office, PASSWORD) == 200


def test_accounts_are_made_once_and_with_a_real_password(office: Office) -> None:
    admin = office.client(Role.ADMIN)
    new = {"name": "wang", "full_name": "王主任", "role": "supervisor", "password": "long enough"}
    made = admin.post(f"{BASE}/users", json=new)
    assert made.status_code == 201
    assert "password" not in made.text
    assert tries(office, "long enough", "wang") == 200
    assert is_problem(admin.post(f"{BASE}/users", json=new), 409, "name-taken")
    for change in ({"password": "short"}, {"role": "machine"}, {"name": "a b"}, {"full_name": ""}):
        answer = admin.post(f"{BASE}/users", json=new | {"name": "other"} | change)
        assert is_problem(answer, 422, "invalid")
        assert "short" not in answer.text
    assert is_problem(admin.patch(f"{BASE}/users/999", json={}), 404, "not-found")


def test_a_machine_token_sends_until_it_is_revoked(office: Office) -> None:
    admin = office.client(Role.ADMIN)
    issued = admin.post(f"{BASE}/tokens", json={"label": "二楼"}).json()
    machine = office.client()
    machine.headers["Authorization"] = f"Bearer {issued['secret']}"
    assert machine.post(f"{BASE}/alerts", json=wire(raised())).status_code == 201
    labels = {t["id"]: t["label"] for t in admin.get(f"{BASE}/tokens").json()}
    assert labels[issued["id"]] == "二楼"
    assert issued["secret"] not in admin.get(f"{BASE}/tokens").text
    assert admin.delete(f"{BASE}/tokens/{issued['id']}").status_code == 204
    assert is_problem(machine.post(f"{BASE}/alerts", json=wire(raised())), 401, "not-signed-in")
    assert is_problem(admin.delete(f"{BASE}/tokens/999"), 404, "not-found")


def test_a_session_cannot_be_revoked_as_a_token(office: Office) -> None:
    admin = office.client(Role.ADMIN)
    with office.database.reading() as session:
        [own] = session.scalars(select(TokenRow.id).where(TokenRow.user_id.is_not(None)))
    assert is_problem(admin.delete(f"{BASE}/tokens/{own}"), 404, "not-found")


@pytest.mark.parametrize(
    ("origin", "status"),
    [(None, 200), ("http://hall.test", 200), ("http://evil.test", 403), ("null", 403)],
)
def test_another_sites_page_cannot_act_in_ones_name(
    office: Office, origin: str | None, status: int
) -> None:
    office.send(raised())
    client = office.client(Role.SUPERVISOR)
    headers = {"Origin": origin} if origin else {}
    path = f"{BASE}/alerts/{raised().uid}/acknowledge"
    answer = client.post(path, json={}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert is_problem(answer, 403, "foreign-origin")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "x", "Bearer é"])
def test_a_strange_authorization_is_nobody(office: Office, header: str) -> None:
    answer = office.client().get(SESSION, headers=[(b"Authorization", header.encode())])
    assert is_problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_consoles_door_uses_the_same_sessions(office: Office) -> None:
    door = PasswordDoor(office.database, Settings(lock_after=2))
    now = office.clock.now
    secret = door.sign_in("supervisor", PASSWORD, now)
    client = office.client()
    client.cookies.set(door.cookie, secret)
    assert client.get(SESSION).json()["name"] == "supervisor"
    viewer = door.whose(secret, now)
    assert viewer is not None
    assert (viewer.full_name, viewer.role) == ("某supervisor", Role.SUPERVISOR)
    door.sign_out(secret, now)
    assert door.whose(secret, now) is None
    assert door.whose(office.machine_secret, now) is None
    waits = []
    for _ in range(3):
        with pytest.raises(SignInRefusedError) as refused:
            door.sign_in("supervisor", "wrong password", now)
        waits.append(refused.value.locked_s)
    assert waits == [None, None, 900.0]


def test_a_failure_is_counted_although_the_request_is_refused(office: Office) -> None:
    tries(office, "wrong password")
    with office.database.reading() as session:
        failures = session.scalar(text("SELECT failures FROM users WHERE name = 'supervisor'"))
    assert failures == 1
