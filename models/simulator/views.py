"""Where a hall's cameras hang and what each window's zones look like through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np

from models.simulator.camera import Camera
from models.simulator.errors import SimulatorError
from models.simulator.hall import SEAT_Y, Hall, Window, one
from models.simulator.mesh import Floats

Side: TypeAlias = Literal["public", "behind", "along"]
SIDES: tuple[Side, ...] = ("public", "public", "public", "public", "behind", "along")
Polygon: TypeAlias = list[tuple[float, float]]

FULL_PX = (1600, 900)
"""Everything is rendered this large; smaller pictures and seat crops are made from it."""
CLOSE_PX = 512
"""Close-ups are rendered this large, and square."""
Square: TypeAlias = tuple[int, int, int]
"""left, top and side, whole pixels."""
UPPER_BODY_M = 0.95
"""What a camera sees of a clerk at the desk."""
TRIES = 200


@dataclass(frozen=True, slots=True)
class View:
    """A camera of a hall and the windows that it watches."""

    side: Side
    camera: Camera
    windows: tuple[Window, ...]


def sample_view(rng: np.random.Generator, hall: Hall, side: Side | None = None) -> View:
    """A camera that sees two to four neighbouring windows well; most look from the public side."""
    wanted: Side = side if side is not None else one(rng, SIDES)
    for _ in range(TRIES):
        count = int(rng.integers(2, min(4, len(hall.windows)) + 1))
        first = int(rng.integers(0, len(hall.windows) - count + 1))
        windows = hall.windows[first : first + count]
        camera = _hung(rng, hall, windows, wanted)
        if _within(hall, camera) and all(_sees(camera, window) for window in windows):
            return View(wanted, camera, windows)
    raise SimulatorError(f"hall {hall.seed}: no camera from {wanted!r} sees two windows")


def close_view(
    rng: np.random.Generator, wide: View, window: Window, seat_share: tuple[float, float]
) -> tuple[View, Square]:
    """One of the view's seats as a zoom lens at the same place shows it, the clerk's upper body
    taking that share of the height; and which part of the wide picture that is."""
    x, y = window.seat
    aim = np.array([[x, y - 0.12, 1.05]]) + rng.normal(0, 0.05, 3)
    across, down, away = wide.camera.project(aim)[0]
    span = UPPER_BODY_M / float(rng.uniform(*seat_share))
    side = min(round(span * wide.camera.focal_px / away), wide.camera.height)
    left = int(np.clip(across - side / 2, 0, wide.camera.width - side))
    top = int(np.clip(down - side / 2, 0, wide.camera.height - side))
    camera = wide.camera.cut(left, top, side, side).scaled(CLOSE_PX / side)
    return View(wide.side, camera, (window,)), (left, top, side)


def _hung(rng: np.random.Generator, hall: Hall, windows: tuple[Window, ...], side: Side) -> Camera:
    middle = float(np.mean([w.x for w in windows]))
    ceiling = hall.style.height_m - 0.25
    target = np.array([middle + rng.normal(0, 0.2), 0.45, float(rng.uniform(0.75, 1.05))])
    if side == "public":
        away = float(rng.uniform(2.3, 5.2))
        x = middle + float(rng.uniform(-1.8, 1.8))
        place = (x, -away, min(ceiling, float(rng.uniform(2.2, 3.4))))
        field = float(rng.uniform(46, 80))
    elif side == "behind":
        x = middle + float(rng.choice([-1, 1]) * rng.uniform(0.8, 3.0))
        place = (x, hall.back - 0.25, min(ceiling, float(rng.uniform(2.4, 3.0))))
        target[1] = 0.2
        field = float(rng.uniform(60, 88))
    else:
        end = float(rng.choice([-1, 1]))
        x = (windows[0].x if end < 0 else windows[-1].x) + end * float(rng.uniform(1.2, 2.6))
        place = (x, float(rng.uniform(-1.6, -0.6)), min(ceiling, float(rng.uniform(2.2, 3.0))))
        field = float(rng.uniform(60, 85))
    return Camera.looking(place, target, field, *FULL_PX)


def _within(hall: Hall, camera: Camera) -> bool:
    x, y, _ = camera.location
    across = hall.left + 0.15 < x < hall.right - 0.15
    return bool(across and hall.front + 0.15 < y < hall.back - 0.1)


def _sees(camera: Camera, window: Window) -> bool:
    """The seated clerk's head, hips and hands lie in the picture, at a useful size."""
    x, y = window.seat
    points = np.array([[x - 0.3, y, 1.4], [x + 0.3, y, 1.4], [x, y, 0.8], [x, 0.3, 0.8]])
    seen = camera.project(points)
    inside = (seen[:, 2] > 0.8) & (seen[:, 0] > 20) & (seen[:, 0] < camera.width - 20)
    inside &= (seen[:, 1] > 20) & (seen[:, 1] < camera.height - 20)
    return bool(inside.all()) and camera.focal_px / seen[2, 2] > 180


def staff_points(window: Window) -> Floats:
    """The corners (8, 3) of the volume in which a seated clerk's middle is."""
    return np.array(
        [
            (window.x + dx, y, z)
            for dx in (-0.6, 0.6)
            for y in (window.desk.near, SEAT_Y + 0.75)
            for z in (0.75, 1.55)
        ]
    )


def counter_points(window: Window) -> Floats:
    """The floor (4, 3) before a window, where citizens' feet are."""
    front = window.desk.top_span[0]
    return np.array(
        [
            (window.x - 0.75, front - 1.2, 0.0),
            (window.x + 0.75, front - 1.2, 0.0),
            (window.x + 0.75, front - 0.1, 0.0),
            (window.x - 0.75, front - 0.1, 0.0),
        ]
    )


def sign_points(window: Window) -> Floats:
    """The air above the counter's top (8, 3) where a standing sign is."""
    outer, inner = window.desk.top_span
    top = window.desk.top_height
    return np.array(
        [
            (window.x + dx, y, z)
            for dx in (-0.62, 0.62)
            for y in (outer - 0.05, inner)
            for z in (top - 0.05, top + 0.42)
        ]
    )


def outline(camera: Camera, points: Floats, scale: float = 1.0) -> Polygon:
    """The convex outline of the points in a picture `scale` times the camera's, cut at its edges;
    whole pixels, at least three corners, or none when nothing lies inside."""
    seen = camera.project(points)
    if (seen[:, 2] < 0.1).any():
        raise SimulatorError("a zone reaches behind the camera: choose another view")
    hull = cv2.convexHull(seen[:, :2].astype(np.float32))
    width, height = camera.width - 1.0, camera.height - 1.0
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    area, cut = cv2.intersectConvexConvex(hull, frame)
    if cut is None or area * scale**2 < 25:
        return []
    corners = np.round(cut.reshape(-1, 2) * scale).astype(int)
    kept = [tuple(c) for k, c in enumerate(corners.tolist()) if c != corners.tolist()[k - 1]]
    return [(float(x), float(y)) for x, y in kept]


def box_of(camera: Camera, points: Floats) -> tuple[float, float, float, float]:
    """The upright box round the points, pixels, not cut at the picture's edges."""
    seen = camera.project(points)[:, :2]
    (left, top), (right, bottom) = seen.min(0), seen.max(0)
    return float(left), float(top), float(right), float(bottom)
