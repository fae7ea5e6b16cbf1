"""What the rules know of each camera, kept on disk so that a restart continues it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

from vision.engine import Engine
from vision.records import Alert
from vision.saved import SavedStateError

_log = logging.getLogger(__name__)

KEPT_EVERY_S = 1.0
"""What a kill may forget; rules take it for a part of the interruption."""


@dataclass(slots=True)
class Memory:
    """One small file a camera, written whole or not at all."""

    folder: Path
    _kept_s: dict[str, float] = field(default_factory=dict)

    def cameras(self) -> set[str]:
        """Of which something is kept."""
        return {path.stem for path in self.folder.glob("*.json")}

    def recall(self, engine: Engine) -> list[Alert]:
        """Let the engine go on from what was kept of its camera. The alerts that cannot be
        continued, ended. What cannot be read is forgotten, and said in the log."""
        path = self._path(engine.camera)
        try:
            return engine.restore(path.read_text("utf-8"))
        except FileNotFoundError:
            return []
        except (OSError, SavedStateError) as error:
            _log.error("what was known of camera %s cannot be continued (%s): its rules begin anew",
                       engine.camera, error)  # fmt: skip
            return []

    def forget(self, engine: Engine) -> list[Alert]:
        """Forget a camera that is no longer there; the alerts that still stood, ended."""
        path = self._path(engine.camera)
        try:
            ended = engine.retire(path.read_text("utf-8"))
        except (OSError, SavedStateError):
            ended = []
        path.unlink(missing_ok=True)
        return ended

    def keep(self, engine: Engine, *, now: bool = False) -> None:
        """Write down what the engine knows: now, or once a second of the stream."""
        at_s = 0.0 if engine.last is None else engine.last.at_s
        if not now and 0 <= at_s - self._kept_s.get(engine.camera, -1e9) < KEPT_EVERY_S:
            return
        self._kept_s[engine.camera] = at_s
        path = self._path(engine.camera)
        partial = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial.write_text(engine.save(), "utf-8")
            partial.replace(path)
        except OSError as error:
            _log.error("%s cannot be written (%s): a restart would forget what the rules of camera "
                       "%s know", path, error.strerror, engine.camera)  # fmt: skip

    def _path(self, camera: str) -> Path:
        return self.folder / f"{camera}.json"
