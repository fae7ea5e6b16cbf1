"""Where an installation keeps its things."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation keeps its things, below one folder."""

    folder: Path
    database_url: str | None = None

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.folder / 'hallwatch.db').resolve()}"

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"
