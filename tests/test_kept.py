"""What is kept: no table and no folder is forgotten; rows go in time, and are really gone."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from api.alerts.record import record_alert
from api.audit.record import AccessBy
from api.audit.tables import Access, AccessRow
from api.database import Base, Database
from api.live import WindowPhase
from api.notices.tables import NoticeKind, NoticeRow, NoticeState
from api.reports.tables import (
    CounterStayRow,
    GroupMonthRow,
    PhaseSpanRow,
    QueueCountRow,
    ReckonedDayRow,
    WindowDayRow,
)
from api.retention.inventory import STORES, Stays
from api.retention.kinds import Kind
from api.retention.rows import delete_rows, rows_due
from api.retention.sweep import sweep_all, sweep_hall
from api.retention.terms import lay_hold, set_days
from api.roster.tables import RosterChangeRow, ShiftRow, StaffRow
from api.tables import metadata
from api.tickets.tables import TicketRow, TicketState
from api.users.tables import Role, TokenRow
from tests.halls import NOON, put_hall, put_leave, raised

ROOT = Path(__file__).parents[1]
WANG = AccessBy(None, "王主任")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_no_table_is_forgotten() -> None:
    listed = Counter(table for store in STORES.values() for table in store.tables)
    assert set(listed) == set(metadata.tables)
    assert max(listed.values()) == 1
    assert set(STORES) == {*Kind, *Stays}


def test_no_folder_is_forgotten() -> None:
    """Every name that the code puts below the data folder, or a folder of it, is in the list."""
    named = {folder.split("/")[-1] for store in STORES.values() for folder in store.folders}
    found = set()
    for package in ("cli", "api", "cameras"):
        for file in (ROOT / package).rglob("*.py"):
            source = file.read_text(encoding="utf-8")
            found |= set(re.findall(r'(?:place|self)?\.?folder / "([\w.]+)"', source))
            found |= set(re.findall(r'\b(?:evidence|root) / "([\w.]+)"', source))
    found |= set(re.findall(r'folder: str = Field\("(\w+)"', _source("vision/hallfile/*.py")))
    found -= {"hallwatch.db", "clip.mp4", "hour.mp4", ".written"}  # files in folders of the list
    assert {"evidence", "outbox", "state", "refused", "secrets.key"} <= found
    assert found - named == set()


def _source(pattern: str) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in ROOT.glob(pattern))


def test_the_guides_name_what_is_kept() -> None:
    """The developers' page lists every table and folder by its name."""
    page = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    for store in STORES.values():
        for name in (*store.tables, *store.folders):
            assert f"`{name}`" in page, name


def measure(database: Database, day: int) -> None:
    """An hour of that day: 1号窗口 attended and serving by its tickets, the queue counted, somebody
    at the counter."""
    start = NOON + day * DAY
    with database.session() as session:
        for minute in range(0, 60, 10):
            since = start + minute * MINUTE
            session.add(
                PhaseSpanRow(
                    hall_id="demo", window_id="w1", phase=WindowPhase.ATTENDED,
                    starts_at=since, ends_at=since + 10 * MINUTE,
                )
            )  # fmt: skip
            session.add(QueueCountRow(hall_id="demo", queue_id="q1", at=since, count=3))
            session.add(
                CounterStayRow(
                    hall_id="demo", window_id="w1", starts_at=since, ends_at=since + 5 * MINUTE
                )
            )
            session.add(
                TicketRow(
                    hall_id="demo", window_id="w1", at=since, state=TicketState.SERVING,
                    received_at=since,
                )
            )  # fmt: skip


def counted(database: Database, table: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def hall(database: Database) -> Database:
    with database.session() as session:
        put_hall(session)
    return database


def on(day: float) -> datetime:
    return NOON + day * DAY


def test_what_was_measured_goes_and_its_figures_stay(hall: Database, tmp_path: Path) -> None:
    measure(hall, 0)
    measure(hall, 60)
    assert sweep_hall(hall, tmp_path, "demo", on(90)).measured == 0
    swept = sweep_hall(hall, tmp_path, "demo", on(93))
    assert (swept.measured, swept.figures) == (24, 0)
    assert (counted(hall, PhaseSpanRow), counted(hall, QueueCountRow)) == (6, 6)
    with hall.reading() as session:
        day = session.scalars(select(WindowDayRow).where(WindowDayRow.day == date(2026, 11, 23)))
        assert day.one().attended_s == 3600
        row = session.scalars(
            select(AccessRow).where(AccessRow.what == Access.DELETE, AccessRow.object == "measured")
        ).one()
        assert row.details["rows"] == dict.fromkeys(
            ("phase_spans", "queue_counts", "counter_stays", "tickets_said"), 6
        )
    assert sweep_hall(hall, tmp_path, "demo", on(93)).measured == 0


def test_what_belongs_to_a_held_alert_stays(hall: Database, tmp_path: Path) -> None:
    measure(hall, 0)
    with hall.session() as session:
        record_alert(session, raised(0), NOON)
        lay_hold(session, "demo", f"alert/{raised(0).uid}", "复议", WANG, NOON)
        assert rows_due(session, "demo", Kind.MEASURED, on(93)) == 6
    assert delete_rows(hall, "demo", Kind.MEASURED, on(93)) == 6
    assert {counted(hall, t) for t in (PhaseSpanRow, CounterStayRow, TicketRow)} == {6}
    assert counted(hall, QueueCountRow) == 0  # the queue is another place


def test_figures_go_in_time(hall: Database, tmp_path: Path) -> None:
    measure(hall, 0)
    sweep_hall(hall, tmp_path, "demo", on(40))
    assert (counted(hall, ReckonedDayRow), counted(hall, GroupMonthRow)) == (40, 1)
    with hall.session() as session:
        set_days(session, "demo", Kind.FIGURES, 400, WANG, on(40))
    swept = sweep_hall(hall, tmp_path, "demo", on(403))
    assert swept.figures > 0
    with hall.reading() as session:
        first = session.scalar(select(func.min(ReckonedDayRow.day)))
        assert first is None or first >= on(3).date()
        month = session.scalar(select(func.min(GroupMonthRow.month)))
        assert month == date(2026, 12, 1)


def notice(key: str, alert: str | None, state: NoticeState) -> NoticeRow:
    return NoticeRow(
        hall_id="demo", key=key, kind=NoticeKind.RAISED, alert_uid=alert, level=1, severity=2,
        role=Role.SUPERVISOR, title="1号窗口空岗", body="当班 张三", path="/alerts", state=state,
        open=False, next_at=NOON, created_at=NOON,
    )  # fmt: skip


def test_messages_go_in_time(hall: Database) -> None:
    with hall.session() as session:
        for minute in (0, 30):
            record_alert(session, raised(minute), NOON)
        lay_hold(session, "demo", f"alert/{raised(30).uid}", "复议", WANG, NOON)
        session.add(notice("a", raised(0).uid, NoticeState.SENT))
        session.add(notice("b", raised(30).uid, NoticeState.SENT))
        session.add(notice("c", None, NoticeState.FAILED))
        session.add(notice("d", raised(0).uid, NoticeState.WAITING))
    assert delete_rows(hall, "demo", Kind.NOTICES, on(364)) == 0
    assert delete_rows(hall, "demo", Kind.NOTICES, on(366)) == 2
    with hall.reading() as session:
        assert set(session.scalars(select(NoticeRow.key))) == {"b", "d"}


def test_the_roster_of_long_ago_goes_with_its_history(hall: Database) -> None:
    """张三 has only that one shift and is forgotten; 李四 still stands in at the window."""
    with hall.session() as session:
        put_leave(session, "1002", NOON, NOON + HOUR)
        session.add(
            RosterChangeRow(
                hall_id="demo", at=NOON, who="王主任", what="leave", thing_id=1,
                before=None, after={"note": "病假"},
            )
        )  # fmt: skip
    assert delete_rows(hall, "demo", Kind.ROSTER, on(5 * 365 - 1)) == 0
    assert delete_rows(hall, "demo", Kind.ROSTER, on(5 * 365 + 1)) == 4
    assert (counted(hall, ShiftRow), counted(hall, RosterChangeRow)) == (0, 0)
    with hall.reading() as session:
        assert session.scalars(select(StaffRow.name)).all() == ["李四"]


def test_nobody_deletes_younger_history(hall: Database) -> None:
    with hall.session() as session:
        session.add(
            RosterChangeRow(hall_id="demo", at=NOON, who="王", what="leave", thing_id=1, after={})
        )
    with pytest.raises(Exception, match="only grows"), hall.session() as session:
        session.execute(text("DELETE FROM roster_changes"))


def test_sessions_go_a_month_after_their_end(hall: Database, tmp_path: Path) -> None:
    with hall.session() as session:
        for n, expires in enumerate((NOON, on(20), None)):
            session.add(
                TokenRow(
                    secret_sha=f"{n}" * 64, label="", role=Role.SUPERVISOR, created_at=NOON,
                    expires_at=expires,
                )
            )  # fmt: skip
    assert sweep_all(hall, tmp_path, on(31))[-1].sessions == 1
    assert counted(hall, TokenRow) == 2


def test_what_the_outbox_set_aside_goes(hall: Database, tmp_path: Path) -> None:
    refused = tmp_path / "outbox" / "refused"
    refused.mkdir(parents=True)
    (refused / "000000000001.json").write_text("{}")
    later = datetime.now(NOON.tzinfo)
    assert sweep_all(hall, tmp_path, later + 89 * DAY, tmp_path / "outbox")[-1].refused == 0
    assert sweep_all(hall, tmp_path, later + 91 * DAY, tmp_path / "outbox")[-1].refused == 1
    assert list(refused.iterdir()) == []


def test_what_is_deleted_is_not_on_the_disk_any_more(migrated_sqlite: Path, tmp_path: Path) -> None:
    """Not in the file's free pages, nor in the log of changes beside it."""
    file = tmp_path / "hall.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{file}")
    secret = "去医院检查身体"
    with database.session() as session:
        put_hall(session)
        session.add(notice("a", None, NoticeState.SENT))
        session.flush()
        session.execute(text("UPDATE notices SET body = :body"), {"body": secret})
    written = secret.encode()
    assert any(written in each.read_bytes() for each in tmp_path.glob("hall.db*"))
    sweep_all(database, tmp_path, on(366))
    assert not any(written in each.read_bytes() for each in tmp_path.glob("hall.db*"))
    database.close()
