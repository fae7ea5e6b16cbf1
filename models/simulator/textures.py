"""Reads textures at the pixels of a picture without shimmering."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.simulator.mesh import Floats


def sampled(texture: NDArray[np.uint8], uv: Floats, pixels: int) -> Floats:
    """Linear RGB (n, 3) at uv (n, 2), u right and v up; the texture is first made about as small
    as the `pixels` that it covers in the picture."""
    height, width = texture.shape[:2]
    shrink = min(1.0, np.sqrt(max(pixels, 4) * 2.0 / (height * width)))
    if shrink < 0.9:
        size = (max(2, round(width * shrink)), max(2, round(height * shrink)))
        texture = np.asarray(cv2.resize(texture, size, interpolation=cv2.INTER_AREA), np.uint8)
        height, width = texture.shape[:2]
    x = np.clip(uv[:, 0] * width - 0.5, 0, width - 1).astype(np.float32)
    y = np.clip((1 - uv[:, 1]) * height - 0.5, 0, height - 1).astype(np.float32)
    read = np.empty((len(x), 3), np.uint8)
    for start in range(0, len(x), 30_000):  # remap takes at most 32767 rows
        rows = slice(start, start + 30_000)
        read[rows] = cv2.remap(texture, x[rows, None], y[rows, None], cv2.INTER_LINEAR)[:, 0]
    display = read.astype(np.float64) / 255
    linear: Floats = np.where(
        display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4
    )
    return linear
