"""Recorded files: honest time, the asked pace, what is broken said and survived."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from cameras.clocks import ReplayClock
from cameras.errors import (
    EmptyVideoError,
    FolderGivenError,
    MissingVideoError,
    NotAVideoError,
    NoVideoStreamError,
    SourceError,
    UnknownSchemeError,
    UnsupportedCodecError,
)
from cameras.file import FileSource
from cameras.ring import Recorder
from cameras.sources import located, open_source
from tests.videos import START, make_video, number_of, overwritten
from vision.records import Blindness, Frame, Gap


@dataclass
class FakeClock:
    """Stands at `time` until somebody waits; remembers what was waited for."""

    time: datetime = START
    waited: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    def wait_until(self, wall: datetime) -> None:
        self.waited.append(wall)
        self.time = max(self.time, wall)


def watch(path: Path, pace_hz: float = 2.0, jump_s: float = 2.0) -> list[Frame | Gap]:
    with FileSource(
        "c", path, clock=ReplayClock(START), pace_hz=pace_hz, start=START, jump_s=jump_s
    ) as source:
        return list(source.pictures())


def shown(items: list[Frame | Gap]) -> list[tuple[float, int | str]]:
    """(at_s, number of the picture or why there is none)."""
    return [
        (round(i.stamp.at_s, 2), i.why.value if isinstance(i, Gap) else number_of(i.bgr))
        for i in items
    ]


def frames(items: list[Frame | Gap]) -> list[Frame]:
    return [i for i in items if isinstance(i, Frame)]


@pytest.mark.parametrize(
    ("fps", "bframes", "codec", "suffix"),
    [
        (1, 0, "libx264", "mp4"),
        (5, 0, "libx264", "mp4"),
        (10, 2, "libx264", "mp4"),
        (25, 0, "libx264", "mp4"),
        (25, 3, "libx264", "mkv"),
        (25, 2, "libx265", "mp4"),
        (25, 0, "mjpeg", "avi"),
        (29.97, 2, "libx264", "ts"),
    ],
)
def test_a_file_of_any_rate_gives_the_asked_pace_and_honest_times(
    tmp_path: Path, fps: float, bframes: int, codec: str, suffix: str
) -> None:
    video = make_video(tmp_path / f"v.{suffix}", seconds=4, fps=fps, bframes=bframes, codec=codec)
    seen = frames(watch(video))
    assert len(seen) == (4 if fps < 2 else 8), [f.stamp.at_s for f in seen]
    step = 1.0 if fps < 2 else 0.5
    for index, frame in enumerate(seen):
        late_s = frame.stamp.at_s - index * step
        assert 0 <= late_s < 0.2  # the first picture at or after each point of the grid
        assert number_of(frame.bgr) == round(frame.stamp.at_s * fps)
        assert frame.stamp.wall == START + timedelta(seconds=frame.stamp.at_s)


def test_every_picture_is_given_when_the_pace_asks_for_all(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=2, bframes=3)
    assert [number_of(f.bgr) for f in frames(watch(video, pace_hz=25))] == list(range(50))


def test_the_same_file_gives_the_same_pictures(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", bframes=2)
    first, second = frames(watch(video)), frames(watch(video))
    assert [f.packet for f in first] == [f.packet for f in second]
    assert all(np.array_equal(a.bgr, b.bgr) for a, b in zip(first, second, strict=True))


def test_variable_frame_rate_keeps_each_pictures_own_time(tmp_path: Path) -> None:
    times = [0, 0.1, 0.9, 1.0, 1.01, 2.9, 3.0]
    video = make_video(tmp_path / "v.mp4", times_s=times)
    assert shown(watch(video, pace_hz=100)) == [(t, n) for n, t in enumerate(times)]


@pytest.mark.parametrize(
    ("rotation", "size", "corner"),
    [(0, (160, 120), (0, 0)), (90, (120, 160), (1, 0)), (-90, (120, 160), (0, 1)),
     (180, (160, 120), (1, 1))],
)  # fmt: skip
def test_a_rotation_flag_turns_the_picture_upright(
    tmp_path: Path, rotation: int, size: tuple[int, int], corner: tuple[int, int]
) -> None:
    """The red corner, stored at the upper left, comes to (bottom?, right?); 90 is anticlockwise."""
    video = make_video(tmp_path / "v.mp4", seconds=1, rotation=rotation)
    with open_source("c", str(video), clock=ReplayClock(START), pace_hz=2) as source:
        assert source.size == size
        picture = frames(list(source.pictures()))[0].bgr
    assert picture.shape == (size[1], size[0], 3)
    bottom, right = corner
    blue, _, red = picture[-10 if bottom else 10, -10 if right else 10].astype(int)
    assert red > 180
    assert blue < 80


def test_pictures_without_time_stamps_go_by_the_frame_rate_and_it_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    video = make_video(tmp_path / "v.h264", seconds=3, container="h264")
    with caplog.at_level(logging.WARNING):
        seen = frames(watch(video))
    assert [number_of(f.bgr) for f in seen] == [0, 13, 25, 38, 50, 63]
    assert [round(f.stamp.at_s, 2) for f in seen] == [0, 0.52, 1, 1.52, 2, 2.52]
    assert "without usable time stamps" in caplog.text


def test_a_jump_forward_is_a_gap_as_long_as_what_is_missing(tmp_path: Path) -> None:
    times = [n / 5 for n in range(5)] + [4.0 + n / 5 for n in range(5)]
    items = watch(make_video(tmp_path / "v.mp4", fps=5, times_s=times), pace_hz=5)
    assert shown(items) == [
        *[(round(n / 5, 2), n) for n in range(5)],
        (1.8, "jump"), (2.8, "jump"), (3.8, "jump"),
        *[(round(4 + n / 5, 2), 5 + n) for n in range(5)],
    ]  # fmt: skip
    assert not [i for i in watch(tmp_path / "v.mp4", jump_s=5) if isinstance(i, Gap)]


def test_a_jump_back_is_a_gap_and_time_goes_on(tmp_path: Path) -> None:
    """Two recordings in one transport stream: the second one's stamps start anew."""
    late = make_video(tmp_path / "1.ts", fps=5, times_s=[20 + n / 5 for n in range(10)])
    early = make_video(tmp_path / "2.ts", fps=5, times_s=[n / 5 for n in range(10)], first=10)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(late.read_bytes() + early.read_bytes())
    items = watch(joined, pace_hz=5)
    at_s = [i.stamp.at_s for i in items]
    assert at_s == sorted(at_s)
    assert [i.why for i in items if isinstance(i, Gap) and i.why is not Blindness.CORRUPT] == [
        Blindness.JUMP
    ]
    numbers = {number_of(f.bgr): f.stamp.at_s for f in frames(items)}
    assert numbers[15] - numbers[5] == pytest.approx(2.0, abs=0.01)


def test_stamps_that_stand_still_do_not_stop_the_stream(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    parts = [
        make_video(tmp_path / f"{n}.ts", fps=5, times_s=[k / 5 for k in range(5)], first=5 * n)
        for n in range(6)
    ]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(p.read_bytes() for p in parts))
    seen = frames(watch(joined, pace_hz=5))
    assert seen[-1].stamp.at_s > 4.5
    assert "without usable time stamps" in caplog.text


@pytest.mark.parametrize("packets", [[60], [50], range(60, 70)])
def test_packets_that_do_not_decode_are_a_gap_until_the_next_key_frame(
    tmp_path: Path, packets: list[int]
) -> None:
    whole = make_video(tmp_path / "v.mkv", seconds=6)
    items = watch(overwritten(whole, tmp_path / "broken.mkv", packets), pace_hz=25)
    wrong = [f for f in frames(items) if number_of(f.bgr) != round(f.stamp.at_s * 25)]
    assert not wrong  # nothing smeared was passed on
    gaps = [i for i in items if isinstance(i, Gap)]
    assert [g.why for g in gaps] == [Blindness.CORRUPT]
    assert gaps[0].stamp.at_s == pytest.approx(packets[0] / 25)
    numbers = [number_of(f.bgr) for f in frames(items)]
    assert numbers == [n for n in range(150) if not packets[0] <= n < 75]


def test_a_file_that_was_cut_off_gives_what_it_holds_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = make_video(tmp_path / "v.mkv", seconds=6).read_bytes()
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole[: len(whole) * 6 // 10])
    with caplog.at_level(logging.WARNING):
        seen = frames(watch(cut))
    assert 5 <= len(seen) <= 9
    assert [number_of(f.bgr) for f in seen[:3]] == [0, 13, 25]
    assert "cut off: the file promises 6.0 s" in caplog.text


def _sound(path: Path) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 8000), np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = 8000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def _renamed_codec(path: Path) -> Path:
    content = make_video(path, seconds=1).read_bytes()
    path.write_bytes(content.replace(b"avc1", b"zzz1").replace(b"avcC", b"zzzC"))
    return path


def _without_index(path: Path) -> Path:
    content = make_video(path, seconds=2).read_bytes()
    path.write_bytes(content[: content.index(b"moov")])
    return path


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


BAD_FILES: dict[str, tuple[Callable[[Path], Path], type[SourceError], type[Exception], str]] = {
    "missing": (lambda d: d / "no.mp4", MissingVideoError, FileNotFoundError, "check the path"),
    "folder": (lambda d: d, FolderGivenError, IsADirectoryError, "one of the video files"),
    "empty": (lambda d: _written(d / "e.mp4", b""), EmptyVideoError, ValueError, "0 bytes"),
    "text": (lambda d: _written(d / "t.txt", b"hello hall\n" * 99), NotAVideoError, ValueError,
             "no video"),
    "noise": (lambda d: _written(d / "n.mp4", bytes(range(256)) * 64), NotAVideoError, ValueError,
              "not a video"),
    "sound": (lambda d: _sound(d / "s.m4a"), NoVideoStreamError, ValueError, "only audio"),
    "codec": (lambda d: _renamed_codec(d / "c.mp4"), UnsupportedCodecError, ValueError, "H.264"),
    "no index": (lambda d: _without_index(d / "i.mp4"), NotAVideoError, ValueError, "moov"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_file_that_cannot_be_watched_is_a_named_error_that_says_what_to_do(
    tmp_path: Path, bad: str
) -> None:
    make, error, builtin, says = BAD_FILES[bad]
    path = make(tmp_path)
    with pytest.raises(error, match=says) as raised:
        open_source("c", str(path), clock=FakeClock(), pace_hz=2)
    assert isinstance(raised.value, builtin)
    assert str(path) in str(raised.value)


def test_an_address_that_no_source_reads_is_named() -> None:
    with pytest.raises(UnknownSchemeError, match="gopher://"):
        open_source("c", "gopher://hall/1", clock=FakeClock(), pace_hz=2)


def test_a_pace_is_positive(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=1)
    with pytest.raises(ValueError, match="pace is positive"):
        open_source("c", str(video), clock=FakeClock(), pace_hz=0)


def test_the_recording_begins_as_told_else_as_the_file_says_else_now(tmp_path: Path) -> None:
    dated = make_video(tmp_path / "d.mp4", seconds=1, created="2026-03-01T08:00:00Z")
    plain = make_video(tmp_path / "p.mp4", seconds=1)
    now = datetime(2030, 1, 1, tzinfo=UTC)
    for path, start, first in (
        (dated, START, START),
        (dated, None, datetime(2026, 3, 1, 8, tzinfo=UTC)),
        (plain, None, now),
    ):
        clock = FakeClock(now)
        with open_source("c", str(path), clock=clock, pace_hz=2, start=start) as source:
            assert next(source.pictures()).stamp.wall == first


def test_each_picture_is_waited_for(tmp_path: Path) -> None:
    clock = FakeClock()
    video = make_video(tmp_path / "v.mp4", seconds=2)
    with open_source("c", str(video), clock=clock, pace_hz=2, start=START) as source:
        walls = [item.stamp.wall for item in source.pictures()]
    assert clock.waited == walls


def test_a_closed_source_ends(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=2)
    source = open_source("c", str(video), clock=FakeClock(), pace_hz=2, start=START)
    pictures = source.pictures()
    next(pictures)
    source.close()
    assert list(pictures) == []


def test_key_frames_only_while_asked_for(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=6, fps=10, gop=10, bframes=2)
    numbers = []
    with FileSource("c", video, clock=ReplayClock(START), pace_hz=10, start=START) as source:
        for item in source.pictures():
            assert isinstance(item, Frame)
            numbers.append(number_of(item.bgr))
            source.keys_only = 1.0 <= item.stamp.at_s < 4.0
        counts = source.counts()
    assert numbers[:10] == list(range(10))
    assert [n for n in numbers if 12 <= n < 40] == [20, 30]
    assert [n for n in numbers if n >= 40] == list(range(40, 60))  # at once, within the group
    assert counts.packets == 60
    assert counts.key_every_s == pytest.approx(1.0)


def test_a_loop_goes_on_from_its_end_to_its_beginning(tmp_path: Path) -> None:
    make_video(tmp_path / "v.mp4", seconds=2, fps=10, gop=10)
    recorder = Recorder()
    url = located("loop:v.mp4", tmp_path)
    with open_source("c", url, clock=FakeClock(), pace_hz=10, recorder=recorder) as source:
        seen = list(islice(source.pictures(), 50))
        packets = source.counts().packets
    numbers = [n for _, n in shown(seen)]
    assert numbers == [*range(20), "jump", *range(20), "jump", *range(8)]
    assert [i.stamp.at_s for i in frames(seen)] == pytest.approx([n / 10 for n in range(48)])
    assert all(i.stamp.wall == START + timedelta(seconds=i.stamp.at_s) for i in seen)
    assert [f.packet.seq for f in frames(seen)] == list(range(48))
    assert packets >= 48
    assert recorder.span_s == (0.0, pytest.approx(4.7, abs=0.11))


def test_a_loop_of_no_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingVideoError):
        open_source("c", located("loop:v.mp4", tmp_path), clock=FakeClock(), pace_hz=1)
