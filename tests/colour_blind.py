"""What colours look like to people who tell them apart less well, and how far apart they are.

Colours are sRGB, three numbers from 0 to 255. Simulated is the whole loss of one kind of cone
(severity 1.0), with the matrices of G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions on
Visualization and Computer Graphics 15(6), 2009; they work on linear light.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Colour: TypeAlias = tuple[float, float, float]
Matrix: TypeAlias = npt.NDArray[np.float64]

VISIONS: Mapping[str, Matrix] = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
"""From linear sRGB (IEC 61966-2-1), white D65."""
WHITE = TO_XYZ @ np.ones(3)


def linear(colour: Matrix) -> Matrix:
    """0 to 255, of any shape ending in 3, to linear light from 0 to 1."""
    part = colour / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def seen(colours: Matrix, vision: str) -> Matrix:
    """What somebody with this vision sees of them, 0 to 255; shape (..., 3)."""
    light = np.clip(linear(colours) @ VISIONS[vision].T, 0.0, 1.0)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def lab(colour: Colour) -> tuple[float, float, float]:
    """CIE L*a*b*, white D65."""
    ratio = TO_XYZ @ linear(np.array(colour)) / WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = (float(v) for v in root)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one: Colour, other: Colour, vision: str = "usual") -> float:
    """CIEDE2000 of two colours as this vision sees them."""
    a, b = (seen(np.array(c), vision) for c in (one, other))
    return ciede2000(lab((a[0], a[1], a[2])), lab((b[0], b[1], b[2])))


def ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000 Color-Difference Formula", 2005."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    scale = 1 + 0.5 * (1 - math.sqrt(mean7 / (mean7 + 25**7)))
    c1, c2 = math.hypot(a1 * scale, b1), math.hypot(a2 * scale, b2)
    h1 = math.degrees(math.atan2(b1, a1 * scale)) % 360
    h2 = math.degrees(math.atan2(b2, a2 * scale)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    if turn == -180:
        turn = 180.0
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = h1 + h2
    if c1 * c2:
        hm = hm / 2 if abs(h1 - h2) <= 180 else (hm + (360 if hm < 360 else -360)) / 2
    t = (
        1
        - 0.17 * math.cos(math.radians(hm - 30))
        + 0.24 * math.cos(math.radians(2 * hm))
        + 0.32 * math.cos(math.radians(3 * hm + 6))
        - 0.20 * math.cos(math.radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    bent = 30 * math.exp(-(((hm - 275) / 25) ** 2))
    rt = -2 * math.sqrt(cm**7 / (cm**7 + 25**7)) * math.sin(math.radians(2 * bent))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh))


def contrast(one: Colour, other: Colour, vision: str = "usual") -> float:
    """WCAG 2's ratio, 1 to 21, of two colours as this vision sees them."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    a, b = (float(weights @ linear(seen(np.array(c), vision))) for c in (one, other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
