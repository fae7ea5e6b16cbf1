"""Light on what is drawn into a baked hall: direct from its lamps, and how much of that is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numba
import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene

from models.simulator.hall import Light
from models.simulator.mesh import Floats, Ints, Mesh

SELF_M = 0.02
"""Shadow rays start this far off the surface."""


@dataclass(frozen=True, slots=True)
class LightPoints:
    """Lights as points: places (n, 3), facing (n, 3), power (n,) W, the patch around each point
    by its half edges across and along (n, 3), and the mean colour (3,)."""

    places: Floats
    facing: Floats
    power: Floats
    across: Floats
    along: Floats
    colour: Floats


def light_points(lights: Iterable[Light]) -> LightPoints:
    """One point a ceiling panel, a grid of points on anything larger than a metre and a half."""
    places, facing, power, across, along, colour = [], [], [], [], [], []
    for light in lights:
        columns = 1 + int(np.linalg.norm(light.across) > 0.75) * 2
        rows = 1 + int(np.linalg.norm(light.along) > 0.75) * 2
        for a in np.linspace(-1, 1, 2 * columns + 1)[1::2]:
            for b in np.linspace(-1, 1, 2 * rows + 1)[1::2]:
                places.append(light.centre + a * light.across + b * light.along)
                facing.append(light.facing)
                power.append(light.power_w / columns / rows)
                across.append(light.across / columns)
                along.append(light.along / rows)
                colour.append(light.colour)
    weight = np.array(power)
    return LightPoints(
        np.array(places),
        np.array(facing),
        weight,
        np.array(across),
        np.array(along),
        np.average(np.array(colour), axis=0, weights=weight),
    )


@numba.njit(cache=True, fastmath=True, nogil=True)
def irradiance(points, normals, places, facing, power):  # type: ignore[no-untyped-def]
    """Unshadowed irradiance (n,) at the points: the sum of power / pi * cos * cos / r2."""
    count, lights = points.shape[0], places.shape[0]
    total = np.zeros(count, np.float32)
    for k in range(count):
        x, y, z = points[k, 0], points[k, 1], points[k, 2]
        nx, ny, nz = normals[k, 0], normals[k, 1], normals[k, 2]
        here = 0.0
        for j in range(lights):
            dx, dy, dz = places[j, 0] - x, places[j, 1] - y, places[j, 2] - z
            lit = nx * dx + ny * dy + nz * dz
            if lit <= 0:
                continue
            out = -(facing[j, 0] * dx + facing[j, 1] * dy + facing[j, 2] * dz)
            if out <= 0:
                continue
            squared = dx * dx + dy * dy + dz * dz
            here += power[j] * lit * out / (squared * squared)
        total[k] = here / np.pi
    return total


class Occluders:
    """Triangles that take light away."""

    def __init__(self, parts: Sequence[tuple[Floats, Ints]]) -> None:
        self.scene = EmbreeScene() if parts else None
        if parts:
            corners = np.concatenate([points[faces] for points, faces in parts])
            TriangleMesh(self.scene, np.ascontiguousarray(corners, np.float32))

    @classmethod
    def of(cls, meshes: Iterable[Mesh]) -> Occluders:
        return cls([(part.vertices, part.faces) for part in meshes])

    def hidden(self, start: Floats, way: Floats) -> Floats:
        """(n,) 1.0 where something lies on the way, a vector (n, 3) of any length."""
        if self.scene is None or not len(start):
            return np.zeros(len(start))
        hit = self.scene.run(
            np.ascontiguousarray(start, np.float32),
            np.ascontiguousarray(way, np.float32),
            query="OCCLUDED",
        )
        return (np.asarray(hit) >= 0).astype(np.float64)


def light_lost(
    points: Floats,
    normals: Floats,
    occluders: Sequence[Occluders],
    lights: LightPoints,
    rays: int,
    rng: np.random.Generator,
) -> Floats:
    """(n,) the share of each point's direct light that the occluders keep away.

    The same few lights for all points, those that give most; jittered over their patches, so that
    shadows are soft. Noisy: smooth it over the picture."""
    lost, all_light = np.zeros(len(points)), np.zeros(len(points))
    if not len(points):
        return lost
    middle = points.mean(0)
    gives = lights.power / np.maximum(((lights.places - middle) ** 2).sum(1), 1.0)
    chosen = rng.choice(len(gives), min(rays, len(gives)), replace=False, p=gives / gives.sum())
    start = points + normals * SELF_M
    for j in chosen:
        jitter = rng.uniform(-1, 1, (len(points), 2))
        target = lights.places[j] + jitter[:, :1] * lights.across[j]
        target = target + jitter[:, 1:] * lights.along[j]
        way = target - start
        squared = (way**2).sum(1)
        lit = np.maximum((normals * way).sum(1), 0) * np.maximum(-(way @ lights.facing[j]), 0)
        gets = lights.power[j] * lit / np.maximum(squared, 1e-6) ** 2 / gives[j]
        blocked = np.zeros(len(points))
        for occluder in occluders:
            blocked = np.maximum(blocked, occluder.hidden(start, way))
        lost += gets * blocked
        all_light += gets
    share: Floats = lost / np.maximum(all_light, 1e-9)
    return share
