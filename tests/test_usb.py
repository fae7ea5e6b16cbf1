"""USB cameras that have no JPEG: their raw pictures are coded here. A file of raw pictures stands
in for the device, since both give one packet of YUYV a picture."""

from __future__ import annotations

import threading
import time
from itertools import islice
from pathlib import Path

import av
import pytest
from av.container import InputContainer

from cameras.clocks import SystemClock
from cameras.live import LiveSource
from cameras.raw import coded
from cameras.ring import Recorder
from cameras.usb import UsbCameraError, open_usb
from tests.videos import numbered
from vision.records import Frame

FPS, PICTURES = 10, 30
LIMIT_S = 60.0


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Numbered pictures as a USB camera gives them."""
    path = tmp_path / "raw.nut"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("rawvideo", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuyv422"
        for number in range(PICTURES):
            frame = av.VideoFrame.from_ndarray(numbered(number), format="bgr24")
            frame.pts = number
            out.mux(stream.encode(frame.reformat(format="yuyv422")))
        out.mux(stream.encode(None))
    return path


class Device:
    """A camera that knows raw pictures only. asked: the options it was opened with."""

    def __init__(self, raw: Path | None) -> None:
        self.raw = raw
        self.asked: list[dict[str, str]] = []

    def __call__(self, path: str, options: dict[str, str], stall_s: float) -> InputContainer:
        self.asked.append(options)
        if "input_format" in options or self.raw is None:
            raise av.error.ArgumentError(22, "Invalid argument", path)
        return av.open(str(self.raw))


def test_raw_pictures_are_seen_and_kept_coded(raw: Path, tmp_path: Path) -> None:
    recorder, device = Recorder(), Device(raw)

    def connect(url: str, stall_s: float) -> InputContainer:
        return open_usb("usb:///dev/null", stall_s, device)

    with LiveSource(
        "c", "usb:0", connect, clock=SystemClock(), pace_hz=20, recorder=recorder
    ) as source:
        shown = (item for item in source.pictures() if isinstance(item, Frame))
        assert next(islice(shown, 1)).bgr.shape == (120, 160, 3)
        ends_s = time.monotonic() + LIMIT_S
        while source.counts().packets < PICTURES and time.monotonic() < ends_s:
            time.sleep(0.02)
    assert device.asked[:2] == [{"input_format": "mjpeg"}, {}]
    assert recorder.span_s is not None
    clip = recorder.cut(*recorder.span_s, tmp_path / "clip.mp4")
    with av.open(str(clip.path)) as video:
        assert video.streams.video[0].codec_context.name == "h264"
        assert video.streams.video[0].codec_context.pix_fmt == "yuv420p"  # what browsers play


def test_each_second_begins_with_a_key_frame_and_keeps_its_time(raw: Path) -> None:
    with coded(av.open(str(raw))) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    times_s = [float(p.pts * p.time_base) for p in packets if p.pts is not None]
    assert times_s == pytest.approx([n / FPS for n in range(PICTURES)], abs=1e-3)
    assert [n for n, p in enumerate(packets) if p.is_keyframe] == [0, 10, 20]


def test_coding_ends_when_nobody_reads_any_more() -> None:
    endless = "testsrc2=size=64x48:rate=100,format=yuyv422"
    container = coded(av.open(endless, format="lavfi"))
    next(container.demux(video=0))
    assert "raw camera" in [t.name for t in threading.enumerate()]
    container.close()
    del container
    ends_s = time.monotonic() + LIMIT_S
    while "raw camera" in [t.name for t in threading.enumerate()]:
        assert time.monotonic() < ends_s
        time.sleep(0.02)


def test_a_camera_that_gives_neither_says_what_to_look_at() -> None:
    with pytest.raises(UsbCameraError, match="YUYV will do"):
        open_usb("usb:///dev/null", 1.0, Device(None))
    with pytest.raises(UsbCameraError, match="another program"):  # no camera at all
        open_usb("usb:///dev/null", 1.0)
