"""What lies on a lens or happens before it: rain drops, dirt, a sunlit window, a shaken camera.

Places are shares of the whole picture, so that a crop shows its own part of them. Light is linear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.float32]
Frame: TypeAlias = tuple[float, float, float, float]
"""left, top, right, bottom in shares of the whole picture."""


@dataclass(frozen=True, slots=True)
class Spot:
    """x, y and radius in shares of the whole picture's width; opacity 0..1."""

    x: float
    y: float
    radius: float
    opacity: float


def sample_spots(rng: np.random.Generator, count: int, largest: float) -> tuple[Spot, ...]:
    """So many spots, most of them small."""
    return tuple(
        Spot(
            float(rng.random()),
            float(rng.random() * 9 / 16),
            largest * float(rng.uniform(0.2, 1.0)) ** 2,
            float(rng.uniform(0.3, 0.95)),
        )
        for _ in range(count)
    )


def rained_on(light: Picture, drops: tuple[Spot, ...], frame: Frame) -> Picture:
    """Each drop shows its surroundings upside down, blurred and a little brighter."""
    height, width = light.shape[:2]
    wet = light.copy()
    for drop in drops:
        (x, y), radius = _placed(drop, frame, width)
        left, right = max(0, round(x - radius)), min(width, round(x + radius) + 1)
        top, bottom = max(0, round(y - radius)), min(height, round(y + radius) + 1)
        if right - left < 2 or bottom - top < 2:
            continue
        part = light[top:bottom, left:right]
        bent = cv2.GaussianBlur(part[::-1, ::-1], (0, 0), 0.3 * radius + 0.5) * 1.12
        ys, xs = np.mgrid[top:bottom, left:right]
        inside = _soft(np.hypot(xs - x, ys - y), radius) * drop.opacity
        wet[top:bottom, left:right] += inside[..., None] * (bent - part)
    return wet


def dirtied(light: Picture, blots: tuple[Spot, ...], frame: Frame) -> Picture:
    """Each blot, out of focus, takes light away and scatters some of the picture's mean."""
    height, width = light.shape[:2]
    grid = light.copy()
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    for blot in blots:
        (x, y), radius = _placed(blot, frame, width)
        share = blot.opacity * np.exp(-(((xs - x) / radius) ** 2 + ((ys - y) / radius) ** 2))
        grid += share[..., None].astype(np.float32) * (0.25 * float(light.mean()) - grid)
    return grid


def backlit(light: Picture, strength: float, side: float, frame: Frame) -> Picture:
    """Veiled from one side (-1 left, 1 right), as by a window in the sun behind the scene."""
    width = light.shape[1]
    across = np.linspace(frame[0], frame[2], width, dtype=np.float32)
    near = across if side > 0 else 1 - across
    veil = strength * near**2
    return np.asarray(light * (1 - 0.4 * veil[None, :, None]) + 0.5 * veil[None, :, None])


def shaken(light: Picture, length_px: float, angle_deg: float) -> Picture:
    """Smeared along a line of that length."""
    size = max(3, 2 * round(length_px / 2) + 1)
    kernel = np.zeros((size, size), np.float32)
    kernel[size // 2] = 1
    turn = cv2.getRotationMatrix2D(((size - 1) / 2, (size - 1) / 2), angle_deg, 1.0)
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (size, size)), np.float32)
    return np.asarray(cv2.filter2D(light, -1, kernel / kernel.sum()), np.float32)


def _placed(spot: Spot, frame: Frame, width: int) -> tuple[tuple[float, float], float]:
    """Centre and radius in this part's pixels; y counts in widths of the whole picture."""
    left, top, right, _ = frame
    scale = width / (right - left)
    return ((spot.x - left) * scale, (spot.y - top * 9 / 16) * scale), spot.radius * scale


def _soft(away: NDArray[np.float64], radius: float) -> Picture:
    return np.asarray(np.clip((radius - away) / (0.25 * radius + 0.5), 0, 1), np.float32)
