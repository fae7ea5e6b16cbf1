"""The main stream's pictures, decoded when a close-up wants them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import av
import numpy as np
import pytest

from cameras.clocks import ReplayClock
from cameras.continued import SET_BACK_S, Continued, ContinuedPackets
from cameras.native import NativePictures
from cameras.sources import open_source
from tests.videos import START, make_video, number_of, numbered, overwritten
from vision.records import Blindness, Frame, Gap, Image, Packet, Stamp


class Pushed:
    """A packet sink that notes stamps."""

    def __init__(self) -> None:
        self.stamps: list[Stamp] = []

    def push(self, packet: object, stamp: Stamp) -> None:
        self.stamps.append(stamp)


def fed(path: Path, packets: int) -> NativePictures:
    """The pictures of a file of which so many packets have come."""
    native = NativePictures()
    with av.open(str(path)) as video:
        for n, packet in enumerate(video.demux(video=0)):
            if n < packets and packet.size and packet.pts is not None:
                at_s = float(packet.pts * packet.time_base)
                native.push(packet, Stamp(at_s, START + timedelta(seconds=at_s)))
    return native


@pytest.mark.parametrize(
    ("packets", "now_s", "fresh_s", "number"),
    [
        (0, 0.0, 1.0, None),
        (1, 0.0, 0.0, 0),
        (20, 1.9, 0.0, 19),  # now
        (20, 1.9, 1.0, 10),  # the key frame at 1.0 s is 0.9 s old
        (20, 1.9, 2.5, 10),
        (25, 2.4, 0.5, 20),  # the key frame at 2.0 s is 0.4 s old
        (25, 2.4, 0.3, 24),
        (25, 5.0, 0.5, 24),  # nothing newer can be had
        (25, 5.5, 0.5, None),  # the stream has stopped: who was there then may be gone
    ],
)
def test_as_old_a_picture_as_will_do(
    tmp_path: Path, packets: int, now_s: float, fresh_s: float, number: int | None
) -> None:
    video = make_video(tmp_path / "v.mp4", fps=10, gop=10, seconds=3)
    picture = fed(video, packets).picture(START + timedelta(seconds=now_s), fresh_s)
    assert (None if picture is None else number_of(picture.whole())) == number


@pytest.mark.parametrize("bframes", [0, 2])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_pictures_go_on_as_packets_come(tmp_path: Path, codec: str, bframes: int) -> None:
    video = make_video(
        tmp_path / "v.mkv", fps=10, gop=10, seconds=3, codec=codec, bframes=bframes
    )  # fmt: skip
    native = NativePictures()
    shown: list[int] = []
    with av.open(str(video)) as container:
        for packet in container.demux(video=0):
            if packet.size == 0 or packet.pts is None:
                continue
            at_s = float(packet.pts * packet.time_base)
            native.push(packet, Stamp(at_s, START + timedelta(seconds=at_s)))
            picture = native.picture(START + timedelta(seconds=at_s), 0.0)
            assert picture is not None
            shown.append(number_of(picture.whole()))
    assert len(shown) == 30
    if bframes == 0:
        assert shown == list(range(30))
    assert all(abs(number - n) <= 4 for n, number in enumerate(shown))  # some are held back


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_what_is_built_on_a_damaged_packet_is_not_guessed(tmp_path: Path, codec: str) -> None:
    """Packet 13 of a group that began with 10 is overwritten; 20 begins a new one."""
    whole = make_video(tmp_path / "v.mkv", codec=codec, fps=10, gop=10, seconds=3)
    native, shown = NativePictures(), list[int | None]()
    with av.open(str(overwritten(whole, tmp_path / "broken.mkv", [13]))) as opened:
        for n, packet in enumerate(p for p in opened.demux(video=0) if p.size):
            now = START + timedelta(seconds=n / 10)
            native.push(packet, Stamp(n / 10, now))
            picture = native.picture(now, 0.0)
            shown.append(None if picture is None else number_of(picture.whole()))
    assert shown[:13] == list(range(13))
    assert shown[13:20] == [12] * 7  # the last whole one, while it says something of now
    assert shown[20:] == list(range(20, 30))


def test_what_will_do_is_not_decoded_again(tmp_path: Path) -> None:
    native = fed(make_video(tmp_path / "v.mp4", fps=10, gop=10, seconds=3), 25)
    now = START + timedelta(seconds=2.4)
    first = native.picture(now, 0.0)
    assert native.picture(now + timedelta(seconds=0.5), 1.0) is first
    assert native.picture(now + timedelta(seconds=3), 0.0) is first


def test_a_source_for_packets_only_decodes_nothing(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", fps=10, seconds=3)
    pushed = Pushed()
    clock = ReplayClock(START)
    with open_source(
        "c", str(video), clock=clock, pace_hz=2, recorder=pushed, start=START, packets_only=True
    ) as source:
        assert list(source.pictures()) == []
        spent_s = source.counts().decode_s
    assert len(pushed.stamps) == 30
    assert clock.now() == pushed.stamps[-1].wall
    assert spent_s < 0.05  # the first picture, to know that there is one


@pytest.mark.parametrize(
    ("stopped_s", "first_s"), [(0.0, 50.0), (7.5, 57.5), (-3.0, 50.0 + SET_BACK_S)]
)
def test_stream_seconds_go_on_after_a_restart(stopped_s: float, first_s: float) -> None:
    again = START + timedelta(seconds=stopped_s)
    continued = Continued(Stamp(50.0, START))
    items = [
        Gap("c", Stamp(0.2, again), Blindness.OFFLINE),
        Gap("c", Stamp(1.2, again + timedelta(seconds=1)), Blindness.OFFLINE),
    ]
    assert [item.stamp.at_s for item in continued.pictures(items)] == [first_s, first_s + 1]
    assert [item.stamp.wall for item in continued.pictures(items)] == [i.stamp.wall for i in items]
    pushed = Pushed()
    ContinuedPackets(continued, pushed).push(None, Stamp(2.2, again))  # type: ignore[arg-type]
    assert pushed.stamps[0].at_s == first_s + 2


def test_without_an_earlier_run_nothing_is_moved() -> None:
    frame = Frame(Packet("c", 3, Stamp(4.0, START)), numbered(1))
    (same,) = Continued(None).pictures([frame])
    assert same.stamp == frame.stamp
    assert isinstance(same, Frame)
    assert same.packet.seq == 3


def noise(number: int) -> Image:
    return np.random.default_rng(number).integers(0, 255, (118, 158, 3), np.uint8)


@pytest.mark.parametrize(
    "place", [(0, 0, 158, 118), (31, 17, 94, 80), (0, 1, 1, 2), (101, 60, 158, 117)]
)
def test_a_part_of_a_picture_is_as_in_the_whole(
    tmp_path: Path, place: tuple[int, int, int, int]
) -> None:
    video = make_video(
        tmp_path / "v.mp4", fps=10, gop=10, seconds=3, size=(158, 118), draw=noise
    )  # fmt: skip
    picture = fed(video, 25).picture(START + timedelta(seconds=2.4), 0.0)
    assert picture is not None
    left, top, right, bottom = place
    part = picture.part(*place)
    assert part.shape == (bottom - top, right - left, 3)
    whole = picture.whole()
    assert np.array_equal(part[1:-1, 1:-1], whole[top:bottom, left:right][1:-1, 1:-1])
    assert abs(part.astype(int) - whole[top:bottom, left:right]).max() <= 8  # colours at the edge
