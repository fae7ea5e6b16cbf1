"""The shell of a hall: floor, walls, ceiling, the lights in it and the light that comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.simulator.hall import Light, Style
from models.simulator.mesh import Colour, Mesh, box, mesh
from models.simulator.solids import sheet

Span = tuple[float, float]
CEILING_GREY = 0.72
FURNISHED = 0.92
"""Furniture makes a room this much darker than its walls."""


def shell(rng: np.random.Generator, style: Style, span: Span) -> Iterator[Mesh]:
    left, right = span
    front, back, top = -style.front_m, style.back_m, style.height_m
    tile = style.tile_m or 2.0
    yield replace(
        sheet(
            [(left, front, 0), (right, front, 0), (right, back, 0), (left, back, 0)],
            name="floor",
            colour=style.floor,
            material=f"floor:{style.gloss:.2f}",
            texture=tiles(rng, style.floor, grout=style.tile_m > 0),
            repeats=((right - left) / tile / 2, (back - front) / tile / 2),
        )
    )
    grey = float(rng.uniform(0.6, 0.85))
    yield sheet(
        [(left, back, top), (right, back, top), (right, front, top), (left, front, top)],
        name="ceiling",
        colour=(grey, grey, grey * 0.98),
    )
    walls = {
        "back wall": [(left, back, 0), (right, back, 0), (right, back, top), (left, back, top)],
        "left wall": [(left, front, 0), (left, back, 0), (left, back, top), (left, front, top)],
        "right wall": [
            (right, back, 0),
            (right, front, 0),
            (right, front, top),
            (right, back, top),
        ],
        "front wall": [
            (right, front, 0),
            (left, front, 0),
            (left, front, top),
            (right, front, top),
        ],
    }
    for name, corners in walls.items():
        yield sheet(corners, name=name, colour=style.wall)
    if style.band is not None:
        high = float(rng.uniform(0.9, 1.3))
        middle = ((left + right) / 2, back - 0.01, high / 2)
        yield box((right - left, 0.02, high), middle, colour=style.band, material="wood")
    yield box((right - left, 0.03, 0.1), ((left + right) / 2, back - 0.02, 0.05), colour=(0.1,) * 3)


def tiles(rng: np.random.Generator, colour: Colour, *, grout: bool) -> NDArray[np.uint8]:
    """Two by two floor tiles (256, 256, 3), sRGB bytes, cloudy as stone is."""
    wide = cv2.resize(rng.normal(0, 1, (24, 24)), (256, 256), interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(rng.normal(0, 1, (90, 90)), (256, 256))
    cloud = np.asarray(wide, np.float64) + 0.4 * np.asarray(fine, np.float64)
    linear = np.array(colour) * (1 + float(rng.uniform(0.01, 0.06)) * cloud)[..., None]
    linear *= 1 + 0.03 * np.kron(rng.normal(0, 1, (2, 2)), np.ones((128, 128)))[..., None]
    if grout:
        for k in (0, 127, 128, 255):
            linear[k] *= 0.6
            linear[:, k] *= 0.6
    shown = np.clip(linear, 0, 1) ** (1 / 2.2) * 255
    return np.asarray(shown, np.uint8)


def lights(rng: np.random.Generator, style: Style, span: Span) -> list[Light]:
    """Rows of ceiling panels, and a window front where there is daylight."""
    left, right = span
    columns = max(2, round((right - left) / float(rng.uniform(2.4, 3.4))))
    rows = max(3, round((style.front_m + style.back_m) / float(rng.uniform(2.6, 3.6))))
    warm = float(rng.normal(0, 0.04))
    tint = (1.0 + warm, 1.0, 1.0 - 1.5 * warm)
    half = (0.6, 0.15) if rng.random() < 0.5 else (0.3, 0.3)
    watt = float(rng.uniform(3.2, 5.0)) * (right - left) * (style.front_m + style.back_m)
    watt /= columns * rows
    made = []
    for x in np.linspace(left, right, 2 * columns + 1)[1::2]:
        for y in np.linspace(-style.front_m, style.back_m, 2 * rows + 1)[1::2]:
            centre = np.array([x, y, style.height_m - 0.04])
            across, along = np.array([half[0], 0, 0]), np.array([0, half[1], 0])
            made.append(Light(centre, across, along, np.array([0, 0, -1.0]), watt, tint))
    if style.daylight > 0:
        made.append(_window_front(rng, style, span))
    return made


def _window_front(rng: np.random.Generator, style: Style, span: Span) -> Light:
    high = style.height_m * 0.4
    width = float(rng.uniform(1.5, 3.0))
    sky = (0.92, 1.0, 1.10)
    power = style.daylight * 60.0 * width
    if rng.random() < 0.5:
        side = 1 if rng.random() < 0.5 else -1
        x = span[1] - 0.03 if side > 0 else span[0] + 0.03
        centre = np.array([x, float(rng.uniform(-5, -2)), style.height_m * 0.5])
        across, facing = np.array([0, width, 0.0]), np.array([-side, 0, 0.0])
    else:
        centre = np.array([float(rng.uniform(*span)) * 0.5, -style.front_m + 0.03, 0.5 * 3.3])
        across, facing = np.array([width, 0, 0.0]), np.array([0, 1.0, 0])
    return Light(centre, across, np.array([0, 0, high]), facing, power, sky)


def panels(shining: Iterable[Light]) -> Iterator[Mesh]:
    """What is seen of the lights."""
    for light in shining:
        away = light.centre - 0.02 * light.facing
        corners = [
            away + a * light.across + b * light.along
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        bright = 5.0 if light.facing[2] < -0.5 else 2.2
        yield mesh("lamp", corners, [[0, 1, 2], [0, 2, 3]], light.colour, "lamp", bright)


def ambient(style: Style, span: Span, shining: Iterable[Light]) -> float:
    """The mean indirect radiance that a white surface sends back.

    The sphere integrator's formula: flux * rho / (area * (1 - rho)), over pi."""
    width, depth, height = span[1] - span[0], style.front_m + style.back_m, style.height_m
    sizes = np.array([width * depth, width * depth, 2 * (width + depth) * height])
    greys = np.array([np.mean(style.floor), CEILING_GREY, np.mean(style.wall)])
    area = float(sizes.sum())
    albedo = FURNISHED * float(sizes @ greys) / area
    flux = sum(light.power_w for light in shining)
    return float(flux * albedo / (area * (1 - albedo)) / np.pi)
