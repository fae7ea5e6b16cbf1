"""From light to what a cheap dome camera stores: exposure, lens, noise, sharpening, JPEG, clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.simulator.studio import Picture

Stored = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Optics:
    """One camera's ways. exposure: the stored picture's mean luminance before clipping (linear);
    blur_px: of a 960-wide picture; grain: sensor noise, 1 is an ordinary day; grey: the infrared
    mode; balance: gains of red, green and blue; veil: stray light."""

    exposure: float = 0.24
    blur_px: float = 0.5
    grain: float = 1.0
    sharpen: float = 0.6
    saturation: float = 0.9
    vignette: float = 0.45
    veil: float = 0.012
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    grey: bool = False
    jpeg_quality: int = 80


def sample_optics(rng: np.random.Generator) -> Optics:
    """A camera and a time of day: mostly an ordinary day, at times dim, infrared or glaring."""
    warm = float(rng.normal(0, 0.05))
    usual = Optics(
        exposure=float(rng.uniform(0.17, 0.36)),
        blur_px=float(rng.uniform(0.35, 1.0)),
        grain=float(rng.uniform(0.5, 2.0)),
        sharpen=float(rng.uniform(0.0, 1.0)),
        saturation=float(rng.uniform(0.6, 1.1)),
        vignette=float(rng.uniform(0.0, 0.6)),
        veil=float(rng.uniform(0.0, 0.03)),
        balance=(1 + warm, 1.0, 1 - warm),
        jpeg_quality=int(rng.integers(45, 93)),
    )
    chance = rng.random()
    if chance < 0.07:
        return replace(usual, grey=True, exposure=0.2, grain=2.0)
    if chance < 0.17:
        return replace(usual, exposure=float(rng.uniform(0.07, 0.14)), grain=2.5)
    if chance < 0.25:
        return replace(usual, exposure=float(rng.uniform(0.4, 0.55)), veil=0.08)
    return usual


def gain(optics: Optics, background: Picture) -> float:
    """What brings this hall's light to the camera's exposure; once per hall and camera."""
    luminance = np.minimum(background @ np.array([0.2126, 0.7152, 0.0722], np.float32), 2.0)
    return optics.exposure / max(float(luminance.mean()), 1e-4)


def developed(
    light: Picture,
    optics: Optics,
    amplify: float,
    rng: np.random.Generator,
    *,
    frame: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0),
    width_of_whole: int | None = None,
) -> Stored:
    """Linear light (h, w, 3) to stored BGR bytes, without JPEG.

    frame: which part of the whole picture this is (left, top, right, bottom in 0..1), for the
    vignette; width_of_whole: the whole picture's width in these pixels, for the blur."""
    height, width = light.shape[:2]
    blur = optics.blur_px * (width_of_whole or width) / 960
    x = np.clip(light * amplify, 0, 4).astype(np.float32)
    x += 0.05 * cv2.GaussianBlur(np.maximum(x - 0.75, 0), (0, 0), 8 * blur + 1)
    x = x / (1 + 0.16 * x) * 1.10
    x *= (1 - optics.vignette * _radius2(frame, width, height))[..., None]
    x = cv2.GaussianBlur(x, (0, 0), max(0.3, blur)) + optics.veil * 0.3
    noise = rng.standard_normal(x.shape, np.float32)
    x += noise * optics.grain * np.sqrt(np.maximum(x, 0) * 0.00035 + 0.00002)
    x *= np.array(optics.balance, np.float32)
    shown = _display(x)
    soft = cv2.GaussianBlur(shown, (0, 0), max(0.6, 1.2 * blur))
    shown += optics.sharpen * (shown - soft)
    grey = shown.mean(2, keepdims=True)
    saturation = 0.0 if optics.grey else optics.saturation
    shown = grey + (shown - grey) * saturation + optics.veil
    stored = (np.clip(shown, 0, 1)[:, :, ::-1] * 255).astype(np.uint8)
    return np.ascontiguousarray(stored)


def jpeg(picture: Stored, quality: int) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def clocked(picture: Stored, clock: str, name: str) -> Stored:
    """With the camera's clock and name burnt in, in the usual corners; writes into `picture`."""
    height, width = picture.shape[:2]
    size = 0.55 * width / 960
    for text, place in (
        (clock, (round(width * 0.015), round(height * 0.05))),
        (name, (round(width * 0.78), round(height * 0.975))),
    ):
        for ink, shift in ((20, 1), (240, 0)):
            at = (place[0] + shift, place[1] + shift)
            face = cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(picture, text, at, face, size, (ink, ink, ink), 1, cv2.LINE_AA)
    return picture


def _radius2(frame: tuple[float, float, float, float], width: int, height: int) -> Picture:
    left, top, right, bottom = frame
    across = np.linspace(left, right, width, dtype=np.float32) - 0.5
    down = np.linspace(top, bottom, height, dtype=np.float32) - 0.5
    squared = across[None, :] ** 2 + (down[:, None] * 9 / 16) ** 2
    return np.asarray(squared, np.float32)


def _display(linear: Picture) -> Picture:
    """Linear light to sRGB in 0..1."""
    x = np.clip(linear, 0, 1)
    shown = np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** np.float32(1 / 2.4) - 0.055)
    return np.asarray(shown, np.float32)
