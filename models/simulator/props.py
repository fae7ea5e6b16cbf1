"""Things that people hold or that lie on a desk.

Local axes in metres: x across, y through (a screen or a page faces -y), z along. Every kind is
drawn by chance: sizes, colours, cases, what a screen shows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from models.simulator import prints, provisions
from models.simulator.mesh import (
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
from models.simulator.provisions import PAPER_WHITE, lump, shaded
from models.simulator.wardrobe import BLACK, hue, linear
from vision.records import Label


def sample_prop(kind: str, rng: Generator) -> list[Mesh]:
    """A thing of that kind in its local axes; ValueError names the kinds there are."""
    maker = _MAKERS.get(kind)
    if maker is None:
        raise ValueError(f"no prop of kind {kind!r}: choose one of {', '.join(sorted(_MAKERS))}")
    return maker(rng)


def phone(rng: Generator) -> list[Mesh]:
    """Small to large, bare or in a case: black, white, coloured, or of the skin's own tone."""
    wide, thick, tall = (
        rng.uniform(0.066, 0.081),
        rng.uniform(0.008, 0.015),
        rng.uniform(0.136, 0.170),
    )
    shells = [BLACK, BLACK, linear(0.90, 0.90, 0.91), linear(0.62, 0.62, 0.64)]
    shells += [hue(rng, 0.6, 0.6), hue(rng, 0.25, 0.8), hue(rng, 0.8, 0.4)]
    shells += [shaded(rng, [(0.86, 0.70, 0.58), (0.92, 0.78, 0.74), (0.76, 0.60, 0.45)])]
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


def tissue(rng: Generator) -> list[Mesh]:
    """A crumpled paper handkerchief."""
    white = linear(0.93, 0.93, 0.93)
    crumpled = lump(np.array([0.035, 0.025, 0.040]) * rng.uniform(0.8, 1.4), white, rng, 0.35)
    return [mesh("tissue", crumpled.vertices, crumpled.faces, PAPER_WHITE, "paper")]


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
    leather = shaded(rng, [(0.25, 0.15, 0.10), (0.10, 0.10, 0.11), (0.55, 0.30, 0.18)])
    return [box((0.10, 0.018, 0.115), name="wallet", colour=leather)]


def card(rng: Generator) -> list[Mesh]:
    """An identity or bank card, or a small booklet."""
    pale = shaded(rng, [(0.80, 0.86, 0.90), (0.90, 0.88, 0.80), (0.45, 0.10, 0.12)])
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
    "apple": provisions.apple,
    "banana": provisions.banana,
    "biscuit": provisions.biscuit,
    "can": provisions.can,
    "card": card,
    "corn": provisions.corn,
    "magazine": magazine,
    "pancake": provisions.pancake,
    "sheets": sheets,
    "skewer": provisions.skewer,
    "stapler": stapler,
    "tissue": tissue,
    "tumbler": provisions.tumbler,
    "wallet": wallet,
    "bag": bag,
    "book": book,
    "bottle": provisions.bottle,
    "boxed_meal": provisions.boxed_meal,
    "bread": provisions.bread,
    "bun": provisions.bun,
    "calculator": slab(0.10, 0.018, 0.15, "calculator"),
    "chopsticks": provisions.chopsticks,
    "cigarette": cigarette,
    "cup": provisions.cup,
    "folder": folder,
    "glasses_case": slab(0.065, 0.035, 0.16, "glasses_case"),
    "handset": handset,
    "mouse": slab(0.06, 0.030, 0.10, "mouse"),
    "newspaper": newspaper,
    "noodle_bowl": provisions.noodle_bowl,
    "paper": paper,
    "pen": pen,
    "phone": phone,
    "remote": slab(0.048, 0.020, 0.17, "remote"),
    "spoon": provisions.spoon,
    "thermos": provisions.thermos,
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
