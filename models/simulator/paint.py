"""Colours a cut garment vertex by vertex: shirt front, tie, lapels, buttons, stripes, badge.

A top's vertices lie about 8 mm apart, so that an edge is painted as a ramp as wide: interpolated
over the triangles it becomes a clean line, where a hard choice would leave teeth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.simulator.garments import Figure
from models.simulator.mesh import Colour, Floats
from models.simulator.surface import Surface
from models.simulator.wardrobe import Top
from models.simulator.wrinkles import wrinkles

BADGE: Colour = (0.85, 0.80, 0.60)
ZIP: Colour = (0.08, 0.08, 0.08)
RAMP_M = 0.009
OPENING_M = 0.27
"""How far below the neck a jacket opens."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where a top's vertices are: `torso` 1 on the body and 0 on a sleeve, `front` 1 before the
    spine, `aside` metres off the middle, `below` metres under the neck, `collar` metres over the
    slanting neckline (negative below it)."""

    colour: Floats
    points: Floats
    torso: Floats
    front: Floats
    aside: Floats
    below: Floats
    collar: Floats

    def lay(self, paint: ArrayLike, outside_m: Floats, *masks: Floats) -> None:
        """Paints where the signed distance is negative, weighed by the masks."""
        share = np.clip(0.5 - outside_m / RAMP_M, 0, 1)
        for mask in masks:
            share = share * mask
        self.colour[:] += share[:, None] * (np.asarray(paint) - self.colour)

    def shade(self, factor: float, outside_m: Floats, *masks: Floats) -> None:
        self.lay(self.colour * factor, outside_m, *masks)


def paint_top(figure: Figure, top: Top, surface: Surface) -> Floats:
    """Linear RGB (n, 3) for the top's vertices."""
    canvas = _canvas(figure, top, surface)
    if top.style in ("suit", "vest"):
        _suit(top, canvas)
    elif top.style in ("shirt", "polo"):
        placket = 0.16 if top.style == "polo" else 1.0
        canvas.shade(0.84, np.maximum(canvas.aside - 0.012, canvas.below - placket), canvas.front)
        if top.tie is not None:
            _tie(top.tie, canvas, 0.34)
    elif top.style in ("zip", "puffer"):
        canvas.lay(ZIP, canvas.aside - 0.006, canvas.front, canvas.torso)
        canvas.shade(0.6, -canvas.collar - 0.03, canvas.torso)
    elif top.style == "stripe":
        wave = 0.022 * np.sin(canvas.points[:, 2] * np.pi / 0.035)
        canvas.lay(top.second, wave, canvas.torso)
    elif top.style == "check":
        upright = 0.012 * np.sin(canvas.points[:, 2] * np.pi / 0.045) + 0.004
        around = 0.012 * np.sin((canvas.points[:, 0] + canvas.points[:, 1]) * np.pi / 0.045) + 0.004
        canvas.shade(0.45, upright)
        canvas.lay((canvas.colour + np.array(top.second)) / 2, around)
    elif top.style == "print":
        canvas.lay(top.second, 0.012 * (0.45 - wrinkles(canvas.points, 13.0, 7, 1)))
    if top.badge:
        across = np.abs(canvas.points[:, 0] - 0.085) - 0.024
        up = np.abs(canvas.below - 0.16) - 0.009
        canvas.lay(BADGE, np.maximum(across, up), canvas.front, canvas.torso)
    return canvas.colour


def _suit(top: Top, canvas: Canvas) -> None:
    half_width = np.clip((OPENING_M - canvas.below) / OPENING_M, 0, 1) * 0.075
    opening = np.maximum(canvas.aside - half_width, canvas.below - OPENING_M)
    canvas.shade(0.55, opening - 0.008, canvas.front, canvas.torso)  # the lapels' shadow
    canvas.lay(top.second, opening, canvas.front, canvas.torso)
    canvas.lay(top.second, np.maximum(-canvas.collar - 0.012, canvas.aside - 0.09), canvas.torso)
    if top.tie is not None:
        _tie(top.tie, canvas, OPENING_M - 0.01)
    if top.style == "vest":
        canvas.colour[:] += (1 - canvas.torso)[:, None] * (np.array(top.second) - canvas.colour)
    closed = np.maximum(canvas.aside - 0.005, OPENING_M - canvas.below)
    canvas.shade(0.4, closed, canvas.front, canvas.torso)


def _tie(colour: Colour, canvas: Canvas, length_m: float) -> None:
    """A knot, a blade that widens, a point."""
    half = np.interp(
        canvas.below, [0.0, 0.035, 0.06, length_m - 0.03, length_m], [0.02, 0.017, 0.013, 0.03, 0.0]
    )
    outside = np.maximum(canvas.aside - half, canvas.below - length_m)
    canvas.lay(colour, outside, canvas.front, canvas.torso)


def _canvas(figure: Figure, top: Top, surface: Surface) -> Canvas:
    points = surface.vertices
    of_arm = np.array(["arm" in b or "wrist" in b for b in figure.anatomy.bones], np.float64)
    sleeve = np.asarray(surface.weights @ of_arm).ravel()
    neck = figure.head("neck01")
    return Canvas(
        colour=np.tile(np.array(top.colour), (len(points), 1)),
        points=points,
        torso=1 - np.clip((sleeve - 0.5) * 4 + 0.5, 0, 1),
        front=np.clip((figure.head("spine03")[1] - 0.02 - points[:, 1]) / 0.01, 0, 1),
        aside=np.abs(points[:, 0]),
        below=neck[2] - points[:, 2],
        collar=points[:, 2] - neck[2] - 0.5 * (points[:, 1] - neck[1]),
    )


def paint_cloth(colour: Colour, surface: Surface, seed: int) -> Floats:
    """One colour, a little uneven as worn cloth is."""
    uneven = 1 + 0.06 * wrinkles(surface.vertices, 5.0, seed + 17, 2)
    painted: Floats = np.array(colour) * uneven[:, None]
    return painted
