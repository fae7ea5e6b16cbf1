"""From light to what a cheap dome camera stores: exposure, lens, noise, sharpening, JPEG, clock.

What goes wrong with cameras is drawn by `Domain.faults`; a camera has one fault at most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.simulator.domain import FAULTS, Domain
from models.simulator.lens import Spot, backlit, dirtied, rained_on, sample_spots, shaken
from models.simulator.studio import Picture

Stored = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Optics:
    """One camera's ways. exposure: the stored picture's mean luminance before clipping (linear);
    blur_px: of a 960-wide picture; grain: sensor noise, 1 is an ordinary day; grey: the infrared
    mode; balance: gains of red, green and blue; veil: stray light; shake_px: of a 960-wide
    picture, along shake_deg; sun: strength of the light from a window, its side's sign; drops and
    blots: rain and dirt on the lens; packed: JPEG quality of the stream that is decoded before the
    picture is stored, None for none."""

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
    shake_px: float = 0.0
    shake_deg: float = 0.0
    sun: float = 0.0
    drops: tuple[Spot, ...] = ()
    blots: tuple[Spot, ...] = ()
    packed: int | None = None


def sample_optics(rng: np.random.Generator, domain: Domain) -> Optics:
    """A camera and a time of day: mostly an ordinary day, at times with a fault."""
    warm = float(rng.normal(0, 0.05))
    usual = Optics(
        exposure=float(rng.uniform(*domain.exposure)),
        blur_px=float(rng.uniform(0.35, 1.0)),
        grain=float(rng.uniform(*domain.grain)),
        sharpen=float(rng.uniform(0.0, 1.0)),
        saturation=float(rng.uniform(0.6, 1.1)),
        vignette=float(rng.uniform(0.0, 0.6)),
        veil=float(rng.uniform(0.0, 0.03)),
        balance=(1 + warm, 1.0, 1 - warm),
        jpeg_quality=round(rng.uniform(*domain.jpeg)),
    )
    chance = float(rng.random())
    for fault in FAULTS:
        chance -= domain.faults[fault]
        if chance < 0:
            return with_fault(rng, usual, fault)
    return usual


def with_fault(rng: np.random.Generator, usual: Optics, fault: str) -> Optics:
    """The camera with one of FAULTS, as bad as chance will have it."""
    match fault:
        case "infrared":
            return replace(usual, grey=True, exposure=0.2, grain=2.0)
        case "dim":
            return replace(usual, exposure=float(rng.uniform(0.07, 0.14)), grain=2.5)
        case "glare":
            return replace(usual, exposure=float(rng.uniform(0.4, 0.55)), veil=0.08)
        case "backlight":
            side = float(rng.choice([-1, 1]))
            sun = side * float(rng.uniform(0.3, 1.0))
            return replace(usual, sun=sun, exposure=float(rng.uniform(0.10, 0.2)))
        case "defocus":
            return replace(usual, blur_px=float(rng.uniform(1.3, 2.4)))
        case "motion":
            turned = float(rng.uniform(0, 180))
            return replace(usual, shake_px=float(rng.uniform(2, 7)), shake_deg=turned)
        case "rain":
            return replace(usual, drops=sample_spots(rng, int(rng.integers(10, 60)), 0.035))
        case "dirt":
            return replace(usual, blots=sample_spots(rng, int(rng.integers(3, 15)), 0.12))
        case "starved":
            return replace(usual, packed=int(rng.integers(12, 28)))
    raise ValueError(f"no fault {fault!r}: there are {', '.join(FAULTS)}")


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
    if optics.sun:
        x = backlit(x, abs(optics.sun), optics.sun, frame)
    if optics.drops:
        x = rained_on(x, optics.drops, frame)
    if optics.blots:
        x = dirtied(x, optics.blots, frame)
    if optics.shake_px:
        x = shaken(x, optics.shake_px * (width_of_whole or width) / 960, optics.shake_deg)
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
    if optics.packed is None:
        return np.ascontiguousarray(stored)
    blocky = cv2.imdecode(np.frombuffer(jpeg(stored, optics.packed), np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(blocky, np.uint8)


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
