"""A z-buffer that says for every pixel what is seen there: depth, owner, triangle, place on it."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from models.simulator.camera import Camera
from models.simulator.mesh import Floats, Ints

NEAR_M = 0.1
"""A triangle that comes nearer to the camera than this is not drawn."""


@dataclass(slots=True)
class Layer:
    """depth (h, w) float32 m, inf where nothing is; owner (h, w) int32, 0 where nothing is;
    triangle (h, w) int32 of the owner's faces; share (h, w, 2) float32, the weights of the
    triangle's first two corners, perspective-true."""

    depth: NDArray[np.float32]
    owner: NDArray[np.int32]
    triangle: NDArray[np.int32]
    share: NDArray[np.float32]

    @classmethod
    def empty(cls, width: int, height: int) -> Layer:
        return cls(
            np.full((height, width), np.inf, np.float32),
            np.zeros((height, width), np.int32),
            np.full((height, width), -1, np.int32),
            np.zeros((height, width, 2), np.float32),
        )

    @classmethod
    def behind(cls, depth: NDArray[np.float32]) -> Layer:
        """A layer that already has something (owner 0) at these depths."""
        layer = cls.empty(depth.shape[1], depth.shape[0])
        layer.depth[:] = depth
        return layer

    def draw(self, camera: Camera, vertices: Floats, faces: Ints, owner: int) -> None:
        """Draws triangles where they are nearer than what is there."""
        on_picture = camera.project(vertices).astype(np.float64)
        triangles = np.ascontiguousarray(faces, np.int32)
        _draw(on_picture, triangles, owner, self.depth, self.owner, self.triangle, self.share)


@numba.njit(cache=True, fastmath=True, nogil=True)
def _draw(points, faces, owner, depth, owners, triangles, share):  # type: ignore[no-untyped-def]
    height, width = depth.shape
    for t in range(faces.shape[0]):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        za, zb, zc = points[a, 2], points[b, 2], points[c, 2]
        if za < NEAR_M or zb < NEAR_M or zc < NEAR_M:
            continue
        xa, ya = points[a, 0], points[a, 1]
        xb, yb = points[b, 0], points[b, 1]
        xc, yc = points[c, 0], points[c, 1]
        area = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya)
        if abs(area) < 1e-9:
            continue
        left = max(int(np.floor(min(xa, xb, xc) - 0.5)), 0)
        right = min(int(np.ceil(max(xa, xb, xc) + 0.5)), width - 1)
        top = max(int(np.floor(min(ya, yb, yc) - 0.5)), 0)
        bottom = min(int(np.ceil(max(ya, yb, yc) + 0.5)), height - 1)
        for y in range(top, bottom + 1):
            py = y + 0.5
            for x in range(left, right + 1):
                px = x + 0.5
                wa = ((xb - px) * (yc - py) - (xc - px) * (yb - py)) / area
                wb = ((xc - px) * (ya - py) - (xa - px) * (yc - py)) / area
                wc = 1.0 - wa - wb
                if wa < 0 or wb < 0 or wc < 0:
                    continue
                z = 1.0 / (wa / za + wb / zb + wc / zc)
                if z < depth[y, x]:
                    depth[y, x] = z
                    owners[y, x] = owner
                    triangles[y, x] = t
                    share[y, x, 0] = wa / za * z
                    share[y, x, 1] = wb / zb * z
