"""Halls drawn by chance: one seed, one hall. Metres; x along the counter, y from the public's side
(below zero) to the clerks' (above), z up; the counter stands about y = 0.

The seeds of the splits never meet: a hall that a model was tested in was not trained in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from models.simulator.desk import Desk, furnished
from models.simulator.mesh import Colour, Floats, Mesh
from models.simulator.signs import SignSpot

T = TypeVar("T")
Split: TypeAlias = Literal["train", "val", "test"]
Counter: TypeAlias = Literal["open", "ledge", "glass", "low"]
FIRST_SEED: dict[Split, int] = {"train": 0, "val": 100_000, "test": 200_000}
SEATS_A_SPLIT = 100_000
SEAT_Y = 0.78
"""The clerk's hips when seated."""

WOODS: tuple[Colour, ...] = ((0.33, 0.20, 0.11), (0.45, 0.30, 0.17), (0.16, 0.09, 0.05))
PANELS: tuple[Colour, ...] = (
    *WOODS,
    *((0.72, 0.72, 0.70), (0.45, 0.46, 0.48), (0.10, 0.20, 0.42), (0.62, 0.58, 0.50)),
)
STONES: tuple[Colour, ...] = ((0.50, 0.46, 0.42), (0.75, 0.74, 0.72), (0.12, 0.12, 0.13), *WOODS)
WALLS: tuple[Colour, ...] = (
    *((0.74, 0.74, 0.70), (0.80, 0.80, 0.80), (0.68, 0.70, 0.66), (0.62, 0.66, 0.70)),
    *((0.70, 0.62, 0.52), (0.55, 0.56, 0.57)),
)
FLOORS: tuple[Colour, ...] = (
    *((0.60, 0.58, 0.54), (0.70, 0.69, 0.66), (0.35, 0.34, 0.33), (0.46, 0.36, 0.27)),
    *((0.50, 0.53, 0.56), (0.55, 0.50, 0.42)),
)
BANNERS: tuple[Colour, ...] = (
    *((0.08, 0.16, 0.38), (0.42, 0.03, 0.03), (0.62, 0.62, 0.62), (0.05, 0.20, 0.18)),
    (0.30, 0.18, 0.09),
)


@dataclass(frozen=True, slots=True)
class Light:
    """A shining rectangle. across and along are its half edges (3,); facing is where it shines;
    power_w as Blender counts it (radiance = power / (pi * area))."""

    centre: Floats
    across: Floats
    along: Floats
    facing: Floats
    power_w: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Style:
    """What one hall looks like; every colour is linear RGB."""

    windows: int
    pitch_m: float
    counter: Counter
    top_m: float
    desk_m: float
    panel: Colour
    stripe: Colour
    top: Colour
    wall: Colour
    band: Colour | None
    floor: Colour
    tile_m: float
    gloss: float
    banner: Colour
    fascia: bool
    led: bool
    glass_between: bool
    chair: Colour
    height_m: float
    back_m: float
    front_m: float
    side_m: float
    stools: Literal["none", "stool", "chair"]
    daylight: float


@dataclass(frozen=True, slots=True)
class Window:
    """One seat at the counter, numbered from 1 as the board above it says."""

    number: int
    x: float
    desk: Desk
    spot: SignSpot

    @property
    def seat(self) -> tuple[float, float]:
        return self.x, SEAT_Y


@dataclass(frozen=True, slots=True)
class Hall:
    """An empty hall. meshes: everything that stands still (clear glass has the material `glass`);
    ambient: the indirect light, radiance on a white surface, for what is drawn into it later."""

    seed: int
    style: Style
    windows: tuple[Window, ...]
    meshes: tuple[Mesh, ...]
    lights: tuple[Light, ...]
    left: float
    right: float
    ambient: float

    @property
    def back(self) -> float:
        return self.style.back_m

    @property
    def front(self) -> float:
        return -self.style.front_m


def seed_of(split: Split, number: int) -> int:
    """The seed of a split's hall of that number."""
    if not 0 <= number < SEATS_A_SPLIT:
        raise ValueError(f"a split has {SEATS_A_SPLIT} halls: number {number} is outside")
    return FIRST_SEED[split] + number


def make_hall(seed: int) -> Hall:
    """The hall of a seed."""
    from models.simulator import furniture, room

    rng = np.random.default_rng([seed, 1])
    style = sample_style(rng)
    windows = _windows(rng, style)
    span = (
        windows[0].x - style.side_m,
        windows[-1].x + float(rng.uniform(0.7, 1.3)) * style.side_m,
    )
    lights = room.lights(rng, style, span)
    meshes: list[Mesh] = [*room.shell(rng, style, span), *room.panels(lights)]
    meshes += furniture.counter(rng, style, windows)
    meshes += furniture.about(rng, style, windows, span)
    for window in windows:
        meshes += furnished(rng, window.desk)
        meshes += furniture.seat(rng, style, window)
    ambient = room.ambient(style, span, lights)
    return Hall(seed, style, windows, tuple(meshes), tuple(lights), *span, ambient)


def sample_style(rng: np.random.Generator) -> Style:
    counter: Counter = one(rng, ("open", "open", "ledge", "ledge", "glass", "low"))
    tops = {"open": (0.78, 0.86), "ledge": (0.98, 1.12), "glass": (0.80, 1.02), "low": (0.74, 0.77)}
    return Style(
        windows=int(rng.integers(2, 7)),
        pitch_m=float(rng.uniform(1.5, 2.1)),
        counter=counter,
        top_m=float(rng.uniform(*tops[counter])),
        desk_m=float(rng.uniform(0.735, 0.765)),
        panel=tinted(rng, one(rng, PANELS)),
        stripe=tinted(rng, one(rng, PANELS)),
        top=tinted(rng, one(rng, STONES)),
        wall=tinted(rng, one(rng, WALLS)),
        band=tinted(rng, one(rng, PANELS)) if rng.random() < 0.4 else None,
        floor=tinted(rng, one(rng, FLOORS)),
        tile_m=float(rng.choice([0.0, 0.6, 0.8, 0.8, 1.0])),
        gloss=float(rng.uniform(0.12, 0.5)),
        banner=tinted(rng, one(rng, BANNERS)),
        fascia=bool(rng.random() < 0.6),
        led=bool(rng.random() < 0.75),
        glass_between=bool(rng.random() < 0.6),
        chair=tinted(rng, one(rng, ((0.03, 0.03, 0.035), (0.08, 0.1, 0.2), (0.25, 0.22, 0.2)))),
        height_m=float(rng.uniform(2.9, 3.9)),
        back_m=float(rng.uniform(2.3, 4.2)),
        front_m=float(rng.uniform(6.5, 10.5)),
        side_m=float(rng.uniform(1.6, 3.8)),
        stools=one(rng, ("none", "stool", "stool", "chair")),
        daylight=float(rng.choice([0.0, 0.0, 0.4, 1.0])),
    )


def one(rng: np.random.Generator, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]


def tinted(rng: np.random.Generator, colour: Colour) -> Colour:
    """The colour, a little other."""
    r, g, b = np.clip(np.array(colour) * rng.normal(1, 0.06, 3) * rng.uniform(0.8, 1.15), 0.01, 0.9)
    return float(r), float(g), float(b)


def _windows(rng: np.random.Generator, style: Style) -> tuple[Window, ...]:
    middle = float(rng.uniform(-0.5, 0.5))
    made = []
    for k in range(style.windows):
        x = middle + (k - (style.windows - 1) / 2) * style.pitch_m
        span = (-0.52, -0.16) if style.counter != "low" else (-0.42, -0.05)
        desk = Desk(x, span[1], 0.52, style.desk_m, style.top_m, span)
        aside = float(rng.uniform(-0.45, 0.45))
        board_z = min(2.3, style.height_m - 0.75)
        spot = SignSpot(
            counter=(x + aside, span[0] + 0.12, style.top_m + 0.003),
            hanging=(x, -0.20, float(rng.uniform(1.55, 1.75))),
            led=(x, -0.17, board_z) if style.led else None,
            led_size_m=(min(0.92, style.pitch_m - 0.4), 0.32),
        )
        made.append(Window(k + 1, x, desk, spot))
    return tuple(made)
