"""Live cameras against a real RTSP server on the loopback that stops, stalls and refuses."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

import pytest
from av.container import InputContainer

from cameras.address import shown
from cameras.clocks import SystemClock
from cameras.live import LiveSource, Patience
from cameras.ring import Recorder
from cameras.rtsp import open_http, open_rtsp
from cameras.sources import open_source
from tests.rtsp_server import RtspServer
from tests.videos import START, make_video, number_of, payloads, pictures_of
from vision.records import Blindness, Frame, Gap

QUICK = Patience(stall_s=1.0, retry_s=0.1, longest_retry_s=0.4)
LIMIT_S = 60.0


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("live") / "v.h264"
    return make_video(path, seconds=4, fps=10, gop=5, container="h264")


def live(url: str, recorder: Recorder | None = None, pace_hz: float = 10.0) -> LiveSource:
    return LiveSource(
        "c", url, open_rtsp, clock=SystemClock(), pace_hz=pace_hz, recorder=recorder,
        patience=QUICK,
    )  # fmt: skip


def until(
    pictures: Iterator[Frame | Gap], kind: type[Frame] | type[Gap], count: int = 1
) -> list[Frame | Gap]:
    """What comes until `count` of one kind have come; a minute at most."""
    seen: list[Frame | Gap] = []
    deadline_s = time.monotonic() + LIMIT_S
    for item in pictures:
        seen.append(item)
        if sum(isinstance(i, kind) for i in seen) == count:
            return seen
        assert time.monotonic() < deadline_s, f"no {kind.__name__} came: {seen[-5:]}"
    raise AssertionError("a live source ended")


def test_a_camera_gives_its_pictures_and_its_packets(video: Path, tmp_path: Path) -> None:
    recorder = Recorder()
    with RtspServer(video, fps=10) as server, live(server.url, recorder) as source:
        seen = [i for i in until(source.pictures(), Frame, 12) if isinstance(i, Frame)]
        assert source.size == (160, 120)
        assert source.trouble is None
    numbers = [number_of(f.bgr) for f in seen]
    assert len(set(numbers)) == len(numbers)  # each picture is news
    span = recorder.span_s
    assert span is not None
    clip = recorder.cut(*span, tmp_path / "clip.mp4")
    cut = pictures_of(clip.path)
    assert cut == list(range(cut[0], cut[0] + len(cut)))
    assert cut[0] % 5 == 0  # from a key frame
    sent = {p[-40:] for p in payloads(video)}
    assert all(p[-40:] in sent for p in payloads(clip.path))


def test_a_camera_that_stops_is_offline_until_it_is_back(video: Path) -> None:
    with RtspServer(video, fps=10) as server:
        source = live(server.url)
        pictures = source.pictures()
        seen = until(pictures, Frame, 3)
        server.stop()
        seen += until(pictures, Gap, 2)
        assert {g.why for g in seen[-2:] if isinstance(g, Gap)} == {Blindness.OFFLINE}
        assert source.trouble is not None
        with RtspServer(video, fps=10, port=server.port):
            seen += until(pictures, Frame, 3)
            assert source.trouble is None
        source.close()
    at_s = [i.stamp.at_s for i in seen]
    assert at_s == sorted(at_s)
    walls = [i.stamp.wall for i in seen]
    assert walls == sorted(walls)


def test_a_silent_connection_is_offline_until_pictures_come(video: Path) -> None:
    with RtspServer(video, fps=10) as server, live(server.url) as source:
        pictures = source.pictures()
        until(pictures, Frame, 3)
        server.stalled.set()
        gaps = until(pictures, Gap, 3)
        assert [i.why for i in gaps if isinstance(i, Gap)] == [Blindness.OFFLINE] * 3
        server.stalled.clear()
        until(pictures, Frame, 3)
        assert server.described >= 2  # it connected anew


def test_credentials_are_used_and_never_shown(
    video: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        RtspServer(video, fps=10, login="clerk:ge heim") as server,
    ):
        address = server.url.removeprefix("rtsp://")
        with live(f"rtsp://clerk:ge%20heim@{address}") as source:
            until(source.pictures(), Frame, 1)
        with live(f"rtsp://clerk:falsch@{address}") as source:
            until(source.pictures(), Gap, 2)
            deadline_s = time.monotonic() + LIMIT_S
            while "401" not in str(source.trouble) and time.monotonic() < deadline_s:
                until(source.pictures(), Gap, 1)
            assert "401" in str(source.trouble)
            texts = [caplog.text, str(source.trouble), source.shown_url]
    for text in texts:
        assert not any(secret in text for secret in ("heim", "falsch", "clerk"))
    assert "***@127.0.0.1" in caplog.text


class _Mjpeg(BaseHTTPRequestHandler):
    """Motion JPEG as cameras send it: one multipart answer without an end."""

    images: list[bytes]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace;boundary=frame")
        self.end_headers()
        try:
            while True:
                for image in self.images:
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(image)}"
                    self.wfile.write(head.encode() + b"\r\n\r\n" + image + b"\r\n")
                    time.sleep(0.1)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def test_an_http_camera_is_read_by_the_same_reader(tmp_path: Path) -> None:
    frames = payloads(make_video(tmp_path / "v.avi", seconds=2, fps=10, codec="mjpeg"))
    handler = type("Handler", (_Mjpeg,), {"images": frames})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    recorder = Recorder()
    url = f"http://127.0.0.1:{server.server_port}/video"
    with LiveSource(
        "c", url, open_http, clock=SystemClock(), pace_hz=10, recorder=recorder, patience=QUICK
    ) as source:
        seen = until(source.pictures(), Frame, 5)
    server.shutdown()
    server.server_close()
    assert all(number_of(i.bgr) < 20 for i in seen if isinstance(i, Frame))
    span = recorder.span_s
    assert span is not None
    clip = recorder.cut(*span, tmp_path / "clip.mp4")
    assert clip.path.suffix == ".mkv"
    assert payloads(clip.path)[0] in frames


class SetBackClock:
    """Moves on when waited for; set back an hour at its twentieth look."""

    def __init__(self) -> None:
        self.time = START
        self.looks = 0

    def now(self) -> datetime:
        self.looks += 1
        if self.looks == 20:
            self.time -= timedelta(hours=1)
        return self.time

    def wait_until(self, wall: datetime) -> None:
        self.time = max(self.time, wall)


def unreachable(url: str, stall_s: float) -> InputContainer:
    raise ConnectionRefusedError(111, "Connection refused", url)


def test_an_unreachable_camera_is_a_gap_a_second_and_no_error() -> None:
    clock = SetBackClock()
    clock.looks = 20
    with LiveSource("c", "rtsp://a:b@h/", unreachable, clock=clock, pace_hz=4) as source:
        seen = list(islice(source.pictures(), 10))
    assert all(isinstance(i, Gap) and i.why is Blindness.OFFLINE for i in seen)
    assert seen[-1].stamp.at_s - seen[0].stamp.at_s == pytest.approx(9.0, abs=0.01)


def test_a_clock_that_is_set_back_does_not_turn_stream_time_back() -> None:
    with LiveSource("c", "rtsp://h/", unreachable, clock=SetBackClock(), pace_hz=4) as source:
        seen = list(islice(source.pictures(), 12))
    at_s = [i.stamp.at_s for i in seen]
    assert at_s == sorted(at_s)
    assert at_s[-1] - at_s[0] == pytest.approx(11.0, abs=1.0)
    walls = [i.stamp.wall for i in seen]
    assert walls != sorted(walls)


def test_a_closed_camera_ends() -> None:
    source = open_source("c", "rtsp://127.0.0.1:1/", clock=SystemClock(), pace_hz=20)
    pictures = source.pictures()
    next(pictures)
    source.close()
    assert list(pictures) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("rtsp://admin:p%40ss@10.0.0.5:554/ch1", "rtsp://***@10.0.0.5:554/ch1"),
        ("http://10.0.0.5/v?user=a&pwd=b", "http://10.0.0.5/v?***"),
        ("rtsp://10.0.0.5/ch1", "rtsp://10.0.0.5/ch1"),
        ("rtsp://a:b@c@10.0.0.5/ch1", "rtsp://***@10.0.0.5/ch1"),
        ("clips/hall.mp4", "clips/hall.mp4"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, expected: str) -> None:
    assert shown(url) == expected
