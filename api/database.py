"""The database as one object that is handed in: SQLite in WAL mode, or PostgreSQL by URL.

Transactions are opened at the edge (a route, a page, the pipeline's sink) with `session` or
`reading`; services get a session and never commit.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import URL, DateTime, Enum, MetaData, create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from api.events import Bus, take_news
from api.turns import Turns

BUSY_TIMEOUT_MS = 10_000
"""How long a SQLite writer waits for one of another process before it gives up."""
TURN_S = 30.0
"""How long for those of its own process, who write one after the other."""
SETTLE_TRIES, SETTLE_MS, SETTLE_PAUSE_S = 20, 50, 0.5
"""A checkpoint keeps writers out while it waits for readers: it waits briefly, and often."""


class DatabaseUrlError(ValueError):
    """The database URL cannot be used; the message says what to write instead."""


class Base(DeclarativeBase):
    """All tables. Constraint names are spelt out so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Utc(TypeDecorator[datetime]):
    """An aware datetime, kept and given back in UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; give an aware datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[StrEnum], length: int = 16) -> Enum:
    """A column that holds the values of `kind` as text."""
    return Enum(
        kind,
        native_enum=False,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


def _checked(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlError(
            "this is no database URL; write sqlite:///folder/file.db "
            "or postgresql://user:password@host/name"
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseUrlError(f"{backend!r} is not supported; use sqlite or postgresql")
    if not parsed.database or parsed.database == ":memory:":
        raise DatabaseUrlError("SQLite needs a file that all threads share: sqlite:///hallwatch.db")
    return parsed


class WritingSession(Session):
    """The session of a transaction that changes something."""


class Database:
    """An engine and the two ways to use it. Opening one connects to nothing
    yet; only the folder of a SQLite file is made."""

    def __init__(self, url: str | URL, bus: Bus | None = None) -> None:
        self.url = _checked(url)
        self.bus = bus or Bus()
        self.turns = Turns()
        if self.url.get_backend_name() != "sqlite":
            self.engine = self.write_engine = create_engine(self.url, pool_pre_ping=True)
            return
        Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        # a writer waits with a connection in hand: readers must find more of them
        self.engine = create_engine(self.url, max_overflow=-1)
        event.listen(self.engine, "connect", _prepare_sqlite)
        event.listen(self.engine, "begin", self._begin_sqlite)
        event.listen(self.engine, "checkin", self._end_turn)
        self.write_engine = self.engine.execution_options(writes=True)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One writing transaction: committed at the end, rolled back by an exception. On SQLite
        it takes the write lock at once, so writers queue up instead of failing half-way.
        Announced news is published after the commit."""
        with WritingSession(self.write_engine, expire_on_commit=False) as session:
            with session.begin():
                yield session
            news = take_news(session)
        for item in news:
            self.bus.publish(item)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent look; whatever is changed in it is rolled back."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def settle(self) -> bool:
        """Overwrite what was deleted where it still lies in SQLite's log of changes; False: others
        read it all the while, and it still lies there. PostgreSQL does so by itself, when it
        vacuums."""
        if self.engine.dialect.name != "sqlite":
            return True
        for attempt in range(SETTLE_TRIES):
            if attempt:
                time.sleep(SETTLE_PAUSE_S)
            if self._checkpoint():
                return True
        return False

    def _checkpoint(self) -> bool:
        if not self.turns.take(TURN_S):
            return False
        connection = self.engine.raw_connection()
        cursor = connection.cursor()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {SETTLE_MS}")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            connection.close()
            self.turns.give_back()

    def ping(self) -> None:
        """Raises sqlalchemy.exc.OperationalError where the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()

    def _begin_sqlite(self, connection: Connection) -> None:
        if not connection.get_execution_options().get("writes"):
            connection.exec_driver_sql("BEGIN")
            return
        # where the turn does not come, SQLite says whether the file is free
        connection.info["turn"] = self.turns.take(TURN_S)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _end_turn(self, _connection: Any, record: ConnectionPoolEntry) -> None:
        if record.info.pop("turn", False):
            self.turns.give_back()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # sqlite3 opens no transactions of its own: we do, below
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
