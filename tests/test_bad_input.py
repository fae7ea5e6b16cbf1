"""What a hall should not be given, through all that `hallwatch serve` runs: each is said in words
that tell what to do, and whatever else there is goes on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.live import LiveBoard
from api.outbox import Outbox
from cameras.clocks import ReplayClock, SystemClock
from cameras.recordings.shelf import Shelf
from cli.eyes import Eyes
from cli.main import app
from cli.station import Desk, Station
from models.sign import SignReader
from tests.live_hall import LiveHall, live_hall, until
from tests.rtsp_server import RtspServer
from tests.test_doctor import Nobody
from tests.videos import make_video
from vision.hallfile import load_hall
from vision.probe import Refusal

CAMERA = """
[[camera]]
id = "{name}"
url = "{url}"
width = 640
height = 360
pace_hz = 5
"""


STARTED_S = 6.0
"""Processor seconds from the start to the first window that is judged; 1.4 on the machine on which
this was written, of which the 10,000 names take 0.4."""


class _Web(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def web() -> Iterator[int]:
    """A web server: it answers, and is no camera."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def add(hall: LiveHall, text: str) -> None:
    hall.path.write_text(hall.path.read_text("utf-8") + text, encoding="utf-8")


def test_addresses_that_are_no_cameras_are_told_apart_and_the_others_go_on(
    tmp_path: Path, web: int, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "notes.txt").write_text("no video")
    login = {"user": "u", "password": "x", "method": "digest"}
    with RtspServer(login=login) as locked, live_hall(tmp_path) as hall:
        wrong = {
            "nobody": ("rtsp://no-such-camera.invalid/main", Refusal.HOST_UNKNOWN),
            "closed": (f"rtsp://127.0.0.1:{closed_port()}/main", Refusal.PORT_CLOSED),
            "locked": (locked.url.replace("//", "//u:falsch@"), Refusal.PASSWORD),
            "web": (f"rtsp://127.0.0.1:{web}/main", Refusal.NOT_A_CAMERA),
            "page": (f"http://127.0.0.1:{web}/", Refusal.SILENT),
            "text": ("notes.txt", Refusal.FILE),
            "missing": ("missing.mp4", Refusal.FILE),
        }
        add(hall, "".join(CAMERA.format(name=n, url=url) for n, (url, _) in wrong.items()))

        def told() -> dict[str, Refusal | None]:
            return {h.camera: h.refusal for h in hall.watch.crew.health()[1:]}

        until(lambda: told() == {name: refusal for name, (_, refusal) in wrong.items()})
        until(lambda: len(hall.alerts("camera_blind")) == len(wrong))
        assert {a.subject for a in hall.alerts("camera_blind")} == wrong.keys()
        hall.absence(1)
        assert hall.health().trouble is None
    assert "falsch" not in caplog.text


UNDECODABLE = "its pictures are zeros"


def undecodable(path: Path) -> None:
    """A video whose index is whole and whose pictures are not."""
    data = make_video(path, seconds=2, fps=5).read_bytes()
    at = data.index(b"mdat") + 4
    length = int.from_bytes(data[at - 8 : at - 4], "big") - 8
    path.write_bytes(data[:at] + bytes(length) + data[at + length :])


@pytest.mark.parametrize("what", [None, "no video", UNDECODABLE])
def test_a_recording_that_cannot_be_read_is_a_blind_camera_until_it_can(
    what: str | None, tmp_path: Path
) -> None:
    """It accuses nobody, says why, and is watched as soon as it can be read."""
    clip = tmp_path / "clip.mp4"
    if what == UNDECODABLE:
        undecodable(clip)
    elif what is not None:
        clip.write_text(what)
    recording = CAMERA.format(name="r", url="loop:clip.mp4")
    window = """
[[window]]
id = "w9"
camera = "r"
staff = [[10, 10], [300, 10], [300, 150], [10, 150]]
counter = [[10, 200], [300, 200], [300, 350], [10, 350]]
"""
    with live_hall(tmp_path) as hall:
        add(hall, recording + window)
        until(lambda: [a.subject for a in hall.alerts("camera_blind")] == ["r"])
        shown = hall.watch.board.view("r")
        assert shown is not None
        assert shown.view.blind == "offline"
        assert [w.phase.value for w in shown.view.windows] == ["unknown"]
        health = next(h for h in hall.watch.crew.health() if h.camera == "r")
        assert health.refusal is Refusal.FILE
        make_video(tmp_path / "good.mp4", seconds=20, fps=5, size=(640, 360)).replace(clip)
        until(lambda: hall.steps("camera_blind") == ["ended"])
        assert next(h for h in hall.watch.crew.health() if h.camera == "r").refusal is None


def test_two_cameras_on_one_address_are_refused_and_the_hall_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with live_hall(tmp_path) as hall:
        add(hall, CAMERA.format(name="twin", url=hall.network.url))
        until(lambda: "have one address" in caplog.text)
        hall.absence(1)
        assert [h.camera for h in hall.watch.crew.health()] == ["c"]
    done = CliRunner().invoke(
        app, ["serve", "--hall", str(hall.path), "--var", str(tmp_path / "var"), "--port", "0"]
    )
    assert done.exit_code == 1
    assert "have one address" in done.output


def test_a_full_disk_stops_the_recording_says_so_and_alerts_go_on(tmp_path: Path) -> None:
    """A disk is full for the recordings when less than the hall file's reserve is left."""
    with live_hall(tmp_path, reserve_gb=10.0**6) as hall:
        until(lambda: "is full" in str((hall.health().recording or hall.health()).trouble))
        assert hall.health().trouble is None
        hall.absence(1)
        until(lambda: bool(hall.alerts("window_unattended")[0].clips))
        assert hall.shelf.of("c") == []


def test_a_disk_that_takes_no_evidence_costs_the_clip_and_not_the_alert(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with live_hall(tmp_path) as hall:
        evidence = tmp_path / "var" / "evidence"
        evidence.rmdir()
        evidence.write_text("a file where the folder should be")
        alert = hall.absence(1)
        assert (alert.clips, alert.stills) == ((), ())
        until(lambda: f"no evidence for alert {alert.uid}" in caplog.text)


@pytest.mark.parametrize("place", ["var", "recordings"])
def test_a_folder_that_cannot_be_written_is_named_before_anything_starts(
    place: str, tmp_path: Path
) -> None:
    path = tmp_path / "hall.toml"
    hall = '[hall]\nid = "h"\nname = "大厅"\n[recording]\n'
    path.write_text(hall + CAMERA.format(name="c", url="rtsp://127.0.0.1:1/"), encoding="utf-8")
    taken = tmp_path / "var" if place == "var" else tmp_path / "var" / "recordings"
    taken.parent.mkdir(exist_ok=True)
    taken.write_text("a file where a folder should be")
    done = CliRunner().invoke(
        app, ["serve", "--hall", str(path), "--var", str(tmp_path / "var"), "--port", "0"]
    )
    assert done.exit_code == 1
    assert "cannot be written" in done.output
    assert "Traceback" not in done.output


class ShiftedClock(SystemClock):
    """The machine's clock as somebody sets it."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


def test_a_clock_that_is_set_back_an_hour_neither_ends_nor_doubles_an_alert(tmp_path: Path) -> None:
    clock = ShiftedClock()
    with live_hall(tmp_path, clock=lambda: clock) as hall:
        hall.camera.tell(seated=False)
        until(lambda: hall.steps("window_unattended") == ["raised"])
        clock.by = timedelta(hours=-1)
        time.sleep(3.0)
        hall.camera.tell(seated=True)
        until(lambda: hall.steps("window_unattended") == ["ended"])
        until(lambda: hall.phase() == "attended")
        hall.camera.tell(seated=False)
        until(lambda: len(hall.steps("window_unattended")) == 2)
        hall.camera.tell(seated=True)
        until(lambda: hall.steps("window_unattended") == ["ended", "ended"])
        again, before = hall.alerts("window_unattended")  # in the clock's order
        for alert in (before, again):
            assert alert.ended is not None
            assert alert.ended_s is not None
            lasted_s = (alert.ended - alert.began).total_seconds()
            assert lasted_s == pytest.approx(alert.ended_s - alert.began_s, abs=0.01)
        assert hall.steps("camera_blind") == []
        assert len(hall.shelf.of("c")) == 2
        for moment in (again.began, before.began):
            assert hall.footage(moment)[:2] == ("h264", (640, 360))


DST_HALL = """
[hall]
id = "h"
name = "Rathaus"
timezone = "Europe/Berlin"

[[hours]]
days = ["sun"]
open = 03:00:00
close = 04:00:00

[policy.window_unattended]
after_s = 5

[[camera]]
id = "c"
url = "clip.mp4"
width = 160
height = 120
pace_hz = 2
recorded_at = {recorded_at}

[[window]]
id = "w"
camera = "c"
staff = [[10, 10], [90, 10], [90, 50], [10, 50]]
counter = [[10, 60], [90, 60], [90, 110], [10, 110]]
"""


@pytest.mark.parametrize(
    ("recorded_at", "raised_after_s"),
    [
        ("2026-03-29T00:59:50Z", 15.0),  # 01:59:50; ten seconds later it is 03:00
        ("2026-10-25T00:59:50Z", None),  # 02:59:50; ten seconds later it is 02:00 again
        ("2026-10-25T01:59:50Z", 15.0),  # 02:59:50 for the second time
    ],
)
def test_hours_of_service_follow_the_halls_clock_into_and_out_of_summer_time(
    recorded_at: str, raised_after_s: float | None, tmp_path: Path
) -> None:
    make_video(tmp_path / "clip.mp4", seconds=30, fps=5)
    (tmp_path / "hall.toml").write_text(DST_HALL.format(recorded_at=recorded_at), "utf-8")
    hall = load_hall(tmp_path / "hall.toml")
    began = hall.cameras[0].recorded_at
    assert began is not None
    told: list[dict[str, Any]] = []
    outbox = Outbox(tmp_path / "outbox", lambda kind, body: told.append(body | {"kind": kind}))
    desk = Desk(
        hall, Eyes(Nobody(), SignReader()), LiveBoard(time.monotonic, "h"), outbox.start(),
        tmp_path / "evidence",
    )  # fmt: skip
    Station(desk, "c", clock=lambda: ReplayClock(began, speed=None)).run()
    outbox.close(drain_s=20)
    raised = [body for body in told if body["kind"] == "alert" and body["step"] == "raised"]
    at_s = [body["at"]["at_s"] for body in raised]
    assert at_s == ([] if raised_after_s is None else [raised_after_s])


def test_ten_thousand_segments_at_start_up(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "var" / "recordings")
    begins = datetime.now(UTC) - timedelta(days=8)
    for minute in range(10_000):
        path = shelf.path_of("c", begins + timedelta(minutes=minute), "mp4")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"?" * 100)
    began_s = time.process_time()
    with live_hall(tmp_path) as hall:
        assert time.process_time() - began_s < STARTED_S
        assert len(hall.shelf.of("c")) > 8_000  # all that is not too old
        hall.absence(1)
        until(lambda: len(hall.shelf.of("c")) < 10_000 - 24 * 60 + 10)
        recording = hall.health().recording
        assert recording is not None
        assert (recording.dropped_packets, recording.trouble) == (0, None)
