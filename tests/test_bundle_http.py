"""Bundles over HTTP: who may have one, what it holds, what is written down."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import cv2
from sqlalchemy import select

from api.audit.tables import Access, AccessRow
from api.bundle.keys import PublicKey
from api.bundle.verify import verify_bundle
from api.users.tables import Role
from tests.console_world import hall_picture
from tests.halls import raised
from tests.office import BASE, Office, is_problem

STILL: bytes = cv2.imencode(".jpg", hall_picture(1))[1].tobytes()
PURPOSE = {"purpose": "复议机关调阅"}


def ask(office: Office, role: Role, path: str = "bundles", **more: object) -> Any:
    body = {"alerts": [raised().uid], **PURPOSE, **more} if path == "bundles" else PURPOSE | more
    return office.client(role).post(f"{BASE}/{path}", json=body)


def test_a_bundle_of_alerts(office: Office, tmp_path: Path) -> None:
    office.send(raised())
    office.put_still(raised().uid, STILL)
    answer = ask(office, Role.HEAD)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    file = tmp_path / "got.zip"
    file.write_bytes(answer.content)
    pem = tmp_path / "key.pem"
    told = office.client(Role.CLERK).get(f"{BASE}/signing-key")
    pem.write_bytes(told.content)
    key = PublicKey.of_file(pem)
    assert told.headers["x-key-fingerprint"] == key.fingerprint
    assert verify_bundle(file, key).findings == ()
    with office.database.reading() as session:
        [row] = session.scalars(select(AccessRow))
    assert (row.what, row.purpose, row.hall_id) == (Access.EXPORT, "复议机关调阅", "demo")
    assert row.details == {"alerts": [raised().uid], "originals": False}


def test_a_bundle_of_a_case(office: Office, tmp_path: Path) -> None:
    office.send(raised())
    office.client(Role.SUPERVISOR).post(f"{BASE}/alerts/{raised().uid}/refer", json={})
    [case] = office.client(Role.REVIEWER).get(f"{BASE}/cases").json()
    answer = ask(office, Role.REVIEWER, f"cases/{case['id']}/bundle", originals=True)
    assert answer.status_code == 200, answer.text
    file = tmp_path / "got.zip"
    file.write_bytes(answer.content)
    assert verify_bundle(file).findings == ()
    with zipfile.ZipFile(file) as archive:
        assert case["number"] in archive.read("record.json").decode()
    assert is_problem(ask(office, Role.REVIEWER, "cases/999/bundle"), 404, "not-found")


def test_what_is_refused(office: Office) -> None:
    office.send(raised())
    assert is_problem(ask(office, Role.SUPERVISOR), 403, "not-allowed")
    assert is_problem(ask(office, Role.HEAD, originals=True), 403, "not-allowed")
    reviewer = Role.REVIEWER
    assert is_problem(ask(office, reviewer, alerts=["0" * 32]), 404, "not-found")
    for more in ({"alerts": []}, {"alerts": ["../x"]}, {"purpose": " "}, {"purpose": "x" * 9999},
                 {"alerts": ["0" * 32] * 201}, {"more": 1}):  # fmt: skip
        assert is_problem(ask(office, reviewer, **more), 422, "invalid"), more
    with office.database.reading() as session:
        assert session.scalars(select(AccessRow)).all() == []
