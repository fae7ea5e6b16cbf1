"""A hall in which nothing has happened yet: every list says so, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.console_office import enter, office
from tests.console_world import World


@pytest.fixture(scope="module")
def quiet(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, World]]:
    folder = tmp_path_factory.mktemp("quiet")
    file = folder / "hall.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    client, world = office(file, folder / "evidence")
    with client:
        yield client, world
    world.database.close()


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("supervisor", "/alerts"),
        ("supervisor", "/complaints"),
        ("supervisor", "/exemptions"),
        ("supervisor", "/roster/notes"),
        ("supervisor", "/roster/changes"),
        ("supervisor", "/recordings"),
        ("supervisor", "/cameras"),
        ("supervisor", "/zones"),
        ("supervisor", "/health"),
        ("reviewer", "/cases"),
        ("reviewer", "/complaints"),
    ],
)
def test_an_empty_page_says_what_to_do(
    quiet: tuple[TestClient, World], who: str, path: str
) -> None:
    client, world = quiet
    enter(client, world, who)
    page = client.get(path)
    assert page.status_code == 200
    assert "hollow-title" in page.text, path
    assert "hollow-do" in page.text, path
