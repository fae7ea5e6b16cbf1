"""Food, drink and what they are eaten with; axes and sizes as in `props`."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from models.simulator.mesh import Colour, Mesh, box, cylinder, mesh, moved, placed, sphere
from models.simulator.wardrobe import BLACK, hue, linear
from models.simulator.wrinkles import wrinkles

PAPER_WHITE: Colour = (0.82, 0.82, 0.80)


def lathe(
    profile: list[tuple[float, float]], colour: ArrayLike, material: str, sides: int = 28
) -> Mesh:
    """A profile of (radius, height) turned about z; going up the outside faces outwards."""
    turn = np.arange(sides) * 2 * np.pi / sides
    rings = [np.stack([r * np.cos(turn), r * np.sin(turn), 0 * turn + z], 1) for r, z in profile]
    here, following = np.arange(sides), (np.arange(sides) + 1) % sides
    faces = []
    for ring in range(len(profile) - 1):
        low, high = ring * sides, (ring + 1) * sides
        faces.append(np.stack([low + here, low + following, high + following], 1))
        faces.append(np.stack([low + here, high + following, high + here], 1))
    return mesh("lathe", np.concatenate(rings), np.concatenate(faces), colour, material)


def lump(radii: ArrayLike, colour: Colour, rng: Generator, roughness: float = 0.06) -> Mesh:
    """Food: an uneven ellipsoid, mottled."""
    solid = sphere(radii, rings=18, sides=26, material="food", colour=colour)
    seed = int(rng.integers(1000))
    uneven = 1 + roughness * wrinkles(solid.vertices, 22, seed, 2)
    mottled = np.clip(1 + 0.25 * wrinkles(solid.vertices, 60, seed + 1, 2), 0.4, 1.6)
    points = solid.vertices * uneven[:, None]
    return Mesh("lump", points, solid.faces, solid.colour * mottled[:, None], "food")


def bread(rng: Generator) -> list[Mesh]:
    crust = shaded(rng, [(0.72, 0.48, 0.24), (0.80, 0.60, 0.34), (0.60, 0.38, 0.18)])
    size = np.array([0.045, 0.038, 0.065]) * rng.uniform(0.85, 1.2)
    loaf = lump(size, crust, rng)
    if rng.random() < 0.4:
        return [loaf]
    wrapper = sphere(size * [1.05, 1.05, 0.65], (0, 0, -0.035), material="plastic")
    tint = PAPER_WHITE if rng.random() < 0.6 else hue(rng, 0.4, 0.8)
    return [loaf, mesh("wrapper", wrapper.vertices, wrapper.faces, tint, "plastic")]


def bun(rng: Generator) -> list[Mesh]:
    dough = shaded(rng, [(0.94, 0.91, 0.84), (0.90, 0.84, 0.72), (0.86, 0.70, 0.48)])
    return [lump(np.array([0.046, 0.043, 0.034]) * rng.uniform(0.85, 1.15), dough, rng, 0.04)]


def pancake(rng: Generator) -> list[Mesh]:
    """A filled pancake or a flatbread, rolled, its lower half in paper."""
    dough = shaded(rng, [(0.83, 0.66, 0.36), (0.88, 0.78, 0.58), (0.70, 0.50, 0.26)])
    wide, tall = float(rng.uniform(0.024, 0.036)), float(rng.uniform(0.06, 0.10))
    roll = lump((wide, wide * 0.8, tall), dough, rng, 0.08)
    paper = lathe(
        [(wide * 0.6, -tall), (wide * 1.12, -tall * 0.5), (wide * 1.15, tall * 0.05)],
        PAPER_WHITE if rng.random() < 0.7 else hue(rng, 0.3, 0.7),
        "paper",
        sides=14,
    )
    return [roll, paper]


def skewer(rng: Generator) -> list[Mesh]:
    """A sausage or a fried dough stick, bare or on a wooden stick."""
    meat = shaded(rng, [(0.62, 0.24, 0.16), (0.72, 0.46, 0.22), (0.50, 0.20, 0.12)])
    tall = float(rng.uniform(0.05, 0.085))
    body = lump((0.016, 0.016, tall), meat, rng, 0.05)
    if rng.random() < 0.4:
        return [body]
    stick = cylinder(0.0025, 0.09, (0, 0, -tall - 0.03), sides=6, colour=(0.6, 0.45, 0.25))
    return [moved(body, (0, 0, 0.03)), moved(stick, (0, 0, 0.03))]


def banana(rng: Generator) -> list[Mesh]:
    """Three bent pieces, whole or half peeled."""
    peel = shaded(rng, [(0.92, 0.80, 0.22), (0.82, 0.74, 0.30)])
    flesh = linear(0.95, 0.92, 0.78)
    bare = rng.random() < 0.5
    ends = ((-0.012, -0.05), (0.004, 0.0), (-0.012, 0.05))
    tones = (peel, peel, flesh if bare else peel)
    return [
        moved(lump((0.017, 0.017, 0.036), tone, rng, 0.02), (x, 0, z))
        for (x, z), tone in zip(ends, tones, strict=True)
    ]


def biscuit(rng: Generator) -> list[Mesh]:
    """A biscuit, a wafer or a small cake."""
    tone = shaded(rng, [(0.75, 0.52, 0.25), (0.42, 0.25, 0.14), (0.93, 0.80, 0.45)])
    size = np.array([0.028, float(rng.uniform(0.006, 0.022)), 0.030]) * rng.uniform(0.9, 1.4)
    return [lump(size, tone, rng, 0.04)]


def corn(rng: Generator) -> list[Mesh]:
    tone = shaded(rng, [(0.93, 0.78, 0.25), (0.90, 0.85, 0.60)])
    return [lump((0.023, 0.023, float(rng.uniform(0.06, 0.085))), tone, rng, 0.12)]


def apple(rng: Generator) -> list[Mesh]:
    skin = shaded(
        rng, [(0.72, 0.10, 0.10), (0.80, 0.25, 0.15), (0.55, 0.72, 0.22), (0.88, 0.75, 0.30)]
    )
    radius = float(rng.uniform(0.034, 0.043))
    fruit = lump((radius, radius, radius * 0.92), skin, rng, 0.02)
    stalk = cylinder(0.0018, 0.018, (0, 0, radius * 0.95), sides=6, colour=(0.06, 0.03, 0.01))
    return [fruit, stalk]


def boxed_meal(rng: Generator) -> list[Mesh]:
    """An open take-away box with rice and two or three dishes; z is up."""
    wide, deep, tall = rng.uniform(0.17, 0.23), rng.uniform(0.12, 0.16), rng.uniform(0.04, 0.06)
    case = [PAPER_WHITE, BLACK, (0.62, 0.50, 0.33)][int(rng.integers(3))]
    sides = [
        box((wide, deep, 0.003), (0, 0, -tall / 2), colour=case),
        box((wide, 0.003, tall), (0, deep / 2, 0), colour=case),
        box((wide, 0.003, tall), (0, -deep / 2, 0), colour=case),
        box((0.003, deep, tall), (wide / 2, 0, 0), colour=case),
        box((0.003, deep, tall), (-wide / 2, 0, 0), colour=case),
    ]
    rice = moved(
        lump((wide * 0.23, deep * 0.42, 0.022), linear(0.93, 0.92, 0.88), rng), (-wide * 0.24, 0, 0)
    )
    dishes = [_dish(rng, (wide * 0.22, y, 0.0), 0.034) for y in (-deep * 0.22, deep * 0.22)]
    return [*sides, rice, *dishes]


def noodle_bowl(rng: Generator) -> list[Mesh]:
    """A bowl, or a printed paper pot, of noodles; z is up."""
    pot = rng.random() < 0.5
    colour = (
        hue(rng, 0.75, 0.6)
        if pot
        else shaded(rng, [(0.9, 0.9, 0.88), (0.75, 0.2, 0.15), (0.15, 0.15, 0.16)])
    )
    foot, rim, tall = (0.050, 0.070, 0.10) if pot else (0.040, 0.085, 0.075)
    profile = [(0.001, -tall / 2), (foot, -tall / 2), (rim, tall / 2), (rim - 0.004, tall / 2)]
    bowl = lathe([*profile, (foot + 0.010, -tall / 5)], colour, "plastic")
    top = tall / 2 - 0.016
    broth = lump((rim * 0.86, rim * 0.86, 0.012), linear(0.78, 0.60, 0.32), rng)
    return [bowl, moved(broth, (0, 0, top)), _dish(rng, (0.025, 0.01, top + 0.006), 0.022)]


def chopsticks(rng: Generator) -> list[Mesh]:
    """Two sticks from the grip at z=0 to the tips at z=+0.17."""
    wood = shaded(rng, [(0.80, 0.65, 0.42), (0.25, 0.10, 0.07), (0.85, 0.82, 0.75)])
    sticks = []
    for lean in (-1, 1):
        stick = cylinder(
            0.0034, 0.23, (0, 0, 0.055), top_radius=0.0022, sides=8, colour=wood, material="wood"
        )
        tilt = 0.035 * lean
        turn = np.array([[1, 0, tilt], [0, 1, 0], [-tilt, 0, 1]])
        sticks.append(placed(stick, turn, (-0.006 * lean, 0, 0)))
    return sticks


def spoon(rng: Generator) -> list[Mesh]:
    steel = (0.55, 0.55, 0.56) if rng.random() < 0.6 else PAPER_WHITE
    handle = box((0.010, 0.003, 0.15), (0, 0, 0.04), colour=steel, material="metal")
    return [handle, sphere((0.017, 0.006, 0.026), (0, 0, 0.135), colour=steel, material="metal")]


def cup(rng: Generator) -> list[Mesh]:
    """A mug, a paper cup or a glass; z is up."""
    radius, tall = float(rng.uniform(0.034, 0.043)), float(rng.uniform(0.085, 0.12))
    colour = PAPER_WHITE if rng.random() < 0.45 else hue(rng, 0.5, 0.6)
    profile = [(0.001, -tall / 2), (radius * 0.85, -tall / 2), (radius, tall / 2)]
    parts = [
        lathe([*profile, (radius - 0.004, tall / 2), (radius * 0.8, -tall / 3)], colour, "plastic")
    ]
    if rng.random() < 0.5:
        parts.append(_handle(radius, tall, colour))
    return parts


def bottle(rng: Generator) -> list[Mesh]:
    """A drinks bottle with label and cap, its mouth at the top of z."""
    radius, tall = float(rng.uniform(0.030, 0.036)), float(rng.uniform(0.20, 0.24))
    drink = shaded(
        rng,
        [
            (0.75, 0.83, 0.86),
            (0.55, 0.30, 0.10),
            (0.30, 0.45, 0.15),
            (0.08, 0.03, 0.02),
            (0.85, 0.55, 0.15),
        ],
    )
    shape = [(0.001, 0), (radius, 0), (radius, 0.66), (radius * 0.45, 0.86), (0.013, 0.94)]
    body = lathe([(r, (share - 0.5) * tall) for r, share in shape], drink, "plastic")
    label = lathe(
        [(radius + 0.0008, -0.22 * tall), (radius + 0.0008, 0.08 * tall)],
        hue(rng, 0.7, 0.7),
        "paper",
    )
    cap = cylinder(0.0145, 0.020, (0, 0, 0.47 * tall), colour=hue(rng, 0.5, 0.7))
    return [body, label, cap]


def can(rng: Generator) -> list[Mesh]:
    body = cylinder(0.033, 0.118, colour=hue(rng, 0.7, 0.6), material="metal")
    lid = cylinder(0.029, 0.004, (0, 0, 0.061), colour=(0.5, 0.5, 0.52), material="metal")
    return [body, lid]


def tumbler(rng: Generator) -> list[Mesh]:
    """Milk tea or coffee to go: a lidded cup, often with a straw."""
    tall = float(rng.uniform(0.11, 0.16))
    tone = shaded(
        rng, [(0.80, 0.66, 0.50), (0.92, 0.90, 0.86), (0.45, 0.28, 0.16), (0.85, 0.5, 0.3)]
    )
    cup_ = lathe([(0.001, -tall / 2), (0.030, -tall / 2), (0.045, tall / 2)], tone, "plastic")
    lid = cylinder(0.047, 0.012, (0, 0, tall / 2), colour=PAPER_WHITE)
    parts = [cup_, lid]
    if rng.random() < 0.6:
        parts.append(cylinder(0.004, 0.10, (0.012, 0, tall / 2 + 0.04), colour=hue(rng, 0.6, 0.6)))
    return parts


def thermos(rng: Generator) -> list[Mesh]:
    radius, tall = float(rng.uniform(0.032, 0.040)), float(rng.uniform(0.19, 0.25))
    colour = BLACK if rng.random() < 0.3 else hue(rng, 0.45, 0.5)
    body = lathe([(0.001, -tall / 2), (radius, -tall / 2), (radius, 0.3 * tall)], colour, "metal")
    lid = cylinder(
        radius * 0.93, 0.2 * tall, (0, 0, 0.4 * tall), colour=(0.4, 0.4, 0.42), material="metal"
    )
    return [body, lid]


def shaded(rng: Generator, choices: list[Colour]) -> Colour:
    """One of the sRGB colours, a little off, as linear."""
    red, green, blue = choices[int(rng.integers(len(choices)))]
    lighter = rng.uniform(0.88, 1.1)
    r, g, b = np.clip(np.array([red, green, blue]) * lighter, 0, 1)
    return linear(float(r), float(g), float(b))


def _dish(rng: Generator, at: ArrayLike, size_m: float) -> Mesh:
    colours = [(0.55, 0.25, 0.10), (0.25, 0.45, 0.12), (0.80, 0.45, 0.12), (0.72, 0.15, 0.10)]
    return moved(lump((size_m, size_m, size_m * 0.5), shaded(rng, colours), rng, 0.2), at)


def _handle(radius: float, tall: float, colour: ArrayLike) -> Mesh:
    turn = np.linspace(-np.pi / 2, np.pi / 2, 9)
    middle = np.stack([radius + 0.026 * np.cos(turn), 0 * turn, 0.30 * tall * np.sin(turn)], 1)
    strip = np.concatenate([middle + np.array([0, y, 0]) for y in (-0.005, 0.005)])
    here = np.arange(8)
    faces = np.concatenate(
        [np.stack([here, here + 1, here + 10], 1), np.stack([here, here + 10, here + 9], 1)]
    )
    return mesh("handle", strip, faces, colour)
