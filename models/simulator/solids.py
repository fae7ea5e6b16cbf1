"""Shapes that halls are built from, on top of the mesh's own solids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.simulator.kinematics import turned
from models.simulator.mesh import GREY, Mesh, cylinder, merged, mesh, placed, quad


def yawed(part: Mesh, yaw_deg: float, about: ArrayLike = (0.0, 0.0, 0.0)) -> Mesh:
    """The mesh turned about an upright axis through a point."""
    pivot = np.asarray(about, np.float64)
    rotation = turned(0, 0, yaw_deg)
    return placed(part, rotation, pivot - rotation @ pivot)


def leaned(part: Mesh, back_deg: float, about: ArrayLike) -> Mesh:
    """The mesh leaned back (its top towards +y) about a level axis along x through a point."""
    pivot = np.asarray(about, np.float64)
    rotation = turned(-back_deg, 0, 0)
    return placed(part, rotation, pivot - rotation @ pivot)


def sheet(
    corners: ArrayLike,
    *,
    name: str,
    colour: ArrayLike = GREY,
    material: str = "wall",
    texture: NDArray[np.uint8] | None = None,
    repeats: tuple[float, float] = (1.0, 1.0),
) -> Mesh:
    """A flat four-cornered sheet, corners counter-clockwise seen from its front; a texture is
    repeated along its first and second edge."""
    plain = mesh(name, corners, [[0, 1, 2], [0, 2, 3]], colour, material)
    if texture is None:
        return plain
    u, v = repeats
    return replace(plain, texture=texture, uv=np.array([[0.0, 0], [u, 0], [u, v], [0, v]]))


def board(
    texture: NDArray[np.uint8],
    width_m: float,
    height_m: float,
    centre: ArrayLike,
    *,
    name: str,
    emission: float = 0.0,
    material: str = "paper",
) -> Mesh:
    """An upright textured sheet facing -y."""
    plain = quad(width_m, height_m, centre, name=name, texture=texture, material=material)
    return replace(plain, emission=emission)


def leaves(rng: np.random.Generator, foot: tuple[float, float], height_m: float) -> Mesh:
    """The foliage of a pot plant: some fifty leaves about a stem."""
    points, faces = [], []
    for k in range(50):
        turn, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.03, 0.22)
        length = rng.uniform(0.14, 0.30)
        along = np.array([np.cos(turn), np.sin(turn), rng.uniform(-0.3, 0.8)])
        along /= np.linalg.norm(along)
        across = np.cross(along, [0, 0, 1.0])
        across *= 0.05 / np.linalg.norm(across)
        start = np.array(
            [
                foot[0] + reach * np.cos(turn),
                foot[1] + reach * np.sin(turn),
                rng.uniform(0.4, 1.0) * height_m,
            ]
        )
        tip = start + along * length - [0, 0, 0.05]
        points += [start, start + along * length / 2 + across, tip]
        points += [start + along * length / 2 - across]
        faces += [[4 * k, 4 * k + 1, 4 * k + 2], [4 * k, 4 * k + 2, 4 * k + 3]]
    green = np.array([0.05, 0.16, 0.04]) * rng.uniform(0.6, 1.6)
    return mesh("leaves", points, faces, green, "leaf")


def post(foot: tuple[float, float], height_m: float, colour: ArrayLike, name: str) -> Mesh:
    """A round post with a foot plate."""
    x, y = foot
    pole = cylinder(0.025, height_m, (x, y, height_m / 2), sides=12, colour=colour, name=name)
    plate = cylinder(0.16, 0.03, (x, y, 0.015), sides=20, colour=colour, name=name)
    return replace(merged([pole, plate]), material="metal")
