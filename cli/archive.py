"""A hall's continuous recordings: the writer while the hall is watched, and who cuts from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from api.footage.keeping import CutOut, Cutter, FootageDiskError, NoFootageError
from cameras.clip import ClipError
from cameras.recordings.footage import FootageError, cut_footage
from cameras.recordings.shelf import Shelf
from cameras.recordings.writer import Held, Keeping, RecordingWriter, nothing_held
from vision.hallfile import Hall, Recording

GB = 10**9


def recordings_folder(recording: Recording, data_folder: Path) -> Path:
    """Where the hall file wants its recordings; a relative folder lies in the data folder."""
    return data_folder / recording.folder


def open_archive(
    hall: Hall, data_folder: Path, now: Callable[[], datetime], held: Held = nothing_held
) -> RecordingWriter | None:
    """The writer of the hall's recordings, not started yet; None: the hall wants none.
    Raises RecordingFolderError."""
    if hall.recording is None:
        return None
    keeping = Keeping(
        days=hall.recording.days,
        max_bytes=int(hall.recording.max_gb * GB),
        reserve_bytes=int(hall.recording.reserve_gb * GB),
    )
    shelf = Shelf(recordings_folder(hall.recording, data_folder))
    return RecordingWriter(shelf, keeping, now=now, held=held)


def cutter_of(shelf: Shelf) -> Cutter:
    """What the office calls for footage of a past moment."""

    def cut(camera: str, begins: datetime, ends: datetime, path: Path) -> CutOut:
        try:
            clip = cut_footage(shelf, camera, begins, ends, path)
        except FootageError as error:
            raise NoFootageError(str(error)) from error
        except ClipError as error:
            raise FootageDiskError(str(error)) from error
        covered = timedelta(seconds=clip.last_s - clip.first_s)
        until = clip.began_wall + covered
        return CutOut(clip.path, clip.sha256, clip.began_wall, until, clip.lacking)

    return cut
