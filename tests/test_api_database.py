"""The schema that the migrations make, and how transactions behave, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from api.database import Database, DatabaseUrlError
from api.halls.tables import HallRow
from api.migrations import alembic_config, upgrade
from api.tables import metadata
from api.users.tables import Role, UserRow

AT = datetime(2026, 11, 23, 4, tzinfo=UTC)


def hall(name: str = "大厅", at: datetime = AT) -> HallRow:
    return HallRow(id="h", name=name, timezone="Asia/Shanghai", sha="", synced_at=at)


def test_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_upgrading_again_keeps_what_is_there(database: Database) -> None:
    with database.session() as session:
        session.add(hall())
    upgrade(database)
    with database.reading() as session:
        assert session.scalars(select(HallRow.name)).all() == ["大厅"]


def test_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    databases = [Database(empty_url) for _ in range(3)]
    threads = [threading.Thread(target=upgrade, args=(d,)) for d in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with databases[0].reading() as session:
        versions = session.scalars(text("SELECT version_num FROM alembic_version")).all()
    assert versions == [newest]
    for database in databases:
        database.close()


def test_an_exception_rolls_back(database: Database) -> None:
    def fail() -> None:
        with database.session() as session:
            session.add(hall())
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.reading() as session:
        assert session.get(HallRow, "h") is None


def test_reading_changes_nothing(database: Database) -> None:
    with database.reading() as session:
        session.add(hall())
        session.flush()
    with database.reading() as session:
        assert session.get(HallRow, "h") is None


def test_references_must_hold(database: Database) -> None:
    def orphan() -> None:
        with database.session() as session:
            session.execute(text("INSERT INTO cameras VALUES ('no', 'c', 'c', 1, 1, NULL)"))

    with pytest.raises(IntegrityError):
        orphan()


def test_times_come_back_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    east = timezone(timedelta(hours=8))
    with database.session() as session:
        session.add(hall(at=datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=east)))
    with database.reading() as session:
        found = session.get_one(HallRow, "h").synced_at
    assert (found.isoformat(), found.tzinfo) == ("2026-11-23T04:00:00.123456+00:00", UTC)
    with database.session() as session:
        session.get_one(HallRow, "h").synced_at = datetime(2026, 1, 1)
        with pytest.raises(StatementError, match="no time zone"):
            session.flush()
        session.rollback()


def test_writers_wait_for_each_other(database: Database) -> None:
    """Read, then write what was read plus one, from several threads: no update is lost."""
    with database.session() as session:
        session.add(
            UserRow(name="w", full_name="w", role=Role.ADMIN, password_hash="", created_at=AT)
        )

    def add_ten() -> None:
        for _ in range(10):
            with database.session() as session:
                user = session.scalars(select(UserRow).with_for_update()).one()
                user.failures += 1

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalars(select(UserRow.failures)).all() == [40]


def test_sqlite_is_in_wal_mode_with_foreign_keys(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new folder' / 'hall.db'}")
    with database.engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    assert pragmas == ["wal", 1, 10_000]
    database.close()


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("hall.db", "write sqlite:///"),
        ("", "write sqlite:///"),
        ("mysql://h/d", "use sqlite or postgresql"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_a_url_that_cannot_be_used_says_what_to_write(url: str, advice: str) -> None:
    with pytest.raises(DatabaseUrlError, match=advice):
        Database(url)


def test_a_plain_postgresql_url_uses_psycopg() -> None:
    database = Database("postgresql://me:secret@host/name")
    assert database.engine.driver == "psycopg"
    assert "secret" not in repr(database.url)
