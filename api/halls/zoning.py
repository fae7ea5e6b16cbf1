"""The zones and thresholds of a hall file as a person draws them: read, judged, written back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import tomlkit
from shapely.geometry import Polygon
from tomlkit.items import AoT, Array, Table

from vision.hallfile import Hall

Points = tuple[tuple[float, float], ...]

SMALLEST_PX2 = 400.0
"""A zone that is smaller was drawn by accident: 20 x 20 pixels hold nobody."""


class ShapeKind(StrEnum):
    """What a zone is for. The last two belong to a camera, the others to a window or queue."""

    STAFF = "staff"
    COUNTER = "counter"
    SIGN = "sign"
    QUEUE = "queue"
    WORK = "work"
    MASK = "mask"


OF_WINDOW = (ShapeKind.STAFF, ShapeKind.COUNTER, ShapeKind.SIGN)
OF_CAMERA = (ShapeKind.WORK, ShapeKind.MASK)


class Flaw(StrEnum):
    """Why a polygon cannot be a zone."""

    FEW = "few"
    OUTSIDE = "outside"
    CROSSES = "crosses"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Shape:
    """One zone. `owner`: the id of its window or queue, or a number within its camera."""

    camera: str
    kind: ShapeKind
    owner: str
    points: Points

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.owner}"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One value of one rule. `owner`: a window's or queue's id; "" is the whole hall."""

    owner: str
    rule: str
    name: str
    value: float | int | bool


def shapes_of(hall: Hall) -> tuple[Shape, ...]:
    """Every zone of the hall file."""
    shapes: list[Shape] = []
    for window in hall.windows:
        drawn = [(k, getattr(window, k.value)) for k in OF_WINDOW]
        shapes += [Shape(window.camera, k, window.id, z.corners) for k, z in drawn if z is not None]
    shapes += [Shape(q.camera, ShapeKind.QUEUE, q.id, q.zone.corners) for q in hall.queues]
    for camera in hall.cameras:
        for kind, zones in ((ShapeKind.WORK, camera.work), (ShapeKind.MASK, camera.masks)):
            shapes += [Shape(camera.id, kind, str(i), z.corners) for i, z in enumerate(zones, 1)]
    return tuple(shapes)


def flaw_of(points: Points, width: int, height: int) -> Flaw | None:
    """What is wrong with a polygon in a picture of this size; None: nothing."""
    if len(points) < 3:
        return Flaw.FEW
    if any(not (0 <= x <= width and 0 <= y <= height) for x, y in points):
        return Flaw.OUTSIDE
    polygon = Polygon(points)
    if not polygon.is_valid:
        return Flaw.CROSSES
    return Flaw.SMALL if polygon.area < SMALLEST_PX2 else None


def moved_to(shape: Shape, hall: Hall, camera: str) -> Shape:
    """The same zone in another camera's picture: at the same place of it, whatever its size."""
    here, there = hall.camera(shape.camera), hall.camera(camera)
    across, down = there.width / here.width, there.height / here.height
    points = tuple((round(x * across, 1), round(y * down, 1)) for x, y in shape.points)
    return replace(shape, camera=camera, points=points)


def put_shapes(document: tomlkit.TOMLDocument, shapes: Iterable[Shape]) -> None:
    """Write all zones into the document: those that are not among `shapes` are taken out, and with
    its staff zone or counter a whole window goes; one that was not there is made."""
    by_owner: dict[tuple[str, str], dict[ShapeKind, Shape]] = {}
    for shape in shapes:
        table = "camera" if shape.kind in OF_CAMERA else _table(shape.kind)
        owner = f"{shape.camera}/{shape.key}" if table == "camera" else shape.owner
        by_owner.setdefault((table, owner), {})[shape.kind] = shape
    _put_windows(document, {o: s for (t, o), s in by_owner.items() if t == "window"})
    _put_queues(document, {o: s for (t, o), s in by_owner.items() if t == "queue"})
    loose = [s for (t, _), kinds in by_owner.items() if t == "camera" for s in kinds.values()]
    for table in _tables(document, "camera"):
        for kind, key in ((ShapeKind.WORK, "work"), (ShapeKind.MASK, "masks")):
            mine = [s.points for s in loose if s.kind is kind and s.camera == table["id"]]
            _set(table, key, [[list(p) for p in points] for points in mine] or None)


def put_names(document: tomlkit.TOMLDocument, names: Mapping[str, str]) -> None:
    """Write the names of windows and queues, by id, where they are not the id itself."""
    for table in (*_tables(document, "window"), *_tables(document, "queue")):
        name = names.get(table["id"], "")
        if name and name != table.get("name", table["id"]):
            table["name"] = name


def put_thresholds(document: tomlkit.TOMLDocument, thresholds: Iterable[Threshold]) -> None:
    """Write these values, and only these, where they belong."""
    for wanted in thresholds:
        home: Any = document
        if wanted.owner:
            tables = [*_tables(document, "window"), *_tables(document, "queue")]
            home = next((t for t in tables if t["id"] == wanted.owner), None)
            if home is None:
                continue  # its window was taken out in the same change
        policy = home.setdefault("policy", tomlkit.table(is_super_table=True))
        rule = policy.setdefault(wanted.rule, tomlkit.table())
        rule[wanted.name] = wanted.value


def _put_windows(
    document: tomlkit.TOMLDocument, owners: Mapping[str, Mapping[ShapeKind, Shape]]
) -> None:
    for table in _kept(document, "window", owners):
        kinds = owners[table["id"]]
        table["camera"] = next(iter(kinds.values())).camera
        for kind in OF_WINDOW:
            _set(table, kind.value, list(kinds[kind].points) if kind in kinds else None)


def _put_queues(
    document: tomlkit.TOMLDocument, owners: Mapping[str, Mapping[ShapeKind, Shape]]
) -> None:
    for table in _kept(document, "queue", owners):
        shape = owners[table["id"]][ShapeKind.QUEUE]
        table["camera"] = shape.camera
        _set(table, "zone", list(shape.points))


def _kept(document: tomlkit.TOMLDocument, name: str, owners: Mapping[str, Any]) -> Sequence[Table]:
    """The tables of these owners; others are taken out, missing ones added at the end."""
    tables = document.get(name)
    if tables is None:
        if not owners:
            return ()
        tables = document[name] = tomlkit.aot()
    for index in reversed(range(len(tables))):
        if tables[index]["id"] not in owners:
            del tables[index]
    known = {table["id"] for table in tables}
    for owner in owners:
        if owner not in known:
            fresh = tomlkit.table()
            fresh["id"] = owner
            tables.append(fresh)
    if not len(tables):
        del document[name]
    return tuple(tables)


def _tables(document: tomlkit.TOMLDocument, name: str) -> Sequence[Any]:
    found = document.get(name)
    return tuple(found) if isinstance(found, AoT) else ()


def _table(kind: ShapeKind) -> str:
    return "queue" if kind is ShapeKind.QUEUE else "window"


def _set(table: Table, key: str, value: Sequence[Any] | None) -> None:
    """Leave what says the same already as it is written; None takes the key out."""
    if value is None:
        table.pop(key, None)
        return
    plain = _plain(value)
    if key not in table or _plain(table[key]) != plain:
        table[key] = _array(plain)


def _plain(value: Any) -> Any:
    """Numbers as floats in nested lists, so that 12 and 12.0 are the same corner."""
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else float(value)


def _array(value: Any) -> Array:
    array = tomlkit.array()
    for item in value:
        array.append(_array(item) if isinstance(item, list) else _number(item))
    return array


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 1)
