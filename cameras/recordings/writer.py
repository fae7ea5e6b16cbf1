"""Continuous recording of all cameras by one thread, apart from watching and deciding.

Readers hand their packets over without waiting. What the disk cannot take is given up by policy:
the oldest files first, but none that is held; then the recording itself until there is room again,
and it says so. Alerts and their clips are not touched by it.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeAlias

from av.error import FFmpegError

from cameras.clip import KeptPacket
from cameras.recordings.segment import SegmentFile, kind_of
from cameras.recordings.shelf import Moments, Recorded, Shelf
from cameras.ring import Segment
from vision.health import RecordingHealth

log = logging.getLogger(__name__)

ASTRAY_S = 2.0
"""Wall clock and stream may differ by this much within a file; then a new one begins."""
RETRY_S = 10.0
ROOM_EVERY_S = 5.0
IDLE_S = 15.0
"""A file to which nothing was added for so long is finished."""


Held: TypeAlias = Callable[[], Moments | None]
"""What must not be deleted now; None: it cannot be told. Asked by the thread that writes: it must
not wait for anything."""


def nothing_held() -> Moments:
    return {}


class RecordingFolderError(OSError):
    """The folder for recordings cannot be written."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long and how much is kept. days, max_bytes: what is over is deleted, the oldest first;
    what is held stays, and is not counted. reserve_bytes: so much of the disk is left to evidence
    and database, whatever is held. file_s: a file ends at
    the first key frame after so long."""

    days: float = 7.0
    max_bytes: int = 100 * 10**9
    reserve_bytes: int = 2 * 10**9
    file_s: float = 60.0
    queue_bytes: int = 64 * 2**20


@dataclass(frozen=True, slots=True)
class _Handed:
    recording: CameraRecording
    kept: KeptPacket
    segment: Segment


class CameraRecording:
    """One camera's part: `take` is what its ring hands packets on to."""

    def __init__(self, writer: RecordingWriter, camera: str, since: datetime) -> None:
        self.camera = camera
        self.file: SegmentFile | None = None
        self.run: Segment | None = None
        self.written_bytes = 0
        self.dropped = 0
        self.written_at: datetime | None = None
        self.trouble: str | None = None
        self.retry_s = 0.0
        self._writer = writer
        self._since = since
        self._torn = False

    def take(self, kept: KeptPacket, segment: Segment) -> None:
        """Hand a packet over; never waits. After one that was dropped, nothing can be decoded up
        to the next key frame, so that nothing is taken either."""
        if self._torn and not kept.is_key:
            self.dropped += 1
            return
        self._torn = not self._writer.put(_Handed(self, kept, segment), len(kept.payload))
        self.dropped += self._torn

    def health(self) -> RecordingHealth:
        newest = self.written_at or self._since
        return RecordingHealth(self.written_bytes, self.dropped, self.trouble, newest)


class RecordingWriter(threading.Thread):
    """Writes what its cameras hand over, and keeps the shelf within its bounds.

    now: the aware current time. free: bytes that the disk of a folder has left. held: the moments
    whose files stay over all bounds.
    Raises RecordingFolderError at once when the folder cannot be written.
    """

    def __init__(
        self,
        shelf: Shelf,
        keeping: Keeping,
        *,
        now: Callable[[], datetime],
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        held: Held = nothing_held,
    ) -> None:
        super().__init__(name="recordings", daemon=True)
        self.shelf = shelf
        self.keeping = keeping
        self._now = now
        self._free = free
        self._held = held
        self._queue: deque[_Handed | CameraRecording] = deque()
        self._queued_bytes = 0
        self._ready = threading.Condition()
        self._closing = False
        self._cameras: list[CameraRecording] = []
        self._tidied: datetime | None = None
        _try_folder(shelf.folder)

    def camera(self, camera: str) -> CameraRecording:
        recording = CameraRecording(self, camera, self._now())
        with self._ready:
            self._cameras.append(recording)
        return recording

    def forget(self, recording: CameraRecording) -> None:
        """This camera is no longer watched: finish its file when its packets are written."""
        with self._ready:
            self._queue.append(recording)
            self._ready.notify()

    def put(self, handed: _Handed, size_bytes: int) -> bool:
        """False: the queue is full, the disk does not keep up."""
        with self._ready:
            if self._queued_bytes + size_bytes > self.keeping.queue_bytes:
                return False
            self._queue.append(handed)
            self._queued_bytes += size_bytes
            self._ready.notify()
            return True

    def close(self) -> None:
        """Write what is queued, finish all files, end the thread."""
        with self._ready:
            self._closing = True
            self._ready.notify()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        while not self._closing or self._queue:
            handed = self._next()
            self._guarded(self._tidy_in_time, list(self._cameras))
            if isinstance(handed, CameraRecording):
                self._guarded(partial(self._finish, handed), [handed])
                self._cameras.remove(handed)
            elif handed is not None:
                self._guarded(partial(self._write, handed), [handed.recording])
        for recording in self._cameras:
            self._guarded(partial(self._finish, recording), [recording])

    def _guarded(self, work: Callable[[], None], recordings: Sequence[CameraRecording]) -> None:
        """Do it; where the disk refuses, tell it of these cameras, and live: a folder that is gone
        may come back."""
        try:
            work()
        except (OSError, FFmpegError) as error:
            for recording in recordings:
                self._failed(recording, error)

    def _next(self) -> _Handed | CameraRecording | None:
        """What was handed over next; None: nothing for a while."""
        with self._ready:
            if not self._queue and not self._closing:
                self._ready.wait(ROOM_EVERY_S)
            if not self._queue:
                return None
            handed = self._queue.popleft()
            if isinstance(handed, _Handed):
                self._queued_bytes -= len(handed.kept.payload)
            return handed

    def _write(self, handed: _Handed) -> None:
        recording, kept, run = handed.recording, handed.kept, handed.segment
        file = recording.file
        if file is not None and self._ends(recording, file, kept, run):
            self._finish(recording)
            file = None
        if file is None:
            if not kept.is_key or not self._may_begin(recording, kept):
                return
            file = self._begin(recording, kept, run)
        before = file.size_bytes
        file.write(kept)
        recording.written_at = self._now()
        recording.written_bytes += file.size_bytes - before

    def _ends(
        self, recording: CameraRecording, file: SegmentFile, kept: KeptPacket, run: Segment
    ) -> bool:
        if run is not recording.run:
            return True
        return kept.is_key and (
            file.age_s(kept) >= self.keeping.file_s or file.astray_s(kept) > ASTRAY_S
        )

    def _may_begin(self, recording: CameraRecording, kept: KeptPacket) -> bool:
        """After trouble, try again after a while only; and not where there is no room."""
        if recording.trouble is not None and kept.stamp.at_s < recording.retry_s:
            return False
        if self._has_room():
            return True
        recording.retry_s = kept.stamp.at_s + RETRY_S
        self._say(
            recording,
            f"the disk of {self.shelf.folder} is full (less than "
            f"{self.keeping.reserve_bytes / 1e9:.1f} GB left) and {self._why_none_goes()}; "
            "alerts go on",
        )
        return False

    def _begin(self, recording: CameraRecording, kept: KeptPacket, run: Segment) -> SegmentFile:
        suffix = kind_of(run.template)
        began = kept.stamp.wall
        path = self.shelf.path_of(recording.camera, began, suffix)
        while path.exists():  # the clock was set back to this very millisecond
            began += timedelta(milliseconds=1)
            path = self.shelf.path_of(recording.camera, began, suffix)
        file = SegmentFile(path, run.template, kept)
        recording.file, recording.run = file, run
        self._enter(recording, file)
        if recording.trouble is not None:
            log.info("camera %s: recorded again", recording.camera)
            recording.trouble = None
        return file

    def _finish(self, recording: CameraRecording) -> None:
        file, recording.file = recording.file, None
        if file is None:
            return
        try:
            file.close()
        except (OSError, FFmpegError) as error:
            self._failed(recording, error)
        self._enter(recording, file)
        self._has_room()

    def _enter(self, recording: CameraRecording, file: SegmentFile) -> None:
        self.shelf.add(recording.camera, Recorded(file.began, file.path, file.size_bytes))

    def _failed(self, recording: CameraRecording, error: Exception) -> None:
        file, recording.file = recording.file, None
        if file is not None:
            with suppress(OSError, FFmpegError):
                file.close()
            self._enter(recording, file)
            recording.retry_s = file.newest_s + RETRY_S
        why = getattr(error, "strerror", None) or str(error)
        self._say(
            recording,
            f"recording to {self.shelf.folder} failed ({why}): check that the folder may be "
            "written and the disk works; alerts go on",
        )

    def _say(self, recording: CameraRecording, trouble: str) -> None:
        if recording.trouble != trouble:
            log.error("camera %s: %s", recording.camera, trouble)
        recording.trouble = trouble

    def _tidy_in_time(self) -> None:
        """Now and then finish files that do not grow any more, and make room."""
        now = self._now()
        if self._tidied is not None and abs(now - self._tidied) < timedelta(seconds=ROOM_EVERY_S):
            return
        self._tidied = now
        for recording in self._cameras:
            last = recording.written_at
            if last is not None and abs(now - last) > timedelta(seconds=IDLE_S):
                self._finish(recording)
        self._has_room()

    def _why_none_goes(self) -> str:
        held = self._held_files()
        if held is None:
            return "which recordings are held cannot be told: see why the database does not answer"
        if held:
            size_gb = sum(f.size_bytes for f in held) / 1e9
            return (
                f"the {size_gb:.1f} GB of recordings that are left are held for cases, complaints "
                "or by order: close and answer them, lift holds, or make room"
            )
        return (
            "there are no older recordings to delete: make room, or lower [recording] days or "
            "max_gb"
        )

    def _held_files(self) -> list[Recorded] | None:
        """None: it cannot be told, so that all of them are."""
        moments = self._held()
        return None if moments is None else self.shelf.showing(moments)

    def _has_room(self) -> bool:
        """Delete what is too old or too much, oldest first, and none that is held; whether there
        is room to go on."""
        held = self._held_files()
        oldest_kept = self._now() - timedelta(days=self.keeping.days)
        stays = {r.file.path for r in self._cameras if r.file is not None}
        stays |= {f.path for f in held or ()}
        held_bytes = sum(f.size_bytes for f in held or ())
        while True:
            lacking = self._free(self.shelf.folder) < self.keeping.reserve_bytes
            first = None if held is None else self.shelf.oldest(but=stays)
            over = self.shelf.size_bytes - held_bytes > self.keeping.max_bytes
            if first is None or not (lacking or over or first.began < oldest_kept):
                return not lacking
            try:
                self.shelf.drop(first)
            except OSError as error:
                log.error("%s could not be deleted (%s)", first.path, error.strerror)
                return not lacking


def _try_folder(folder: Path) -> None:
    probe = folder / ".written"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise RecordingFolderError(
            f"recordings cannot be written to {folder} ({error.strerror}): make the folder "
            "writable, or name another under [recording] folder in the hall file"
        ) from error
