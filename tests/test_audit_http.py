"""What people do ends up in the access log: by whom, to what, from where."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.app import create_app
from api.audit.chain import verify_chain
from api.audit.tables import Access, AccessRow
from api.settings import Settings
from api.users.door import PasswordDoor
from api.users.tables import Role
from tests.halls import raised
from tests.office import BASE, PASSWORD, Office, is_problem
from tests.other_hall import local_client, open_other_hall

SESSION = f"{BASE}/session"


def rows(office: Office) -> list[AccessRow]:
    with office.database.reading() as session:
        assert verify_chain(session).findings == ()
        return list(session.scalars(select(AccessRow).order_by(AccessRow.seq)))


def lines(office: Office) -> list[tuple[str, str, str]]:
    return [(row.who, row.what.value, row.object) for row in rows(office)]


def test_signing_in_and_out(office: Office) -> None:
    client = office.client()
    client.post(SESSION, json={"name": "reviewer", "password": "wrong password"})
    client.post(SESSION, json={"name": "hunter2-my-password", "password": PASSWORD})
    client.post(SESSION, json={"name": "reviewer", "password": PASSWORD})
    client.delete(SESSION)
    assert lines(office) == [
        ("某reviewer", "sign_in_refused", "account/reviewer"),
        ("?", "sign_in_refused", "account"),
        ("某reviewer", "sign_in", "account/reviewer"),
        ("某reviewer", "sign_out", "account/reviewer"),
    ]
    assert {row.address for row in rows(office)} == {"testclient"}


def test_the_consoles_door_writes_the_same(office: Office) -> None:
    door = PasswordDoor(office.database, Settings())
    secret = door.sign_in("head", PASSWORD, office.clock.now, "10.0.0.7")
    door.sign_out(secret, office.clock.now, "10.0.0.7")
    door.sign_out(secret, office.clock.now, "10.0.0.7")
    assert [(w, a) for _, a, w in lines(office)] == [
        ("account/head", "sign_in"),
        ("account/head", "sign_out"),
    ]
    assert {row.address for row in rows(office)} == {"10.0.0.7"}


def test_an_address_that_tries_many_names_is_shut_out(office: Office) -> None:
    app = create_app(office.database, office.evidence, Settings(address_tries=3), office.clock)
    client = office.client()
    client._transport.app = app  # type: ignore[attr-defined]
    for name in ("a", "b", "c"):
        answer = client.post(SESSION, json={"name": name, "password": PASSWORD})
        assert is_problem(answer, 401, "sign-in-refused")
    answer = client.post(SESSION, json={"name": "head", "password": PASSWORD})
    assert is_problem(answer, 429, "locked")
    assert len(rows(office)) == 3


def test_edits_of_accounts_tokens_and_halls(office: Office) -> None:
    admin = office.client(Role.ADMIN)
    new = {"name": "wang", "full_name": "王主任", "role": "supervisor", "password": "long enough",
           "halls": {"ids": ["demo"]}}  # fmt: skip
    user = admin.post(f"{BASE}/users", json=new).json()
    admin.patch(f"{BASE}/users/{user['id']}", json={"role": "head", "password": "longer still"})
    token = admin.post(f"{BASE}/tokens", json={"label": "二楼"}).json()
    admin.delete(f"{BASE}/tokens/{token['id']}")
    hall = admin.get(f"{BASE}/halls/demo").json()
    admin.put(f"{BASE}/halls/demo", json=hall)
    written = [(row.what.value, row.object, row.details) for row in rows(office)]
    assert written == [
        ("edit_users", "account/wang",
         {"changed": ["created"], "role": "supervisor", "halls": ["demo"], "disabled": False}),
        ("edit_users", "account/wang",
         {"changed": ["password", "role"], "role": "head", "halls": ["demo"], "disabled": False}),
        ("edit_users", f"token/{token['id']}", {"changed": ["created"], "label": "二楼"}),
        ("edit_users", f"token/{token['id']}", {"changed": ["revoked"], "label": "二楼"}),
        ("edit_hall", "hall/demo", {"hall_sha": hall["sha"]}),
    ]  # fmt: skip
    assert "longer still" not in str(written)


@pytest.mark.parametrize("act", ["acknowledge", "excuse", "mark-false"])
def test_what_is_done_about_an_alert(office: Office, act: str) -> None:
    office.send(raised())
    person = office.client(Role.SUPERVISOR)
    path = f"{BASE}/alerts/{raised().uid}/{act}"
    person.post(path, json={"reason": "送材料"})
    person.post(path, json={"reason": "again"})
    assert lines(office) == [("某supervisor", "settle_alert", f"alert/{raised().uid}")]
    assert rows(office)[0].purpose == "送材料"


def test_looking_at_an_alert(office: Office) -> None:
    office.send(raised())
    path = f"{BASE}/alerts/{raised().uid}"
    for _ in range(3):
        assert office.client(Role.HEAD).get(path).status_code == 200
    assert office.client(Role.HEAD).get(f"{BASE}/alerts/{'0' * 32}").status_code == 404
    assert lines(office) == [("某head", "view_alert", f"alert/{raised().uid}")]


def test_what_is_refused_is_not_written_as_done(office: Office) -> None:
    admin = office.client(Role.ADMIN)
    assert admin.patch(f"{BASE}/users/999", json={}).status_code == 404
    assert office.client(Role.HEAD).post(f"{BASE}/tokens", json={"label": "x"}).status_code == 403
    assert rows(office) == []


def test_the_log_is_read_and_narrowed(office: Office) -> None:
    office.send(raised())
    supervisor = office.client(Role.SUPERVISOR)
    supervisor.post(f"{BASE}/alerts/{raised().uid}/acknowledge", json={"reason": "100%_<b>"})
    office.client().post(SESSION, json={"name": "head", "password": PASSWORD})
    reader = office.client(Role.HEAD)

    def found(**query: str) -> list[str]:
        answer = reader.get(f"{BASE}/audit", params=query)
        assert answer.status_code == 200, answer.text
        looks = Access.VIEW_LOG.value  # at the log itself, by this very test
        return [item["what"] for item in answer.json()["items"] if item["what"] != looks]

    assert found() == ["sign_in", "settle_alert"]
    assert found(what="sign_in") == ["sign_in"]
    assert found(who="supervisor") == ["settle_alert"]
    assert found(object="alert/") == ["settle_alert"]
    assert found(object="%") == found(who="_%") == []
    assert found(at_from="2026-11-23T05:00:01Z") == []
    first = reader.get(f"{BASE}/audit", params={"limit": 1}).json()
    assert first["next"] == 3
    assert found(limit="1", before="2") == ["settle_alert"]
    for bad in ({"before": "0"}, {"before": "9" * 30}, {"limit": "9999"}, {"what": "x"},
                {"who": "x" * 81}, {"object": "a\x00"}):  # fmt: skip
        assert is_problem(reader.get(f"{BASE}/audit", params=bad), 422, "invalid"), bad


def test_people_of_one_hall_read_its_rows_only(office: Office) -> None:
    office.send(raised())
    open_other_hall(office)
    office.client(Role.SUPERVISOR).post(f"{BASE}/alerts/{raised().uid}/acknowledge", json={})
    office.client().post(SESSION, json={"name": "head", "password": PASSWORD})
    local = local_client(office, Role.HEAD).get(f"{BASE}/audit").json()["items"]
    assert [(row["what"], row["hall"]) for row in local] == [("settle_alert", "demo")]
