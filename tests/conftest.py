"""Fixtures that several test files share: the databases."""

from __future__ import annotations

import logging
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from api.database import Database
from api.migrations import upgrade
from cli.allocation import settle
from tests.databases import OnePostgres, OneSqlite
from tests.office import Office
from tests.postgres import running_postgres

LONGEST = (
    "test_replay", "test_accessibility", "test_case_story", "test_demo", "test_api_permissions",
    "test_console", "test_station", "test_cases", "test_accounts_page", "test_bad_input",
    "test_complaints", "test_console_languages", "test_roster_entries", "test_alert_page",
    "test_rule_contract", "test_cameras_running", "test_zones", "test_api_hostile",
    "test_cameras_live", "test_stage", "test_console_reach", "test_own_matters",
)  # fmt: skip
"""Files that take half a minute and more, the longest first: none is left for one process to do
while the other has nothing more to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


def pytest_collection_finish() -> None:
    """As the product does before it serves: thousands of tests are not looked through again."""
    settle()


@pytest.fixture(autouse=True)
def same_log() -> Iterator[None]:
    """A command opens the process's log on its own error output, which is closed after it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server's own database. Its folder is short: socket paths must be."""
    with (
        tempfile.TemporaryDirectory(prefix="hw-pg-") as folder,
        running_postgres(Path(folder)) as url,
    ):
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "hall.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.close()
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """The URL of a migrated PostgreSQL database; each test leaves it empty."""
    url = _created(postgres_server, "migrated")
    database = Database(url)
    upgrade(database)
    database.close()
    return url


def _created(server: str, name: str) -> str:
    """Create a database and return its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any tables, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return _created(request.getfixturevalue("postgres_server"), f"t{uuid.uuid4().hex}")


@pytest.fixture(scope="session")
def one_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> OneSqlite:
    return OneSqlite(migrated_sqlite, tmp_path_factory.mktemp("one") / "hall.db")


@pytest.fixture(scope="session")
def one_postgres(migrated_postgres: str) -> OnePostgres:
    return OnePostgres(migrated_postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database, of each kind in turn."""
    one = request.getfixturevalue("one_sqlite" if request.param == "sqlite" else "one_postgres")
    with one.empty() as database:
        yield database


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    """The API with a hall and an account of each role, on each kind of database in turn."""
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    return Office(database, evidence)
