"""What is counted of cameras: over a day, for Prometheus, and who may read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.console.strings import Say
from api.health.board import KEPT, HealthBoard, Sample, between
from api.health.metrics import metrics_text
from api.tickets.tables import TicketRow
from api.users.tables import Role
from tests.console_office import PASSWORD
from tests.console_office import office as console_office
from tests.halls import NOON
from tests.office import Office, is_problem
from vision.health import CameraHealth, RecordingHealth

EARLY = CameraHealth("cam1", packets=100, analysed=10, gaps=1, decode_s=1.0, inference_s=2.0)
LATER = CameraHealth(
    "cam1", packets=400, analysed=40, gaps=4, decode_s=1.3, inference_s=3.5, lag_s=0.25,
    pace_hz=2.0, last_picture=NOON, recording=RecordingHealth(5000, 2, None, NOON),
)  # fmt: skip
DOWN = CameraHealth("cam2", trouble="no route to host")


class Told:
    """What the cameras say now, and what time it is."""

    def __init__(self) -> None:
        self.cameras: list[CameraHealth] = []
        self.now: datetime = NOON

    def board(self) -> HealthBoard:
        return HealthBoard(lambda: self.cameras, lambda: self.now)


def test_rates_are_what_happened_between_two_looks() -> None:
    sample = between(NOON, EARLY, NOON + timedelta(seconds=15), LATER)
    assert sample == Sample(
        at=NOON + timedelta(seconds=15), packets_hz=20.0, analysed_hz=2.0, gaps_hz=0.2, lag_s=0.25,
        decode_ms=pytest.approx(10.0), inference_ms=pytest.approx(50.0),
    )  # fmt: skip
    idle = between(NOON, EARLY, NOON + timedelta(seconds=15), EARLY)
    assert (idle.analysed_hz, idle.decode_ms, idle.inference_ms) == (0.0, None, None)


def test_a_day_is_kept_and_a_counter_that_began_anew_is_no_rate() -> None:
    told = Told()
    board = told.board()
    for n in range(KEPT + 10):
        told.cameras = [CameraHealth("cam1", packets=n), DOWN]
        told.now = NOON + timedelta(seconds=15 * n)
        board.sample()
    assert len(board.history("cam1")) == KEPT
    newest = board.history("cam1")[-1]
    told.cameras = [CameraHealth("cam1", packets=0)]
    told.now += timedelta(seconds=15)
    board.sample()
    assert board.history("cam1")[-1] == newest
    assert board.history("nobody") == []


def test_prometheus_reads_it() -> None:
    text = metrics_text(lambda: [LATER, DOWN]).decode()
    found = {
        (sample.name, sample.labels.get("camera")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["hallwatch_packets_total", "cam1"] == 400
    assert found["hallwatch_inference_seconds_total", "cam1"] == 3.5
    assert found["hallwatch_last_picture_timestamp_seconds", "cam1"] == NOON.timestamp()
    assert found["hallwatch_camera_up", "cam1"] == 1
    assert found["hallwatch_camera_up", "cam2"] == 0
    assert found["hallwatch_recorded_bytes_total", "cam1"] == 5000
    assert found["hallwatch_last_recorded_timestamp_seconds", "cam1"] == NOON.timestamp()
    assert ("hallwatch_last_recorded_timestamp_seconds", "cam2") not in found
    assert ("hallwatch_lag_seconds", "cam2") not in found
    assert found["process_resident_memory_bytes", None] > 10e6


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERVISOR, Role.MACHINE])
def test_those_who_keep_it_running_may_scrape(office: Office, role: Role) -> None:
    answer = office.client(role).get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "hallwatch_packets_total" in answer.text


def test_others_may_not(office: Office) -> None:
    assert is_problem(office.client(None).get("/metrics"), 401, "not-signed-in")
    assert is_problem(office.client(Role.CLERK).get("/metrics"), 403, "not-allowed")


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (None, "health_no_tickets"),
        (timedelta(seconds=30), None),
        (timedelta(minutes=12), "health_tickets_silent"),
    ],
)
def test_the_page_says_whether_the_ticket_system_is_heard(
    migrated_sqlite: Path, tmp_path: Path, ago: timedelta | None, told: str | None
) -> None:
    file, now = tmp_path / "hall.db", datetime.now(UTC)
    file.write_bytes(migrated_sqlite.read_bytes())
    board = HealthBoard(lambda: [LATER], lambda: now)
    client, world = console_office(file, tmp_path, health=board)
    if ago is not None:
        with world.database.session() as session:
            session.add(
                TicketRow(
                    hall_id="demo", window_id="w1", at=now - ago, state="serving", received_at=now
                )
            )
    with client:
        client.post("/sign-in", data={"name": "supervisor", "password": PASSWORD})
        page = client.get("/health").text
    world.database.close()
    words = Say("zh")
    assert words("health_tickets") in page
    for name in ("health_no_tickets", "health_tickets_silent"):
        assert (words(name) in page) == (name == told), name


@pytest.mark.parametrize(
    ("newest", "trouble", "old"),
    [
        (timedelta(seconds=90), None, False),
        (timedelta(minutes=3), None, True),
        (timedelta(minutes=3), "the disk is full", False),  # which is said instead
    ],
)
def test_the_page_says_when_a_recording_does_not_grow(
    migrated_sqlite: Path, tmp_path: Path, newest: timedelta, trouble: str | None, old: bool
) -> None:
    file, now = tmp_path / "hall.db", datetime.now(UTC)
    file.write_bytes(migrated_sqlite.read_bytes())
    recording = RecordingHealth(5000, 0, trouble, now - newest)
    camera = CameraHealth("cam1", packets=9, last_picture=now, recording=recording)
    board = HealthBoard(lambda: [camera], lambda: now)
    client, world = console_office(file, tmp_path, health=board)
    with client:
        client.post("/sign-in", data={"name": "supervisor", "password": PASSWORD})
        page = client.get("/health").text
    world.database.close()
    words = Say("zh")
    assert ("连续录像停在" in page) == old
    assert (words("health_not_recorded") in page) == (old or trouble is not None)
    assert trouble is None or trouble in page
