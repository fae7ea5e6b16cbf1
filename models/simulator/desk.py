"""What lies and stands on a clerk's desk and on the counter before it: tools and look-alikes.

A phone lying there, a mouse, a calculator, a desk telephone, a card reader: none of them is a phone
in use. Cups, bottles and food that lie there are kept apart: they are real, and are labelled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from models.simulator.lettering import print_page
from models.simulator.mesh import Mesh, box, cylinder, merged, moved, sphere
from models.simulator.signs import form
from models.simulator.solids import board, leaned, yawed

Rng: TypeAlias = np.random.Generator
Point: TypeAlias = tuple[float, float, float]
Maker: TypeAlias = Callable[[Rng], list[Mesh]]
"""Makes a thing that stands on the origin, facing -y."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where things go at one window. x: its middle; near/far: the desk's edges towards the clerk
    and the public (y, metres); height of desk and of the counter's top; the counter's y span."""

    x: float
    far: float
    near: float
    height: float
    top_height: float
    top_span: tuple[float, float]


def shade(rng: Rng, low: float = 0.02, high: float = 0.7) -> tuple[float, float, float]:
    """A greyish colour."""
    grey = float(rng.uniform(low, high))
    r, g, b = np.clip(grey * rng.normal(1, 0.06, 3), 0.01, 0.9)
    return float(r), float(g), float(b)


def vivid(rng: Rng) -> tuple[float, float, float]:
    r, g, b = rng.uniform(0.02, 0.7, 3) ** 1.5
    return float(r), float(g), float(b)


def phone_lying(rng: Rng) -> list[Mesh]:
    body = box((0.075, 0.155, 0.009), (0, 0, 0.0045), name="phone lying", colour=shade(rng, 0.01))
    lit = rng.random() < 0.3
    glass = box(
        (0.068, 0.146, 0.002),
        (0, 0, 0.0095),
        name="phone glass",
        colour=(0.25, 0.32, 0.4) if lit else (0.015, 0.015, 0.02),
        emission=0.5 if lit else 0.0,
    )
    return [body, glass] if rng.random() < 0.75 else [body]


def mouse(rng: Rng) -> list[Mesh]:
    return [sphere((0.032, 0.055, 0.022), (0, 0, 0.012), name="mouse", colour=shade(rng))]


def calculator(rng: Rng) -> list[Mesh]:
    ground = shade(rng, 0.02, 0.6)
    keys = [
        box((0.016, 0.014, 0.006), (0.024 * i, 0.022 * j - 0.03, 0.022), colour=shade(rng, 0.3))
        for i in (-1.5, -0.5, 0.5, 1.5)
        for j in range(4)
    ]
    display = box((0.10, 0.03, 0.004), (0, 0.075, 0.022), colour=(0.25, 0.3, 0.22))
    return [box((0.13, 0.19, 0.02), (0, 0.01, 0.01), colour=ground), merged(keys), display]


def desk_telephone(rng: Rng) -> list[Mesh]:
    paint = shade(rng, 0.01, 0.7)
    body = box((0.17, 0.20, 0.045), (0, 0, 0.025), name="telephone", colour=paint)
    handset = [
        box((0.045, 0.19, 0.03), (-0.055, 0, 0.075), colour=paint),
        sphere((0.03, 0.03, 0.025), (-0.055, -0.08, 0.062), colour=paint),
        sphere((0.03, 0.03, 0.025), (-0.055, 0.08, 0.062), colour=paint),
    ]
    keys = box((0.075, 0.10, 0.006), (0.035, -0.02, 0.05), colour=shade(rng, 0.2))
    return [body, merged(handset), keys]


def card_reader(rng: Rng) -> list[Mesh]:
    base = box((0.10, 0.15, 0.04), (0, 0, 0.02), colour=shade(rng))
    pad = box((0.085, 0.12, 0.004), (0, 0, 0.042), colour=(0.02, 0.03, 0.06))
    return [base, pad]


def stapler(rng: Rng) -> list[Mesh]:
    return [box((0.035, 0.13, 0.045), (0, 0, 0.022), colour=vivid(rng))]


def stamp_pad(rng: Rng) -> list[Mesh]:
    pad = box((0.09, 0.06, 0.02), (0, 0, 0.01), colour=(0.35, 0.02, 0.02))
    return [pad, cylinder(0.018, 0.08, (0.09, 0.0, 0.04), sides=12, colour=shade(rng))]


def pen_holder(rng: Rng) -> list[Mesh]:
    pens = [
        yawed(box((0.008, 0.008, 0.13), (0.012 * k, 0.006 * k, 0.10), colour=vivid(rng)), 9.0 * k)
        for k in (-1, 0, 1)
    ]
    return [cylinder(0.036, 0.10, (0, 0, 0.05), colour=shade(rng)), merged(pens)]


def papers(rng: Rng) -> list[Mesh]:
    pile = box((0.215, 0.30, 0.02), (0, 0, 0.01), colour=(0.78, 0.78, 0.75), material="paper")
    return [pile, form(rng, (0.01, 0, 0.0215), float(rng.normal(0, 8)))]


def single_form(rng: Rng) -> list[Mesh]:
    return [form(rng, (0, 0, 0.002), 0.0)]


def folder(rng: Rng) -> list[Mesh]:
    return [box((0.23, 0.31, 0.025), (0, 0, 0.0125), colour=vivid(rng))]


def id_cards(rng: Rng) -> list[Mesh]:
    cards = [
        box((0.086, 0.054, 0.003), (0.02 * k, 0.03 * k, 0.002 + 0.003 * k), colour=shade(rng, 0.4))
        for k in range(2)
    ]
    return [merged(cards)]


def paper_tray(rng: Rng) -> list[Mesh]:
    paint = vivid(rng)
    shelves = [box((0.25, 0.32, 0.012), (0, 0, 0.01 + 0.07 * k), colour=paint) for k in range(3)]
    sides = [box((0.01, 0.32, 0.17), (s * 0.12, 0, 0.085), colour=paint) for s in (-1, 1)]
    return [merged([*shelves, *sides])]


def printer(rng: Rng) -> list[Mesh]:
    paint = shade(rng, 0.02, 0.6)
    body = box((0.38, 0.34, 0.22), (0, 0, 0.11), name="printer", colour=paint)
    mouth = box((0.28, 0.02, 0.03), (0, -0.17, 0.15), colour=(0.02, 0.02, 0.02))
    return [body, mouth]


def small_plant(rng: Rng) -> list[Mesh]:
    green = np.array([0.05, 0.18, 0.04]) * rng.uniform(0.6, 1.5)
    pot = cylinder(0.045, 0.08, (0, 0, 0.04), top_radius=0.06, colour=shade(rng, 0.1))
    balls = [
        sphere(float(rng.uniform(0.03, 0.05)), (*rng.normal(0, 0.025, 2), 0.12), colour=green)
        for _ in range(4)
    ]
    return [pot, replace(merged(balls), material="leaf")]


def tissue_box(rng: Rng) -> list[Mesh]:
    body = box((0.21, 0.11, 0.07), (0, 0, 0.035), colour=vivid(rng))
    return [body, sphere((0.04, 0.015, 0.03), (0, 0, 0.08), colour=(0.8, 0.8, 0.8))]


def sanitiser(rng: Rng) -> list[Mesh]:
    bottle = cylinder(0.03, 0.12, (0, 0, 0.06), colour=(0.6, 0.7, 0.75))
    pump = cylinder(0.01, 0.05, (0, 0, 0.145), sides=8, colour=shade(rng, 0.3))
    return [bottle, pump]


def evaluation_tablet(rng: Rng) -> list[Mesh]:
    """The "please rate us" tablet that looks at the citizen."""
    body = box((0.20, 0.02, 0.145), (0, 0, 0.10), colour=shade(rng, 0.01, 0.5))
    face = print_page(rng, 180, 130)
    tint = np.array([0.45, 0.6, 1.0]) if rng.random() < 0.6 else np.ones(3)
    lit = board(
        (face * tint).astype(np.uint8), 0.18, 0.125, (0, -0.011, 0.10), name="tablet", emission=0.6
    )
    foot = box((0.12, 0.09, 0.03), (0, 0.03, 0.015), colour=shade(rng, 0.01, 0.3))
    return [leaned(body, 15, (0, 0, 0)), leaned(lit, 15, (0, 0, 0)), foot]


def leaflet_rack(rng: Rng) -> list[Mesh]:
    page = board(print_page(rng, 120, 200), 0.11, 0.19, (0, -0.03, 0.11), name="leaflet")
    return [page, box((0.13, 0.06, 0.12), (0, 0, 0.06), colour=(0.6, 0.62, 0.64))]


def camera_on_neck(rng: Rng) -> list[Mesh]:
    """A document camera on a goose neck."""
    neck = cylinder(0.008, 0.34, (0, 0, 0.17), sides=8, colour=(0.03, 0.03, 0.03))
    return [neck, box((0.05, 0.14, 0.03), (0, -0.06, 0.34), colour=(0.03, 0.03, 0.03))]


def keyboard(rng: Rng) -> list[Mesh]:
    body = box((0.43, 0.14, 0.02), (0, 0, 0.01), name="keyboard", colour=shade(rng, 0.01, 0.4))
    rows = [
        box((0.40, 0.018, 0.006), (0, 0.024 * (k - 2), 0.021), colour=shade(rng, 0.01, 0.3))
        for k in range(5)
    ]
    return [body, merged(rows)]


def monitor(rng: Rng) -> list[Mesh]:
    """A screen that looks at +y, where the clerk sits."""
    width, height = float(rng.uniform(0.44, 0.58)), float(rng.uniform(0.27, 0.34))
    frame = shade(rng, 0.01, 0.15) if rng.random() < 0.8 else shade(rng, 0.5, 0.7)
    middle = 0.14 + height / 2
    back = box((width, 0.035, height), (0, 0, middle), name="monitor", colour=frame)
    stem = box((0.05, 0.04, 0.16), (0, -0.02, 0.08), colour=frame)
    foot = box((0.22, 0.18, 0.015), (0, -0.01, 0.008), colour=frame)
    page = (print_page(rng, 320, 190) * rng.uniform(0.4, 1.0, 3)).astype(np.uint8)
    glow = board(
        page, width - 0.03, height - 0.03, (0, -0.019, middle), name="screen", emission=0.7
    )
    return [merged([back, stem, foot]), yawed(glow, 180)]


TOOLS: tuple[Maker, ...] = (
    phone_lying,
    phone_lying,
    phone_lying,
    calculator,
    desk_telephone,
    desk_telephone,
    card_reader,
    stapler,
    stamp_pad,
    pen_holder,
    papers,
    papers,
    single_form,
    folder,
    id_cards,
    paper_tray,
    printer,
    small_plant,
    tissue_box,
    sanitiser,
    camera_on_neck,
)
SHOWN: tuple[Maker, ...] = (
    evaluation_tablet,
    evaluation_tablet,
    pen_holder,
    single_form,
    leaflet_rack,
    sanitiser,
    card_reader,
    small_plant,
    phone_lying,
    id_cards,
)


def furnished(rng: Rng, desk: Desk) -> Iterator[Mesh]:
    """The things at one window. The screen stands to one side, so that the clerk is seen."""
    side = 1 if rng.random() < 0.7 else -1
    middle = (desk.far + desk.near) / 2
    turn = side * float(rng.uniform(20, 45))
    aside = desk.x + side * float(rng.uniform(0.48, 0.6))
    yield from _stood(monitor(rng), (aside, middle - 0.05, desk.height), -turn)
    if rng.random() < 0.2:
        yield from _stood(monitor(rng), (desk.x - side * 0.62, middle - 0.08, desk.height), turn)
    yield from _stood(keyboard(rng), (desk.x, desk.near - 0.11, desk.height), rng.normal(0, 4))
    yield from _stood(mouse(rng), (desk.x - 0.31, desk.near - 0.11, desk.height), rng.normal(0, 15))
    for _ in range(int(rng.integers(3, 8))):
        maker = TOOLS[int(rng.integers(len(TOOLS)))]
        x = desk.x + float(rng.choice([-1, 1])) * float(rng.uniform(0.12, 0.72))
        y = float(rng.uniform(desk.far + 0.12, desk.near - 0.22))
        yield from _stood(maker(rng), (x, y, desk.height), rng.normal(0, 25))
    for _ in range(int(rng.integers(1, 4))):
        maker = SHOWN[int(rng.integers(len(SHOWN)))]
        x = desk.x + float(rng.uniform(-0.6, 0.6))
        y = float(rng.uniform(desk.top_span[0] + 0.08, desk.top_span[1] - 0.05))
        yield from _stood(maker(rng), (x, y, desk.top_height), rng.normal(0, 12))


def _stood(things: list[Mesh], at: Point, yaw_deg: float) -> Iterator[Mesh]:
    for part in things:
        yield moved(yawed(part, float(yaw_deg)), at)
