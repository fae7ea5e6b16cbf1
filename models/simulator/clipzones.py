"""A clip's zones: volumes about each seat, projected into the picture, and their hall file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.simulator.hall import Window
from models.simulator.plays import Play
from models.simulator.views import (
    Polygon,
    box_of,
    counter_points,
    outline,
    sign_points,
    staff_points,
)
from vision.geometry import Zone

SIGN_PAD = 0.15
"""A sign zone is this share larger on each side than the air above its counter."""


@dataclass(frozen=True, slots=True)
class Zones:
    """In pixels of the stored picture, by window id; queue: on the floor, or None."""

    staff: Mapping[str, Polygon]
    counter: Mapping[str, Polygon]
    sign: Mapping[str, Polygon]
    queue: Polygon | None
    size: tuple[int, int]

    def staff_at(
        self, window: str, objects: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """The clerks whose box's middle lies in the window's staff zone; and its own who sleeps,
        with the head on the desk beyond the zone's edge."""
        zone = Zone.of(self.staff[window], *self.size)
        people = [o for o in objects if o.get("role") == "staff" and "activity" in o]
        inside = zone.holds(np.array([_middle(o["box"]) for o in people]).reshape(-1, 2))
        return [
            person
            for person, here in zip(people, inside, strict=True)
            if here or (person["activity"] == "napping" and person.get("window") == window)
        ]

    def citizens_at(self, window: str, objects: Sequence[Mapping[str, Any]]) -> int:
        """How many citizens stand with their feet in the counter zone."""
        return _feet_in(self.counter[window], self.size, objects, "citizen")

    def in_queue(self, objects: Sequence[Mapping[str, Any]]) -> int:
        if self.queue is None:
            return 0
        return _feet_in(self.queue, self.size, objects, "citizen")


def zones_of(play: Play) -> Zones:
    scale = play.size[0] / play.view.camera.width
    camera = play.view.camera

    def drawn(points: Any) -> Polygon:
        return outline(camera, points, scale)

    return Zones(
        staff={_id(w): drawn(staff_points(w)) for w in play.windows},
        counter={_id(w): drawn(counter_points(w)) for w in play.windows},
        sign={_id(w): _sign_zone(play, w, scale) for w in play.windows},
        queue=None if play.queue is None else drawn(play.queue),
        size=play.size,
    )


def hall_file(play: Play, zones: Zones) -> str:
    """The clip's hall.toml."""
    width, height = play.size
    name = play.name
    lines = [
        "# Written with the clip: the zones are seats, counters and floors projected exactly.",
        "[hall]",
        f'id = "{name.replace("_", "-")}"',
        f'name = "{play.title}"',
        'timezone = "Asia/Shanghai"',
        "",
        "[[camera]]",
        'id = "cam1"',
        'name = "大厅一号机"',
        'url = "clip.mp4"',
        f"width = {width}",
        f"height = {height}",
        f"pace_hz = {min(2.0, play.fps)}",
        f"recorded_at = {play.recorded_at.isoformat()}",
    ]
    for window in play.windows:
        key = _id(window)
        lines += ["", "[[window]]", f'id = "{key}"', f'name = "{window.number}号窗口"']
        lines += ['camera = "cam1"', f"staff = {_points(zones.staff[key])}"]
        lines += [f"counter = {_points(zones.counter[key])}"]
        lines += [f"sign = {_points(zones.sign[key])}"]
    if zones.queue is not None:
        lines += ["", "[[queue]]", 'id = "q1"', 'name = "一号等候区"', 'camera = "cam1"']
        lines += [f"zone = {_points(zones.queue)}"]
    return "\n".join(lines) + "\n"


def _sign_zone(play: Play, window: Window, scale: float) -> Polygon:
    left, top, right, bottom = (v * scale for v in box_of(play.view.camera, sign_points(window)))
    wide, high = SIGN_PAD * (right - left), SIGN_PAD * (bottom - top)
    x1, x2 = max(0, round(left - wide)), min(play.size[0] - 1, round(right + wide))
    y1, y2 = max(0, round(top - high)), min(play.size[1] - 1, round(bottom + high))
    return [(float(x), float(y)) for x, y in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))]


def _id(window: Window) -> str:
    return f"w{window.number}"


def _middle(box: Sequence[float]) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _feet_in(
    polygon: Polygon, size: tuple[int, int], objects: Sequence[Mapping[str, Any]], role: str
) -> int:
    boxes = [o["full_box"] for o in objects if o.get("role") == role and "activity" in o]
    feet = np.array([((b[0] + b[2]) / 2, b[3] - 0.5) for b in boxes]).reshape(-1, 2)
    return int(Zone.of(polygon, *size).holds(feet).sum())


def _points(polygon: Polygon) -> str:
    return "[" + ", ".join(f"[{x:g}, {y:g}]" for x, y in polygon) + "]"
