"""Change the hall file: whole or not at all, its comments kept, the old one beside it.

Whoever edits the file by hand and whoever edits it in the console may be two people: a change says
which file it was made for, and is refused when that is no longer the one on the disk.
"""

from __future__ import annotations

import glob
import hashlib
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from vision.hallfile import Hall, HallFileError, Problem, Wrong, parse_hall, unreadable

Change = Callable[[tomlkit.TOMLDocument], None]
"""Edits the document in place."""

BACKUPS = 10

_one_at_a_time = threading.Lock()


class HallFileChangedError(RuntimeError):
    """The file is not the one that the change was made for: somebody else was faster."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} was changed by somebody else meanwhile; look at it again")


@dataclass(frozen=True, slots=True)
class HallFile:
    """The hall file on the disk. `now` gives the aware current time, which names backups."""

    path: Path
    now: Callable[[], datetime]

    def read(self) -> Hall:
        """Raises HallFileError."""
        return parse_hall(self._bytes(), self.path)

    def tried(self, change: Change) -> Hall:
        """The hall as it would be; nothing is written. Raises HallFileError with every problem."""
        return parse_hall(changed(self._bytes(), change, self.path), self.path)

    def change(self, change: Change, *, made_for_sha: str) -> Hall:
        """Write the changed file and return its hall. The old file stays as `.bak-<time>`;
        the latest ten are kept.

        made_for_sha: `Hall.sha` of the file that was looked at. Raises HallFileChangedError, and
        HallFileError where the result would be no good hall file; then nothing was written.
        """
        with _one_at_a_time:
            old = self._bytes()
            if hashlib.sha256(old).hexdigest() != made_for_sha:
                raise HallFileChangedError(self.path)
            new = changed(old, change, self.path)
            hall = parse_hall(new, self.path)
            if new != old:
                _write_whole(self._backup(), old)
                _write_whole(self.path, new)
                self._forget_old_backups()
            return hall

    def _backup(self) -> Path:
        stamp = f"{self.now().astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
        return self.path.with_name(f"{self.path.name}.bak-{stamp}")

    def _forget_old_backups(self) -> None:
        """They may hold cameras' passwords: the latest few are kept, named by their time."""
        backups = sorted(self.path.parent.glob(f"{glob.escape(self.path.name)}.bak-*"))
        for old in backups[:-BACKUPS]:
            old.unlink(missing_ok=True)

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise unreadable(self.path, error) from error


def changed(content: bytes, change: Change, path: Path | str = "<hall>") -> bytes:
    """The file's bytes after the change. Raises HallFileError where they are no TOML."""
    try:
        document = tomlkit.parse(content.decode("utf-8"))
    except (UnicodeDecodeError, TOMLKitError) as error:
        words = f"it is not valid TOML in UTF-8: {error}"
        raise HallFileError(path, [Problem("", Wrong.TOML, words, why=str(error))]) from error
    change(document)
    return tomlkit.dumps(document).encode("utf-8")


def _write_whole(path: Path, content: bytes) -> None:
    """Whoever reads the path finds the old bytes or the new, never half of them."""
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        os.chmod(file.name, path.stat().st_mode & 0o777)
    else:
        os.chmod(file.name, 0o640)
    os.replace(file.name, path)
