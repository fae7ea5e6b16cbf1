"""A roster that is exported and imported again is the same roster."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.users.tables import Role
from tests.halls import NOON
from tests.office import BASE, Office

HALL = f"{BASE}/halls/demo"
SPAN = {
    "from": (NOON - timedelta(days=1)).isoformat(),
    "to": (NOON + timedelta(days=7)).isoformat(),
}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_comes_back_unchanged(office: Office, form: str) -> None:
    client = office.client(Role.SUPERVISOR)
    hour = timedelta(hours=1)
    night = {
        "window": "w2", "post": "A", "number": "1002",
        "starts_at": (NOON + 34 * hour).isoformat(), "ends_at": (NOON + 42 * hour).isoformat(),
    }  # fmt: skip
    assert client.post(f"{HALL}/shifts", json=night).status_code == 201
    for number, length, note in (("1001", 12, "年假"), ("1002", 2, "=cmd|'/c calc'!A1")):
        away = {
            "number": number, "note": note, "starts_at": (NOON + 36 * hour).isoformat(),
            "ends_at": (NOON + (36 + length) * hour).isoformat(),
        }  # fmt: skip
        assert client.post(f"{HALL}/leaves", json=away).status_code == 201
    for kind, lines in (("staff", 2), ("shifts", 2), ("leaves", 2)):
        file = client.get(f"{HALL}/schedule/{kind}", params=SPAN | {"form": form})
        assert file.status_code == 200, file.text
        again = client.post(f"{HALL}/schedule/{kind}", files={"file": (f"x.{form}", file.content)})
        assert again.status_code == 201, again.text
        assert (again.json()["added"], again.json()["unchanged"]) == (0, lines), kind


def test_no_formula_leaves_as_one(office: Office) -> None:
    client = office.client(Role.SUPERVISOR)
    away = {
        "number": "1001", "note": "=1+1", "starts_at": NOON.isoformat(),
        "ends_at": (NOON + timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    client.post(f"{HALL}/leaves", json=away)
    file = client.get(f"{HALL}/schedule/leaves", params=SPAN | {"form": "csv"}).text
    assert ",'=1+1" in file
