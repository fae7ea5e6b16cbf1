"""The console of somebody who belongs to one hall, to several, or to none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.alerts.record import record_alert
from api.halls.reach import EVERY_HALL, NO_HALL, Halls
from api.halls.sync import sync_hall
from api.site import SESSION_COOKIE
from api.users.accounts import add_user, user_named
from api.users.tables import Role
from api.users.tokens import open_session
from tests.console_office import office
from tests.console_world import HALL, World
from vision.records import Alert

OTHER = replace(HALL, id="other", name="另一大厅")
REACHES = {"here": Halls.only(["demo"]), "other": Halls.only(["other"]), "both": EVERY_HALL,
           "none": NO_HALL}  # fmt: skip


@pytest.fixture(scope="module")
def place(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[
    tuple[TestClient, World, Alert]
]:  # fmt: skip
    folder = tmp_path_factory.mktemp("halls")
    (folder / "hall.db").write_bytes(migrated_sqlite.read_bytes())
    client, world = office(folder / "hall.db", folder)
    now = datetime.now(UTC)
    alert = world.alert(now - timedelta(minutes=9), now)
    foreign = replace(alert, uid="f" * 32, hall="other", subject="w2")
    with world.database.session() as session:
        sync_hall(session, OTHER, now)
        record_alert(session, foreign, now)
        for name, halls in REACHES.items():
            add_user(session, name, name, Role.SUPERVISOR, "", now, halls=halls)
    with client:
        yield client, world, foreign


@pytest.fixture
def client(place: tuple[TestClient, World, Alert], request: pytest.FixtureRequest) -> TestClient:
    """Signed in as the account that the test is parametrized with."""
    client, world, _ = place
    now = datetime.now(UTC)
    with world.database.session() as session:
        user = user_named(session, request.param)
        assert user is not None
        secret = open_session(session, user, now, 600)
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, secret)
    return client


@pytest.mark.parametrize(
    ("client", "halls", "alert", "picture"),
    [
        ("here", {"示范政务大厅"}, 404, 200),
        ("other", {"另一大厅"}, 200, 404),
        ("both", {"示范政务大厅", "另一大厅"}, 200, 200),
        ("none", set(), 404, 404),
    ],
    indirect=["client"],
)
def test_a_person_sees_their_halls(
    place: tuple[TestClient, World, Alert],
    client: TestClient,
    halls: set[str],
    alert: int,
    picture: int,
) -> None:
    _, _, foreign = place
    page = client.get("/alerts?state=").text
    assert {name for name in ("示范政务大厅", "另一大厅") if name in page} == halls
    assert client.get(f"/alerts/{foreign.uid}").status_code == alert
    assert client.get("/console/pictures/cam1.jpg").status_code == picture


@pytest.mark.parametrize("client", ["both"], indirect=True)
def test_the_choice_of_hall_is_remembered(
    place: tuple[TestClient, World, Alert], client: TestClient
) -> None:
    _, _, foreign = place
    for hall, listed in (("other", True), ("demo", False)):
        client.get(f"/console/preferences?hall={hall}&next=/")
        assert (foreign.uid in client.get("/alerts?state=").text) == listed
        client.get("/console/preferences?hall=../x&next=/")
        assert client.cookies["hallwatch_hall"] == hall


@pytest.mark.parametrize("client", ["here"], indirect=True)
def test_an_address_cannot_lead_into_another_hall(client: TestClient) -> None:
    client.cookies.set("hallwatch_hall", "other")
    assert "另一大厅" not in client.get("/alerts?hall=other&state=").text
