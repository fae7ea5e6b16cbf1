"""An ordinary working hour: what happens all day and must raise nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np

from models.simulator import poses_standing
from models.simulator.actor import Actor
from models.simulator.body import Person, sample_person, sample_uniform
from models.simulator.hall import Hall, Window
from models.simulator.plays import Live, Loop, Placard, Play, Span
from models.simulator.script import Script
from models.simulator.signs import made_sign
from models.simulator.views import View

HOUR_S = 3600.0
SCENE_S = 20.0
"""One scene of the play; in the clip it is stretched to a few minutes."""
AWAY_S = (40.0, 75.0)
"""How long absences without a sign last in the clip: less than two minutes, all the walking in."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What one scene shows. doing: each window's clerk, in the windows' order; `away` needs no
    more words, `sign` is away with a sign up; citizens: the windows that are being served."""

    doing: tuple[str, ...]
    citizens: tuple[int, ...]
    lasts_s: float


def ordinary_hour(rng: np.random.Generator, hall: Hall, view: View) -> Play:
    """Three clerks, sixteen scenes: work, service, tea, a talk, the desk telephone, short absences
    and a long one with a pause sign up."""
    windows = view.windows[:3]
    beats = _beats(rng)
    uniform = sample_uniform(rng)
    staff = [Person(sample_person(rng, "staff", uniform)) for _ in windows]
    actors = [
        _clerk(rng, hall, person, window, k, beats)
        for k, (person, window) in enumerate(zip(staff, windows, strict=True))
    ]
    crowd = [Person(sample_person(rng, "citizen", None)) for _ in range(8)]
    for number, beat in enumerate(beats):
        for k in beat.citizens:
            person = crowd[(3 * number + k) % len(crowd)]
            actors.append(_visitor(rng, view, person, windows[k], number))
    placards = []
    for number, beat in enumerate(beats):
        for k, doing in enumerate(beat.doing):
            if doing == "sign":
                sign = made_sign(rng, windows[k].spot, "stand", ("暂停服务",), pauses=True)
                placards.append(Placard(windows[k], sign, *_scene(number)))
    other = made_sign(rng, windows[1].spot, "plate", ("服务之星",), pauses=False)
    placards.append(Placard(windows[1], other, 0.0, 1e6))
    return Play(
        name="clean-hour",
        title="平常一小时",
        hall=hall,
        view=view,
        windows=windows,
        actors=actors,
        placards=placards,
        reel=_reel(beats),
        recorded_at=datetime(2026, 11, 24, 9, 0, tzinfo=timezone(timedelta(hours=8))),
        size=(640, 360),
        fps=1.0,
        key_every_s=20.0,
        crf=32,
        grain=0.7,
    )


def _beats(rng: np.random.Generator) -> list[Beat]:
    """The hour's scenes; each absence is followed by a scene with everybody there."""
    works = ("work", "serve", "tea", "talk", "telephone", "chin")
    beats: list[Beat] = []
    for number in range(20):
        doing = [str(rng.choice(works)) for _ in range(3)]
        lasts_s = float(rng.uniform(150, 240))
        if number % 4 == 2:
            doing[int(rng.integers(3))] = "away"
            lasts_s = float(rng.uniform(*AWAY_S))
        if number == 9:
            doing[2], lasts_s = "sign", 280.0
        there = [k for k in range(3) if doing[k] not in ("away", "sign")]
        served = tuple(k for k in there if rng.random() < 0.6)
        beats.append(Beat(tuple(doing), served, lasts_s))
    spare = HOUR_S - sum(beat.lasts_s for beat in beats)
    calm = [k for k, beat in enumerate(beats) if "away" not in beat.doing]
    for k in calm:
        old = beats[k]
        beats[k] = Beat(old.doing, old.citizens, old.lasts_s + spare / len(calm))
    return beats


def _reel(beats: Sequence[Beat]) -> list[Span]:
    """Each scene: its coming and going as it is, its middle looked at again and again."""
    reel: list[Span] = []
    lasts_s = 0.0
    for number, beat in enumerate(beats):
        start, end = _scene(number)
        middle_s = max(4.0, round(beat.lasts_s) - 4.0)
        reel += [Live(start, start + 4, 1.0), Loop(start + 6, end - 2, middle_s, 9, 5.0)]
        lasts_s += 4.0 + middle_s
    rest_s = HOUR_S - lasts_s
    last = reel[-1]
    if isinstance(last, Loop) and rest_s > 0:
        reel[-1] = Loop(last.from_s, last.to_s, last.lasts_s + rest_s, last.looks, last.dwell_s)
    return reel


def _scene(number: int) -> tuple[float, float]:
    return number * SCENE_S, (number + 1) * SCENE_S


def _clerk(
    rng: np.random.Generator,
    hall: Hall,
    person: Person,
    window: Window,
    place: int,
    beats: Sequence[Beat],
) -> Actor:
    script = Script(person, window.seat, 0.0, rng, desk_m=window.desk.height)
    out = hall.left - 0.6 if window.x - hall.left < hall.right - window.x else hall.right + 0.6
    aside = window.x + (0.55 if out > window.x else -0.55)
    for number, beat in enumerate(beats):
        start, end = _scene(number)
        doing = beat.doing[place]
        left_s = end - script.now_s
        if doing in ("away", "sign"):
            script.stand_up(1.0)
            script.walk([(aside, 1.05), (aside, 1.5), (out, 1.5)], "leaving", speed_m_s=1.6)
            script.stand(end - 0.5 - script.now_s, "away")
            script.walk([window.seat], "returning", yaw_deg=0.0, speed_m_s=40.0)
            script.sit_down(max(0.3, end - script.now_s))
        elif doing == "tea":
            script.work(4).drink(9, "cup").work(left_s - 13)
        elif doing == "telephone":
            script.work(3).look_alike("desk_telephone", 12).work(left_s - 15)
        elif doing == "chin":
            script.work(6).look_alike("hand_at_chin", 8).work(left_s - 14)
        elif doing == "talk":
            script.look_alike("turned_to_neighbour", 12).work(left_s - 12)
        else:
            (script.work if doing == "work" else script.serve)(left_s)
        assert start <= script.now_s
    return script.actor(f"s{window.number}", window=f"w{window.number}")


def _visitor(
    rng: np.random.Generator, view: View, person: Person, window: Window, number: int
) -> Actor:
    """A citizen who stands at the window for one scene."""
    from models.simulator.screenplays import before

    start, end = _scene(number)
    place = before(view, window)
    far = (place[0], -60.0)  # outside the hall: not drawn
    script = Script(person, far, 180.0, rng, start_s=start + 1.0, seated=False)
    script.walk([place], "arriving", yaw_deg=180.0, speed_m_s=200.0)
    script.stand(end - script.now_s - 0.4, "at_window", poses_standing.at_counter)
    script.walk([far], "leaving", speed_m_s=200.0)
    return script.actor(f"c{window.number}-{number}")
