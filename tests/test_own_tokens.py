"""Tokens for people's own programs: a part of what the owner may, for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.users.door import PasswordDoor
from api.users.tables import Role
from tests.halls import raised
from tests.office import BASE, Office, is_problem

TOKENS = f"{BASE}/session/tokens"


def ask(office: Office, role: Role = Role.REVIEWER, **changes: Any) -> Any:
    until = (office.clock.now + timedelta(days=30)).isoformat()
    body = {"label": "月报", "scopes": ["alerts.read"], "expires_at": until} | changes
    return office.client(role).post(TOKENS, json=body)


def program(office: Office, secret: str) -> TestClient:
    client = office.client()
    client.headers["Authorization"] = f"Bearer {secret}"
    return client


def test_a_token_does_what_it_was_given_and_no_more(office: Office) -> None:
    office.send(raised())
    issued = ask(office).json()
    client = program(office, issued["secret"])
    assert client.get(f"{BASE}/alerts").status_code == 200
    refer = client.post(f"{BASE}/alerts/{raised().uid}/refer", json={})
    assert is_problem(refer, 403, "not-allowed")
    assert "this token may not" in refer.json()["detail"]
    for path in ("session", "session/tokens", "users"):
        assert is_problem(client.get(f"{BASE}/{path}"), 403, "not-allowed")
    door = PasswordDoor(office.database, office.settings)
    assert door.whose(issued["secret"], office.clock.now) is None


def test_a_token_ends_by_itself_or_when_it_is_taken_back(office: Office) -> None:
    first, second = ask(office).json(), ask(office).json()
    owner = office.client(Role.REVIEWER)
    assert [t["label"] for t in owner.get(TOKENS).json()] == ["月报", "月报"]
    assert is_problem(office.client(Role.HEAD).delete(f"{TOKENS}/{first['id']}"), 404, "not-found")
    assert owner.delete(f"{TOKENS}/{first['id']}").status_code == 204
    for issued, status in ((first, 401), (second, 200)):
        answer = program(office, issued["secret"]).get(f"{BASE}/alerts")
        assert answer.status_code == status
    office.clock.now += timedelta(days=31)
    assert program(office, second["secret"]).get(f"{BASE}/alerts").status_code == 401


def test_a_token_never_outlives_its_owners_rights(office: Office) -> None:
    issued = ask(office).json()
    admin = office.client(Role.ADMIN)
    users = {u["name"]: u["id"] for u in admin.get(f"{BASE}/users").json()}
    admin.patch(f"{BASE}/users/{users['reviewer']}", json={"role": "admin"})
    assert program(office, issued["secret"]).get(f"{BASE}/alerts").status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": ["alerts.settle"]},  # not a reviewer's
        {"scopes": ["alerts.read", "session.own"]},
        {"scopes": []},
        {"scopes": ["x"]},
        {"label": ""},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": "2090-01-01T00:00:00Z"},
    ],
)
def test_what_is_refused(office: Office, changes: dict[str, Any]) -> None:
    assert is_problem(ask(office, **changes), 422, "invalid")


def test_an_administrator_cannot_give_away_the_accounts(office: Office) -> None:
    answer = ask(office, Role.ADMIN, scopes=["users.manage"])
    assert is_problem(answer, 422, "invalid")


def test_a_session_is_not_a_token_to_take_back(office: Office) -> None:
    owner = office.client(Role.REVIEWER)
    assert owner.get(TOKENS).json() == []
    for token_id in range(1, 4):
        assert is_problem(owner.delete(f"{TOKENS}/{token_id}"), 404, "not-found")
