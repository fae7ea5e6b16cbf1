"""Clips made to be measured on: each conduct and its look-alikes, at two windows in turn.

The seed draws the hall as well as the people, so that a few seeds give a sample of both. While one
clerk breaks a rule, the other does what looks alike and is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TypeAlias

import numpy as np

from models.simulator.body import Person, sample_person, sample_uniform
from models.simulator.clipviews import FIRST_HALL, LAST_HALL, Wish, found
from models.simulator.plays import Live, Loop, Play, Span
from models.simulator.script import Script
from models.simulator.views import View

Act: TypeAlias = Callable[[Script, float], Script]

TRIAL_VIEW = Wish(windows=(2, 2), seat_px=210, feet=False)
FIRST_TRIAL_HALL = FIRST_HALL + 110
"""Other halls than those of the bundled clips."""
SPARE_HALLS = 40
"""Kept free above the last draw: the search for a fitting camera goes upwards."""
BETWEEN_S = 16.0
"""Longer than any rule waits before it takes conduct for over (napping: 15 s): what is told of a
look-alike does not run into the conduct that follows at that window."""
LARGE = (1920, 1080)


@dataclass(frozen=True, slots=True)
class Round:
    """One conduct at one window, beside a look-alike at the other. hz: new pictures a second;
    shown_s: how long the clip dwells on it, where that is longer than the play."""

    conduct: Act
    look_alike: Act
    lasts_s: float
    hz: float = 1.0
    shown_s: float | None = None

    def span(self, at_s: float) -> Span:
        until_s = at_s + self.lasts_s
        if self.shown_s is None:
            return Live(at_s, until_s, self.hz)
        return Loop(at_s + 1.5, until_s - 1.5, self.shown_s, round(self.lasts_s * self.hz))


def _like(name: str) -> Act:
    return lambda script, lasts_s: script.look_alike(name, lasts_s)


ROUNDS = (
    Round(lambda s, t: s.phone(t, "face"), _like("calculator"), 18),
    Round(lambda s, t: s.phone(t, "ear"), _like("desk_telephone"), 18),
    Round(lambda s, t: s.eat(t, "bread", bite_s=2.2), lambda s, t: s.drink(t), 24, 1.5),
    Round(lambda s, t: s.eat(t, "boxed_meal"), _like("hand_at_chin"), 24, 1.5),
    Round(lambda s, t: s.smoke(t), _like("yawning"), 18, 1.5),
    Round(lambda s, t: s.smoke(t), _like("adjusting_glasses"), 18, 1.5),
    Round(lambda s, t: s.nap(t, "arms"), lambda s, t: s.read(t, "newspaper"), 18, 0.6, 75),
    Round(lambda s, t: s.nap(t, "back"), lambda s, t: s.read(t, "book"), 18, 0.6, 75),
)
"""In the last two both windows break a rule, each another one."""


def conduct(rng: np.random.Generator) -> Play:
    """All rounds, the windows taking turns."""
    number = int(rng.integers(FIRST_TRIAL_HALL, LAST_HALL - SPARE_HALLS))
    hall, view = found(number, TRIAL_VIEW)
    uniform = sample_uniform(rng)
    scripts = [
        Script(
            Person(sample_person(rng, "staff", uniform)), w.seat, 0.0, rng, desk_m=w.desk.height
        ).work(BETWEEN_S)
        for w in view.windows
    ]
    at_s = BETWEEN_S
    reel: list[Span] = [Live(0, at_s, 1.0)]
    for k, turn in enumerate(ROUNDS):
        turn.conduct(scripts[k % 2], turn.lasts_s).work(BETWEEN_S)
        turn.look_alike(scripts[1 - k % 2], turn.lasts_s).work(BETWEEN_S)
        ends_s = at_s + turn.lasts_s
        reel += [turn.span(at_s), Live(ends_s, ends_s + BETWEEN_S, 1.0)]
        at_s = ends_s + BETWEEN_S
    return Play(
        name="conduct",
        title="行为测试",
        hall=hall,
        view=view,
        windows=view.windows,
        actors=[
            s.actor(f"s{w.number}", window=f"w{w.number}")
            for s, w in zip(scripts, view.windows, strict=True)
        ],
        placards=(),
        reel=reel,
        recorded_at=datetime(2026, 11, 23, 10, 0, tzinfo=timezone(timedelta(hours=8))),
    )


def large(play: Play) -> Play:
    """The same play through a camera of 1920x1080."""
    camera = play.view.camera.scaled(LARGE[0] / play.view.camera.width)
    return replace(play, view=View(play.view.side, camera, play.view.windows), size=LARGE)
