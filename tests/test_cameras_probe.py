"""What trying an address tells: of a camera, and of an address that is none."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from benchmarks.films import film
from cameras.drift import drift
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


def test_a_smaller_stream_and_a_clock_that_drifts_are_told(tmp_path: Path) -> None:
    """The machine's clock is handed in two percent fast: the camera's is slow beside it."""
    films = {
        f"/{name}": str(film(make_video(tmp_path / f"{name}.mp4", seconds=2, fps=10, size=size)))
        for name, size in (("main", (640, 360)), ("sub", (320, 180)))
    }
    with RtspServer(films=films, fps=10) as server:
        seen = probe(server.film("/main"), watch_s=8.0, now_s=lambda: 1.02 * time.monotonic())
    assert (seen.width, seen.height) == (640, 360)
    assert seen.sub_stream == "/sub"
    assert seen.drift_ppm == pytest.approx(-20_000, abs=4_000)
    told = {finding.meaning: finding for finding in seen.findings}
    assert told[Meaning.SUB_FOUND].values == {"path": "/sub"}
    assert told[Meaning.CLOCK_DRIFTS].weight is Weight.WARNING
    assert told[Meaning.CLOCK_DRIFTS].values["seconds"] == pytest.approx(72, abs=15)


def packets(
    runs: float = 1.0,
    *,
    seconds: float = 10.0,
    shaken_s: float = 0.0,
    waiting_s: float = 0.0,
    stalls_s: float = 0.0,
) -> tuple[list[float | None], list[float]]:
    """Stamps and arrivals of 10 packets a second from a clock that runs so much faster than ours,
    over a network that holds each back for up to `shaken_s`; those of the first `waiting_s` were
    waiting and come at once; now and then all stands still for `stalls_s`, and comes together then.
    Every seventh has no stamp."""
    dice = random.Random(4)
    at_s = [n / 10 for n in range(round(10 * seconds))]
    stamped_s = [None if n % 7 == 6 else runs * at for n, at in enumerate(at_s)]
    arrived_s = [max(at, waiting_s) + shaken_s * dice.random() for at in at_s]
    for stall in (3.0, 6.5):
        arrived_s = [stall + stalls_s if stall < a < stall + stalls_s else a for a in arrived_s]
    return stamped_s, [500.0 + at for at in arrived_s]


@pytest.mark.parametrize(
    ("came", "ppm"),
    [
        (packets(1.0), 0),
        (packets(1.01), 10_000),
        (packets(0.99), -10_000),
        (packets(1.01, shaken_s=0.02), 10_000),
        (packets(1.01, waiting_s=1.5), 10_000),
        (packets(1.01, stalls_s=0.4), 10_000),
        (packets(1.01, shaken_s=0.5), None),  # the network hides it
        (packets(1.01, seconds=4.0), None),
        (packets(1.01, seconds=1.0), None),
        (([None] * 100, packets()[1]), None),
        (([], []), None),
    ],
)
def test_a_clocks_drift_is_told_where_the_network_lets_it_be_seen(
    came: tuple[list[float | None], list[float]], ppm: float | None
) -> None:
    told = drift(*came)
    assert told == (None if ppm is None else pytest.approx(ppm, abs=1_500))


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
