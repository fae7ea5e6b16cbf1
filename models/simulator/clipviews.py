"""Finds a test hall and a camera in it that suit a clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.simulator.camera import Camera
from models.simulator.errors import SimulatorError
from models.simulator.hall import Hall, Window, make_hall, seed_of
from models.simulator.views import (
    FULL_PX,
    View,
    box_of,
    counter_points,
    outline,
    sample_view,
    sign_points,
    staff_points,
)

CLIP_SCALE = 0.75
"""Clips are rendered at 1200x675 and stored smaller."""
QUEUE_AWAY_M, QUEUE_FIELD_DEG = 5.4, 74.0
TRIES = 30
"""Cameras tried in a hall before the next one is."""
FIRST_HALL, LAST_HALL = 50, 400
"""The halls of the test split that clips are shot in; rendered test scenes use earlier ones."""


@dataclass(frozen=True, slots=True)
class Wish:
    """windows: how many are watched, at least and at most; seat_px: how wide a staff zone is in a
    960-wide picture at least; feet: whether citizens' feet at the counter must be seen."""

    windows: tuple[int, int] = (2, 3)
    seat_px: float = 150.0
    feet: bool = True
    counters: tuple[str, ...] = ("open", "low", "ledge")
    free_of_barriers: bool = False


def found(start: int, wish: Wish) -> tuple[Hall, View]:
    """The first test hall from number `start` on with a camera as wished."""
    for number in range(start, LAST_HALL):
        seed = seed_of("test", number)
        hall = make_hall(seed)
        if hall.style.counter not in wish.counters or hall.style.top_m > 1.04:
            continue
        if wish.free_of_barriers and any(part.name == "queue post" for part in hall.meshes):
            continue
        for attempt in range(TRIES):
            rng = np.random.default_rng([seed, 9, attempt])
            try:
                view = sample_view(rng, hall, "public")
            except SimulatorError:
                break
            view = View(view.side, view.camera.scaled(CLIP_SCALE), view.windows)
            if _suits(view, wish):
                return hall, view
    raise SimulatorError("no test hall has such a camera: wish for less")


def _suits(view: View, wish: Wish) -> bool:
    least, most = wish.windows
    return least <= len(view.windows) <= most and all(
        _suits_window(view.camera, window, wish) for window in view.windows
    )


def _suits_window(camera: Camera, window: Window, wish: Wish) -> bool:
    left, top, right, bottom = box_of(camera, staff_points(window))
    inside = left > 0 and top > 0 and right < camera.width and bottom < camera.height
    if not inside or (right - left) * 960 / camera.width < wish.seat_px:
        return False
    if not outline(camera, counter_points(window)) or not outline(camera, sign_points(window)):
        return False
    place = np.array([[window.x, -1.0, 0.0]])
    foot = camera.project(place)[0]
    return not wish.feet or bool(0 < foot[0] < camera.width and foot[1] < camera.height - 4)


def queue_view(start: int, fits: Callable[[Hall], bool]) -> tuple[Hall, View, Window]:
    """A hall, a camera high at a side wall that looks along the counter's public side, and the
    window before which a line of people is seen from the side, whole."""
    for number in range(start, LAST_HALL):
        hall = make_hall(seed_of("test", number))
        if not fits(hall):
            continue
        for window in hall.windows:
            eye_x = window.x + QUEUE_AWAY_M
            if eye_x > hall.right - 0.2:
                continue
            eye = (eye_x, -1.6, hall.style.height_m - 0.25)
            camera = Camera.looking(eye, (window.x, -3.2, 0.75), QUEUE_FIELD_DEG, *FULL_PX)
            return hall, View("along", camera.scaled(CLIP_SCALE), (window,)), window
    raise SimulatorError("no test hall has room for a queue: wish for less")
