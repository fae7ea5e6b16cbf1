"""What each camera's address gave when it was last tried, kept so that a page can say it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vision.address import shown
from vision.hallfile import Camera
from vision.probe import Finding, Meaning, Probe, Refusal, RefusedError, Weight


@dataclass(frozen=True, slots=True)
class Check:
    """address: without its login. refusal: why there were no pictures; then nothing was found."""

    at: datetime
    address: str
    findings: tuple[Finding, ...] = ()
    refusal: Refusal | None = None


class CheckBook:
    """The last check of each camera, one small file each. Thread-safe.

    folder: None keeps them in memory only, as does one that cannot be written. now: aware.
    """

    def __init__(
        self,
        folder: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._folder = folder
        self._now = now
        self._known: dict[str, Check | None] = {}
        self._running: set[str] = set()
        self._lock = threading.Lock()

    def of(self, camera: Camera) -> Check | None:
        """None: it was not checked yet, or had another address then."""
        with self._lock:
            if camera.id not in self._known:
                self._known[camera.id] = self._read(camera.id)
            check = self._known[camera.id]
        return check if check is not None and check.address == shown(camera.url) else None

    def running(self, camera: Camera) -> bool:
        return camera.id in self._running

    def run(self, camera: Camera, probe: Callable[[str], Probe]) -> None:
        """Try the camera's address; one that is being tried is left alone."""
        with self._lock:
            if camera.id in self._running:
                return
            self._running.add(camera.id)
        try:
            check = self._checked(camera, probe)
            with self._lock:
                self._known[camera.id] = check
            self._write(camera.id, check)
        finally:
            self._running.discard(camera.id)

    def _checked(self, camera: Camera, probe: Callable[[str], Probe]) -> Check:
        address = shown(camera.url)
        try:
            return Check(self._now(), address, probe(camera.url).findings)
        except RefusedError as error:
            return Check(self._now(), address, refusal=error.refusal)

    def _read(self, camera: str) -> Check | None:
        try:
            return _from_table(json.loads(self._path(camera).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError):  # none, or of another version
            return None

    def _write(self, camera: str, check: Check) -> None:
        try:
            path = self._path(camera)
            partial = path.with_suffix(".part")
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(_table(check), ensure_ascii=False), "utf-8")
            partial.replace(path)
        except OSError:  # then it is known until the next start only
            return

    def _path(self, camera: str) -> Path:
        if self._folder is None:
            raise FileNotFoundError(camera)
        return self._folder / f"{camera}.json"


def _table(check: Check) -> dict[str, Any]:
    return {
        "at": check.at.isoformat(),
        "address": check.address,
        "refusal": check.refusal,
        "findings": [
            {"meaning": f.meaning, "weight": f.weight, "values": dict(f.values)}
            for f in check.findings
        ],
    }


def _from_table(table: dict[str, Any]) -> Check:
    findings = tuple(
        Finding(Meaning(f["meaning"]), Weight(f["weight"]), f["values"]) for f in table["findings"]
    )
    refusal = None if table["refusal"] is None else Refusal(table["refusal"])
    return Check(datetime.fromisoformat(table["at"]), table["address"], findings, refusal)
