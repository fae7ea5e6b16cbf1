"""Live cameras: a real RTSP server, a network with faults, and what must come of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

import av
import pytest
from av.container import InputContainer

from cameras.clocks import SystemClock
from cameras.link import Connect
from cameras.live import LiveSource
from cameras.patience import Patience
from cameras.ring import Recorder
from cameras.rtsp import open_http, open_rtsp, open_rtsp_udp
from cameras.sources import open_source
from cameras.usb import UsbCameraError, device_of, open_usb
from tests.faulty_network import FaultyNetwork
from tests.rtsp_server import RtspServer
from tests.videos import START, TENTH_S, age_s, make_video, number_of, payloads
from vision.address import shown
from vision.probe import Refusal
from vision.records import Blindness, Frame, Gap

QUICK = Patience(stall_s=1.0, retry_s=0.1, longest_retry_s=0.4, late_s=0.8)
CALM = Patience(stall_s=5.0, retry_s=0.1, late_s=4.0)
"""For what must not break, on a machine that is busy with other things."""
LIMIT_S = 60.0


def live(
    url: str,
    recorder: Recorder | None = None,
    pace_hz: float = 10.0,
    connect: Connect = open_rtsp,
    patience: Patience = QUICK,
    *,
    packets_only: bool = False,
) -> LiveSource:
    return LiveSource(
        "c", url, connect, clock=SystemClock(), pace_hz=pace_hz, recorder=recorder,
        patience=patience, packets_only=packets_only,
    )  # fmt: skip


def wait_for(done: Callable[[], bool]) -> None:
    """A minute at most."""
    deadline_s = time.monotonic() + LIMIT_S
    while not done():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


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


def age_now_s(frame: Frame | Gap) -> float:
    assert isinstance(frame, Frame)
    return age_s(frame.bgr, time.time())


def gaps(items: list[Frame | Gap]) -> list[Blindness]:
    return [i.why for i in items if isinstance(i, Gap)]


def in_order(items: list[Frame | Gap]) -> bool:
    at_s = [i.stamp.at_s for i in items]
    return at_s == sorted(at_s)


@pytest.mark.parametrize(
    ("codec", "connect", "scheme"),
    [
        ("h264", open_rtsp, "rtsp"),
        ("h265", open_rtsp, "rtsp"),
        ("h264", open_rtsp_udp, "rtsp+udp"),
        ("h265", open_rtsp_udp, "rtsp+udp"),
    ],
)
def test_a_camera_gives_its_pictures_and_its_packets(
    codec: str, connect: Connect, scheme: str, tmp_path: Path
) -> None:
    recorder = Recorder()
    with RtspServer(codec=codec) as server:
        url = server.url.replace("rtsp", scheme, 1)
        with live(url, recorder, connect=connect) as source:
            seen = until(source.pictures(), Frame, 12)
            assert age_now_s(seen[-1]) < 1.0
            assert source.size == (160, 120)
            assert source.trouble is None
            assert source.counts().packets >= 12
    numbers = [number_of(f.bgr) for f in seen if isinstance(f, Frame)]
    assert len(set(numbers)) == len(numbers)  # each picture is news
    span = recorder.span_s
    assert span is not None
    clip = recorder.cut(*span, tmp_path / "clip.mp4")
    with av.open(str(clip.path)) as kept:
        assert kept.streams.video[0].codec_context.name == {"h265": "hevc"}.get(codec, codec)
        assert sum(1 for _ in kept.decode(video=0)) >= 10


def test_sound_is_not_asked_for(tmp_path: Path) -> None:
    recorder = Recorder()
    with RtspServer(audio=True) as server, live(server.url, recorder) as source:
        until(source.pictures(), Frame, 5)
    span = recorder.span_s
    assert span is not None
    with av.open(str(recorder.cut(*span, tmp_path / "clip.mp4").path)) as clip:
        assert [s.type for s in clip.streams] == ["video"]


def test_a_camera_that_stops_is_offline_until_it_is_back() -> None:
    with RtspServer() as server:
        source = live(server.url)
        pictures = source.pictures()
        seen = until(pictures, Frame, 3)
        server.stop()
        seen += until(pictures, Gap, 2)
        assert gaps(seen)[-2:] == [Blindness.OFFLINE] * 2
        assert source.trouble is not None
        with RtspServer(port=server.port):
            seen += until(pictures, Frame, 3)
            assert source.trouble is None
            assert source.counts().reconnects == 1
        source.close()
    assert in_order(seen)
    walls = [i.stamp.wall for i in seen]
    assert walls == sorted(walls)


def test_a_network_that_stalls_is_offline_until_pictures_come() -> None:
    with (
        RtspServer() as server,
        FaultyNetwork(server.port) as network,
        live(network.url) as source,
    ):
        pictures = source.pictures()
        until(pictures, Frame, 3)
        network.stalled.set()
        assert gaps(until(pictures, Gap, 3)) == [Blindness.OFFLINE] * 3
        network.stalled.clear()
        seen = until(pictures, Frame, 5)
        assert age_now_s(seen[-1]) < 1.5
        assert source.counts().reconnects >= 1


def test_what_a_short_stall_held_back_is_recorded_and_not_shown() -> None:
    recorder = Recorder()
    patience = Patience(stall_s=10.0, late_s=0.8)
    with (
        RtspServer(key_every_s=0.5) as server,
        FaultyNetwork(server.port) as network,
        live(network.url, recorder, patience=patience) as source,
    ):
        pictures = source.pictures()
        seen = until(pictures, Frame, 5)
        network.stalled.set()
        time.sleep(2.5)
        network.stalled.clear()
        for item in pictures:
            seen.append(item)
            if isinstance(item, Frame):
                assert age_now_s(item) < 1.6
                break
        counts = source.counts()
    assert counts.reconnects == 0
    assert in_order(seen)
    span = recorder.span_s
    assert span is not None
    assert counts.packets >= 25  # nothing was lost in the stall


def test_pictures_that_come_late_for_long_are_left_for_the_cameras_present() -> None:
    with (
        RtspServer(key_every_s=0.5) as server,
        FaultyNetwork(server.port) as network,
        live(network.url) as source,
    ):
        pictures = source.pictures()
        until(pictures, Frame, 3)
        network.delay_s = 20.0
        until(pictures, Gap, 2)
        network.delay_s = 0.0
        ages = [age_now_s(f) for f in until(pictures, Frame, 5) if isinstance(f, Frame)]
        assert max(ages) < 1.6


def test_lateness_that_lasts_is_ended_by_connecting_anew(caplog: pytest.LogCaptureFixture) -> None:
    patience = Patience(stall_s=1.5, retry_s=0.1, late_s=0.5)
    with (
        RtspServer(key_every_s=0.5) as server,
        FaultyNetwork(server.port) as network,
        live(network.url, patience=patience) as source,
    ):
        pictures = source.pictures()
        until(pictures, Frame, 3)
        network.delay_s = 1.0
        while source.counts().reconnects == 0:
            next(pictures)
    assert "the pictures come 1 s late" in caplog.text


def test_stamps_that_jump_back_do_not_turn_time_back() -> None:
    with (
        RtspServer() as server,
        FaultyNetwork(server.port) as network,
        live(network.url, patience=CALM) as source,
    ):
        pictures = source.pictures()
        until(pictures, Frame, 2)
        seen = until(pictures, Frame, 5)
        network.shift = -90_000 * 3600
        seen += until(pictures, Frame, 10)
        assert age_now_s(seen[-1]) < 1.0
        assert source.counts().reconnects == 0
    assert in_order(seen)
    assert gaps(seen) == []


def test_another_size_begins_a_new_connection(tmp_path: Path) -> None:
    recorder = Recorder()
    with RtspServer(key_every_s=0.5) as server, live(server.url, recorder, patience=CALM) as source:
        pictures = source.pictures()
        until(pictures, Frame, 5)
        server.tell(size=[320, 240])
        while source.size != (320, 240):
            next(pictures)
        until(pictures, Frame, 3)
        assert source.counts().reconnects == 1
    assert recorder.span_s is not None
    clip = recorder.cut(recorder.span_s[1] - 0.2, recorder.span_s[1], tmp_path / "clip.mp4")
    with av.open(str(clip.path)) as kept:
        assert {(f.width, f.height) for f in kept.decode(video=0)} == {(320, 240)}


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_another_size_is_noticed_where_nothing_is_decoded(tmp_path: Path, codec: str) -> None:
    """As of the main stream of a camera whose second one is watched: a file holds one size."""
    recorder = Recorder()
    with (
        RtspServer(codec=codec, key_every_s=0.5) as server,
        live(server.url, recorder, patience=CALM, packets_only=True) as source,
    ):
        thread = threading.Thread(target=lambda: list(source.pictures()))
        thread.start()
        wait_for(lambda: source.counts().packets > 20)
        server.tell(size=[320, 240])
        wait_for(lambda: source.counts().reconnects == 1)
        before = source.counts().packets
        wait_for(lambda: source.counts().packets > before + 40)
        assert source.counts().reconnects == 1
    thread.join()
    assert recorder.span_s is not None
    clip = recorder.cut(recorder.span_s[1] - 0.2, recorder.span_s[1], tmp_path / "clip.mp4")
    with av.open(str(clip.path)) as kept:
        assert {(f.width, f.height) for f in kept.decode(video=0)} == {(320, 240)}


def test_another_codec_is_read_after_connecting_anew(tmp_path: Path) -> None:
    recorder = Recorder()
    with RtspServer() as server, live(server.url, recorder) as source:
        pictures = source.pictures()
        until(pictures, Frame, 3)
        server.tell(codec="h265", size=[320, 240], hang_up=True)
        while source.size != (320, 240):
            next(pictures)
        until(pictures, Frame, 3)
    assert recorder.span_s is not None
    clip = recorder.cut(recorder.span_s[1] - 0.2, recorder.span_s[1], tmp_path / "clip.mp4")
    with av.open(str(clip.path)) as kept:
        assert kept.streams.video[0].codec_context.name == "hevc"


def test_a_camera_with_rare_key_frames_is_read_from_its_first() -> None:
    with RtspServer(key_every_s=10.0) as server, live(server.url, patience=CALM) as source:
        pictures = source.pictures()
        until(pictures, Frame, 1)
        seen = until(pictures, Frame, 11)
        assert age_now_s(seen[-1]) < 1.0
        assert gaps(seen) == []


def test_key_frames_only_while_asked_for() -> None:
    recorder = Recorder()
    with RtspServer(key_every_s=0.5) as server, live(server.url, recorder) as source:
        pictures = source.pictures()
        until(pictures, Frame, 3)
        source.keys_only = True
        until(pictures, Frame, 2)
        sparse = until(pictures, Frame, 4)
        spacing_s = sparse[-1].stamp.at_s - sparse[0].stamp.at_s
        assert spacing_s == pytest.approx(1.5, abs=0.35)
        assert source.counts().key_every_s == pytest.approx(0.5, abs=0.2)
        source.keys_only = False
        until(pictures, Frame, 2)
        dense = until(pictures, Frame, 6)
        assert dense[-1].stamp.at_s - dense[0].stamp.at_s < 1.0
        packets = source.counts().packets
    assert recorder.span_s is not None
    assert packets / recorder.span_s[1] > 7  # all of them, all the time


@pytest.mark.parametrize("method", ["basic", "digest"])
def test_credentials_are_used_and_never_shown(
    method: str, caplog: pytest.LogCaptureFixture
) -> None:
    login = {"user": "clerk", "password": "ge heim", "method": method}
    with caplog.at_level(logging.DEBUG), RtspServer(login=login) as server:
        address = server.url.removeprefix("rtsp://")
        with live(f"rtsp://clerk:ge%20heim@{address}") as source:
            pictures = source.pictures()
            until(pictures, Frame, 1)
            server.tell(login=login | {"password": "neu"}, hang_up=True)  # they expire
            until(pictures, Gap, 1)
            while "refuses the user or password" not in str(source.trouble):
                until(pictures, Gap, 1)
            server.tell(login=login)
            until(pictures, Frame, 1)
        with live(f"rtsp://clerk:falsch@{address}") as source:
            until(source.pictures(), Gap, 2)
            assert source.counts().refusal is Refusal.PASSWORD
            texts = [caplog.text, str(source.trouble)]
    for text in texts:
        assert not any(secret in text for secret in ("heim", "falsch", "clerk"))
    assert "***@127.0.0.1" in caplog.text


def test_a_reader_that_is_stuck_is_replaced_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    patience = Patience(stall_s=1.0, stuck_s=2.0)
    released, calls = threading.Event(), []

    def connect(url: str, stall_s: float) -> InputContainer:
        calls.append(url)
        if len(calls) == 1:  # never comes back, as in a library that ignores its timeout
            released.wait(LIMIT_S)
        return open_rtsp(url, stall_s)

    with RtspServer() as server, live(server.url, connect=connect, patience=patience) as source:
        seen = until(source.pictures(), Frame, 3)
        assert source.counts().stuck == 1
        released.set()
    assert Blindness.OFFLINE in gaps(seen)
    assert "stuck" in caplog.text


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
                    time.sleep(TENTH_S)
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
    with live(url, recorder, connect=open_http) as source:
        seen = until(source.pictures(), Frame, 5)
    server.shutdown()
    server.server_close()
    assert all(number_of(i.bgr) < 20 for i in seen if isinstance(i, Frame))
    span = recorder.span_s
    assert span is not None
    clip = recorder.cut(*span, tmp_path / "clip.mp4")
    assert clip.path.suffix == ".mkv"
    assert payloads(clip.path)[0] in frames


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("usb:0", "/dev/video0"),
        ("usb:///dev/video2", "/dev/video2"),
        ("/dev/video1", "/dev/video1"),
        ("usb:///dev/v4l/by-id/cam", "/dev/v4l/by-id/cam"),
    ],
)
def test_a_usb_camera_is_named_by_number_or_device(url: str, expected: str) -> None:
    assert str(device_of(url)) == expected


def test_a_usb_camera_that_is_not_there_is_a_gap_that_says_so() -> None:
    with pytest.raises(UsbCameraError, match="plug the camera in"):
        open_usb("usb:99", 1.0)
    with open_source("c", "usb:99", clock=SystemClock(), pace_hz=20) as source:
        assert gaps(until(source.pictures(), Gap, 2)) == [Blindness.OFFLINE] * 2
        assert "there is no /dev/video99" in str(source.counts().trouble)


def test_a_usb_cameras_own_jpegs_are_kept(tmp_path: Path) -> None:
    """A file of JPEG pictures stands in for the device: both are one packet a picture."""
    path = make_video(tmp_path / "v.avi", seconds=2, fps=10, codec="mjpeg")
    recorder = Recorder()
    with live("usb:0", recorder, connect=lambda url, stall_s: av.open(str(path))) as source:
        until(source.pictures(), Frame, 1)
    span = recorder.span_s
    assert span is not None
    clip = recorder.cut(*span, tmp_path / "clip.mp4")
    assert set(payloads(clip.path)) <= set(payloads(path))


class SetBackClock:
    """Moves on when waited for; set back an hour at its twentieth look."""

    def __init__(self) -> None:
        self.time = START
        self.looks = 0

    def now(self):  # type: ignore[no-untyped-def]
        self.looks += 1
        if self.looks == 20:
            self.time -= timedelta(hours=1)
        return self.time

    def wait_until(self, wall) -> None:  # type: ignore[no-untyped-def]
        self.time = max(self.time, wall)


def unreachable(url: str, stall_s: float) -> InputContainer:
    raise ConnectionRefusedError(111, "Connection refused", url)


def test_an_unreachable_camera_is_a_gap_a_second_and_no_error() -> None:
    clock = SetBackClock()
    clock.looks = 20
    with LiveSource("c", "rtsp://a:b@h/", unreachable, clock=clock, pace_hz=4) as source:
        seen = list(islice(source.pictures(), 10))
    assert gaps(seen) == [Blindness.OFFLINE] * 10
    assert seen[-1].stamp.at_s - seen[0].stamp.at_s == pytest.approx(9.0, abs=0.01)


def test_a_clock_that_is_set_back_does_not_turn_stream_time_back() -> None:
    with LiveSource("c", "rtsp://h/", unreachable, clock=SetBackClock(), pace_hz=4) as source:
        seen = list(islice(source.pictures(), 12))
    assert in_order(seen)
    assert seen[-1].stamp.at_s - seen[0].stamp.at_s == pytest.approx(11.0, abs=1.0)
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
