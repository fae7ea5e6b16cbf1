"""How long the inbox's filters take over a million alerts on PostgreSQL.

    python -m benchmarks.alert_filter

Without --url a PostgreSQL of its own is started in a temporary folder (its programs must be
installed). The alerts are made on the server, spread over three years of one hall with 40 windows.
One look is what the inbox asks at once: the newest page, and how many there are of each state.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import text

from api.alerts.listing import AlertFilter, count_by_state, list_alerts
from api.alerts.tables import State
from api.database import Database
from api.halls.sync import CameraRecord, HallRecord, PlaceRecord, sync_hall
from api.migrations import upgrade
from tests.postgres import running_postgres

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DAYS = 3 * 365
WINDOWS = 40
CLERKS = 120
MONTH = NOW - timedelta(days=30)

LOOKS: dict[str, AlertFilter] = {
    "new, any time": AlertFilter(states=(State.NEW,)),
    "all, any time": AlertFilter(),
    "all of a month": AlertFilter(began_from=MONTH),
    "false of a month": AlertFilter(states=(State.FALSE,), began_from=MONTH),
    "one window, a month": AlertFilter(subject="w7", began_from=MONTH),
    "one window, any time": AlertFilter(subject="w7"),
    "eating, serious, any time": AlertFilter(rule="eating", at_least=3),
    "referred phone use, any time": AlertFilter(rule="phone_use", states=(State.REFERRED,)),
    "a name, a month": AlertFilter(text="职员17号", began_from=MONTH),
    "a name, any time": AlertFilter(text="职员17号"),
    "a name that nobody has": AlertFilter(text="没有此人"),
    "name, rule, serious": AlertFilter(text="职员17号", rule="window_unattended", at_least=3),
}

FILL = """
INSERT INTO alert_texts (id, text)
SELECT w * 1000 + r * 200 + c, format('%s w%s %s号窗口 职员%s号 %s', rule, w, w, c, 1000 + c)
FROM generate_series(1, :windows) w, generate_series(1, :clerks) c,
     unnest(ARRAY['window_unattended', 'phone_use', 'eating', 'queue_length'])
       WITH ORDINALITY AS rules(rule, r)
WHERE (w * 3 + c) % :windows < 3;

INSERT INTO alerts (
    uid, hall_id, camera_id, subject, rule, rule_version, step, severity, began_at, began_s, at,
    at_s, ended_at, ended_s, why, policy, model_sha, hall_sha, duty, state, received_at, text_id)
SELECT md5(n::text), 'big', 'cam' || w % 8 + 1, 'w' || w, rules[pick], 1, 'ended',
    CASE WHEN n % 50 = 0 THEN 3 ELSE 2 END, began, n, began, n, began + interval '3 min', n + 180,
    '{"empty_s": 180.0, "citizen_waiting": false}', '{"after_s": 120.0}', repeat('a', 64),
    repeat('b', 64),
    '{"state": "on_duty", "post": "A", "holders": [], "cover": null, "absent": []}',
    (ARRAY['new', 'acknowledged', 'acknowledged', 'acknowledged', 'excused', 'false', 'referred'])
      [CASE WHEN n < :rows * 0.999 THEN 2 + n % 6 ELSE 1 + n % 7 END],
    began, ids[pick]
FROM (SELECT n, w, ids, rules, 1 + n / 40 % cardinality(ids) AS pick,
        :now - (:rows - n) * (interval '1 day' * :days / :rows) AS began
      FROM generate_series(1, :rows) n
      JOIN (SELECT id / 1000 AS w, array_agg(id) AS ids,
              array_agg(split_part(text, ' ', 1)) AS rules
            FROM alert_texts GROUP BY 1) places ON w = 1 + n::bigint * 7919 % :windows) made;
"""


def main(
    rows: Annotated[int, typer.Option(help="So many alerts.")] = 1_000_000,
    looks: Annotated[int, typer.Option(help="How often each filter is asked.")] = 40,
    url: Annotated[str | None, typer.Option(help="An empty PostgreSQL database.")] = None,
    out: Annotated[Path | None, typer.Option(help="Add the results to this file.")] = None,
) -> None:
    """Fill a database with alerts, and ask for them as the inbox does."""
    with _database(url) as database:
        began = time.perf_counter()
        _fill(database, rows)
        print(f"{rows} alerts made in {time.perf_counter() - began:.0f} s")
        lines = [_measured(database, name, wanted, looks) for name, wanted in LOOKS.items()]
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    table = [f"| {datetime.now(UTC):%Y-%m-%d} | {rows} | {line} | {machine} |" for line in lines]
    print("\n".join(table))
    if out is not None:
        known = out.read_text(encoding="utf-8").rstrip("\n")
        out.write_text("\n".join([known, *table]) + "\n", encoding="utf-8")


@contextmanager
def _database(url: str | None) -> Iterator[Database]:
    if url is not None:
        yield Database(url)
        return
    with (
        tempfile.TemporaryDirectory(prefix="hw-pg-") as folder,
        running_postgres(Path(folder)) as own,
    ):
        database = Database(own)
        yield database
        database.close()


def _fill(database: Database, rows: int) -> None:
    upgrade(database)
    windows = [PlaceRecord(f"w{n}", f"{n}号窗口", "cam1", {}) for n in range(1, WINDOWS + 1)]
    cameras = [CameraRecord(f"cam{n}", f"{n}号机", 960, 540) for n in range(1, 9)]
    hall = HallRecord("big", "大厅", "Asia/Shanghai", "a" * 64, tuple(cameras), tuple(windows))
    values = {"rows": rows, "windows": WINDOWS, "clerks": CLERKS, "now": NOW, "days": DAYS}
    with database.session() as session:
        sync_hall(session, hall, NOW)
        for statement in FILL.split(";\n"):
            if statement.strip():
                session.execute(text(statement), values)
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _measured(database: Database, name: str, wanted: AlertFilter, looks: int) -> str:
    wanted = replace(wanted, hall="big")
    spent_ms: list[float] = []
    for _ in range(looks):
        began = time.perf_counter()
        with database.reading() as session:
            page = list_alerts(session, wanted, limit=50)
            count_by_state(session, wanted)
        spent_ms.append(1000 * (time.perf_counter() - began))
    p50 = statistics.median(spent_ms)
    p95 = statistics.quantiles(spent_ms, n=20)[-1]
    return f"{name} | {len(page.items)} | {p50:.0f} | {p95:.0f}"


if __name__ == "__main__":
    typer.run(main)
