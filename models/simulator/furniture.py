"""The counter and all that stands in a hall: chairs, benches, posts, plants, cabinets, posters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from models.simulator.hall import SEAT_Y, Style, Window, one, tinted
from models.simulator.lettering import Board, lettered
from models.simulator.mesh import Mesh, box, cylinder, merged, moved
from models.simulator.signs import LED_INKS, OTHERS, PAINTS, led_sheet
from models.simulator.solids import board, leaves, post, yawed

Rng = np.random.Generator
Span = tuple[float, float]
BUSINESS = (
    *("社保业务", "医保业务", "户籍业务", "综合业务", "税务办理", "公积金", "不动产"),
    *("企业开办", "婚姻登记", "出入境", "就业服务", "劳动保障"),
)
TITLES = (
    *("政务服务中心　综合受理区", "便民服务大厅", "人力资源和社会保障服务大厅"),
    *("为人民服务", "办事大厅　业务受理", "行政审批服务局"),
)
GLASS = (0.75, 0.85, 0.85)


def counter(rng: Rng, style: Style, windows: Sequence[Window]) -> Iterator[Mesh]:
    left = windows[0].x - style.pitch_m / 2
    right = windows[-1].x + style.pitch_m / 2
    width, middle = right - left, (left + right) / 2
    desk, (outer, inner) = style.desk_m, windows[0].desk.top_span
    yield box(
        (width, 0.05, style.top_m - 0.04),
        (middle, outer + 0.08, (style.top_m - 0.04) / 2),
        name="counter front",
        colour=style.panel,
        material="wood",
    )
    top = box((width + 0.1, inner - outer, 0.04), (middle, (outer + inner) / 2, style.top_m - 0.02))
    yield replace(top, name="counter top", colour=0 * top.colour + style.top, material="stone")
    yield box(
        (width, 0.52 - inner, 0.03),
        (middle, (inner + 0.52) / 2, desk - 0.015),
        name="desk",
        colour=style.top if rng.random() < 0.5 else style.panel,
        material="wood",
    )
    if style.top_m - desk > 0.08:
        step = style.top_m - desk
        yield box((width, 0.03, step), (middle, inner - 0.02, desk + step / 2), colour=style.panel)
    if rng.random() < 0.6:
        low = float(rng.uniform(0.3, 0.6))
        for window in windows:
            size = (style.pitch_m - 0.25, 0.012, 0.45)
            yield box(size, (window.x, outer + 0.05, low), colour=style.stripe, material="wood")
    yield box((width, 0.04, 0.1), (middle, outer + 0.06, 0.05), colour=(0.4,) * 3, material="metal")
    yield from _partitions(rng, style, windows, (outer, inner))
    yield from _overhead(rng, style, windows, (left, right))


def _partitions(
    rng: Rng, style: Style, windows: Sequence[Window], top: tuple[float, float]
) -> Iterator[Mesh]:
    edges = [windows[0].x - style.pitch_m / 2, *(w.x + style.pitch_m / 2 for w in windows)]
    solid = float(rng.uniform(0.0, 0.35))
    for x in edges:
        side = box((0.04, 0.52 - top[0] - 0.1, style.top_m), (x, 0.05, style.top_m / 2))
        yield replace(side, colour=0 * side.colour + style.panel, material="wood")
        if style.glass_between:
            height = float(rng.uniform(0.3, 0.5))
            pane = (x, 0.02, style.top_m + solid + height / 2)
            yield box((0.010, 0.70, height), pane, name="pane", colour=GLASS, material="glass")
            if solid > 0.15:
                wing = (x, 0.02, style.top_m + solid / 2)
                yield box((0.03, 0.70, solid), wing, colour=style.panel, material="wood")
    if style.counter == "glass":
        gap, high = 0.28, float(rng.uniform(1.8, 2.1))
        for window in windows:
            size = (style.pitch_m - 0.04, 0.010, high - style.top_m - gap)
            centre = (window.x, top[1] - 0.03, (high + style.top_m + gap) / 2)
            yield box(size, centre, name="pane", colour=GLASS, material="glass")
            for x in (window.x - style.pitch_m / 2, window.x + style.pitch_m / 2):
                bar = (x, top[1] - 0.03, (high + style.top_m) / 2)
                yield box((0.03, 0.03, high - style.top_m), bar, material="metal")


def _overhead(rng: Rng, style: Style, windows: Sequence[Window], span: Span) -> Iterator[Mesh]:
    width, middle = span[1] - span[0], (span[0] + span[1]) / 2
    board_z = windows[0].spot.led[2] if windows[0].spot.led else 2.3
    if style.fascia and style.height_m - board_z > 0.7:
        z = board_z + 0.40
        yield box((width + 0.2, 0.22, 0.36), (middle, -0.05, z), colour=style.banner)
        ground = tuple(int(255 * c ** (1 / 2.2)) for c in style.banner)
        words = Board((one(rng, TITLES),), (ground[0], ground[1], ground[2]), (235, 235, 225))
        size = (min(6.0, width * 0.8), 0.28)
        pixels = lettered(words, 1024, round(1024 * size[1] / size[0]))
        yield board(pixels, *size, (middle, -0.166, z), name="title", emission=0.2)
    ink = one(rng, LED_INKS)
    for window in windows:
        if window.spot.led is None:
            continue
        wide, high = window.spot.led_size_m
        x, y, z = window.spot.led
        yield box((wide + 0.04, 0.05, high + 0.05), (x, y + 0.045, z), colour=(0.02,) * 3)
        named = (f"{window.number:02d}号窗口", one(rng, BUSINESS))
        lines = named if rng.random() < 0.8 else (f"{window.number}", named[1])
        yield replace(led_sheet(lines, ink, window.spot), material="led")


def seat(rng: Rng, style: Style, window: Window) -> Iterator[Mesh]:
    """The clerk's chair, and what a citizen may sit on."""
    x, y = window.x, SEAT_Y + 0.02
    high = float(rng.uniform(0.45, 0.72))
    parts = [
        box((0.50, 0.48, 0.07), (x, y, 0.44)),
        box((0.46, 0.06, high), (x, y + 0.28, 0.53 + high / 2)),
        cylinder(0.035, 0.36, (x, y, 0.24), sides=10),
    ]
    for turn in np.arange(0, 360, 72.0):
        spoke = box((0.34, 0.05, 0.05), (0.16, 0, 0))
        spun = yawed(spoke, float(turn))
        parts.append(moved(spun, (x, y, 0.05)))
    chair = merged(parts, "chair")
    yield replace(chair, colour=0 * chair.colour + style.chair)
    where = (x + float(rng.uniform(-0.2, 0.2)), -1.05)
    if style.stools == "stool":
        paint = tinted(rng, (0.10, 0.14, 0.26))
        yield cylinder(0.18, 0.07, (*where, 0.44), colour=paint)
        yield replace(post(where, 0.42, (0.4,) * 3, "stool"), material="metal")
    elif style.stools == "chair":
        paint = tinted(rng, (0.2, 0.2, 0.22))
        legs = [
            box((0.03, 0.03, 0.44), (where[0] + a, where[1] + b, 0.22))
            for a in (-0.2, 0.2)
            for b in (-0.2, 0.2)
        ]
        back = box((0.44, 0.03, 0.36), (where[0], where[1] - 0.22, 0.72))
        made = merged([box((0.44, 0.44, 0.05), (*where, 0.45)), back, *legs], "public chair")
        yield replace(made, colour=0 * made.colour + paint)


def about(rng: Rng, style: Style, windows: Sequence[Window], span: Span) -> Iterator[Mesh]:
    """Everything else in the room."""
    yield from _cabinets(rng, style, span)
    yield from _posters(rng, style, span)
    if rng.random() < 0.6:
        yield from _barriers(rng, style, windows)
    for _ in range(int(rng.integers(0, 3))):
        yield from _bench(rng, float(rng.uniform(span[0] + 1.5, span[1] - 1.5)), style)
    for _ in range(int(rng.integers(0, 5))):
        behind = rng.random() < 0.3
        x = float(rng.choice([span[0] + 0.35, span[1] - 0.35]))
        y = float(rng.uniform(1.5, style.back_m - 0.4) if behind else rng.uniform(-4.5, -0.9))
        paint = tinted(rng, (0.5, 0.47, 0.42))
        yield cylinder(0.14, 0.36, (x, y, 0.18), top_radius=0.19, colour=paint)
        yield leaves(rng, (x, y), float(rng.uniform(0.9, 1.5)))
    if rng.random() < 0.4:
        yield from _standee(rng, span)


def _cabinets(rng: Rng, style: Style, span: Span) -> Iterator[Mesh]:
    if rng.random() < 0.2:
        return
    paint = tinted(rng, one(rng, ((0.62, 0.62, 0.60), (0.45, 0.30, 0.17), (0.5, 0.52, 0.55))))
    height = float(rng.choice([0.9, 1.1, 1.8]))
    y = style.back_m - 0.25
    door_left = float(rng.uniform(span[0] + 0.5, span[1] - 1.5))
    for x in np.arange(span[0] + 0.6, span[1] - 0.5, 0.92):
        if door_left - 0.5 < x < door_left + 1.4 or rng.random() < 0.3:
            continue
        yield box((0.88, 0.45, height), (x, y, height / 2), colour=paint, material="metal")
        yield box((0.012, 0.012, height - 0.1), (x, y - 0.23, height / 2), colour=(0.1,) * 3)
        if height < 1.5 and rng.random() < 0.6:
            files = [
                box((0.065, 0.26, 0.32), (x - 0.38 + 0.072 * k, y - 0.03, height + 0.16))
                for k in range(int(rng.integers(4, 11)))
            ]
            row = merged(files, "files")
            yield replace(row, colour=0 * row.colour + rng.uniform(0.03, 0.5, 3))
    yield box((0.92, 0.05, 2.05), (door_left + 0.45, style.back_m - 0.03, 1.02), colour=style.panel)


def _posters(rng: Rng, style: Style, span: Span) -> Iterator[Mesh]:
    for _ in range(int(rng.integers(1, 5))):
        width = float(rng.uniform(0.5, 1.4))
        height = width * float(rng.uniform(0.5, 1.4))
        ground, ink = one(rng, PAINTS)
        lines = one(rng, OTHERS) + one(rng, OTHERS)
        words = Board(lines, ground, ink, border=0.02)
        pixels = lettered(words, 384, round(384 * height / width))
        x = float(rng.uniform(span[0] + 0.8, span[1] - 0.8))
        z = float(rng.uniform(1.7, 2.1))
        yield board(pixels, width, height, (x, style.back_m - 0.02, z), name="poster")


def _barriers(rng: Rng, style: Style, windows: Sequence[Window]) -> Iterator[Mesh]:
    metal = (0.5, 0.5, 0.5)
    belt = tinted(rng, one(rng, ((0.35, 0.03, 0.03), (0.03, 0.06, 0.25), (0.03, 0.03, 0.03))))
    near, far = -1.8, -1.8 - float(rng.uniform(0.9, 1.5))
    for window in windows[:-1]:
        x = window.x + style.pitch_m / 2
        if rng.random() < 0.3:
            continue
        yield post((x, near), 0.94, metal, "queue post")
        yield post((x, far), 0.94, metal, "queue post")
        yield box((0.006, near - far, 0.05), (x, (near + far) / 2, 0.88), colour=belt)


def _bench(rng: Rng, x: float, style: Style) -> Iterator[Mesh]:
    y = -float(rng.uniform(4.6, max(4.8, style.front_m - 1.0)))
    paint = tinted(rng, one(rng, ((0.42, 0.43, 0.45), (0.10, 0.14, 0.26), (0.35, 0.2, 0.1))))
    seats = []
    for k in range(int(rng.integers(3, 6))):
        seats += [box((0.50, 0.46, 0.04), (x + 0.56 * k, y, 0.42))]
        seats += [box((0.50, 0.05, 0.46), (x + 0.56 * k, y - 0.22, 0.68))]
        seats += [box((0.05, 0.4, 0.38), (x + 0.56 * k, y, 0.19))]
    bench = merged(seats, "bench")
    yield replace(bench, colour=0 * bench.colour + paint)


def _standee(rng: Rng, span: Span) -> Iterator[Mesh]:
    """An advertising stand on the floor."""
    ground, ink = one(rng, PAINTS)
    lines = one(rng, OTHERS) + one(rng, OTHERS) + one(rng, OTHERS)
    pixels = lettered(Board(lines, ground, ink, border=0.015), 256, 576)
    x = float(rng.choice([span[0] + 0.7, span[1] - 0.7]))
    y = float(rng.uniform(-2.6, -1.2))
    yield board(pixels, 0.8, 1.8, (x, y, 0.95), name="standee")
    yield box((0.8, 0.02, 1.8), (x, y + 0.015, 0.95), colour=(0.3,) * 3)
