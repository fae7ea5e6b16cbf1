"""Trying out zones and thresholds on footage that is there: what the console asks of whoever can
watch it again. The pictures are watched elsewhere (`cli`); this is the meeting point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from vision.hallfile import Hall
from vision.whatif import Difference


class Footage(StrEnum):
    """What is watched again."""

    HOUR = "hour"  # the last hour on disk, or the camera's own file where it is one
    CLIPS = "clips"  # the clips of its latest alerts


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a rehearsal is: 0..1 of its footage watched. `outcome` is there at the end.
    `trouble`: why it could not be done."""

    fraction: float
    watched_s: float
    outcome: tuple[Difference, ...] | None = None
    trouble: str | None = None

    @property
    def over(self) -> bool:
        return self.outcome is not None or self.trouble is not None


class Rehearsal(Protocol):
    """One try-out that runs by itself."""

    def stand(self) -> Stand: ...

    def stop(self) -> None: ...


class Stage(Protocol):
    """Whoever can watch footage again."""

    def footage(self, camera: str) -> Sequence[Footage]:
        """What there is of this camera to watch again."""
        ...

    def rehearse(self, before: Hall, after: Hall, camera: str, footage: Footage) -> Rehearsal:
        """Watch the footage as `before` and as `after` would, on a thread of its own."""
        ...
