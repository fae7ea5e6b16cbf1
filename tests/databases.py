"""One database of each kind for the whole process: every test finds it migrated and empty.

It stays open from test to test, and keeps the statements that it has compiled: to compile them
anew takes longer than most tests do.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event, text

from api.database import Database
from api.events import Bus
from api.tables import metadata

FULL = " UNION ALL ".join(
    f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM {table.name})"
    for table in metadata.sorted_tables
)
"""Which tables have rows: a few of sixty."""
FROM_ONE = """
SELECT setval(sequencename::regclass, start_value, false) FROM pg_sequences
WHERE last_value IS NOT NULL
"""


class OneSqlite:
    """A file that is overwritten with a migrated one before each test."""

    def __init__(self, migrated: Path, file: Path) -> None:
        self._migrated, self._file = migrated, file
        self._database = Database(f"sqlite:///{file}")
        event.listen(self._database.engine, "connect", _without_waiting_for_the_disk)

    @contextmanager
    def empty(self) -> Iterator[Database]:
        for rest in ("-wal", "-shm"):
            Path(f"{self._file}{rest}").unlink(missing_ok=True)
        shutil.copy(self._migrated, self._file)
        self._database.bus = Bus()
        yield self._database
        self._database.close()


class OnePostgres:
    """A migrated database whose rows are taken away after each test."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)

    @contextmanager
    def empty(self) -> Iterator[Database]:
        self._database.bus = Bus()
        yield self._database
        with self._database.session() as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers
            for table in session.scalars(text(FULL)).all():
                session.execute(text(f"DELETE FROM {table}"))
            session.execute(text(FROM_ONE))


def _without_waiting_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    """As PostgreSQL is run here, too: a test does not outlive the machine."""
    connection.execute("PRAGMA synchronous = OFF")
