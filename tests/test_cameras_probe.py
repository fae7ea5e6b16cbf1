"""What trying an address tells: of a camera, and of an address that is none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cameras.probe import probe
from cameras.substream import likely_sub_stream
from tests.rtsp_server import RtspServer
from tests.videos import make_video
from vision.address import line_of, login_of, shown, with_login, without_login
from vision.probe import Meaning, Probe, Refusal, RefusedError, Weight


def meanings(seen: Probe) -> dict[Meaning, Weight]:
    return {finding.meaning: finding.weight for finding in seen.findings}


def test_a_camera_is_measured_and_explained() -> None:
    login = {"user": "admin", "password": "ge:heim", "method": "digest"}
    with RtspServer(size=[640, 360], codec="h265", key_every_s=0.5, login=login) as server:
        url = with_login(server.url, "admin", "ge:heim")
        seen = probe(url, watch_s=3.0)
    assert (seen.codec, seen.width, seen.height) == ("hevc", 640, 360)
    assert seen.rate_hz == pytest.approx(10.0, abs=4.0)
    assert seen.key_every_s == pytest.approx(0.5, abs=0.25)
    assert seen.keys_vary is False
    assert seen.picture is not None
    assert seen.first_s < 3.0
    assert "heim" not in repr(seen)
    told = meanings(seen)
    assert set(told.values()) <= {Weight.GOOD}
    assert {Meaning.CODEC_GOOD, Meaning.SIZE_GOOD, Meaning.KEYS_GOOD} <= set(told)


def test_a_small_camera_with_rare_key_frames_is_warned_of() -> None:
    with RtspServer(key_every_s=10.0) as server:
        told = meanings(probe(server.url, watch_s=2.0))
    assert told[Meaning.SIZE_SMALL] is Weight.WARNING
    assert told[Meaning.KEYS_UNSEEN] is Weight.WARNING


def test_key_frames_at_varying_distance_are_a_smart_codec(tmp_path: Path) -> None:
    times_s = [n / 10 for n in range(60)]
    steady = probe(str(make_video(tmp_path / "a.mp4", times_s=times_s, gop=10)))
    assert steady.keys_vary is False
    stretched = [t if t < 2 else 2 + (t - 2) * 3 for t in times_s]
    varying = probe(str(make_video(tmp_path / "b.mp4", times_s=stretched, gop=10)))
    assert varying.keys_vary is True
    assert meanings(varying)[Meaning.SMART_CODEC] is Weight.WARNING


class _Web(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def web() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def closed() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def camera() -> Iterator[RtspServer]:
    login = {"user": "admin", "password": "x", "method": "basic"}
    with RtspServer(login=login) as server:
        yield server


@pytest.mark.parametrize(
    ("url", "refusal", "says"),
    [
        ("rtsp://127.0.0.1:{closed}/main", Refusal.PORT_CLOSED, "check the port"),
        ("rtsp://no-such-camera.invalid/main", Refusal.HOST_UNKNOWN, "write the camera's IP"),
        ("rtsp://127.0.0.1:{web}/main", Refusal.NOT_A_CAMERA, "does not speak RTSP"),
        ("http://127.0.0.1:{web}/", Refusal.SILENT, "sends no video"),
        ("http://127.0.0.1:{web}/nothing", Refusal.NO_STREAM, "no stream"),
        ("rtsp://admin:y@127.0.0.1:{camera}/hall", Refusal.PASSWORD, "refuses the user"),
        ("rtsp://admin:x@127.0.0.1:{camera}/other", Refusal.NO_STREAM, "no stream"),
        ("rtsp://admin:p@ss:1/2@host/main", Refusal.ADDRESS, "%40"),
        ("rtsp:///main", Refusal.ADDRESS, "names no host"),
        ("ftp://host/main", Refusal.ADDRESS, "rtsp://"),
        ("nothing.mp4", Refusal.FILE, "there is no file"),
    ],
)
def test_an_address_without_pictures_says_why(
    url: str, refusal: Refusal, says: str, web: int, closed: int, camera: RtspServer
) -> None:
    with pytest.raises(RefusedError, match=says) as told:
        probe(url.format(closed=closed, web=web, camera=camera.port), watch_s=1.0)
    assert told.value.refusal is refusal
    assert "admin" not in str(told.value)


@pytest.mark.parametrize(
    ("main", "sub"),
    [
        ("rtsp://a:b@h/Streaming/Channels/101", "rtsp://a:b@h/Streaming/Channels/102"),
        ("rtsp://h/cam/realmonitor?channel=1&subtype=0", "rtsp://h/cam/realmonitor?channel=1&subtype=1"),
        ("rtsp://h:554/media/video1", "rtsp://h:554/media/video2"),
        ("rtsp://h/h264/ch1/main/av_stream", "rtsp://h/h264/ch1/sub/av_stream"),
        ("rtsp://h/stream1", "rtsp://h/stream2"),
        ("rtsp://main/live", None),
        ("rtsp://h/Streaming/Channels/102", None),
    ],
)  # fmt: skip
def test_the_sub_stream_is_where_its_maker_puts_it(main: str, sub: str | None) -> None:
    assert likely_sub_stream(main) == sub


def test_a_login_survives_the_address_whatever_its_signs() -> None:
    url = with_login("rtsp://old:one@h:554/a?b=c", "管理 员", "p@s:s/w?#1%")
    assert login_of(url) == ("管理 员", "p@s:s/w?#1%")
    assert without_login(url) == "rtsp://h:554/a?b=c"
    assert shown(url) == "rtsp://***@h:554/a?***"


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("rtsp://h/m", "rtsp://h/m"),
        ("rtsp://a:b@H:554/m/", "rtsp://h/m"),
        ("rtsp+udp://h/m", "rtsp://h/m"),
        ("rtsp://h:8554/m", "rtsp://h:8554/m"),
        ("rtsp://h/m?channel=2", "rtsp://h/m?channel=2"),
        ("http://h:80/mjpeg", "http://h/mjpeg"),
        ("usb:0", "usb:0"),
        ("/dev/video0", "usb:0"),
        ("clip.mp4", ""),
        ("file:///a/clip.mp4", ""),
        ("loop:clip.mp4", ""),
    ],
)
def test_one_camera_however_its_address_is_written(url: str, same: str) -> None:
    assert line_of(url) == same
