"""Accounts: one-time passwords, one's own password, sessions elsewhere, two at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.audit.tables import Access, AccessRow
from api.users.accounts import one_time_password
from api.users.door import PasswordDoor
from api.users.permissions import Permission
from api.users.signing_in import sign_in_vouched
from api.users.tables import Role, UserRow
from tests.halls import NOON
from tests.office import BASE, PASSWORD, Office, is_problem
from tests.other_hall import local_client

USERS, SESSION, TOKENS = f"{BASE}/users", f"{BASE}/session", f"{BASE}/tokens"
NEW = "a better password"


def made(office: Office, **changes: Any) -> dict[str, Any]:
    body = {"name": "qian", "full_name": "钱会计", "role": "supervisor", "password": "kx7m-3hqr",
            "one_time": True} | changes  # fmt: skip
    answer = office.client(Role.ADMIN).post(USERS, json=body)
    assert answer.status_code == 201, answer.text
    account: dict[str, Any] = answer.json()
    return account


def signed_in(office: Office, name: str = "qian", password: str = "kx7m-3hqr") -> TestClient:
    client = office.client()
    answer = client.post(SESSION, json={"name": name, "password": password})
    assert answer.status_code == 200, answer.text
    return client


def account(office: Office, name: str = "supervisor") -> dict[str, Any]:
    rows = office.client(Role.ADMIN).get(USERS).json()
    return next(row for row in rows if row["name"] == name)


def change(office: Office, user_id: int, **changes: Any) -> Any:
    return office.client(Role.ADMIN).patch(f"{USERS}/{user_id}", json=changes)


def test_a_one_time_password_opens_nothing_but_ones_own_account(office: Office) -> None:
    assert made(office)["must_change"]
    client = signed_in(office)
    assert client.get(SESSION).json()["may"] == ["session.own"]
    assert is_problem(client.get(f"{BASE}/alerts"), 403, "not-allowed")
    viewer = PasswordDoor(office.database, office.settings).whose(
        client.cookies["hallwatch_session"], office.clock.now
    )
    assert viewer is not None
    assert viewer.permissions == {Permission.SESSION_OWN}
    answer = client.put(f"{SESSION}/password", json={"present": "kx7m-3hqr", "new": NEW})
    assert answer.status_code == 204, answer.text
    assert client.get(f"{BASE}/alerts").status_code == 200
    assert not account(office, "qian")["must_change"]


def test_ones_own_password_ends_the_sessions_elsewhere_and_leaves_tokens(office: Office) -> None:
    here, elsewhere = office.client(Role.REVIEWER), office.client(Role.REVIEWER)
    until = (office.clock.now + timedelta(days=3)).isoformat()
    body = {"label": "月报", "scopes": ["alerts.read"], "expires_at": until}
    secret = here.post(f"{SESSION}/tokens", json=body).json()["secret"]
    change = {"present": PASSWORD, "new": NEW}
    assert here.put(f"{SESSION}/password", json=change).status_code == 204
    assert here.get(SESSION).status_code == 200
    assert elsewhere.get(SESSION).status_code == 401
    program = office.client()
    program.headers["Authorization"] = f"Bearer {secret}"
    assert program.get(f"{BASE}/alerts").status_code == 200
    assert signed_in(office, "reviewer", NEW).get(SESSION).status_code == 200
    refused = office.client().post(SESSION, json={"name": "reviewer", "password": PASSWORD})
    assert is_problem(refused, 401, "sign-in-refused")


@pytest.mark.parametrize(
    ("present", "new", "code"),
    [
        ("wrong password", NEW, "password-refused"),
        (PASSWORD, PASSWORD, "password-refused"),
        (PASSWORD, "short", "invalid"),
    ],
)
def test_passwords_that_are_refused(office: Office, present: str, new: str, code: str) -> None:
    client = office.client(Role.HEAD)
    answer = client.put(f"{SESSION}/password", json={"present": present, "new": new})
    assert is_problem(answer, 422, code)
    assert signed_in(office, "head", PASSWORD).get(SESSION).status_code == 200


def test_a_stolen_session_cannot_guess_the_password(office: Office) -> None:
    client = office.client(Role.HEAD)
    for _ in range(office.settings.lock_after):
        client.put(f"{SESSION}/password", json={"present": "guess-guess", "new": NEW})
    answer = client.put(f"{SESSION}/password", json={"present": PASSWORD, "new": NEW})
    assert is_problem(answer, 429, "locked")
    refused = [row for row in client.get(f"{SESSION}/sign-ins").json() if row["refused"]]
    assert len(refused) == office.settings.lock_after


def test_sessions_elsewhere_are_ended_alone(office: Office) -> None:
    here = office.client(Role.CLERK)
    elsewhere = [office.client(Role.CLERK) for _ in range(2)]
    assert here.delete(f"{SESSION}/others").json() == {"ended": 2}
    assert here.get(SESSION).status_code == 200
    assert [client.get(SESSION).status_code for client in elsewhere] == [401, 401]


def test_the_second_administrator_is_told(office: Office) -> None:
    seen = account(office)
    first = change(office, seen["id"], role="head", version=seen["version"])
    assert first.json()["version"] == seen["version"] + 1
    second = change(office, seen["id"], disabled=True, version=seen["version"])
    assert is_problem(second, 409, "account-changed")
    assert "某admin changed this account" in second.json()["detail"]
    assert account(office)["disabled_at"] is None


def test_the_last_administrator_stays(office: Office) -> None:
    admin = account(office, "admin")
    for changes in ({"disabled": True}, {"role": "head"}, {"halls": {"ids": ["demo"]}}):
        assert is_problem(change(office, admin["id"], **changes), 409, "last-administrator")
    assert office.client(Role.ADMIN).get(USERS).status_code == 200
    made(office, role="admin")
    assert change(office, admin["id"], disabled=True).status_code == 200


def test_why_an_account_was_changed_is_in_the_log(office: Office) -> None:
    change(office, account(office)["id"], disabled=True, reason="调离大厅")
    with office.database.reading() as session:
        row = session.scalars(select(AccessRow).order_by(AccessRow.seq.desc())).first()
    assert row is not None
    assert (row.what, row.purpose, row.details["disabled"]) == (
        Access.EDIT_USERS, "调离大厅", True,
    )  # fmt: skip


def test_the_offices_own_sign_in_ends_a_one_time_password(office: Office) -> None:
    made(office)
    sign_in_vouched(office.database, office.settings, "qian", office.clock.now)
    refused = office.client().post(SESSION, json={"name": "qian", "password": "kx7m-3hqr"})
    assert is_problem(refused, 401, "sign-in-refused")
    assert not account(office, "qian")["must_change"]


def test_a_machines_token_may_be_given_less_and_end(office: Office) -> None:
    admin = office.client(Role.ADMIN)
    until = (office.clock.now + timedelta(days=1)).isoformat()
    body = {"label": "12345热线", "hall": "demo", "scopes": ["complaints.register"],
            "expires_at": until}  # fmt: skip
    issued = admin.post(TOKENS, json=body).json()
    machine = office.client()
    machine.headers["Authorization"] = f"Bearer {issued['secret']}"
    assert is_problem(machine.post(f"{BASE}/alerts", json={}), 403, "not-allowed")
    assert is_problem(machine.post(f"{BASE}/halls/demo/complaints", json={}), 422, "invalid")
    listed = next(row for row in admin.get(TOKENS).json() if row["id"] == issued["id"])
    assert listed["scopes"] == ["complaints.register"]
    office.clock.now += timedelta(days=2)
    assert machine.post(f"{BASE}/halls/demo/complaints", json={}).status_code == 401
    refused: tuple[dict[str, Any], ...] = (
        {"scopes": ["alerts.read"]}, {"scopes": []}, {"expires_at": NOON.isoformat()},
    )  # fmt: skip
    for bad in refused:
        answer = office.client(Role.ADMIN).post(TOKENS, json=body | bad)
        assert is_problem(answer, 422, "invalid"), bad


def test_an_administrator_ends_tokens_of_people_but_of_their_own_halls_only(office: Office) -> None:
    until = (office.clock.now + timedelta(days=1)).isoformat()
    body = {"label": "月报", "scopes": ["alerts.read"], "expires_at": until}
    issued = office.client(Role.HEAD).post(f"{SESSION}/tokens", json=body).json()
    local = local_client(office, Role.ADMIN)
    assert issued["id"] not in {row["id"] for row in local.get(TOKENS).json()}
    assert is_problem(local.delete(f"{TOKENS}/{issued['id']}"), 404, "not-found")
    admin = office.client(Role.ADMIN)
    listed = next(row for row in admin.get(TOKENS).json() if row["id"] == issued["id"])
    assert (listed["owner"], listed["revoked_at"]) == ("head", None)
    assert admin.delete(f"{TOKENS}/{issued['id']}").status_code == 204
    program = office.client()
    program.headers["Authorization"] = f"Bearer {issued['secret']}"
    assert program.get(f"{BASE}/alerts").status_code == 401


def test_one_time_passwords_are_all_different_and_easy_to_copy(office: Office) -> None:
    given = {one_time_password() for _ in range(200)}
    assert len(given) == 200
    assert not {sign for word in given for sign in word} & set("0O1lIi")
    with office.database.reading() as session:
        assert not session.scalars(select(UserRow.must_change)).first()
