"""The packet ring and the clips cut from it: the camera's own bytes, the span that is covered."""

from __future__ import annotations

import hashlib
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import av
import pytest

from cameras.clip import decoding_line
from cameras.ring import Clip, ClipError, Recorder
from tests.videos import START, make_video, payloads, pictures_of
from vision.records import Stamp


def stamped(at_s: float) -> Stamp:
    return Stamp(at_s, START + timedelta(seconds=at_s))


def record(recorder: Recorder, *videos: Path, first_s: float = 0.0) -> float:
    """Push the packets of the videos one after another; the stream second after the last."""
    for video in videos:
        last_s = first_s
        with av.open(str(video)) as container:
            for packet in container.demux(video=0):
                if not packet.size:
                    continue
                own = packet.pts if packet.pts is not None else packet.dts
                at_s = first_s + float((own or 0) * packet.time_base)
                recorder.push(packet, stamped(at_s))
                last_s = max(last_s, at_s)
        first_s = last_s + 0.04
    return first_s


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """10 s at 25 Hz, a key frame a second, B-frames."""
    return make_video(tmp_path / "v.mp4", seconds=10, bframes=2)


def test_a_clip_holds_the_cameras_own_bytes_from_the_key_frame_before(
    tmp_path: Path, video: Path
) -> None:
    recorder = Recorder()
    record(recorder, video)
    clip = recorder.cut(3.3, 5.5, tmp_path / "clip.mp4")
    assert (clip.first_s, clip.asked_from_s, clip.asked_to_s) == (3.0, 3.3, 5.5)
    assert clip.complete
    assert not clip.lacking
    assert clip.last_s >= 5.5
    assert clip.began_wall == START + timedelta(seconds=3)
    assert clip.sha256 == hashlib.sha256(clip.path.read_bytes()).hexdigest()
    cut, whole = payloads(clip.path), payloads(video)
    assert cut == whole[75 : 75 + len(cut)]  # to the byte: not coded again
    numbers = pictures_of(clip.path)
    assert numbers[0] == 75
    assert set(range(75, 138)) <= set(numbers)
    assert numbers == list(range(75, 75 + len(numbers)))


def test_a_clip_begins_at_second_zero_can_start_before_it_is_loaded_and_knows_its_date(
    tmp_path: Path, video: Path
) -> None:
    recorder = Recorder()
    record(recorder, video)
    clip = recorder.cut(4, 6, tmp_path / "clip.mp4")
    with av.open(str(clip.path)) as container:
        times = [f.time for f in container.decode(video=0)]
        assert container.metadata["creation_time"].startswith("2026-11-23T02:00:04")
    assert times == pytest.approx([n / 25 for n in range(len(times))], abs=1e-3)
    content = clip.path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_the_same_packets_make_the_same_file(tmp_path: Path, video: Path) -> None:
    clips: list[Clip] = []
    for name in ("a.mp4", "b.mp4"):
        recorder = Recorder()
        record(recorder, video)
        clips.append(recorder.cut(2, 4, tmp_path / name))
    assert clips[0].sha256 == clips[1].sha256


@pytest.mark.parametrize(
    ("codec", "made", "suffix"),
    [("libx264", "mkv", ".mp4"), ("libx264", "ts", ".mp4"), ("libx265", "mp4", ".mp4"),
     ("mjpeg", "avi", ".mkv"), ("mpeg4", "avi", ".mp4"), ("libvpx", "mkv", ".mkv")],
)  # fmt: skip
def test_every_coding_gets_a_container_that_holds_it(
    tmp_path: Path, codec: str, made: str, suffix: str
) -> None:
    source = make_video(tmp_path / f"v.{made}", seconds=3, codec=codec, bframes=0)
    recorder = Recorder()
    record(recorder, source)
    clip = recorder.cut(1.0, 2.0, tmp_path / "clip.mp4")
    assert clip.path == tmp_path / f"clip{suffix}"
    assert set(range(25, 50)) <= set(pictures_of(clip.path))


def test_a_rotation_flag_stays_with_the_clip(tmp_path: Path) -> None:
    recorder = Recorder()
    record(recorder, make_video(tmp_path / "v.mp4", seconds=2, rotation=90))
    clip = recorder.cut(0, 1, tmp_path / "clip.mp4")
    with av.open(str(clip.path)) as container:
        assert next(container.decode(video=0)).rotation == 90


def test_what_is_older_than_the_ring_goes_a_group_at_a_time(tmp_path: Path, video: Path) -> None:
    recorder = Recorder(keep_s=3)
    record(recorder, video)
    assert recorder.span_s is not None
    assert recorder.span_s == pytest.approx((6.0, 9.96))
    clip = recorder.cut(4, 8, tmp_path / "clip.mp4")
    assert clip.first_s == 6.0
    assert not clip.complete
    assert "first 2.0 s were not kept" in clip.lacking


def test_the_ring_never_holds_more_than_its_bytes(tmp_path: Path, video: Path) -> None:
    size_bytes = sum(len(p) for p in payloads(video))
    recorder = Recorder(max_bytes=size_bytes // 3)
    record(recorder, video)
    assert 0 < recorder.size_bytes <= size_bytes // 3
    span = recorder.span_s
    assert span is not None
    assert span[0] > 5
    assert span[0] == int(span[0])  # whole groups only


def test_a_stream_without_key_frames_does_not_fill_the_memory(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mp4", seconds=8, gop=1000)
    recorder = Recorder(max_bytes=20_000)
    record(recorder, video)
    assert recorder.size_bytes == 0
    with pytest.raises(ClipError, match="key frames"):
        recorder.cut(1, 2, tmp_path / "clip.mp4")


def test_a_clip_of_what_has_not_come_yet_says_what_it_lacks(tmp_path: Path, video: Path) -> None:
    recorder = Recorder()
    record(recorder, video)
    clip = recorder.cut(8, 15, tmp_path / "clip.mp4")
    assert not clip.complete
    assert clip.last_s == pytest.approx(10.0, abs=0.05)
    assert "last 5.0 s had not arrived" in clip.lacking


@pytest.mark.parametrize(("began_s", "ended_s"), [(0, 2), (20, 30)])
def test_nothing_kept_of_the_span_is_an_error(
    tmp_path: Path, video: Path, began_s: float, ended_s: float
) -> None:
    recorder = Recorder(keep_s=3)
    record(recorder, video)
    with pytest.raises(ClipError, match=r"only 6\.0 to 10\.0"):
        recorder.cut(began_s, ended_s, tmp_path / "clip.mp4")


def test_an_empty_ring_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match="check that the camera delivers"):
        Recorder().cut(0, 1, tmp_path / "clip.mp4")


def test_where_the_coding_changes_the_clip_is_the_longest_stretch_and_says_so(
    tmp_path: Path,
) -> None:
    small = make_video(tmp_path / "1.mp4", seconds=3, size=(160, 120))
    large = make_video(tmp_path / "2.mp4", seconds=4, size=(320, 240), codec="libx265")
    recorder = Recorder()
    record(recorder, small, large)
    clip = recorder.cut(2, 6, tmp_path / "clip.mp4")
    assert clip.first_s == pytest.approx(3.0)
    assert not clip.complete
    assert "coding changed" in clip.lacking
    with av.open(str(clip.path)) as container:
        assert container.streams.video[0].width == 320
    assert recorder.cut(0.5, 2.5, tmp_path / "before.mp4").complete


def test_a_clip_over_a_jump_in_the_cameras_stamps_runs_on(tmp_path: Path) -> None:
    """A transport stream whose stamps start anew is still one segment of one line of time."""
    late = make_video(tmp_path / "1.ts", times_s=[30 + n / 25 for n in range(50)])
    early = make_video(tmp_path / "2.ts", times_s=[n / 25 for n in range(50)], first=50)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(late.read_bytes() + early.read_bytes())
    recorder = Recorder()
    with av.open(str(joined)) as container:
        count = 0
        for packet in container.demux(video=0):
            if packet.size:
                recorder.push(packet, stamped(count / 25))
                count += 1
    clip = recorder.cut(0, count / 25, tmp_path / "clip.mp4")
    with av.open(str(clip.path)) as container:
        times = [f.time for f in container.decode(video=0)]
    assert max(b - a for a, b in pairwise(times)) < 0.1
    assert len(times) == 100


def test_unknown_decoding_times_are_counted_back(tmp_path: Path) -> None:
    video = make_video(tmp_path / "v.mkv", seconds=2, bframes=3)
    recorder = Recorder()
    record(recorder, video)
    packets = [p for group in recorder._groups for p in group.packets]
    assert packets[0].dts is None  # Matroska keeps none, and the first cannot be worked out
    line = decoding_line(packets)
    assert all(a < b for a, b in pairwise(line))
    assert all(dts <= p.line_pts for dts, p in zip(line, packets, strict=True))
    clip = recorder.cut(0, 2, tmp_path / "clip.mp4")
    assert pictures_of(clip.path) == list(range(50))


@contextmanager
def room_for(file_bytes: int) -> Iterator[None]:
    """As on a full disk: the system refuses to let any file grow beyond this."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("share", [0.1, 0.7, 0.99])
def test_a_full_disk_is_an_error_and_leaves_nothing(
    tmp_path: Path, video: Path, share: float
) -> None:
    recorder = Recorder()
    record(recorder, video)
    whole = recorder.cut(0, 10, tmp_path / "whole.mp4").path.stat().st_size
    folder = tmp_path / "clips"
    folder.mkdir()
    with room_for(round(whole * share)), pytest.raises(ClipError, match="MB of room"):
        recorder.cut(0, 10, folder / "clip.mp4")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("kind", ["missing", "a file"])
def test_a_folder_that_cannot_be_written_is_an_error(
    tmp_path: Path, video: Path, kind: str
) -> None:
    folder = tmp_path / "clips"
    if kind == "a file":
        folder.write_text("not a folder")
    recorder = Recorder()
    record(recorder, video)
    with pytest.raises(ClipError, match="its folder"):
        recorder.cut(0, 4, folder / "clip.mp4")


def test_a_failed_clip_leaves_the_older_one_alone(tmp_path: Path, video: Path) -> None:
    recorder = Recorder()
    record(recorder, video)
    clip = recorder.cut(0, 2, tmp_path / "clip.mp4")
    with pytest.raises(ClipError):
        recorder.cut(100, 102, tmp_path / "clip.mp4")
    assert hashlib.sha256(clip.path.read_bytes()).hexdigest() == clip.sha256


def test_clips_are_cut_while_packets_come(tmp_path: Path, video: Path) -> None:
    recorder = Recorder(keep_s=5)
    failures: list[Exception] = []

    def cut() -> None:
        for index in range(5):
            span = recorder.span_s
            if span is None:
                continue
            try:
                recorder.cut(span[0], span[1], tmp_path / f"{index}.mp4")
            except Exception as error:
                failures.append(error)

    record(recorder, video)
    thread = threading.Thread(target=cut)
    thread.start()
    first_s = 10.0
    while thread.is_alive():
        first_s = record(recorder, video, first_s=first_s)
    thread.join()
    assert not failures
