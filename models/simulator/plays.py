"""What a clip is made from: a play in a hall, and a reel that says which moments are shown when.

Rendering is dear, so that a play is short and a clip may be long: where nothing happens, a few
looks are shown again and again in a random order, as people at work look again and again alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import numpy as np

from models.simulator.actor import Actor
from models.simulator.hall import Hall, Window
from models.simulator.mesh import Floats
from models.simulator.signs import Sign
from models.simulator.views import View


@dataclass(frozen=True, slots=True)
class Live:
    """The play from one second to another as it goes, `hz` new pictures a second."""

    from_s: float
    to_s: float
    hz: float = 5.0

    @property
    def lasts_s(self) -> float:
        return self.to_s - self.from_s


@dataclass(frozen=True, slots=True)
class Loop:
    """`looks` moments spread over a stretch of the play, shown in a random order, each for
    `dwell_s` or so, for `lasts_s` in all."""

    from_s: float
    to_s: float
    lasts_s: float
    looks: int
    dwell_s: float = 2.0


Span: TypeAlias = "Live | Loop"


@dataclass(frozen=True, slots=True)
class Placard:
    """A sign that is up for some of the play."""

    window: Window
    sign: Sign
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Play:
    """Everything that a clip shows. queue: corners (n, 3) of a queue zone on the floor, or None;
    windows: those that the hall file names; grain: sensor noise, standard deviation in grey levels
    of 255, fresh in each picture."""

    name: str
    title: str
    hall: Hall
    view: View
    windows: tuple[Window, ...]
    actors: Sequence[Actor]
    placards: Sequence[Placard]
    reel: Sequence[Span]
    recorded_at: datetime
    queue: Floats | None = None
    size: tuple[int, int] = (960, 540)
    fps: float = 5.0
    key_every_s: float = 2.0
    crf: int = 29
    grain: float = 1.4

    @property
    def lasts_s(self) -> float:
        return sum(span.lasts_s for span in self.reel)


def moments(play: Play, seed: int) -> Iterator[float]:
    """For each picture of the clip, the moment of the play that it shows."""
    rng = np.random.default_rng([seed, 77])
    for span in play.reel:
        pictures = round(span.lasts_s * play.fps)
        if isinstance(span, Live):
            for k in range(pictures):
                at = np.floor(k / play.fps * span.hz + 1e-6) / span.hz
                yield round(span.from_s + float(at), 3)
        else:
            yield from _looped(rng, span, pictures, play.fps)


def _looped(rng: np.random.Generator, span: Loop, pictures: int, fps: float) -> Iterator[float]:
    times = np.round(np.linspace(span.from_s, span.to_s, span.looks), 3)
    shown = 0
    last = -1
    while shown < pictures:
        choice = int(rng.integers(len(times)))
        if choice == last and len(times) > 1:
            continue
        last = choice
        stays = max(1, round(float(rng.uniform(0.5, 1.5)) * span.dwell_s * fps))
        for _ in range(min(stays, pictures - shown)):
            yield float(times[choice])
            shown += 1
