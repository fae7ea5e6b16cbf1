"""How long the reports of a year take, for a hall with 20 windows and 4 queues.

    python -m benchmarks.reports

A SQLite is filled as its stations would have filled it, day and night (phases that change every few
minutes, people counted each minute, stays at the counters), as far back as that is kept; with a
roster, and with a year of alerts. Then the figures of each day are made, as the nightly sweep does,
those of the older days are copies of them, and everything that a person may ask for is asked for.
Processor time is told beside the clock's: other work may be running.
`--serve 8000` shows the hall in a browser instead (name supervisor, password correct-horse), for
pictures of the pages.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import text

from api.console.strings import Say
from api.database import Database
from api.halls.sync import CameraRecord, HallRecord, PlaceRecord, sync_hall
from api.migrations import upgrade
from api.reports.figures import Period, report_of
from api.reports.groups import group_months, keep_months
from api.reports.keeping import keep_days
from api.reports.sheets import xlsx
from api.reports.tables import (
    CoverDayRow,
    FlowHourRow,
    QueueHourRow,
    ReckonedDayRow,
    WindowDayRow,
)
from api.retention.kinds import DEFAULT_DAYS, Kind
from api.roster.tables import Post, ServiceTimeRow, ShiftPatternRow, StaffRow, TimeKind
from tests.console_office import office

LAST = date(2026, 11, 26)
NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)  # 10:00 in the hall
WINDOWS, QUEUES, DAYS = 20, 4, 365
MEASURED_DAYS = DEFAULT_DAYS[Kind.MEASURED]
ALERTS_A_DAY = 8
"""Of each window."""
MONTH, YEAR = Period(LAST.replace(day=1), LAST), Period(LAST - timedelta(days=364), LAST)

FILL = """
CREATE TEMP TABLE days AS WITH RECURSIVE n(d) AS
  (SELECT 0 UNION ALL SELECT d + 1 FROM n WHERE d < :days - 1) SELECT d FROM n;
CREATE TEMP TABLE steps AS WITH RECURSIVE n(s) AS
  (SELECT 0 UNION ALL SELECT s + 1 FROM n WHERE s < 1439) SELECT s FROM n;
CREATE TEMP TABLE places AS WITH RECURSIVE n(w) AS
  (SELECT 1 UNION ALL SELECT w + 1 FROM n WHERE w < :windows) SELECT w FROM n;

INSERT INTO phase_spans (hall_id, window_id, starts_at, ends_at, phase)
SELECT 'demo', 'w' || w, AT(d, s * 60), AT(d, s * 60 + 240),
  CASE (d * 7 + s * 13 + w * 5) % 20 WHEN 0 THEN 'empty' WHEN 1 THEN 'paused' WHEN 2 THEN 'unknown'
  WHEN 3 THEN 'alerted' ELSE 'attended' END
FROM days, steps, places WHERE s BETWEEN 540 AND 1019 AND s % 4 = 0;
INSERT INTO phase_spans (hall_id, window_id, starts_at, ends_at, phase)
SELECT 'demo', 'w' || w, AT(d, s * 60), AT(d, s * 60 + 600), 'closed'
FROM days, steps, places WHERE (s < 540 OR s >= 1020) AND s % 10 = 0;
INSERT INTO queue_counts (hall_id, queue_id, at, count)
SELECT 'demo', 'q' || w, AT(d, s * 60),
  CASE WHEN s BETWEEN 540 AND 1019 THEN (d * 3 + s / 20 + w) % 9 ELSE 0 END
FROM days, steps, places WHERE w <= :queues;
INSERT INTO counter_stays (hall_id, window_id, starts_at, ends_at)
SELECT 'demo', 'w' || w, AT(d, s * 60 + 5), AT(d, s * 60 + 400)
FROM days, steps, places WHERE s BETWEEN 540 AND 1010 AND s % 8 = w % 8;
INSERT INTO alert_texts (id, text) VALUES (1000001, 'window');
INSERT INTO alerts (uid, hall_id, camera_id, subject, rule, rule_version, step, severity, began_at,
  began_s, at, at_s, ended_at, ended_s, why, policy, model_sha, hall_sha, duty, state, received_at,
  text_id)
SELECT printf('%064d', d * 100000 + s * 100 + w), 'demo', 'cam1', 'w' || w,
  CASE s % 3 WHEN 0 THEN 'window_unattended' WHEN 1 THEN 'phone_use' ELSE 'eating' END, 1, 'ended',
  2, AT(d, s * 60), 0, AT(d, s * 60 + 190), 190, AT(d, s * 60 + 180), 180, '{}', '{}', 'a', 'b',
  NULL, CASE (d + s + w) % 5 WHEN 0 THEN 'false' WHEN 1 THEN 'excused' WHEN 2 THEN 'new'
  ELSE 'acknowledged' END, AT(d, s * 60), 1000001
FROM days, steps, places WHERE s BETWEEN 540 AND 1019 AND s % (480 / :alerts) = w % (480 / :alerts);
"""
"""AT(d, s): the moment s seconds after local midnight of the d-th day, as SQLite keeps it."""
ALL_DAYS = """CREATE TEMP TABLE days AS WITH RECURSIVE n(d) AS
  (SELECT 0 UNION ALL SELECT d + 1 FROM n WHERE d < :days - 1) SELECT d FROM n"""


def main(
    looks: Annotated[int, typer.Option(help="How often each is asked.")] = 10,
    out: Annotated[Path | None, typer.Option(help="Add the results to this file.")] = None,
    days: Annotated[int, typer.Option(help="So many days as measured.")] = MEASURED_DAYS,
    serve: Annotated[int | None, typer.Option(help="Only show the hall, on this port.")] = None,
) -> None:
    """Fill a database with a year, and ask for its reports."""
    with tempfile.TemporaryDirectory(prefix="hw-reports-") as place:
        folder = Path(place)
        database = Database(f"sqlite:///{folder / 'hall.db'}")
        upgrade(database)
        database.close()
        client, world = office(folder / "hall.db", folder / "evidence")
        rows = filled(world.database, days)
        spent = _timed(lambda: keep_days(world.database, "demo", NOW), 1)
        keep_months(world.database, "demo", NOW)
        copy_older(world.database, days, LAST)
        print(f"{rows} rows; each day's figures: {spent[1] / days:.0f} ms processor time")
        if serve is not None:
            uvicorn.run(client.app, port=serve, log_level="warning")
            return
        lines = [
            f"| {datetime.now(UTC):%Y-%m-%d} | {name} | {_line(_timed(ask, looks))} | "
            f"{platform.machine()}, {os.cpu_count()} cores |"
            for name, ask in _asked(world.database).items()
        ]
        world.database.close()
    print("\n".join(lines))
    if out is not None:
        known = out.read_text(encoding="utf-8").rstrip("\n")
        out.write_text("\n".join([known, *lines]) + "\n", encoding="utf-8")


def _asked(database: Database) -> dict[str, Callable[[], object]]:
    def report(period: Period) -> object:
        with database.reading() as session:
            return report_of(session, "demo", period, NOW)

    def sheets() -> bytes:
        with database.reading() as session:
            months = group_months(session, "demo", YEAR.first, YEAR.last)
            return xlsx(report_of(session, "demo", YEAR, NOW), months, Say("zh"))

    return {
        "figures of a month": lambda: report(MONTH),
        "figures of a year": lambda: report(YEAR),
        "XLSX of a year": sheets,
    }


def _timed(ask: Callable[[], object], looks: int) -> tuple[list[float], float]:
    """Milliseconds of each look by the clock, and the median's processor time."""
    walls, works = [], []
    for _ in range(looks):
        wall, work = time.perf_counter(), time.process_time()
        ask()
        walls.append(1000 * (time.perf_counter() - wall))
        works.append(1000 * (time.process_time() - work))
    return walls, statistics.median(works)


def _line(spent: tuple[list[float], float]) -> str:
    walls, work = spent
    return f"{statistics.median(walls):.0f} | {max(walls):.0f} | {work:.0f}"


def filled(
    database: Database, days: int, last: date = LAST, alerts_a_day: int = ALERTS_A_DAY
) -> int:
    """Rows written. days: so many with what was measured, up to and with `last`; alerts_a_day: of
    each window, a year long."""
    first = last - timedelta(days=DAYS - 1)
    windows = [PlaceRecord(f"w{n}", f"{n}号窗口", "cam1", {}) for n in range(1, WINDOWS + 1)]
    queues = [PlaceRecord(f"q{n}", f"{n}号等候区", "cam1", {}) for n in range(1, QUEUES + 1)]
    cameras = (CameraRecord("cam1", "大厅一号机", 960, 540),)
    hall = HallRecord(
        "demo", "大厅", "Asia/Shanghai", "c" * 64, cameras, tuple(windows), tuple(queues)
    )
    values = {"days": days, "windows": WINDOWS, "queues": QUEUES, "alerts": alerts_a_day}
    with database.session() as session:
        sync_hall(session, hall, NOW)
        for kind, start, end in ((TimeKind.OPEN, 540, 1020), (TimeKind.BREAK, 720, 750)):
            session.add(
                ServiceTimeRow(
                    hall_id="demo", kind=kind, weekdays=0b1111111, every=1, start_min=start,
                    end_min=end, first=first, by_calendar=False,
                )
            )  # fmt: skip
        for n in range(1, WINDOWS + 1):
            clerk = StaffRow(hall_id="demo", number=f"8{n:03d}", name=f"职员{n}")
            session.add(clerk)
            session.flush()
            session.add(
                ShiftPatternRow(
                    hall_id="demo", window_id=f"w{n}", post=Post.A, staff_id=clerk.id,
                    weekdays=0b1111111, every=1, start_min=540, end_min=1020 if n % 2 else 960,
                    first=first, by_calendar=False,
                )
            )  # fmt: skip
        base = datetime.combine(last, datetime.min.time()) - timedelta(hours=8)
        for statement in FILL.split(";\n"):
            if statement.strip():
                session.execute(text(_with_moments(statement, base)), values)
            if "INTO counter_stays" in statement:  # alerts stay longer than what was measured
                session.execute(text("DROP TABLE days"))
                session.execute(text(ALL_DAYS), {"days": DAYS})
        return sum(
            session.scalar(text(f"SELECT count(*) FROM {table}")) or 0
            for table in ("phase_spans", "queue_counts", "counter_stays", "alerts")
        )


def copy_older(database: Database, days: int, last: date) -> None:
    """Figures for the rest of the year, as those of `days` days."""
    tables = [WindowDayRow, QueueHourRow, FlowHourRow, CoverDayRow, ReckonedDayRow]
    with database.session() as session:
        for table in tables:
            name = table.__tablename__
            columns = [column.name for column in table.__table__.columns]
            shifted = ", ".join("date(day, :back)" if c == "day" else c for c in columns)
            for block in range(1, DAYS // days + 1):
                back = {"back": f"-{block * days} days", "newest": days, "last": last.isoformat()}
                session.execute(
                    text(
                        f"INSERT INTO {name} ({', '.join(columns)}) SELECT {shifted} FROM {name} "
                        "WHERE day > date(:last, '-' || :newest || ' days') "
                        "AND date(day, :back) >= :first"
                    ),
                    back | {"first": last - timedelta(days=DAYS - 1)},
                )


def _with_moments(statement: str, base: datetime) -> str:
    """AT(d, s) written out in SQLite's words; d days before the last."""
    found = statement
    while "AT(" in found:
        start = found.index("AT(")
        end, depth = start + 3, 1
        while depth:
            depth += {"(": 1, ")": -1}.get(found[end], 0)
            end += 1
        days, seconds = found[start + 3 : end - 1].split(",")
        found = (
            f"{found[:start]}strftime('%Y-%m-%d %H\\:%M\\:%S.000000', "
            f"{int(base.replace(tzinfo=UTC).timestamp())} - ({days}) * 86400 + ({seconds}), "
            f"'unixepoch'){found[end:]}"
        )
    return found


if __name__ == "__main__":
    typer.run(main)
