"""Things that people hold or that lie on a desk.

Local axes in metres: x across, y through (a screen or a page faces -y), z along. Every kind is
drawn by chance: sizes, colours, cases, what a screen shows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from models.simulator import prints
from models.simulator.mesh import (
    Colour,
    Floats,
    Mesh,
    box,
    cylinder,
    mesh,
    moved,
    placed,
    quad,
    sphere,
)
from models.simulator.wardrobe import BLACK, hue, linear
from models.simulator.wrinkles import wrinkles
from vision.records import Label

PAPER_WHITE: Colour = (0.82, 0.82, 0.80)


def sample_prop(kind: str, rng: Generator) -> list[Mesh]:
    """A thing of that kind in its local axes; ValueError names the kinds there are."""
    maker = _MAKERS.get(kind)
    if maker is None:
        raise ValueError(f"no prop of kind {kind!r}: choose one of {', '.join(sorted(_MAKERS))}")
    return maker(rng)


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


def phone(rng: Generator) -> list[Mesh]:
    """Small to large, bare or in a case: black, white, coloured, or of the skin's own tone."""
    wide, thick, tall = (
        rng.uniform(0.066, 0.081),
        rng.uniform(0.008, 0.015),
        rng.uniform(0.136, 0.170),
    )
    shells = [BLACK, BLACK, linear(0.90, 0.90, 0.91), linear(0.62, 0.62, 0.64)]
    shells += [hue(rng, 0.6, 0.6), hue(rng, 0.25, 0.8), hue(rng, 0.8, 0.4)]
    shells += [_shade(rng, [(0.86, 0.70, 0.58), (0.92, 0.78, 0.74), (0.76, 0.60, 0.45)])]
    shell = shells[int(rng.integers(len(shells)))]
    body = box((wide, thick, tall), name="phone", colour=shell)
    rim = float(rng.choice([0.003, 0.006, 0.010]))
    glass = quad(
        wide - rim, tall - rim, (0, -thick / 2 - 0.0004, 0), colour=BLACK, material="glass"
    )
    middle = float(rng.choice([0.26, 0.0]))
    lens_at = (wide * middle, thick / 2 + 0.001, tall * 0.36)
    lens = box((wide * 0.34, 0.003, wide * 0.40), lens_at, colour=BLACK, material="glass")
    parts = [body, glass, lens]
    if rng.random() < 0.2:
        ring = sphere((0.015, 0.006, 0.015), (0, thick / 2 + 0.004, 0), rings=6, sides=12)
        parts.append(mesh("ring", ring.vertices, ring.faces, hue(rng, 0.3, 0.7), "metal"))
    if rng.random() < 0.85:
        shows = prints.screen(rng)
        front = (0, -thick / 2 - 0.001, 0)
        on = quad(wide - 0.006, tall - 0.010, front, material="screen", texture=shows)
        glow = float(rng.uniform(0.25, 0.9))
        parts.append(Mesh("screen", on.vertices, on.faces, on.colour, "screen", glow, shows, on.uv))
    return parts


def handset(rng: Generator) -> list[Mesh]:
    """A desk telephone's handset: a bar with two cups that face -y."""
    tone = float(rng.choice([0.02, 0.03, 0.55, 0.7]))
    colour = (tone, tone, tone * 0.97)
    bar = box((0.034, 0.026, 0.17), (0, 0.012, 0), name="handset", colour=colour)
    turn = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    cups = [
        placed(cylinder(0.026, 0.034, colour=colour), turn, (0, -0.006, z)) for z in (-0.083, 0.083)
    ]
    return [bar, *cups]


def slab(wide: float, thick: float, tall: float, name: str) -> Callable[[Generator], list[Mesh]]:
    """A flat hand-sized box with a face: calculator, remote, glasses case, mouse."""

    def draw(rng: Generator) -> list[Mesh]:
        grey = float(rng.choice([0.02, 0.04, 0.3, 0.6]))
        colour = (grey, grey, grey) if rng.random() < 0.7 else hue(rng, 0.4, 0.4)
        body = box((wide, thick, tall), name=name, colour=colour)
        face = prints.buttons(rng) if name in ("calculator", "remote") else None
        if face is None:
            return [body]
        front = (0, -thick / 2 - 0.0005, 0)
        return [body, quad(wide * 0.94, tall * 0.96, front, material="plastic", texture=face)]

    return draw


def bread(rng: Generator) -> list[Mesh]:
    crust = _shade(rng, [(0.72, 0.48, 0.24), (0.80, 0.60, 0.34), (0.60, 0.38, 0.18)])
    size = np.array([0.045, 0.038, 0.065]) * rng.uniform(0.85, 1.2)
    loaf = lump(size, crust, rng)
    if rng.random() < 0.4:
        return [loaf]
    wrapper = sphere(size * [1.05, 1.05, 0.65], (0, 0, -0.035), material="plastic")
    tint = PAPER_WHITE if rng.random() < 0.6 else hue(rng, 0.4, 0.8)
    return [loaf, mesh("wrapper", wrapper.vertices, wrapper.faces, tint, "plastic")]


def bun(rng: Generator) -> list[Mesh]:
    dough = _shade(rng, [(0.94, 0.91, 0.84), (0.90, 0.84, 0.72), (0.86, 0.70, 0.48)])
    return [lump(np.array([0.046, 0.043, 0.034]) * rng.uniform(0.85, 1.15), dough, rng, 0.04)]


def pancake(rng: Generator) -> list[Mesh]:
    """A filled pancake or a flatbread, rolled, its lower half in paper."""
    dough = _shade(rng, [(0.83, 0.66, 0.36), (0.88, 0.78, 0.58), (0.70, 0.50, 0.26)])
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
    meat = _shade(rng, [(0.62, 0.24, 0.16), (0.72, 0.46, 0.22), (0.50, 0.20, 0.12)])
    tall = float(rng.uniform(0.05, 0.085))
    body = lump((0.016, 0.016, tall), meat, rng, 0.05)
    if rng.random() < 0.4:
        return [body]
    stick = cylinder(0.0025, 0.09, (0, 0, -tall - 0.03), sides=6, colour=(0.6, 0.45, 0.25))
    return [moved(body, (0, 0, 0.03)), moved(stick, (0, 0, 0.03))]


def banana(rng: Generator) -> list[Mesh]:
    """Three bent pieces, whole or half peeled."""
    peel = _shade(rng, [(0.92, 0.80, 0.22), (0.82, 0.74, 0.30)])
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
    tone = _shade(rng, [(0.75, 0.52, 0.25), (0.42, 0.25, 0.14), (0.93, 0.80, 0.45)])
    size = np.array([0.028, float(rng.uniform(0.006, 0.022)), 0.030]) * rng.uniform(0.9, 1.4)
    return [lump(size, tone, rng, 0.04)]


def corn(rng: Generator) -> list[Mesh]:
    tone = _shade(rng, [(0.93, 0.78, 0.25), (0.90, 0.85, 0.60)])
    return [lump((0.023, 0.023, float(rng.uniform(0.06, 0.085))), tone, rng, 0.12)]


def tissue(rng: Generator) -> list[Mesh]:
    """A crumpled paper handkerchief."""
    white = linear(0.93, 0.93, 0.93)
    crumpled = lump(np.array([0.035, 0.025, 0.040]) * rng.uniform(0.8, 1.4), white, rng, 0.35)
    return [mesh("tissue", crumpled.vertices, crumpled.faces, PAPER_WHITE, "paper")]


def apple(rng: Generator) -> list[Mesh]:
    skin = _shade(
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
        else _shade(rng, [(0.9, 0.9, 0.88), (0.75, 0.2, 0.15), (0.15, 0.15, 0.16)])
    )
    foot, rim, tall = (0.050, 0.070, 0.10) if pot else (0.040, 0.085, 0.075)
    profile = [(0.001, -tall / 2), (foot, -tall / 2), (rim, tall / 2), (rim - 0.004, tall / 2)]
    bowl = lathe([*profile, (foot + 0.010, -tall / 5)], colour, "plastic")
    top = tall / 2 - 0.016
    broth = lump((rim * 0.86, rim * 0.86, 0.012), linear(0.78, 0.60, 0.32), rng)
    return [bowl, moved(broth, (0, 0, top)), _dish(rng, (0.025, 0.01, top + 0.006), 0.022)]


def chopsticks(rng: Generator) -> list[Mesh]:
    """Two sticks from the grip at z=0 to the tips at z=+0.17."""
    wood = _shade(rng, [(0.80, 0.65, 0.42), (0.25, 0.10, 0.07), (0.85, 0.82, 0.75)])
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
    drink = _shade(
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
    tone = _shade(
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


def cigarette(rng: Generator) -> list[Mesh]:
    """The filter at the lower end of z, the ember at the top."""
    thick, left = float(rng.uniform(0.0032, 0.0046)), float(rng.uniform(0.02, 0.062))
    tip = -0.020 + left
    middle = (0, 0, -0.020 + left / 2)
    white = cylinder(thick, left, middle, sides=10, colour=PAPER_WHITE, material="paper")
    paper = linear(0.78, 0.55, 0.30) if rng.random() < 0.75 else PAPER_WHITE
    end = cylinder(thick * 1.02, 0.024, (0, 0, -0.032), sides=10, colour=paper, material="paper")
    glow = float(rng.uniform(0.0, 3.0))
    fire = (0.8, 0.2, 0.05) if glow > 1 else (0.25, 0.22, 0.2)
    ember = cylinder(thick * 1.05, 0.006, (0, 0, tip + 0.003), sides=10, colour=fire, emission=glow)
    return [white, end, ember]


def newspaper(rng: Generator) -> list[Mesh]:
    """Two pages 0.56 x 0.40 m in all, folded a little towards the reader at -y."""
    return _spread(prints.news(rng), 0.56, 0.40, 14, "newspaper")


def magazine(rng: Generator) -> list[Mesh]:
    """A glossy one, open: photographs over the pages."""
    wide, tall = rng.uniform(0.36, 0.44), rng.uniform(0.25, 0.30)
    return _spread(prints.gloss(rng), wide, tall, float(rng.uniform(8, 22)), "magazine")


def sheets(rng: Generator) -> list[Mesh]:
    """A few sheets of a form, held with both hands: work, not reading matter."""
    tall = 0.297 if rng.random() < 0.7 else 0.21
    wide = 0.507 - tall
    return [quad(wide, tall, name="sheets", material="paper", texture=prints.page(rng, columns=1))]


def wallet(rng: Generator) -> list[Mesh]:
    leather = _shade(rng, [(0.25, 0.15, 0.10), (0.10, 0.10, 0.11), (0.55, 0.30, 0.18)])
    return [box((0.10, 0.018, 0.115), name="wallet", colour=leather)]


def card(rng: Generator) -> list[Mesh]:
    """An identity or bank card, or a small booklet."""
    pale = _shade(rng, [(0.80, 0.86, 0.90), (0.90, 0.88, 0.80), (0.45, 0.10, 0.12)])
    tall = 0.054 if rng.random() < 0.7 else 0.125
    body = box((0.086, 0.0015, tall), name="card", colour=pale)
    photo = quad(0.022, 0.026, (0.024, -0.0012, 0), colour=(0.25, 0.2, 0.18), material="paper")
    return [body, photo]


def stapler(rng: Generator) -> list[Mesh]:
    return [box((0.035, 0.045, 0.13), name="stapler", colour=hue(rng, 0.6, 0.4))]


def book(rng: Generator) -> list[Mesh]:
    wide, tall = rng.uniform(0.26, 0.34), rng.uniform(0.19, 0.25)
    pages = _spread(prints.page(rng, columns=2), wide, tall, 18, "book")
    covers = _spread(None, wide + 0.008, tall + 0.008, 18, "cover", hue(rng, 0.5, 0.45))
    return [*pages, *(moved(cover, (0, 0.010, 0)) for cover in covers)]


def paper(rng: Generator) -> list[Mesh]:
    """A sheet of A4, printed."""
    return [quad(0.21, 0.297, name="paper", material="paper", texture=prints.page(rng, columns=1))]


def pen(rng: Generator) -> list[Mesh]:
    ink = hue(rng, 0.6, 0.3) if rng.random() < 0.5 else BLACK
    return [cylinder(0.0045, 0.14, sides=10, name="pen", colour=ink)]


def bag(rng: Generator) -> list[Mesh]:
    """A hand or shopping bag hanging from its handles, which are at z=0."""
    wide, deep, tall = rng.uniform(0.24, 0.38), rng.uniform(0.06, 0.14), rng.uniform(0.20, 0.34)
    colour = hue(rng, 0.4, 0.45) if rng.random() < 0.7 else BLACK
    drop = float(rng.uniform(0.06, 0.16))
    sack = box((wide, deep, tall), (0, 0, -drop - tall / 2), name="bag", colour=colour)
    sack = Mesh("bag", sack.vertices, sack.faces, sack.colour, "cloth")
    loops = [
        box((0.012, 0.004, drop), (x, y, -drop / 2), colour=colour)
        for x in (-wide * 0.18, wide * 0.18)
        for y in (-deep / 2, deep / 2)
    ]
    grip = box((wide * 0.36 + 0.012, deep, 0.012), (0, 0, 0), colour=colour)
    return [sack, *loops, grip]


def folder(rng: Generator) -> list[Mesh]:
    """A document wallet, as citizens bring."""
    tint = hue(rng, 0.45, 0.7) if rng.random() < 0.7 else linear(0.72, 0.58, 0.38)
    return [box((0.24, float(rng.uniform(0.004, 0.02)), 0.32), name="folder", colour=tint)]


def _shade(rng: Generator, choices: list[Colour]) -> Colour:
    """One of the sRGB colours, a little off, as linear."""
    red, green, blue = choices[int(rng.integers(len(choices)))]
    lighter = rng.uniform(0.88, 1.1)
    r, g, b = np.clip(np.array([red, green, blue]) * lighter, 0, 1)
    return linear(float(r), float(g), float(b))


def _dish(rng: Generator, at: ArrayLike, size_m: float) -> Mesh:
    colours = [(0.55, 0.25, 0.10), (0.25, 0.45, 0.12), (0.80, 0.45, 0.12), (0.72, 0.15, 0.10)]
    return moved(lump((size_m, size_m, size_m * 0.5), _shade(rng, colours), rng, 0.2), at)


def _handle(radius: float, tall: float, colour: ArrayLike) -> Mesh:
    turn = np.linspace(-np.pi / 2, np.pi / 2, 9)
    middle = np.stack([radius + 0.026 * np.cos(turn), 0 * turn, 0.30 * tall * np.sin(turn)], 1)
    strip = np.concatenate([middle + np.array([0, y, 0]) for y in (-0.005, 0.005)])
    here = np.arange(8)
    faces = np.concatenate(
        [np.stack([here, here + 1, here + 10], 1), np.stack([here, here + 10, here + 9], 1)]
    )
    return mesh("handle", strip, faces, colour)


def _spread(
    print_: NDArray[np.uint8] | None,
    wide: float,
    tall: float,
    fold_deg: float,
    name: str,
    colour: ArrayLike = PAPER_WHITE,
) -> list[Mesh]:
    """Two pages hinged at x=0, their outer edges nearer to the reader."""
    angle = np.radians(fold_deg)
    out, near = wide / 2 * np.cos(angle), -wide / 2 * np.sin(angle)
    pages = []
    for half, (start, end) in enumerate((((-out, near), (0, 0)), ((0, 0), (out, near)))):
        corners: Floats = np.array(
            [[*start, -tall / 2], [*end, -tall / 2], [*end, tall / 2], [*start, tall / 2]]
        )
        page = mesh(name, corners, [[0, 1, 2], [0, 2, 3]], colour, "paper")
        if print_ is not None:
            low, high = half / 2, (half + 1) / 2
            uv = np.array([[low, 0], [high, 0], [high, 1], [low, 1]])
            page = Mesh(name, page.vertices, page.faces, page.colour, "paper", 0.0, print_, uv)
        pages.append(page)
    return pages


_MAKERS: dict[str, Callable[[Generator], list[Mesh]]] = {
    "apple": apple,
    "banana": banana,
    "biscuit": biscuit,
    "can": can,
    "card": card,
    "corn": corn,
    "magazine": magazine,
    "pancake": pancake,
    "sheets": sheets,
    "skewer": skewer,
    "stapler": stapler,
    "tissue": tissue,
    "tumbler": tumbler,
    "wallet": wallet,
    "bag": bag,
    "book": book,
    "bottle": bottle,
    "boxed_meal": boxed_meal,
    "bread": bread,
    "bun": bun,
    "calculator": slab(0.10, 0.018, 0.15, "calculator"),
    "chopsticks": chopsticks,
    "cigarette": cigarette,
    "cup": cup,
    "folder": folder,
    "glasses_case": slab(0.065, 0.035, 0.16, "glasses_case"),
    "handset": handset,
    "mouse": slab(0.06, 0.030, 0.10, "mouse"),
    "newspaper": newspaper,
    "noodle_bowl": noodle_bowl,
    "paper": paper,
    "pen": pen,
    "phone": phone,
    "remote": slab(0.048, 0.020, 0.17, "remote"),
    "spoon": spoon,
    "thermos": thermos,
}
KINDS: tuple[str, ...] = tuple(_MAKERS)

LABELS: dict[str, Label] = {
    **dict.fromkeys(
        (
            "apple",
            "banana",
            "biscuit",
            "bread",
            "bun",
            "boxed_meal",
            "corn",
            "noodle_bowl",
            "pancake",
            "skewer",
        ),
        Label.FOOD,
    ),
    **dict.fromkeys(("bottle", "can", "cup", "thermos", "tumbler"), Label.DRINK),
    **dict.fromkeys(("book", "magazine", "newspaper"), Label.READING),
    "phone": Label.PHONE,
    "cigarette": Label.CIGARETTE,
}
"""What a detector calls a kind; the other kinds are background."""
