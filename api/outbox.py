"""The outbox: what a camera has to tell the backend, kept on disk until it was taken.

Each item is one small JSON file, named so that order is kept and written whole or not at all. A
thread delivers them in order and tries again, with growing pauses, as long as the backend cannot
take them. Delivery is at least once; the backend makes repeats harmless.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from api.trouble import Trouble

_log = logging.getLogger(__name__)

Deliver = Callable[[str, dict[str, Any]], None]
"""Hand over one item (kind, body). Raises Refused if it can never be taken, anything else if it
may be taken later."""


class RefusedError(ValueError):
    """The backend will never take this item; it is set aside, and what follows goes on."""


class Outbox:
    """Items in `folder`, delivered by `deliver` on a thread of its own between start and close."""

    def __init__(
        self,
        folder: Path,
        deliver: Deliver,
        *,
        first_pause_s: float = 0.5,
        last_pause_s: float = 30,
    ) -> None:
        self.folder = folder
        self.refused = folder / "refused"
        self.deliver = deliver
        self.first_pause_s, self.last_pause_s = first_pause_s, last_pause_s
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._closing = threading.Event()
        kept = (*folder.glob("*.json"), *self.refused.glob("*.json"))
        self._next = 1 + max((int(p.stem) for p in kept), default=0)
        self._trouble = Trouble(_log, "the backend takes what waited")
        self._held: list[str] = []  # what the disk would not take, oldest first
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> Outbox:
        self._thread.start()
        return self

    def put(self, kind: str, body: dict[str, Any]) -> None:
        """Keep one item on disk; where the disk is full or read-only, in memory, and say so."""
        text = json.dumps({"kind": kind, "body": body}, ensure_ascii=False)
        with self._lock:
            self._held.append(text)
            self._write_held()
        self._news.set()

    def _write_held(self) -> None:
        """Move what is held in memory to the disk, in order, as far as the disk takes it."""
        while self._held:
            path = self.folder / f"{self._next:012d}.json"
            partial = path.with_suffix(".part")
            try:
                with partial.open("w", encoding="utf-8") as file:
                    file.write(self._held[0])
                    file.flush()
                    os.fsync(file.fileno())  # a name that outlives a power cut has its content
                partial.replace(path)
            except OSError as error:
                with suppress(OSError):
                    partial.unlink()
                _log.error(
                    "the outbox %s cannot be written (%s): make room; %d items wait in memory",
                    self.folder, error.strerror, len(self._held),
                )  # fmt: skip
                return
            self._next += 1
            self._held.pop(0)

    def waiting(self) -> list[Path]:
        """The items that were not taken yet, oldest first."""
        return sorted(self.folder.glob("*.json"))

    def close(self, drain_s: float = 5.0) -> None:
        """Try for a little while to hand over what is left; what stays is kept for next time."""
        self._closing.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join(drain_s)

    def _run(self) -> None:
        pause_s = self.first_pause_s
        while True:
            self._news.clear()
            for path in self.waiting():
                if not self._hand_over(path):
                    break
                pause_s = self.first_pause_s
            with self._lock:
                self._write_held()
                refused = bool(self._held)
            if refused and not self.waiting():
                self._hand_over_held()
            with self._lock:
                left = bool(self._held) or bool(self.waiting())
            if self._closing.is_set():
                return
            self._news.wait(pause_s if left else None)
            if left:
                self._closing.wait(pause_s)
                pause_s = min(pause_s * 2, self.last_pause_s)

    def _hand_over(self, path: Path) -> bool:
        try:
            kind, body = _item(path)
            self.deliver(kind, body)
            path.unlink()
        except RefusedError as error:
            _log.error("%s was refused: %s; set aside in %s", path.name, error, self.refused)
            return self._set_aside(path)
        except Exception as error:
            self._trouble.met(f"the backend did not take {path.name} yet; it waits", error)
            return False
        self._trouble.over()
        return True

    def _hand_over_held(self) -> None:
        """Deliver what the disk does not take, too: supervisors need not wait until it has room.
        What comes onto the disk meanwhile is delivered once more, which is harmless."""
        while not self._closing.is_set():
            with self._lock:
                if not self._held:
                    return
                text = self._held[0]
            try:
                item = json.loads(text)
                self.deliver(item["kind"], item["body"])
            except RefusedError as error:
                _log.error("an item that waited in memory was refused: %s", error)
            except Exception as error:
                self._trouble.met("the backend did not take what waits in memory yet", error)
                return
            self._trouble.over()
            with self._lock:
                if self._held and self._held[0] is text:
                    self._held.pop(0)

    def _set_aside(self, path: Path) -> bool:
        try:
            self.refused.mkdir(exist_ok=True)
            path.replace(self.refused / path.name)
        except OSError as error:
            _log.error("%s cannot be set aside: %s", path.name, error)
            return False
        return True


def forget_refused(folder: Path, before: datetime) -> int:
    """Delete what was set aside in an outbox's folder before that moment. Returns how many."""
    old = [
        path
        for path in (folder / "refused").glob("*.json")
        if path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    if old:
        _log.info("deleted %d items in %s that were refused long ago", len(old), folder)
    return len(old)


def _item(path: Path) -> tuple[str, dict[str, Any]]:
    """The kind and body that lie in this file. Raises RefusedError where a power cut left half."""
    try:
        item = json.loads(path.read_text(encoding="utf-8"))
        return item["kind"], item["body"]
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError(f"it cannot be read ({error})") from error
