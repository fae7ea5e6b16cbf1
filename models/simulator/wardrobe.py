"""Who a person is and what they wear: drawn by chance, described in words and colours.

Colours are linear RGB.
"""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from models.simulator.mesh import Colour
from models.simulator.phenotypes import Phenotype, phenotypes

T = TypeVar("T")
Role: TypeAlias = Literal["staff", "citizen"]
TopStyle: TypeAlias = Literal[
    "suit", "vest", "shirt", "check", "polo", "zip", "stripe", "print", "plain", "puffer"
]
HairStyle: TypeAlias = Literal["short", "crop", "thinning", "bald", "bun", "tail", "bob", "long"]

WHITE_SHIRT: Colour = (0.72, 0.75, 0.80)
BLACK: Colour = (0.015, 0.015, 0.018)


@dataclass(frozen=True, slots=True)
class Top:
    """hem_m: the hem above the hip joint; loose: sleeve width, 1 is usual; cut: how straight the
    body falls from the chest, 0 follows the waist, 1 hangs."""

    style: TopStyle
    colour: Colour
    second: Colour = WHITE_SHIRT
    tie: Colour | None = None
    badge: bool = False
    short_sleeved: bool = False
    hem_m: float = -0.06
    loose: float = 1.0
    cut: float = 0.75


@dataclass(frozen=True, slots=True)
class Bottom:
    colour: Colour
    skirt: bool = False
    loose: float = 1.0


@dataclass(frozen=True, slots=True)
class Uniform:
    """What a hall's staff share; `plain` halls let everybody come in their own clothes."""

    plain: bool
    top: Top
    women_tie: Colour | None
    bottom: Colour
    vests: bool
    skirts: bool


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """Everything that makes a person look as they look; `body` is an index in the library."""

    role: Role
    body: int
    top: Top
    bottom: Bottom
    shoes: Colour
    hair: HairStyle
    hair_colour: Colour
    skin: Colour
    stubble: bool = False
    glasses: Colour | None = None
    mask: Colour | None = None
    backpack: Colour | None = None
    seed: int = 0

    @property
    def phenotype(self) -> Phenotype:
        return phenotypes()[self.body]


def linear(red: float, green: float, blue: float) -> Colour:
    """sRGB in 0..1 to linear."""
    channels = np.array([red, green, blue])
    low, high = channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
    r, g, b = np.where(channels <= 0.04045, low, high)
    return float(r), float(g), float(b)


def hue(rng: np.random.Generator, saturation: float, value: float) -> Colour:
    """A colour of any hue near the given saturation and value (sRGB's HSV)."""
    s = float(np.clip(rng.normal(saturation, 0.12), 0, 0.95))
    v = float(np.clip(rng.normal(value, 0.12), 0.06, 0.95))
    return linear(*colorsys.hsv_to_rgb(rng.random(), s, v))


def sample_uniform(rng: np.random.Generator) -> Uniform:
    """One hall's dress: suits, vests or shirts in the usual service colours, or plain clothes."""
    dark = [(0.14, 0.17, 0.27), (0.10, 0.10, 0.12), (0.17, 0.24, 0.42), (0.30, 0.30, 0.33)]
    dark += [(0.09, 0.20, 0.32), (0.30, 0.11, 0.16), (0.12, 0.24, 0.22)]
    pale = [(0.93, 0.94, 0.96), (0.76, 0.85, 0.94), (0.90, 0.87, 0.80), (0.88, 0.78, 0.82)]
    suit, shirt = linear(*_one(rng, dark)), linear(*_one(rng, pale))
    style: TopStyle = _one(rng, ["suit", "suit", "vest", "vest", "shirt", "shirt", "polo"])
    body = suit if style in ("suit", "vest") else shirt
    if style == "polo":
        body = hue(rng, 0.6, 0.5)
    ties = [linear(0.55, 0.10, 0.12), linear(0.15, 0.25, 0.55), linear(0.08, 0.08, 0.16), None]
    top = Top(
        style,
        body,
        shirt,
        tie=_one(rng, ties) if style != "polo" else None,
        badge=bool(rng.random() < 0.7),
        short_sleeved=style in ("shirt", "polo") and bool(rng.random() < 0.5),
        hem_m=-0.06,
    )
    return Uniform(
        plain=bool(rng.random() < 0.2),
        top=top,
        women_tie=_one(rng, [*ties, linear(0.75, 0.55, 0.62)]) if style != "polo" else None,
        bottom=suit,
        vests=style == "suit" and bool(rng.random() < 0.5),
        skirts=bool(rng.random() < 0.4),
    )


def sample_person(rng: np.random.Generator, role: Role, uniform: Uniform | None) -> PersonSpec:
    """A person of the hall: staff of working age in its uniform, citizens of any age."""
    library = phenotypes()
    fit = [k for k, p in enumerate(library) if role == "citizen" or not (p.elder or p.youth)]
    body = int(rng.choice(fit))
    who = library[body]
    top, bottom = _own_top(rng, who), _own_bottom(rng, who)
    if role == "staff" and uniform is not None and not uniform.plain:
        top, bottom = _worn(rng, uniform, who)
    elif role == "staff":
        top = replace(top, style=top.style if top.style != "puffer" else "shirt")
    hair, hair_colour = _own_hair(rng, who)
    return PersonSpec(
        role=role,
        body=body,
        top=top,
        bottom=bottom,
        shoes=BLACK if role == "staff" else _own_shoes(rng),
        hair=hair,
        hair_colour=hair_colour,
        skin=_own_skin(rng, who),
        stubble=not who.female and bool(rng.random() < 0.25),
        glasses=_own_glasses(rng, who),
        mask=_own_mask(rng, role),
        backpack=hue(rng, 0.4, 0.35) if role == "citizen" and rng.random() < 0.18 else None,
        seed=int(rng.integers(0, 2**31)),
    )


def _one(rng: np.random.Generator, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]


def _worn(rng: np.random.Generator, uniform: Uniform, who: Phenotype) -> tuple[Top, Bottom]:
    top = replace(uniform.top, tie=uniform.women_tie if who.female else uniform.top.tie)
    if uniform.vests and rng.random() < 0.5:
        top = replace(top, style="vest")
    skirt = who.female and uniform.skirts and bool(rng.random() < 0.6)
    return top, Bottom(uniform.bottom, skirt=skirt, loose=float(_one(rng, [0.95, 1.0, 1.05])))


def _own_top(rng: np.random.Generator, who: Phenotype) -> Top:
    styles: list[TopStyle] = ["shirt", "check", "polo", "zip", "zip", "puffer", "plain", "plain"]
    styles += ["print", "print", "stripe"] if who.female else ["stripe", "suit"]
    style = _one(rng, styles)
    light = rng.random() < 0.35
    colour = hue(rng, 0.25 if light else 0.4, 0.75 if light else 0.32)
    if rng.random() < 0.25:
        grey = float(rng.uniform(0.05, 0.9))
        colour = linear(grey, grey, min(1.0, grey * 1.03))
    short = style in ("shirt", "check", "plain", "print", "polo", "stripe") and bool(
        rng.random() < 0.4
    )
    loose = 1.3 if style == "puffer" else float(_one(rng, [0.95, 1.05, 1.2]))
    return Top(
        style,
        colour,
        second=hue(rng, 0.3, 0.6),
        short_sleeved=short,
        hem_m=float(_one(rng, [-0.06, -0.10, -0.02])),
        loose=loose,
        cut=0.95 if style in ("puffer", "zip") else float(_one(rng, [0.6, 0.8])),
    )


def _own_bottom(rng: np.random.Generator, who: Phenotype) -> Bottom:
    blue_jeans = linear(0.20, 0.27, 0.42)
    colours = [blue_jeans, linear(0.10, 0.10, 0.12), linear(0.35, 0.30, 0.24)]
    colours += [linear(0.25, 0.26, 0.30), hue(rng, 0.3, 0.35)]
    skirt = who.female and bool(rng.random() < 0.15)
    return Bottom(_one(rng, colours), skirt=skirt, loose=float(_one(rng, [0.85, 1.0, 1.1])))


def _own_shoes(rng: np.random.Generator) -> Colour:
    usual = [BLACK, BLACK, linear(0.85, 0.85, 0.84), linear(0.36, 0.24, 0.16)]
    usual += [linear(0.5, 0.5, 0.5), linear(0.14, 0.17, 0.26)]
    return _one(rng, usual) if rng.random() < 0.85 else hue(rng, 0.5, 0.6)


def _own_hair(rng: np.random.Generator, who: Phenotype) -> tuple[HairStyle, Colour]:
    if who.female:
        styles: list[HairStyle] = ["bun", "tail", "tail", "bob", "long", "long", "short"]
        if who.elder:
            styles = ["short", "short", "bun", "bob"]
    else:
        styles = ["short", "short", "short", "crop"]
        if who.elder or (who.age > 0.72 and rng.random() < 0.4):
            styles = ["short", "crop", "thinning", "thinning", "bald"]
    style = _one(rng, styles)
    grey = float(np.clip((who.age - 0.72) / 0.22 + rng.normal(0, 0.25), 0, 1))
    dark = linear(*_one(rng, [(0.09, 0.08, 0.08), (0.12, 0.10, 0.09), (0.20, 0.13, 0.09)]))
    if who.female and not who.elder and rng.random() < 0.15:
        dark = linear(0.38, 0.23, 0.13)
    white = linear(0.66, 0.66, 0.67)
    blend = 0.85 * grey
    r, g, b = ((1 - blend) * d + blend * w for d, w in zip(dark, white, strict=True))
    return style, (r, g, b)


def _own_skin(rng: np.random.Generator, who: Phenotype) -> Colour:
    pale, tanned = np.array([0.71, 0.50, 0.39]), np.array([0.44, 0.27, 0.18])
    share = rng.beta(2, 3.2) + (0.12 if who.elder else 0.0) - (0.08 if who.female else 0.0)
    r, g, b = pale + (tanned - pale) * float(np.clip(share, 0, 1))
    return float(r), float(g), float(b)


def _own_glasses(rng: np.random.Generator, who: Phenotype) -> Colour | None:
    if rng.random() > (0.45 if who.elder else 0.33):
        return None
    return _one(rng, [BLACK, BLACK, linear(0.25, 0.15, 0.10), linear(0.6, 0.58, 0.5)])


def _own_mask(rng: np.random.Generator, role: Role) -> Colour | None:
    if rng.random() > (0.03 if role == "staff" else 0.10):
        return None
    return _one(rng, [linear(0.62, 0.78, 0.88), linear(0.93, 0.93, 0.93), linear(0.1, 0.1, 0.1)])
