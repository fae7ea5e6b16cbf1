"""A pinhole camera: everything that is labelled goes through it, so that labels stay exact."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from models.simulator.mesh import Floats


@dataclass(frozen=True, slots=True)
class Camera:
    """location (3,) m; axes (3, 3), rows right, up, forward in the hall's frame; a focal length
    and a principal point in pixels; a picture of width x height pixels. Pixel (0, 0) covers
    0..1, so its middle is (0.5, 0.5)."""

    location: Floats
    axes: Floats
    focal_px: float
    centre_px: tuple[float, float]
    width: int
    height: int

    @classmethod
    def looking(
        cls, location: ArrayLike, target: ArrayLike, hfov_deg: float, width: int, height: int
    ) -> Camera:
        """A level camera at `location` that has `target` in its middle."""
        here = np.asarray(location, np.float64)
        forward = np.asarray(target, np.float64) - here
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        if np.linalg.norm(right) < 1e-6:
            raise ValueError("the camera looks straight up or down: move its target aside")
        right /= np.linalg.norm(right)
        axes = np.stack([right, np.cross(right, forward), forward])
        focal = width / 2 / np.tan(np.radians(hfov_deg) / 2)
        return cls(here, axes, float(focal), (width / 2, height / 2), width, height)

    def project(self, points: Floats) -> Floats:
        """World points (n, 3) to (n, 3): x and y in pixels, depth along the axis in metres.

        A point behind the camera gets a depth below zero and a meaningless place."""
        seen = (points - self.location) @ self.axes.T
        depth = seen[:, 2]
        scale = self.focal_px / np.maximum(depth, 1e-6)
        return np.stack(
            [
                self.centre_px[0] + scale * seen[:, 0],
                self.centre_px[1] - scale * seen[:, 1],
                depth,
            ],
            axis=1,
        )

    def rays(self) -> Floats:
        """(h, w, 3) directions through the pixels' middles, of length one along the axis, so that
        location + ray * depth is the point seen."""
        x = (np.arange(self.width) + 0.5 - self.centre_px[0]) / self.focal_px
        y = -(np.arange(self.height) + 0.5 - self.centre_px[1]) / self.focal_px
        across, up = np.meshgrid(x, y)
        return np.stack([across, up, np.ones_like(across)], axis=-1) @ self.axes

    def points(self, depth: Floats) -> Floats:
        """The world points (h, w, 3) seen at these depths (h, w)."""
        return self.location + self.rays() * depth[..., None]

    def scaled(self, factor: float) -> Camera:
        """The same view in a picture `factor` times as large."""
        return replace(
            self,
            focal_px=self.focal_px * factor,
            centre_px=(self.centre_px[0] * factor, self.centre_px[1] * factor),
            width=round(self.width * factor),
            height=round(self.height * factor),
        )

    def cut(self, left: int, top: int, width: int, height: int) -> Camera:
        """The camera that sees only this part of the picture (it may reach outside)."""
        centre = (self.centre_px[0] - left, self.centre_px[1] - top)
        return replace(self, centre_px=centre, width=width, height=height)
