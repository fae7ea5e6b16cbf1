"""The recorded files of all cameras: `<folder>/<camera>/<day>/<began>Z.mp4`, all times UTC.

The name says when the first picture came, so that the folder is its own index: nothing else is
kept that could disagree with it.
"""

from __future__ import annotations

import os
import re
import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

NAME = re.compile(r"^(\d{8}T\d{6})\.(\d{3})Z\.(mp4|mkv)$")

Moments: TypeAlias = Mapping[str, Sequence[tuple[datetime, datetime]]]
"""Camera -> spans of its time, aware."""


@dataclass(frozen=True, slots=True, order=True)
class Recorded:
    """One file. began: when its first picture came."""

    began: datetime
    path: Path
    size_bytes: int = field(compare=False, default=0)


class Shelf:
    """All recorded files below `folder`, oldest first within each camera. Thread-safe.

    Reading the folder once takes its names and sizes only; files of other names are left alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._files: dict[str, list[Recorded]] = {}
        self._bytes = 0
        for camera, recorded in _found(folder):
            self._files.setdefault(camera, []).append(recorded)
            self._bytes += recorded.size_bytes
        for files in self._files.values():
            files.sort()

    @property
    def size_bytes(self) -> int:
        return self._bytes

    def path_of(self, camera: str, began: datetime, suffix: str) -> Path:
        """Where a file of a camera that begins then lies. suffix: "mp4" or "mkv"."""
        utc = began.astimezone(UTC)
        name = f"{utc:%Y%m%dT%H%M%S}.{utc.microsecond // 1000:03d}Z.{suffix}"
        return self.folder / camera / f"{utc:%Y%m%d}" / name

    def add(self, camera: str, recorded: Recorded) -> None:
        """Take up a file, or its new size."""
        with self._lock:
            files = self._files.setdefault(camera, [])
            at = bisect_left(files, recorded)
            if at < len(files) and files[at].path == recorded.path:
                self._bytes -= files.pop(at).size_bytes
            insort(files, recorded)
            self._bytes += recorded.size_bytes

    def of(self, camera: str) -> list[Recorded]:
        with self._lock:
            return list(self._files.get(camera, ()))

    def covering(self, camera: str, begins: datetime, ends: datetime) -> list[Recorded]:
        """The files that may show a camera between two moments: those that begin in between, and
        the last one that begins before them."""
        with self._lock:
            files = self._files.get(camera, [])
            first = bisect_right(files, begins, key=lambda f: f.began)
            last = bisect_left(files, ends, key=lambda f: f.began)
            return files[max(first - 1, 0) : last]

    def showing(self, moments: Moments) -> list[Recorded]:
        """The files that may show any of these."""
        found = {
            recorded.path: recorded
            for camera, spans in moments.items()
            for begins, ends in spans
            for recorded in self.covering(camera, begins, ends)
        }
        return list(found.values())

    def oldest(self, but: Set[Path] = frozenset()) -> Recorded | None:
        """The file of any camera that begins first, those of the paths `but` left out."""
        with self._lock:
            firsts = (
                next((f for f in files if f.path not in but), None)
                for files in self._files.values()
            )
            return min((f for f in firsts if f is not None), default=None)

    def drop(self, recorded: Recorded) -> None:
        """Delete a file; one that is gone already is forgotten."""
        recorded.path.unlink(missing_ok=True)
        with suppress(OSError):  # not empty yet
            recorded.path.parent.rmdir()
        with self._lock:
            for files in self._files.values():
                at = bisect_left(files, recorded)
                if at < len(files) and files[at].path == recorded.path:
                    self._bytes -= files.pop(at).size_bytes
                    return


def _found(folder: Path) -> Iterator[tuple[str, Recorded]]:
    for camera in _folders(folder):
        for day in _folders(Path(camera.path)):
            with os.scandir(day.path) as entries:
                for entry in entries:
                    began = began_of(entry.name)
                    if began is not None:
                        size = entry.stat().st_size
                        yield camera.name, Recorded(began, Path(entry.path), size)


def _folders(folder: Path) -> list[os.DirEntry[str]]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return [entry for entry in entries if entry.is_dir(follow_symlinks=False)]


def began_of(name: str) -> datetime | None:
    """When a file of this name begins; None: it is not one of ours."""
    found = NAME.match(name)
    if found is None:
        return None
    try:
        second = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return second.replace(microsecond=int(found[2]) * 1000)
