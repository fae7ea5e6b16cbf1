"""Continuous recording: what is on the disk after a day, a full disk, a pulled plug; finding it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import av
import pytest

from cameras.clip import KeptPacket
from cameras.recordings.footage import LONGEST, FootageError, cut_footage
from cameras.recordings.segment import SegmentFile, kind_of
from cameras.recordings.shelf import Recorded, Shelf, began_of
from cameras.recordings.writer import (
    CameraRecording,
    Held,
    Keeping,
    RecordingFolderError,
    RecordingWriter,
    nothing_held,
)
from cameras.ring import Recorder, Segment
from tests.videos import START, make_video, payloads, pictures_of
from vision.records import Stamp


@dataclass
class Plant:
    """A recording writer whose clock and disk are told what to say."""

    folder: Path
    keeping: Keeping = field(default_factory=lambda: Keeping(file_s=2.0, reserve_bytes=1000))
    free_bytes: int = 10**12
    now: datetime = START
    held: Held = nothing_held

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder)
        self.writer = RecordingWriter(
            self.shelf, self.keeping, now=lambda: self.now, free=lambda _: self.free_bytes,
            held=self.held,
        )  # fmt: skip

    def record(self, recording: CameraRecording, video: Path, wall: datetime) -> None:
        """Push a video through a ring, its first picture at `wall`."""
        ring = Recorder(onward=recording.take)
        with av.open(str(video)) as container:
            for packet in container.demux(video=0):
                if packet.size:
                    at_s = float((packet.pts or 0) * packet.time_base)
                    ring.push(packet, Stamp(at_s, wall + timedelta(seconds=at_s)))

    def run(self) -> None:
        """Write all that is queued."""
        self.writer.start()
        self.writer.close()


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    return Plant(tmp_path / "recordings")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """10 s at 25 Hz, a key frame a second, B-frames."""
    return make_video(tmp_path_factory.mktemp("v") / "v.mp4", seconds=10, bframes=2)


def files(plant: Plant, camera: str = "cam1") -> list[Path]:
    return [recorded.path for recorded in plant.shelf.of(camera)]


@pytest.mark.parametrize(
    ("codec", "suffix"), [("libx264", "mp4"), ("libx265", "mp4"), ("mjpeg", "mkv")]
)
def test_every_packet_is_in_short_files_that_open_untouched(
    plant: Plant, tmp_path: Path, codec: str, suffix: str
) -> None:
    source = make_video(tmp_path / "v.mkv", seconds=5, codec=codec, gop=25)
    recording = plant.writer.camera("cam1")
    plant.now += timedelta(minutes=1)
    plant.record(recording, source, START)
    assert recording.health().newest == START  # since when it is wanted
    plant.run()
    assert recording.health().newest == plant.now
    paths = files(plant)
    assert [p.name for p in paths] == [
        f"20261123T0200{second:02d}.000Z.{suffix}" for second in (0, 2, 4)
    ]
    assert paths[0].parent == plant.folder / "cam1" / "20261123"
    assert [b for path in paths for b in payloads(path)] == payloads(source)
    assert plant.shelf.size_bytes == sum(path.stat().st_size for path in paths)


def test_the_folder_is_its_own_index(plant: Plant, video: Path) -> None:
    plant.record(plant.writer.camera("cam1"), video, START)
    plant.run()
    (plant.folder / "cam1" / "20261123" / "notes.txt").write_text("left alone")
    again = Shelf(plant.folder)
    assert again.of("cam1") == plant.shelf.of("cam1")
    assert again.size_bytes == plant.shelf.size_bytes


def test_ten_thousand_files_are_taken_up_in_a_blink(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for minute in range(10_000):
        path = shelf.path_of("cam1", START + timedelta(minutes=minute), "mp4")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    spent_s: list[float] = []
    for _ in range(3):  # the best, of this thread alone: other tests leave threads that still end
        began_s = time.thread_time()
        shelf = Shelf(tmp_path)
        spent_s.append(time.thread_time() - began_s)
    assert min(spent_s) < 0.5
    found = shelf.covering("cam1", START + timedelta(minutes=5000.5), START + timedelta(hours=84))
    assert [f.began for f in found][:2] == [START + timedelta(minutes=m) for m in (5000, 5001)]
    assert len(found) == 84 * 60 - 5000


def test_names_that_are_not_ours_are_no_moments() -> None:
    assert began_of("20261123T020000.250Z.mp4") == START + timedelta(milliseconds=250)
    for name in ("20261399T020000.250Z.mp4", "20261123T020000.250Z.avi", "clip.mp4", ".written"):
        assert began_of(name) is None


def test_footage_of_any_moment_is_one_clip_over_file_borders(
    plant: Plant, video: Path, tmp_path: Path
) -> None:
    plant.record(plant.writer.camera("cam1"), video, START)
    plant.run()
    begins = START + timedelta(seconds=3.3)
    clip = cut_footage(plant.shelf, "cam1", begins, begins + timedelta(seconds=4), tmp_path / "c")
    assert clip.complete
    assert clip.began_wall == START + timedelta(seconds=3)
    assert clip.first_s == pytest.approx(-0.3)
    assert clip.last_s >= 4
    numbers = pictures_of(clip.path)
    assert numbers == list(range(75, 75 + len(numbers)))
    assert set(range(75, 183)) <= set(numbers)
    cut, whole = payloads(clip.path), payloads(video)
    assert cut == whole[75 : 75 + len(cut)]


def test_footage_says_what_is_lacking_or_that_there_is_none(
    plant: Plant, video: Path, tmp_path: Path
) -> None:
    recording = plant.writer.camera("cam1")
    plant.record(recording, video, START)
    plant.record(recording, video, START + timedelta(seconds=30))
    plant.run()

    def cut(from_s: float, to_s: float, camera: str = "cam1") -> tuple[bool, str]:
        begins, ends = (START + timedelta(seconds=s) for s in (from_s, to_s))
        clip = cut_footage(plant.shelf, camera, begins, ends, tmp_path / "c.mp4")
        return clip.complete, clip.lacking

    assert cut(5, 9) == (True, "")
    complete, lacking = cut(8, 35)  # 2 s of one stretch, 5 s of the other
    assert not complete
    assert "first 22.0 s were not kept" in lacking
    assert "longest stretch" in lacking
    for span, camera, words in [
        ((15, 25), "cam1", "recordings begin at 2026-11-23 02:00:00"),
        ((5, 9), "cam2", "needs \\[recording\\]"),
        ((9, 5), "cam1", "ends after it begins"),
        ((0, LONGEST.total_seconds() + 1), "cam1", "at most 15 minutes"),
    ]:
        with pytest.raises(FootageError, match=words):
            cut(*span, camera)


def test_a_clock_set_back_begins_a_new_file_and_loses_none(
    plant: Plant, video: Path, tmp_path: Path
) -> None:
    recording = plant.writer.camera("cam1")
    ring = Recorder(onward=recording.take)
    with av.open(str(video)) as container:
        for packet in container.demux(video=0):
            if packet.size:
                at_s = float((packet.pts or 0) * packet.time_base)
                back_s = 3600.0 if at_s >= 5 else 0.0
                ring.push(packet, Stamp(at_s, START + timedelta(seconds=at_s - back_s)))
    plant.run()
    kept = [b for path in files(plant) for b in payloads(path)]
    assert sorted(kept) == sorted(payloads(video))
    begins = START - timedelta(minutes=60) + timedelta(seconds=6)
    clip = cut_footage(plant.shelf, "cam1", begins, begins + timedelta(seconds=3), tmp_path / "c")
    assert pictures_of(clip.path)[0] == 150


def test_the_oldest_go_first_when_it_is_too_much_or_too_old(tmp_path: Path, video: Path) -> None:
    size = video.stat().st_size
    plant = Plant(tmp_path / "r", Keeping(file_s=2.0, max_bytes=2 * size, reserve_bytes=0))
    for hour, camera in enumerate(["cam1", "cam2", "cam1", "cam2"]):
        recording = plant.writer.camera(camera)
        plant.record(recording, video, START + timedelta(hours=hour))
        plant.writer.forget(recording)
    plant.now = START + timedelta(hours=4)
    plant.run()
    assert plant.shelf.size_bytes <= 2 * size
    assert {f.began.hour for c in ("cam1", "cam2") for f in plant.shelf.of(c)} == {4, 5}
    assert not (tmp_path / "r" / "cam1" / "20261123" / "20261123T020000.000Z.mp4").exists()
    later = Plant(tmp_path / "r", Keeping(days=0.5), now=START + timedelta(hours=14.5))
    later.writer.camera("cam1")
    later.writer.start()
    while later.shelf.oldest() and later.shelf.oldest() != later.shelf.of("cam2")[0]:
        time.sleep(0.01)
    later.writer.close()
    assert not later.shelf.of("cam1")


def test_a_full_disk_deletes_old_recordings_then_pauses_says_so_and_goes_on(
    plant: Plant, video: Path
) -> None:
    recording = plant.writer.camera("cam1")
    plant.record(recording, video, START)
    plant.run()
    assert recording.health().trouble is None
    fuller = Plant(plant.folder, plant.keeping, free_bytes=10, now=START)
    recording = fuller.writer.camera("cam1")
    fuller.record(recording, video, START + timedelta(minutes=1))
    fuller.run()
    assert not files(fuller)
    trouble = recording.health().trouble
    assert trouble is not None
    assert "is full" in trouble
    assert "alerts go on" in trouble
    fuller.free_bytes = 10**12
    again = RecordingWriter(
        fuller.shelf, plant.keeping, now=lambda: START, free=lambda _: fuller.free_bytes
    )
    again.camera("cam1")
    fuller.record(again.camera("cam1"), video, START + timedelta(minutes=2))
    again.start()
    again.close()
    assert len(files(fuller)) == 5


def test_a_disk_that_refuses_costs_one_file_not_the_recording(plant: Plant, video: Path) -> None:
    recording = plant.writer.camera("cam1")
    (plant.folder / "cam1").write_text("a file where the camera's folder should be")
    plant.record(recording, video, START)
    plant.run()
    trouble = recording.health().trouble
    assert trouble is not None
    assert "failed" in trouble
    assert recording.health().written_bytes == 0


def test_a_folder_that_is_gone_for_a_while_does_not_end_the_recording(
    plant: Plant, video: Path
) -> None:
    gone = [True] * 3

    def free(_: Path) -> int:
        if gone and gone.pop():
            raise FileNotFoundError(2, "No such file or directory")
        return 10**12

    writer = RecordingWriter(plant.shelf, plant.keeping, now=lambda: plant.now, free=free)
    recording = writer.camera("cam1")
    plant.record(recording, video, START)
    writer.start()
    while writer._queue:
        time.sleep(0.01)
    trouble = recording.health().trouble
    assert trouble is not None or not gone  # told while it lasts
    plant.record(recording, video, START + timedelta(minutes=2))
    writer.close()
    assert not gone
    assert recording.health().trouble is None
    assert files(plant)


def test_a_queue_that_is_full_drops_up_to_the_next_key_frame_and_counts(
    tmp_path: Path, video: Path
) -> None:
    half = sum(map(len, payloads(video))) // 2
    plant = Plant(tmp_path / "r", Keeping(queue_bytes=half, reserve_bytes=0))
    recording = plant.writer.camera("cam1")
    plant.record(recording, video, START)  # nobody writes yet
    plant.run()
    kept = [b for path in files(plant) for b in payloads(path)]
    assert recording.health().dropped_packets == len(payloads(video)) - len(kept) > 0
    assert kept == payloads(video)[: len(kept)]


def test_a_folder_that_cannot_be_written_is_named_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("no folder")
    with pytest.raises(RecordingFolderError, match=r"\[recording\] folder"):
        Plant(tmp_path / "recordings")


def test_a_camera_that_is_watched_no_more_leaves_a_finished_file(plant: Plant, video: Path) -> None:
    recording = plant.writer.camera("cam1")
    plant.record(recording, video, START)
    plant.writer.forget(recording)
    plant.run()
    assert [b for path in files(plant) for b in payloads(path)] == payloads(video)


CHILD = """
import sys, time
from datetime import timedelta
from pathlib import Path
import av
from cameras.recordings.shelf import Shelf
from cameras.recordings.writer import Keeping, RecordingWriter
from cameras.ring import Recorder, Segment
from tests.videos import START
from vision.records import Stamp

writer = RecordingWriter(Shelf(Path(sys.argv[2])), Keeping(file_s=4, reserve_bytes=0),
                         now=lambda: START)
ring = Recorder(onward=writer.camera("cam1").take)
writer.start()
with av.open(sys.argv[1]) as container:
    for packet in container.demux(video=0):
        if packet.size:
            at_s = float((packet.pts or 0) * packet.time_base)
            ring.push(packet, Stamp(at_s, START + timedelta(seconds=at_s)))
while writer._queue:
    time.sleep(0.01)
time.sleep(0.2)
print("written", flush=True)
time.sleep(60)
"""


@pytest.fixture
def killed(tmp_path: Path, video: Path) -> Path:
    """The folder of a recorder that was killed in the middle of a file."""
    folder = tmp_path / "killed"
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(video), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "written\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    return folder


def test_a_kill_loses_at_most_the_last_second(killed: Path, video: Path, tmp_path: Path) -> None:
    shelf = Shelf(killed)
    paths = [f.path for f in shelf.of("cam1")]
    assert len(paths) == 3
    kept = [b for path in paths for b in payloads(path)]
    assert kept == payloads(video)[: len(kept)]
    assert len(kept) >= len(payloads(video)) - 25  # 25 pictures a second
    begins = START + timedelta(seconds=1)
    clip = cut_footage(shelf, "cam1", begins, START + timedelta(seconds=8.5), tmp_path / "c")
    assert clip.complete
    assert isinstance(shelf.oldest(), Recorded)


@pytest.mark.parametrize("codec", ["libx264", "libx265", "mpeg4"])
def test_each_second_is_on_the_disk_as_soon_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codec: str
) -> None:
    """A power cut takes what was never synced: never more than half a second of what has grown."""
    synced: list[int] = []
    monkeypatch.setattr(
        "cameras.recordings.segment.os.fdatasync", lambda fd: synced.append(os.fstat(fd).st_size)
    )
    ring_packets: list[tuple[KeptPacket, Segment]] = []
    ring = Recorder(onward=lambda kept, run: ring_packets.append((kept, run)))
    source = make_video(tmp_path / "source.mkv", codec=codec, seconds=6)
    with av.open(str(source)) as container:
        for packet in container.demux(video=0):
            if packet.size:
                at_s = float((packet.pts or 0) * packet.time_base)
                ring.push(packet, Stamp(at_s, START + timedelta(seconds=at_s)))
        first, run = ring_packets[0]
        file = SegmentFile(tmp_path / f"kept.{kind_of(run.template)}", run.template, first)
        behind_since_s: float | None = None
        for kept, _ in ring_packets:
            file.write(kept)
            at_s = kept.stamp.at_s
            if synced and file.size_bytes == synced[-1]:
                behind_since_s = None
            elif file.size_bytes and behind_since_s is None:
                behind_since_s = at_s
            assert behind_since_s is None or at_s - behind_since_s <= 0.5
        file.close()
    assert len(synced) >= 6
