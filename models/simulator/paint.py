"""Colours a cut garment vertex by vertex: shirt front, tie, lapels, buttons, stripes, badge."""

from __future__ import annotations

import numpy as np

from models.simulator.garments import Figure
from models.simulator.mesh import Colour, Floats
from models.simulator.surface import Flags, Surface
from models.simulator.wardrobe import Top
from models.simulator.wrinkles import wrinkles

BADGE: Colour = (0.85, 0.80, 0.60)
ZIP: Colour = (0.08, 0.08, 0.08)


def paint_top(figure: Figure, top: Top, surface: Surface) -> Floats:
    """Linear RGB (n, 3) for the top's vertices."""
    points = surface.vertices
    colour = np.tile(np.array(top.colour), (len(points), 1))
    front, sleeve, aside, neck = _regions(figure, surface)
    collar = _above_neckline(figure, points, 0.02) & ~sleeve & (aside < 0.09)
    if top.style in ("suit", "vest"):
        _suit(top, points, colour, front & ~sleeve, sleeve, aside, neck)
        lapel = _above_neckline(figure, points, 0.015) & ~sleeve & (aside < 0.09)
        colour[lapel] = top.second
    elif top.style in ("shirt", "polo"):
        placket = neck - 0.16 if top.style == "polo" else -np.inf
        colour[front & ~sleeve & (aside < 0.012) & (points[:, 2] > placket)] *= 0.82
        colour[collar] *= 0.85
        if top.tie is not None:
            colour[front & ~sleeve & (aside < 0.022) & (points[:, 2] > neck - 0.34)] = top.tie
    elif top.style in ("zip", "puffer"):
        colour[front & ~sleeve & (aside < 0.007)] = ZIP
        colour[_above_neckline(figure, points, 0.03) & ~sleeve & (aside < 0.1)] *= 0.6
    elif top.style == "stripe":
        colour[(np.floor(points[:, 2] / 0.035) % 2 == 0) & ~sleeve] = top.second
    if top.badge:
        across = np.abs(points[:, 0] - 0.085) < 0.022
        colour[front & ~sleeve & across & (np.abs(points[:, 2] - neck + 0.16) < 0.008)] = BADGE
    return colour


def _suit(
    top: Top,
    points: Floats,
    colour: Floats,
    front: Flags,
    sleeve: Flags,
    aside: Floats,
    neck: float,
) -> None:
    opening = neck - 0.27
    half_width = np.clip((points[:, 2] - opening) / (neck - opening), 0, 1) * 0.075
    above = points[:, 2] > opening
    colour[front & (np.abs(aside - half_width) < 0.010) & above] *= 0.72  # the lapels' edge
    colour[front & (aside < half_width) & above] = top.second
    if top.tie is not None:
        colour[front & (aside < 0.022) & above] = top.tie
    if top.style == "vest":
        colour[sleeve] = top.second
    colour[front & (aside < 0.006) & ~above] *= 0.45


def _regions(figure: Figure, surface: Surface) -> tuple[Flags, Flags, Floats, float]:
    """Which vertices are front and sleeve, how far each is from the middle, the neck's height."""
    points = surface.vertices
    bones = figure.anatomy.bones
    of_arm = np.array(["arm" in bone or "wrist" in bone for bone in bones], np.float64)
    sleeve = np.asarray(surface.weights @ of_arm).ravel() > 0.5
    front = points[:, 1] < figure.head("spine03")[1] - 0.02
    return front, sleeve, np.abs(points[:, 0]), float(figure.head("neck01")[2])


def _above_neckline(figure: Figure, points: Floats, below_m: float) -> Flags:
    neck = figure.head("neck01")
    above: Flags = points[:, 2] > neck[2] - below_m + 0.5 * (points[:, 1] - neck[1])
    return above


def paint_cloth(colour: Colour, surface: Surface, seed: int) -> Floats:
    """One colour, a little uneven as worn cloth is."""
    uneven = 1 + 0.06 * wrinkles(surface.vertices, 5.0, seed + 17, 2)
    painted: Floats = np.array(colour) * uneven[:, None]
    return painted
