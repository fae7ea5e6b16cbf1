"""A hall file becomes the database's hall, and what leaves the file is retired."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from api.database import Database
from api.halls.reading import camera_rows, hall_row, queue_rows, window_rows, zone_rows
from api.halls.sync import hall_record, sync_hall
from api.halls.tables import WindowRow, ZoneKind
from tests.halls import HALL, NOON
from vision.hallfile import parse_hall

HALL_FILE = """
[hall]
id = "h"
name = "大厅"

[[camera]]
id = "c"
url = "rtsp://user:secret@camera/1"
width = 960
height = 540

[[window]]
id = "w"
name = "1号窗口"
camera = "c"
staff = [[0, 0], [100, 0], [100, 100], [0, 100]]
counter = [[0, 100], [100, 100], [100, 200], [0, 200]]
sign = [[0, 100], [50, 100], [50, 150], [0, 150]]

[[queue]]
id = "q"
camera = "c"
zone = [[200, 200], [300, 200], [300, 300], [200, 300]]
"""


def zone_kinds(session: Session, hall: str) -> list[tuple[str, str]]:
    return [(zone.owner, zone.kind.value) for zone in zone_rows(session, hall)]


def test_a_hall_file_is_synced_whole_and_without_its_passwords(database: Database) -> None:
    hall = parse_hall(HALL_FILE.encode())
    for _ in range(2):
        with database.session() as session:
            sync_hall(session, hall_record(hall), NOON)
    with database.reading() as session:
        row = hall_row(session, "h")
        assert (row.name, row.timezone, row.sha) == ("大厅", "Asia/Shanghai", hall.sha)
        assert [(c.id, c.name, c.width) for c in camera_rows(session, "h")] == [("c", "c", 960)]
        assert [w.name for w in window_rows(session, "h")] == ["1号窗口"]
        assert [q.id for q in queue_rows(session, "h")] == ["q"]
        assert zone_kinds(session, "h") == [
            ("q", "queue"), ("w", "counter"), ("w", "sign"), ("w", "staff")
        ]  # fmt: skip
        [queue] = [z for z in zone_rows(session, "h") if z.kind is ZoneKind.QUEUE]
        assert queue.corners == [[200, 200], [300, 200], [300, 300], [200, 300]]


def test_what_leaves_the_file_is_retired_and_comes_back(database: Database) -> None:
    later = NOON + timedelta(days=1)
    with database.session() as session:
        sync_hall(session, HALL, NOON)
    with database.session() as session:
        sync_hall(session, replace(HALL, windows=HALL.windows[:1], queues=()), later)
    with database.reading() as session:
        assert [w.id for w in window_rows(session, "demo")] == ["w1"]
        assert session.get_one(WindowRow, ("demo", "w2")).retired_at == later
        assert zone_kinds(session, "demo") == [("w1", "counter"), ("w1", "staff")]
    with database.session() as session:
        sync_hall(session, HALL, later)
    with database.reading() as session:
        assert [w.id for w in window_rows(session, "demo")] == ["w1", "w2"]


def test_halls_do_not_touch_each_other(database: Database) -> None:
    with database.session() as session:
        sync_hall(session, HALL, NOON)
        sync_hall(session, replace(HALL, id="other", windows=()), NOON)
    with database.reading() as session:
        assert [w.id for w in window_rows(session, "demo")] == ["w1", "w2"]
        assert list(window_rows(session, "other")) == []
