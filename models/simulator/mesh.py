"""The mesh that both halves of the simulator speak, and the solids that it is built from.

Metres, z up. Colours are linear RGB in 0..1 (a texture is sRGB bytes). Faces are triangles wound
counter-clockwise seen from outside. Solids with edges keep a vertex per side, so that normals
averaged over a vertex's triangles are flat on a box and smooth round a cylinder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int32]
Colour: TypeAlias = tuple[float, float, float]

GREY: Colour = (0.5, 0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles of one material.

    vertices (n, 3) float64 metres; faces (m, 3) int32; colour (n, 3) linear RGB per vertex;
    material: skin, cloth, hair, shoe, eye, plastic, metal, glass, screen, food, paper, wood, ...;
    emission: light given off, as a multiple of the colour; texture (h, w, 3) uint8 sRGB, row 0 at
    the top; uv (n, 2), u right and v up. A mesh with a texture has a uv, and the reverse.
    """

    name: str
    vertices: Floats
    faces: Ints
    colour: Floats
    material: str
    emission: float = 0.0
    texture: NDArray[np.uint8] | None = None
    uv: Floats | None = None

    def __post_init__(self) -> None:
        count = len(self.vertices)
        if self.vertices.shape != (count, 3) or self.colour.shape != (count, 3):
            raise ValueError(
                f"mesh {self.name!r}: vertices and colour must both be (n, 3), got "
                f"{self.vertices.shape} and {self.colour.shape}"
            )
        if self.faces.ndim != 2 or self.faces.shape[1] != 3:
            raise ValueError(f"mesh {self.name!r}: faces must be (m, 3), got {self.faces.shape}")
        if (self.texture is None) != (self.uv is None):
            raise ValueError(f"mesh {self.name!r}: give texture and uv together, or neither")


def mesh(
    name: str,
    vertices: ArrayLike,
    faces: ArrayLike,
    colour: ArrayLike = GREY,
    material: str = "plastic",
    emission: float = 0.0,
) -> Mesh:
    """A mesh from anything array-like; one colour is spread over all vertices."""
    points = np.asarray(vertices, np.float64)
    paint = np.broadcast_to(np.asarray(colour, np.float64), points.shape).copy()
    return Mesh(name, points, np.asarray(faces, np.int32), paint, material, emission)


def box(
    size: tuple[float, float, float],
    centre: ArrayLike = (0.0, 0.0, 0.0),
    *,
    name: str = "box",
    colour: ArrayLike = GREY,
    material: str = "plastic",
    emission: float = 0.0,
) -> Mesh:
    """An upright box, 24 vertices (a corner belongs to three flat sides)."""
    half = np.asarray(size, np.float64) / 2
    points = []
    for axis in range(3):
        across, along = (axis + 1) % 3, (axis + 2) % 3
        for sign in (-1.0, 1.0):
            for step, rise in ((-1, -sign), (1, -sign), (1, sign), (-1, sign)):
                corner = np.zeros(3)
                corner[axis], corner[across], corner[along] = sign, step, rise
                points.append(corner * half)
    first = 4 * np.arange(6)[:, None]
    faces = np.concatenate([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])])
    where = np.asarray(points) + np.asarray(centre, np.float64)
    return mesh(name, where, faces, colour, material, emission)


def cylinder(
    radius: float,
    height: float,
    centre: ArrayLike = (0.0, 0.0, 0.0),
    *,
    top_radius: float | None = None,
    sides: int = 24,
    name: str = "cylinder",
    colour: ArrayLike = GREY,
    material: str = "plastic",
    emission: float = 0.0,
) -> Mesh:
    """A closed cylinder (or cone stump) standing on z, its middle at `centre`."""
    turn = np.arange(sides) * 2 * np.pi / sides
    ring = np.stack([np.cos(turn), np.sin(turn), np.zeros(sides)], 1)
    low = ring * radius - [0, 0, height / 2]
    high = ring * (radius if top_radius is None else top_radius) + [0, 0, height / 2]
    hubs = np.array([[0, 0, -height / 2], [0, 0, height / 2]])
    points = np.concatenate([low, high, low, high, hubs])
    here = np.arange(sides)
    following = (here + 1) % sides
    bottom, top = np.full(sides, 4 * sides), np.full(sides, 4 * sides + 1)
    faces = np.concatenate(
        [
            np.stack([here, following, following + sides], 1),
            np.stack([here, following + sides, here + sides], 1),
            np.stack([bottom, following + 2 * sides, here + 2 * sides], 1),
            np.stack([top, here + 3 * sides, following + 3 * sides], 1),
        ]
    )
    return mesh(name, points + np.asarray(centre, np.float64), faces, colour, material, emission)


def quad(
    width: float,
    height: float,
    centre: ArrayLike = (0.0, 0.0, 0.0),
    *,
    name: str = "quad",
    colour: ArrayLike = GREY,
    material: str = "paper",
    emission: float = 0.0,
    texture: NDArray[np.uint8] | None = None,
) -> Mesh:
    """An upright sheet in the xz plane, facing -y; a texture covers it once."""
    half_w, half_h = width / 2, height / 2
    corners = [
        [-half_w, 0, -half_h],
        [half_w, 0, -half_h],
        [half_w, 0, half_h],
        [-half_w, 0, half_h],
    ]
    points = np.asarray(corners) + np.asarray(centre, np.float64)
    sheet = mesh(name, points, [[0, 1, 2], [0, 2, 3]], colour, material, emission)
    if texture is None:
        return sheet
    return replace(sheet, texture=texture, uv=np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]))


def sphere(
    radii: ArrayLike,
    centre: ArrayLike = (0.0, 0.0, 0.0),
    *,
    rings: int = 14,
    sides: int = 20,
    name: str = "sphere",
    colour: ArrayLike = GREY,
    material: str = "plastic",
    emission: float = 0.0,
) -> Mesh:
    """An ellipsoid with the given radius, or radii along x, y, z."""
    polar = np.linspace(0, np.pi, rings + 1)[1:-1, None]
    turn = (np.arange(sides) * 2 * np.pi / sides)[None, :]
    belt = np.stack(
        [np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar) + 0 * turn], -1
    ).reshape(-1, 3)
    points = np.concatenate([[[0, 0, 1]], belt, [[0, 0, -1]]])
    here, following = np.arange(sides), (np.arange(sides) + 1) % sides
    south = len(points) - 1
    last = 1 + (rings - 2) * sides
    faces = [np.stack([0 * here, 1 + here, 1 + following], 1)]
    for ring in range(rings - 2):
        upper, lower = 1 + ring * sides, 1 + (ring + 1) * sides
        faces.append(np.stack([upper + here, lower + here, lower + following], 1))
        faces.append(np.stack([upper + here, lower + following, upper + following], 1))
    faces.append(np.stack([last + here, 0 * here + south, last + following], 1))
    where = points * np.asarray(radii, np.float64) + np.asarray(centre, np.float64)
    return mesh(name, where, np.concatenate(faces), colour, material, emission)


def placed(part: Mesh, rotation: ArrayLike, translation: ArrayLike = (0.0, 0.0, 0.0)) -> Mesh:
    """The mesh turned by a 3x3 rotation (columns: where x, y, z go), then moved."""
    turned = part.vertices @ np.asarray(rotation, np.float64).T
    return replace(part, vertices=turned + np.asarray(translation, np.float64))


def moved(part: Mesh, translation: ArrayLike) -> Mesh:
    return replace(part, vertices=part.vertices + np.asarray(translation, np.float64))


def merged(parts: Iterable[Mesh], name: str | None = None) -> Mesh:
    """One mesh of many. They must share material and emission and have no texture."""
    pieces = list(parts)
    if not pieces:
        raise ValueError("nothing to merge: give at least one mesh")
    first = pieces[0]
    for piece in pieces:
        if piece.texture is not None:
            raise ValueError(f"mesh {piece.name!r} has a texture: keep it apart")
        if (piece.material, piece.emission) != (first.material, first.emission):
            raise ValueError(f"meshes {first.name!r} and {piece.name!r} differ in material")
    starts = np.cumsum([0] + [len(piece.vertices) for piece in pieces[:-1]])
    faces = [piece.faces + start for piece, start in zip(pieces, starts, strict=True)]
    return Mesh(
        name or first.name,
        np.concatenate([piece.vertices for piece in pieces]),
        np.concatenate(faces).astype(np.int32),
        np.concatenate([piece.colour for piece in pieces]),
        first.material,
        first.emission,
    )


def normals(vertices: Floats, faces: Ints) -> Floats:
    """Unit normals (n, 3) at the vertices, weighted by the area of the triangles around."""
    corners = vertices[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    total = np.empty_like(vertices)
    for axis in range(3):
        weight = np.repeat(across[:, axis], 3)
        total[:, axis] = np.bincount(faces.ravel(), weight, minlength=len(vertices))
    unit: Floats = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    return unit
