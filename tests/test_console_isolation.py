"""Several consoles in one process: each keeps to its own hall, and only one runs at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.console.mount import ConsoleRunningError
from tests.console_office import PASSWORD, office

NAMES = ("东区政务大厅", "西区政务大厅")


@pytest.fixture
def offices(migrated_sqlite: Path, tmp_path: Path) -> Iterator[list[TestClient]]:
    clients, worlds = [], []
    for n, name in enumerate(NAMES):
        file = tmp_path / f"{n}.db"
        file.write_bytes(migrated_sqlite.read_bytes())
        client, world = office(file, tmp_path / str(n), name)
        clients.append(client)
        worlds.append(world)
    yield clients
    for world in worlds:
        world.database.close()


def test_two_consoles_one_after_the_other_keep_to_their_own_halls(
    offices: list[TestClient],
) -> None:
    for client, own, other in zip(offices, NAMES, reversed(NAMES), strict=True):
        with client:
            client.post("/sign-in", data={"name": "supervisor", "password": PASSWORD})
            page = client.get("/").text
        assert own in page
        assert other not in page


def test_a_second_one_at_the_same_time_is_refused(offices: list[TestClient]) -> None:
    first, second = offices
    with first, pytest.raises(ConsoleRunningError, match="already running"), second:
        pass
