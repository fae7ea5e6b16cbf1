"""The zones and thresholds that somebody is working on, until they are saved or left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import Any

import tomlkit

from api.halls.zoning import (
    OF_CAMERA,
    OF_WINDOW,
    Flaw,
    Points,
    Shape,
    ShapeKind,
    Threshold,
    flaw_of,
    moved_to,
    put_names,
    put_shapes,
    put_thresholds,
    shapes_of,
)
from vision.hallfile import Hall, policy_values
from vision.records import QueueSeen, WindowSeen
from vision.rules import rulebook

MOST_CORNERS = 60
NEEDED = (ShapeKind.STAFF, ShapeKind.COUNTER, ShapeKind.QUEUE)
"""Zones that a window or queue cannot be without."""


class PlaceKind(StrEnum):
    WINDOW = "window"
    QUEUE = "queue"
    AREA = "area"  # a work area or a mask


@dataclass(frozen=True, slots=True)
class Place:
    """What zones belong to: a window, a queue, or an area of the camera itself."""

    camera: str
    kind: PlaceKind
    id: str
    name: str
    zones: tuple[ShapeKind, ...]

    @property
    def zone_keys(self) -> tuple[str, ...]:
        return tuple(f"{kind}:{self.id}" for kind in self.zones)


class Draft:
    """`hall` is the file as it was read; everything else is what it shall become."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.shapes = {(s.camera, s.key): s for s in shapes_of(hall)}
        self.places: list[Place] = [
            *(Place(w.camera, PlaceKind.WINDOW, w.id, w.name, OF_WINDOW) for w in hall.windows),
            *(_queue(q.camera, q.id, q.name) for q in hall.queues),
            *(_area(s) for s in self.shapes.values() if s.kind in OF_CAMERA),
        ]
        self.thresholds: dict[tuple[str, str, str], float | int | bool] = {}
        self._at_first = self._state()

    @property
    def changed(self) -> bool:
        return self._state() != self._at_first

    def _state(self) -> tuple[Any, ...]:
        return (dict(self.shapes), tuple(self.places), dict(self.thresholds))

    def places_of(self, camera: str) -> list[Place]:
        return [p for p in self.places if p.camera == camera]

    def place_of(self, camera: str, key: str) -> Place | None:
        return next((p for p in self.places_of(camera) if key in p.zone_keys), None)

    def points(self, camera: str, key: str) -> Points:
        """Corners of a zone; none where it is not drawn."""
        shape = self.shapes.get((camera, key))
        return shape.points if shape else ()

    def draw(self, camera: str, drawn: Iterable[dict[str, Any]]) -> None:
        """Take in what the board says: all zones of this camera. What it does not know is left."""
        known = {key for place in self.places_of(camera) for key in place.zone_keys}
        fresh: dict[tuple[str, str], Shape] = {}
        for zone in drawn:
            key = str(zone.get("key"))
            if key in known:
                kind, _, owner = key.partition(":")
                shape = Shape(camera, ShapeKind(kind), owner, _points(zone.get("points")))
                fresh[camera, key] = shape
        self.shapes = {at: s for at, s in self.shapes.items() if at[0] != camera} | fresh

    def add(self, camera: str, kind: PlaceKind, name: str) -> Place:
        """A new window or queue, without zones yet."""
        letter = "w" if kind is PlaceKind.WINDOW else "q"
        used = {p.id for p in self.places}
        number = next(n for n in range(1, 10_000) if f"{letter}{n}" not in used)
        place = _queue(camera, f"{letter}{number}", name)
        if kind is PlaceKind.WINDOW:
            place = replace(place, kind=kind, zones=OF_WINDOW)
        self.places.append(place)
        return place

    def add_area(self, camera: str, kind: ShapeKind) -> Place:
        """A new work area or mask, not drawn yet."""
        used = {p.id for p in self.places_of(camera) if p.zones == (kind,)}
        number = next(n for n in range(1, 1000) if str(n) not in used)
        place = Place(camera, PlaceKind.AREA, str(number), "", (kind,))
        self.places.append(place)
        return place

    def remove(self, place: Place) -> None:
        """Take the place out with all its zones and changed thresholds."""
        self.places.remove(place)
        for key in place.zone_keys:
            self.shapes.pop((place.camera, key), None)
        self.thresholds = {k: v for k, v in self.thresholds.items() if k[0] != place.id}

    def copy(self, place: Place, camera: str) -> Place:
        """The same zones in another camera's picture, as a place of their own."""
        if place.kind is PlaceKind.AREA:
            copy = self.add_area(camera, place.zones[0])
        else:
            copy = self.add(camera, place.kind, place.name)
        for key in place.zone_keys:
            shape = self.shapes.get((place.camera, key))
            if shape is not None:
                there = replace(moved_to(shape, self.hall, camera), owner=copy.id)
                self.shapes[camera, there.key] = there
        return copy

    def flaws(self, camera: str) -> dict[str, Flaw | None]:
        """Zones that cannot stay so: key -> what is wrong; None: needed, and not drawn."""
        size = self.hall.camera(camera)
        flaws: dict[str, Flaw | None] = {}
        for place in self.places_of(camera):
            for kind, key in zip(place.zones, place.zone_keys, strict=True):
                points = self.points(camera, key)
                flaw = flaw_of(points, size.width, size.height)
                if points and flaw is not None:
                    flaws[key] = flaw
                elif not points and (kind in NEEDED or place.kind is PlaceKind.AREA):
                    flaws[key] = None
        return flaws

    def values(self, owner: str) -> dict[str, dict[str, float | int | bool]]:
        """Rule -> threshold -> value in force at this window or queue; "" is the whole hall."""
        own = {w.id: w.policies for w in self.hall.windows}
        own |= {q.id: q.policies for q in self.hall.queues}
        policies = own.get(owner, self.hall.policies)
        place = next((p for p in self.places if owner and p.id == owner), None)
        values: dict[str, dict[str, Any]] = {}
        for rule in rulebook().values():
            if place is not None and rule.watches is not _SEEN.get(place.kind):
                continue
            values[rule.id] = policy_values(policies[rule.id])
            for name in values[rule.id]:
                changed = self.thresholds.get((owner, rule.id, name))
                if changed is not None:
                    values[rule.id][name] = changed
        return values

    def change(self, document: tomlkit.TOMLDocument) -> None:
        """Write the draft into the hall file's document."""
        put_shapes(document, self.shapes.values())
        put_names(document, {p.id: p.name for p in self.places if p.kind is not PlaceKind.AREA})
        put_thresholds(document, (Threshold(*k, v) for k, v in self.thresholds.items()))


_SEEN = {PlaceKind.WINDOW: WindowSeen, PlaceKind.QUEUE: QueueSeen}


def _queue(camera: str, id: str, name: str) -> Place:
    return Place(camera, PlaceKind.QUEUE, id, name, (ShapeKind.QUEUE,))


def _area(shape: Shape) -> Place:
    return Place(shape.camera, PlaceKind.AREA, shape.owner, "", (shape.kind,))


def _points(given: Any) -> Points:
    """Corners as a browser sends them; what is no corner is left out."""
    points: list[tuple[float, float]] = []
    for corner in given if isinstance(given, list) else []:
        numbers = corner if isinstance(corner, list) and len(corner) == 2 else []
        if all(isinstance(n, int | float) and isfinite(n) for n in numbers) and numbers:
            points.append((float(numbers[0]), float(numbers[1])))
    return tuple(points[:MOST_CORNERS])
