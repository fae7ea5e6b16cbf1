"""A hall in which nothing has happened yet: every list says so, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.console_office import enter, running_office
from tests.console_world import World


@pytest.fixture(scope="module")
def quiet(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, World]]:
    with running_office(migrated_sqlite, tmp_path_factory.mktemp("quiet")) as place:
        yield place


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
