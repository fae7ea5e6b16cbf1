"""What packets say of motion by their sizes, and how a stream at rest wakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.container import OutputContainer
from av.video.stream import VideoStream

from cameras.clocks import ReplayClock
from cameras.file import FileSource
from cameras.stirring import PacketSizes
from tests.observations import START
from vision.records import Frame

RATE_HZ, GOP = 15, 30
CALM_BYTES = (60, 20, 20)
"""A coder that sends each picture of five a second three times."""


def told(sizes: PacketSizes, packets: list[int]) -> list[int]:
    """The numbers of the packets at which something moves; key frames every two seconds."""
    found = []
    for n, size in enumerate(packets):
        if n % GOP == 0:
            sizes.key_frame()
        elif sizes.stirs(size):
            found.append(n)
    return found


def calm(seconds: int) -> list[int]:
    return list(CALM_BYTES) * (seconds * RATE_HZ // 3)


def test_what_is_usual_stirs_nothing_and_what_is_larger_does() -> None:
    sizes = PacketSizes()
    assert told(sizes, calm(20)) == []
    assert not sizes.tells
    assert told(sizes, [20, 20, 900, 20, 20]) == [2, 3, 4]
    assert sizes.tells


def test_what_a_key_frame_is_about_to_show_wakes_nobody() -> None:
    sizes = PacketSizes()
    assert told(sizes, [*calm(20), *[20] * 26, 900]) == []
    assert told(sizes, [*calm(2), *[20] * 10, 900]) == [40]


def test_before_it_has_seen_enough_it_says_nothing() -> None:
    assert told(PacketSizes(), [20, 500, 900, 500, 20] * 10) == []


def test_a_coder_that_pads_its_packets_tells_nothing() -> None:
    sizes = PacketSizes()
    noise = np.random.default_rng(1).integers(1800, 2200, 20 * RATE_HZ)
    assert told(sizes, noise.tolist()) == []
    assert not sizes.tells


def video_stream(out: OutputContainer) -> VideoStream:
    """H.264 of 320x180 at ``RATE_HZ`` with a key frame every ``GOP`` pictures."""
    options = {"preset": "ultrafast", "g": str(GOP), "sc_threshold": "0", "bf": "0", "qp": "30"}
    stream = out.add_stream("libx264", rate=RATE_HZ, options=options)
    stream.width, stream.height = 320, 180
    return stream


@pytest.fixture(scope="module")
def moving_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 s in which something crosses the picture from 9 to 10 and from 15 to 16 s."""
    path = tmp_path_factory.mktemp("v") / "v.mp4"
    ground = np.full((180, 320, 3), 90, np.uint8)
    ground[:, ::40] = 200
    with av.open(str(path), "w") as out:
        stream = video_stream(out)
        for n in range(20 * RATE_HZ):
            picture = ground.copy()
            at_s = n / RATE_HZ
            if 9 <= at_s < 10 or 15 <= at_s < 16:
                left = int(250 * (at_s % 1))
                picture[60:120, left : left + 60] = np.random.default_rng(n).integers(
                    0, 255, (60, 60, 3), dtype=np.uint8
                )
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def seen(source: FileSource) -> Iterator[float]:
    for item in source.pictures():
        assert isinstance(item, Frame)
        yield item.stamp.at_s


def test_a_stream_at_rest_wakes_when_something_moves(moving_twice: Path) -> None:
    with FileSource("c", moving_twice, clock=ReplayClock(START), pace_hz=5, start=START) as source:
        shown = []
        for at_s in seen(source):
            shown.append(at_s)
            source.keys_only = at_s >= 11
    at_rest = [s for s in shown if 11.3 < s < 14.1]
    assert at_rest == pytest.approx([12.0, 14.0])
    awake = [s for s in shown if 15 <= s < 16]
    assert len(awake) >= 4  # five a second, and those since the key frame before are made up for
    assert [s for s in shown if s >= 16] == pytest.approx([16.0, 18.0])


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 s in which nothing moves, with a sensor's noise as of a real camera."""
    random = np.random.default_rng(0)
    room = random.integers(0, 255, (9, 16, 3), np.uint8).repeat(20, 0).repeat(20, 1).astype(float)
    path = tmp_path_factory.mktemp("v") / "still.mp4"
    with av.open(str(path), "w") as out:
        stream = video_stream(out)
        for _ in range(20 * RATE_HZ):
            picture = (room + random.normal(0, 8, (180, 320, 1))).clip(0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def test_a_stream_at_rest_decodes_key_frames_only(still: Path) -> None:
    def spent_s(at_rest: bool) -> float:
        with FileSource("c", still, clock=ReplayClock(START), pace_hz=5, start=START) as source:
            source.keys_only = at_rest
            for _ in source.pictures():
                pass
            return source.counts().decode_s

    # a tenth on a quiet machine: one picture in thirty, each dearer than those between
    assert spent_s(at_rest=True) < 0.25 * spent_s(at_rest=False)
