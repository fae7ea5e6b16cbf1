"""The scripted clips: what the demo and the replay tests watch. Each is shot in another test hall.

Thresholds behind the lengths are the rulebook's defaults: a window unattended for 120 s, a phone
for 10 s in 20, eating for 8 s in 30, a queue of 8 for 60 s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TypeAlias

import numpy as np

from models.simulator import poses_standing
from models.simulator.actor import Actor, Laid
from models.simulator.body import Person, Uniform, sample_person, sample_uniform
from models.simulator.clipviews import Wish, found, queue_view
from models.simulator.errors import UnknownScriptError
from models.simulator.hall import Hall, Window
from models.simulator.plays import Live, Loop, Placard, Play, Span
from models.simulator.script import Script
from models.simulator.signs import made_sign
from models.simulator.trials import conduct, large
from models.simulator.views import View

Rng: TypeAlias = np.random.Generator
CHINA = timezone(timedelta(hours=8))
CLOSE = Wish(windows=(2, 2), seat_px=270, feet=False)
"""A camera near enough that a phone is some twenty pixels long."""
AISLE_Y = 1.5
"""Clerks walk here, behind the chairs."""
STAYS_S = 80.0
"""Until the end of the play of the queue."""
COMINGS: tuple[tuple[float | None, float], ...] = (
    *((None, STAYS_S), (None, STAYS_S), (4.0, 64.0), (8.0, 62.0), (12.0, 60.0), (16.0, 58.0)),
    *((20.0, 56.0), (26.5, 54.4), (27.3, 53.2), (28.1, 52.0)),
)
"""When each of the queue comes and leaves. The last three come and leave together, so that the
count passes eight at a moment that nobody can doubt."""
AT_COUNTER_M = 0.40
"""How far before the counter's front citizens stand."""


def screenplay(name: str, seed: int) -> Play:
    """The play of that name; raises UnknownScriptError, which lists the names."""
    maker = SCREENPLAYS.get(name)
    if maker is None:
        raise UnknownScriptError(f"no clip is called {name!r}: choose {', '.join(SCREENPLAYS)}")
    return maker(np.random.default_rng([seed, sum(name.encode())]))


def absence(rng: Rng) -> Play:
    """A clerk leaves for two and a half minutes without a sign; a citizen comes to the counter."""
    hall, view = found(50, Wish())
    uniform = sample_uniform(rng)
    gone, *others = _outer_first(view)
    actors = [_leaving_clerk(rng, hall, gone, uniform, leaves_s=8.0, back_s=58.0)]
    actors += [_working_clerk(rng, window, uniform, 75.0) for window in others]
    actors += [_citizen(rng, hall, view, gone, comes_s=20.0, stays_s=80.0)]
    actors += [_standing_citizen(rng, view, window, 75.0) for window in others[:1]]
    reel: list[Span] = [
        *(Loop(0, 7, 12, 6), Live(7, 15), Loop(15, 20, 25, 5), Live(20, 27)),
        *(Loop(27, 57, 96, 16), Live(57, 66), Loop(66, 74, 20, 7)),
    ]
    return _play("absence", "空岗：无人值守", hall, view, actors, (), reel)


def absence_with_sign(rng: Rng) -> Play:
    """The same length of absence, but the clerk has put up a pause sign."""
    hall, view = found(70, Wish())
    uniform = sample_uniform(rng)
    gone, *others = _outer_first(view)
    actors = [_leaving_clerk(rng, hall, gone, uniform, leaves_s=8.0, back_s=50.0)]
    actors += [_working_clerk(rng, window, uniform, 70.0) for window in others]
    actors += [_standing_citizen(rng, view, window, 70.0) for window in others[:1]]
    sign = made_sign(rng, gone.spot, "stand", ("暂停服务",), pauses=True)
    placards = [Placard(gone, sign, 5.0, 61.0)]
    for window in others:
        other = made_sign(rng, window.spot, "placard", ("党员示范岗",), pauses=False)
        placards.append(Placard(window, other, 0.0, 1e6))
    reel: list[Span] = [
        *(Loop(0, 4.5, 8, 5), Loop(5, 7, 6, 3), Live(7, 15), Loop(16, 49, 130, 16)),
        *(Live(49, 58), Loop(58, 61, 4, 3), Loop(61, 69, 14, 6)),
    ]
    return _play("absence-with-sign", "暂停服务牌", hall, view, actors, placards, reel)


def phone(rng: Rng) -> Play:
    """A clerk looks at a phone for 26 s, then at things that are none; one lies on the desk."""
    hall, view = found(90, CLOSE)
    uniform = sample_uniform(rng)
    user, *others = _nearest_first(view)
    script = Script(_staff(rng, uniform), user.seat, 0.0, rng, desk_m=user.desk.height)
    script.work(8).phone(26, "face").work(10)
    script.look_alike("desk_telephone", 14).work(5).look_alike("hand_at_chin", 12).work(18)
    desk = user.desk
    lies = Laid("phone", (user.x + 0.30, desk.near - 0.16, desk.height + 0.002), 30.0, 0.0, 1e6)
    actor = script.actor("s1", window=_id(user))
    actors = [_with_laid(actor, lies)]
    for number, window in enumerate(others):
        other = Script(_staff(rng, uniform), window.seat, 0.0, rng, desk_m=window.desk.height)
        other.work(12).look_alike(("paper", "scratching_head", "turned_to_neighbour")[number], 14)
        actors.append(other.serve(90).actor(f"s{number + 2}", window=_id(window)))
    actors += [_standing_citizen(rng, view, others[0], 110.0)]
    reel: list[Span] = [
        *(Live(0, 7, 1), Live(7, 36, 2), Live(36, 43, 1), Live(43, 59, 2)),
        *(Live(59, 63, 1), Live(63, 76, 1.5), Live(76, 92, 1)),
    ]
    return _play("phone", "玩手机", hall, view, actors, (), reel)


def meal(rng: Rng) -> Play:
    """A clerk eats for 40 s and later drinks tea, which is allowed."""
    hall, view = found(124, CLOSE)
    uniform = sample_uniform(rng)
    eater, *others = _nearest_first(view)
    script = Script(_staff(rng, uniform), eater.seat, 0.0, rng, desk_m=eater.desk.height)
    script.work(10).eat(42, "bread", bite_s=2.2).work(22).drink(24, "cup").work(14)
    actors = [script.actor("s1", window=_id(eater))]
    actors += [_working_clerk(rng, window, uniform, 115.0) for window in others]
    actors += [_standing_citizen(rng, view, others[0], 115.0)]
    reel: list[Span] = [
        *(Live(0, 9, 1), Live(9, 54, 2.5), Live(54, 73, 1)),
        *(Live(73, 100, 2), Live(100, 112, 1)),
    ]
    return _play("meal", "吃东西", hall, view, actors, (), reel)


def queue(rng: Rng) -> Play:
    """A line grows from two to ten, stays eight or more for a minute and a half, and shrinks."""
    hall, view, first = queue_view(130, _has_room)
    uniform = sample_uniform(rng)
    x = first.x
    spots = [(x + float(rng.normal(0, 0.07)), -1.65 - 0.60 * k) for k in range(10)]
    actors = []
    for k, (spot, person) in enumerate(zip(spots, _crowd(rng, 10), strict=True)):
        comes, leaves = COMINGS[k]
        actors.append(_waiting(rng, hall, person, (f"c{k}", spot), comes, leaves))
    actors += [_working_clerk(rng, window, uniform, 100.0) for window in hall.windows]
    corners = [(x - 0.75, -1.25, 0.0), (x + 0.75, -1.25, 0.0)]
    corners += [(x + 0.75, spots[-1][1] - 0.6, 0.0), (x - 0.75, spots[-1][1] - 0.6, 0.0)]
    reel: list[Span] = [
        *(Loop(0, 4, 14, 4), Live(4, 31, 2.5), Loop(32, 47.5, 90, 9)),
        *(Live(48, 70, 2.5), Loop(72, 80, 20, 5)),
    ]
    play = _play("queue", "排队等候", hall, view, actors, (), reel)
    return replace(play, queue=np.array(corners), windows=())


def clean_hour(rng: Rng) -> Play:
    """The control: a working hour without anything to report, at one picture a second."""
    from models.simulator.ordinary import ordinary_hour

    hall, view = found(150, Wish(windows=(3, 3), seat_px=140))
    return ordinary_hour(rng, hall, view)


SCREENPLAYS: dict[str, Callable[[Rng], Play]] = {
    "absence": absence,
    "absence_with_sign": absence_with_sign,
    "phone": phone,
    "meal": meal,
    "queue": queue,
    "clean_hour": clean_hour,
    "conduct": conduct,
    "conduct_large": lambda rng: large(conduct(rng)),
}


def _play(
    name: str,
    title: str,
    hall: Hall,
    view: View,
    actors: Sequence[Actor],
    placards: Sequence[Placard],
    reel: Sequence[Span],
) -> Play:
    morning = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
    return Play(name, title, hall, view, view.windows, actors, placards, reel, morning)


def _id(window: Window) -> str:
    return f"w{window.number}"


def _outer_first(view: View) -> list[Window]:
    """The watched windows, the one nearest to a picture's edge first."""
    middle = view.camera.width / 2
    return sorted(
        view.windows,
        key=lambda w: -abs(view.camera.project(np.array([[*w.seat, 1.0]]))[0, 0] - middle),
    )


def _nearest_first(view: View) -> list[Window]:
    eye = view.camera.location[:2]
    return sorted(view.windows, key=lambda w: float(np.hypot(*(np.array(w.seat) - eye))))


def _staff(rng: Rng, uniform: Uniform) -> Person:
    return Person(sample_person(rng, "staff", uniform))


def _crowd(rng: Rng, count: int) -> list[Person]:
    return [Person(sample_person(rng, "citizen", None)) for _ in range(count)]


def _way_out(hall: Hall, x: float) -> float:
    """The x of the nearer side, outside the room, where its wall hides who left."""
    return hall.left - 0.6 if x - hall.left < hall.right - x else hall.right + 0.6


def _leaving_clerk(
    rng: Rng, hall: Hall, window: Window, uniform: Uniform, *, leaves_s: float, back_s: float
) -> Actor:
    script = Script(_staff(rng, uniform), window.seat, 0.0, rng, desk_m=window.desk.height)
    out = _way_out(hall, window.x)
    aside = window.x + (0.55 if out > window.x else -0.55)
    script.work(leaves_s).stand_up()
    script.walk([(aside, 1.05), (aside, AISLE_Y), (out, AISLE_Y)], "leaving", speed_m_s=1.2)
    script.stand(back_s - script.now_s, "away")
    script.walk([(aside, AISLE_Y), (aside, 1.05), window.seat], "returning", yaw_deg=0.0)
    script.sit_down().work(40)
    return script.actor(f"s{window.number}", window=_id(window))


def _working_clerk(rng: Rng, window: Window, uniform: Uniform, lasts_s: float) -> Actor:
    script = Script(_staff(rng, uniform), window.seat, 0.0, rng, desk_m=window.desk.height)
    while script.now_s < lasts_s:
        (script.work if rng.random() < 0.5 else script.serve)(float(rng.uniform(8, 20)))
    return script.actor(f"s{window.number}", window=_id(window))


def before(view: View, window: Window) -> tuple[float, float]:
    """A place at the counter from which a citizen hides the clerk least."""
    y = window.desk.top_span[0] - AT_COUNTER_M
    eye_x, eye_y, _ = view.camera.location
    share = (y - eye_y) / (window.seat[1] - eye_y)
    line_x = eye_x + (window.x - eye_x) * share
    return max((window.x - 0.5, window.x + 0.5), key=lambda x: abs(x - line_x)), y


def _citizen(
    rng: Rng, hall: Hall, view: View, window: Window, *, comes_s: float, stays_s: float
) -> Actor:
    """Walks in from the side and stands at the counter."""
    (person,) = _crowd(rng, 1)
    out = _way_out(hall, window.x)
    start = (window.x + float(np.clip(out - window.x, -4.5, 4.5)), -1.9)
    place = before(view, window)
    takes_s = (abs(start[0] - place[0]) + abs(start[1] - place[1])) / 1.3
    begins_s = max(0.0, comes_s + 6.0 - takes_s)
    script = Script(person, start, 180.0, rng, start_s=begins_s, seated=False)
    script.walk([(place[0], -1.6), place], "arriving", yaw_deg=180.0, speed_m_s=1.3)
    script.stand(stays_s - script.now_s, "at_window", poses_standing.at_counter)
    return script.actor(f"c{window.number}")


def _standing_citizen(rng: Rng, view: View, window: Window, lasts_s: float) -> Actor:
    (person,) = _crowd(rng, 1)
    script = Script(person, before(view, window), 180.0, rng, seated=False)
    script.stand(lasts_s, "at_window", poses_standing.at_counter)
    return script.actor(f"c{window.number}")


def _waiting(
    rng: Rng,
    hall: Hall,
    person: Person,
    place: tuple[str, tuple[float, float]],
    comes_s: float | None,
    leaves_s: float,
) -> Actor:
    """Waits in the line from when they come until they leave, by the line's end, in full view."""
    name, spot = place
    tail = (spot[0], hall.front + 0.2)
    if comes_s is None:
        script = Script(person, spot, 180.0, rng, seated=False)
    else:
        script = Script(person, tail, 180.0, rng, start_s=comes_s, seated=False)
        script.walk([spot], "arriving", yaw_deg=180.0, speed_m_s=1.35)
    script.wait(leaves_s - script.now_s)
    if leaves_s < STAYS_S:
        script.walk([(spot[0] - 0.35, spot[1] - 0.3), tail], "leaving", speed_m_s=1.35)
    return script.actor(name)


def _has_room(hall: Hall) -> bool:
    furniture = {part.name for part in hall.meshes}
    return (
        hall.style.front_m > 8.8
        and hall.style.height_m > 3.1
        and hall.style.daylight == 0
        and "queue post" not in furniture
        and "bench" not in furniture
        and hall.style.counter != "glass"
    )


def _with_laid(actor: Actor, thing: Laid) -> Actor:
    return replace(actor, laid=[*actor.laid, thing])
