"""Many who write at once: each has its turn, and nobody is told that the database is locked."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import select, text

from api.alerts.record import record_alert
from api.app import API
from api.audit.record import AccessBy, record_view
from api.audit.tables import Access
from api.database import Database
from api.events import AlertNews, What
from api.halls.tables import HallRow
from api.notices.dispatcher import Dispatcher
from api.notices.senders import Channel, Outgoing
from api.notices.tables import NoticeRow
from api.site import WritingRoute, _writing
from api.turns import Turns
from api.users.tables import Role
from api.vault import Vault
from tests.halls import NOON, put_hall, raised
from tests.live_hall import until
from tests.office import BASE, Office

LONG_S = 20.0
WANG = AccessBy(None, "王主任")


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(migrated_sqlite, tmp_path / "hall.db")
    database = Database(f"sqlite:///{tmp_path / 'hall.db'}")
    with database.session() as session:
        put_hall(session)
    yield database
    database.close()


def started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_a_page_that_writes_and_requests_that_write_do_not_wait_for_each_other(
    office: Office,
) -> None:
    """A page acts on the event loop, and requests need the loop to go on."""

    async def both() -> None:
        keeper, planner = (
            {"Authorization": f"Bearer {office.session_secret(role)}"}
            for role in (Role.ADMIN, Role.SUPERVISOR)
        )
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(office.app),
            base_url=f"http://hall.test{BASE}/halls/demo/",
        ) as client:
            for turn in range(15):
                days, day = {"kind": "evidence", "days": 60 + turn}, f"2026-12-{10 + turn}"
                asked = asyncio.gather(
                    client.put("retention", json=days, headers=keeper),
                    client.put(f"workdays/{day}", json={"works": True}, headers=planner),
                )
                while not asked.done():
                    with office.database.session() as session:
                        session.get_one(HallRow, "demo").name = f"{turn}"
                        record_view(session, WANG, Access.VIEW_LIVE, "hall/demo", NOON)
                    await asyncio.sleep(0)
                assert [answer.status_code for answer in await asked] == [200, 204]

    asyncio.run(asyncio.wait_for(both(), 60))


def _writes(dependant: Dependant) -> bool:
    return dependant.call is _writing or any(map(_writes, dependant.dependencies))


def test_every_route_that_writes_ends_its_transaction_itself() -> None:
    found = [r for routes in API for r in routes.routes if isinstance(r, APIRoute)]
    writing = [route for route in found if _writes(route.dependant)]
    assert len(writing) > 40
    assert [r.path for r in writing if not isinstance(r, WritingRoute)] == []


def test_turns_come_in_the_order_of_asking() -> None:
    turns, order = Turns(), []
    assert turns.take(0)

    def wait(n: int) -> None:
        assert turns.take(LONG_S)
        order.append(n)
        turns.give_back()

    threads = []
    for n in range(5):
        threads.append(started(partial(wait, n)))
        until(partial(lambda n: turns.waiting() == n + 1, n))
    turns.give_back()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_who_waited_too_long_is_not_given_the_turn_afterwards() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.give_back()
    assert turns.take(0)


def test_reading_and_then_writing_from_many_threads_loses_nothing(sqlite: Database) -> None:
    """Each reads the name before it writes a longer one: a transaction that began as a reader's
    would be refused at once where another wrote in between."""
    with sqlite.session() as session:
        session.get_one(HallRow, "demo").name = ""

    def write() -> None:
        for _ in range(25):
            with sqlite.session() as session:
                hall = session.get_one(HallRow, "demo")
                hall.name = f"{hall.name}x"

    threads = [started(write) for _ in range(8)]
    for thread in threads:
        thread.join()
    with sqlite.reading() as session:
        assert len(session.get_one(HallRow, "demo").name) == 8 * 25


def test_who_writes_now_and_then_is_not_starved_by_who_writes_without_a_pause(
    sqlite: Database,
) -> None:
    written, over = [0], threading.Event()

    def without_a_pause() -> None:
        while not over.is_set():
            with sqlite.session() as session:
                for _ in range(20):
                    session.execute(text("UPDATE halls SET name = name || 'x'"))
                written[0] += 1  # nobody else writes

    busy = [started(without_a_pause) for _ in range(3)]
    until(lambda: written[0] > 3)
    waited = []
    for _ in range(20):
        before = written[0]
        with sqlite.session() as session:
            session.get_one(HallRow, "demo").timezone = "UTC"
            waited.append(written[0] - before)
    over.set()
    for thread in busy:
        thread.join()
    assert sorted(waited)[10] <= 3  # each of the three once; more where this thread was not run


def test_settling_waits_for_a_reader_and_keeps_no_writer_out(sqlite: Database) -> None:
    settled: list[bool] = []
    with sqlite.reading() as session:
        session.get_one(HallRow, "demo")
        with sqlite.session() as writing:
            writing.get_one(HallRow, "demo").name = "geheim"
        settling = started(lambda: settled.append(sqlite.settle()))
        for turn in range(20):
            with sqlite.session() as writing:
                writing.get_one(HallRow, "demo").name = f"{turn}"
        assert settled == []
    settling.join()
    assert settled == [True]
    log = Path(f"{sqlite.url.database}-wal")
    assert b"geheim" not in log.read_bytes()


def post(channel: Channel, message: Outgoing) -> None:
    """Takes it."""


def test_messages_go_on_after_a_database_that_was_away(
    sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, and once that it is over; what became due meanwhile is written down."""
    caplog.set_level(logging.INFO, "api.notices.dispatcher")
    with sqlite.session() as session:
        record_alert(session, raised(), NOON)
        session.execute(text("ALTER TABLE notices RENAME TO notices_away"))
    tried: list[datetime] = []

    def now() -> datetime:
        tried.append(NOON + timedelta(minutes=3))
        return tried[-1]

    dispatcher = Dispatcher(sqlite, Vault(), post, now).start()
    try:
        for times in range(4):
            sqlite.bus.publish(AlertNews(raised().uid, "demo", What.CHANGED))
            until(partial(lambda times: len(tried) > times, times))
        with sqlite.session() as session:
            session.execute(text("ALTER TABLE notices_away RENAME TO notices"))
        until(lambda: "messages are sent again" in caplog.text)
    finally:
        dispatcher.close()
    assert caplog.text.count("messages wait") == 1
    with sqlite.reading() as session:
        assert session.scalars(select(NoticeRow)).all()
