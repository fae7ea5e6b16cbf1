"""The access log: it only grows, its chain never forks, and whoever alters it is found out."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from api.audit.chain import Anchor, Fault, Finding, last_anchor, seal, verify_chain
from api.audit.record import THE_PRODUCT, AccessBy, cut_log, record_access
from api.audit.tables import Access, AccessRow
from api.database import Database
from tests.halls import NOON

WANG = AccessBy(None, "王主任", "127.0.0.1")


def write(database: Database, count: int = 5, first: int = 1) -> None:
    """Rows one minute apart."""
    for k in range(first, first + count):
        with database.session() as session:
            at = NOON + timedelta(minutes=k)
            record_access(
                session, WANG, Access.VIEW_ALERT, f"alert/{k}", at,
                hall="demo", purpose="群众投诉 <b>'\"\n", details={"k": k},
            )  # fmt: skip


def tamper(database: Database, *statements: str) -> None:
    """Change the table as somebody would who owns the database: without its triggers."""
    with database.session() as session:
        if database.engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for deed in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS access_log_refuses_{deed}"))
        for statement in statements:
            session.execute(text(statement))


def findings(database: Database, *anchors: Anchor) -> list[Finding]:
    with database.reading() as session:
        return list(verify_chain(session, anchors).findings)


def test_a_whole_chain_is_found_whole(database: Database) -> None:
    with database.reading() as session:
        assert verify_chain(session).rows == 0
        assert last_anchor(session) is None
    write(database)
    with database.reading() as session:
        verdict = verify_chain(session)
        assert (verdict.rows, verdict.findings) == (5, ())
        assert verdict.last == last_anchor(session)
        row = session.get_one(AccessRow, 3)
    assert (row.who, row.object, row.address) == ("王主任", "alert/3", "127.0.0.1")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_log SET who = 'x' WHERE seq = 2",
        "UPDATE access_log SET sha = previous_sha",
        "DELETE FROM access_log WHERE seq = 2",
        "DELETE FROM access_log",
        "UPDATE access_log_cuts SET upto = 3",
    ],
)
def test_the_database_refuses_changes(database: Database, statement: str) -> None:
    write(database)
    with database.session() as session:
        session.execute(
            text("INSERT INTO access_log_cuts (upto, sha, at) VALUES (1, 'x', '2026-11-23')")
        )
    with pytest.raises(DBAPIError, match="only grows"), database.session() as session:
        session.execute(text(statement))
    with database.reading() as session:
        assert session.scalar(select(func.count(AccessRow.seq))) == 5


def test_postgresql_refuses_to_empty_it(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        return  # has no TRUNCATE
    write(database, 1)
    with pytest.raises(DBAPIError, match="only grows"), database.session() as session:
        session.execute(text("TRUNCATE access_log"))


@pytest.mark.parametrize("column", ["who", "object", "purpose", "address", "hall_id", "sha"])
def test_an_altered_row_is_named(database: Database, column: str) -> None:
    write(database)
    tamper(database, f"UPDATE access_log SET {column} = 'x' WHERE seq = 3")
    assert Finding(3, Fault.ALTERED) in findings(database)
    assert {f.seq for f in findings(database)} <= {3, 4}  # a forged seal breaks the next link too


def test_an_altered_time_or_detail_is_named(database: Database) -> None:
    write(database)
    tamper(
        database,
        "UPDATE access_log SET at = '2026-11-23 04:00:00.000001' WHERE seq = 2",
        "UPDATE access_log SET details = '{\"k\": 99}' WHERE seq = 4",
    )
    assert findings(database) == [Finding(2, Fault.ALTERED), Finding(4, Fault.ALTERED)]


def test_missing_rows_are_named(database: Database) -> None:
    write(database)
    tamper(database, "DELETE FROM access_log WHERE seq IN (1, 3)")
    assert findings(database) == [Finding(1, Fault.MISSING), Finding(3, Fault.MISSING)]


def test_a_row_sealed_anew_breaks_the_next_link(database: Database) -> None:
    write(database)
    with database.reading() as session:
        row = session.get_one(AccessRow, 3)
        row.who = "x"
        forged = seal(row)
    tamper(database, f"UPDATE access_log SET who = 'x', sha = '{forged}' WHERE seq = 3")
    assert findings(database) == [Finding(4, Fault.UNCHAINED)]


def test_a_log_cut_at_its_end_or_rewritten_shows_against_an_anchor(database: Database) -> None:
    write(database)
    with database.reading() as session:
        anchor = last_anchor(session)
    assert anchor is not None
    assert findings(database, anchor) == []
    tamper(database, "DELETE FROM access_log WHERE seq > 3")
    assert findings(database) == []
    assert findings(database, anchor) == [Finding(5, Fault.MISSING)]
    write(database, 2, first=8)
    assert findings(database) == []
    assert findings(database, anchor) == [Finding(5, Fault.ANCHOR_DIFFERS)]


def test_the_chain_cannot_fork(database: Database) -> None:
    """Many writers at once, some of which give up half-way."""

    def write_some(name: str) -> None:
        for k in range(8):
            try:
                with database.session() as session:
                    by = AccessBy(None, name)
                    record_access(session, by, Access.VIEW_CLIP, f"clip/{k}", NOON)
                    if k % 4 == 3:
                        raise KeyError
            except KeyError:
                pass

    threads = [threading.Thread(target=write_some, args=(f"t{n}",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        verdict = verify_chain(session)
        assert (verdict.rows, verdict.findings) == (30, ())
        assert session.scalars(select(AccessRow.seq).order_by(AccessRow.seq)).all() == list(
            range(1, 31)
        )


def test_old_rows_are_cut_and_the_log_says_so(database: Database) -> None:
    write(database)
    with database.reading() as session:
        anchor = last_anchor(session)
    assert anchor is not None
    later = NOON + timedelta(days=1)
    with database.session() as session:
        assert cut_log(session, NOON + timedelta(minutes=3), later) == 2
    with database.reading() as session:
        verdict = verify_chain(session, (Anchor(1, "f" * 64), anchor))
        assert (verdict.rows, verdict.findings) == (4, ())
        row = session.get_one(AccessRow, 6)
        assert (row.what, row.who, row.details["rows"]) == (Access.CUT_LOG, THE_PRODUCT.name, 2)
    with database.session() as session:
        assert cut_log(session, NOON, later) == 0
        assert cut_log(session, later + timedelta(days=9), later) == 3
    write(database, 1, first=9)
    assert findings(database) == []


def test_a_cut_that_the_log_does_not_record_is_found(database: Database) -> None:
    write(database)
    with database.reading() as session:
        sha = session.get_one(AccessRow, 2).sha
    with database.session() as session:  # the triggers let this through: it looks like retention
        session.execute(
            text("INSERT INTO access_log_cuts (upto, sha, at) VALUES (2, :sha, '2026-11-23')"),
            {"sha": sha},
        )
        session.execute(text("DELETE FROM access_log WHERE seq <= 2"))
    assert findings(database) == [Finding(2, Fault.CUT_UNRECORDED)]
