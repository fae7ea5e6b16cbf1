"""Operations on an open triangle surface: what a tailor does to a helper mesh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from models.simulator.mesh import Floats, Ints, normals

Flags: TypeAlias = NDArray[np.bool_]
Weights: TypeAlias = sparse.csr_matrix
"""(vertices, bones), each row summing to one."""


@dataclass(slots=True)
class Surface:
    """A skinned surface in the rest pose: vertices (n, 3) m, weights (n, bones), faces (m, 3)."""

    vertices: Floats
    weights: Weights
    faces: Ints

    def normals(self) -> Floats:
        return normals(self.vertices, self.faces)

    def offset(self, by_m: float | Floats) -> None:
        """Moves every vertex along its normal."""
        self.vertices = self.vertices + self.normals() * np.reshape(by_m, (-1, 1))

    def smooth(self, rounds: int, pull: float = 0.5, *, hold_border: bool = False) -> None:
        self.vertices = smoothed(self.vertices, self.faces, rounds, pull, hold_border=hold_border)

    def kept(self, vertices: Flags) -> Surface:
        """The part whose triangles have all three vertices kept."""
        return self.of(self.faces[vertices[self.faces].all(1)])

    def of(self, faces: Ints) -> Surface:
        """The part made of these triangles, its unused vertices dropped."""
        used = np.unique(faces)
        place = np.full(len(self.vertices), -1, np.int32)
        place[used] = np.arange(len(used))
        return Surface(self.vertices[used], self.weights[used], place[faces])

    def subdivided(self) -> Surface:
        """Each triangle in four, then lightly smoothed."""
        faces, count = self.faces, len(self.vertices)
        unique, back, _ = edges(faces)
        middles = len(unique)
        halves = sparse.csr_matrix(
            (np.full(2 * middles, 0.5), (np.repeat(np.arange(middles), 2), unique.ravel())),
            shape=(middles, count),
        )
        spread = sparse.vstack([sparse.identity(count, format="csr"), halves]).tocsr()
        rows = len(faces)
        ab, bc, ca = (count + back[k * rows : (k + 1) * rows] for k in range(3))
        a, b, c = faces.T
        finer = np.concatenate(
            [np.stack(t, 1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
        ).astype(np.int32)
        vertices = smoothed(spread @ self.vertices, finer, 1, 0.4, hold_border=True)
        return Surface(vertices, (spread @ self.weights).tocsr(), finer)


def triangles(quads: Ints) -> Ints:
    """Quads (m, 4) as triangles (2m, 3)."""
    halves: Ints = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return halves


def adjacency(faces: Ints, count: int) -> sparse.csr_matrix:
    """(count, count), one where two vertices share an edge."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    both = np.concatenate([edges, edges[:, ::-1]])
    near = sparse.csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count))
    near.data[:] = 1
    return near


def edges(faces: Ints) -> tuple[Ints, Ints, Ints]:
    """The edges (e, 2) with the lower vertex first; for each triangle's three edges, all first
    edges before all second ones, which of them it is (3m,); and how many triangles share each."""
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).astype(np.int64)
    count = int(faces.max()) + 1
    keys = sides.min(1) * count + sides.max(1)  # one number an edge sorts many times faster
    unique, back, uses = np.unique(keys, return_inverse=True, return_counts=True)
    ends = np.stack([unique // count, unique % count], 1).astype(np.int32)
    return ends, back.ravel().astype(np.int32), uses.astype(np.int32)


def border(faces: Ints) -> Ints:
    """The vertices on an open edge."""
    ends, _, uses = edges(faces)
    open_ended: Ints = np.unique(ends[uses == 1])
    return open_ended


def smoothed(
    vertices: Floats, faces: Ints, rounds: int, pull: float = 0.5, *, hold_border: bool = False
) -> Floats:
    """Laplacian smoothing: each round moves a vertex by `pull` of the way to its neighbours."""
    near = adjacency(faces, len(vertices))
    degree = np.maximum(np.asarray(near.sum(1)).ravel(), 1)
    free = np.ones(len(vertices))
    if hold_border:
        free[border(faces)] = 0
    step = (pull * free)[:, None]
    for _ in range(rounds):
        vertices = vertices + step * ((near @ vertices) / degree[:, None] - vertices)
    return vertices


def smoothed_ring(
    vertices: Floats, ring: Ints, faces: Ints, rounds: int, axes: slice = slice(None)
) -> Floats:
    """Evens out a border line: only the ring's vertices move, only along the given axes."""
    if not len(ring):
        return vertices
    near = adjacency(faces, len(vertices))[ring][:, ring]
    degree = np.asarray(near.sum(1)).ravel()
    linked = degree > 0
    vertices = vertices.copy()
    line = vertices[ring]
    for _ in range(rounds):
        mean = (near @ line)[linked] / degree[linked, None]
        line[linked, axes] = 0.5 * line[linked, axes] + 0.5 * mean[:, axes]
    vertices[ring] = line
    return vertices


def from_segment(points: Floats, start: Floats, end: Floats) -> tuple[Floats, Floats, Floats]:
    """Where each point lies along a bone (0..1), the vector off it, and the distance from it."""
    along = end - start
    share = np.clip((points - start) @ along / (along @ along), 0, 1)
    away = points - (start + share[:, None] * along)
    return share, away, np.linalg.norm(away, axis=1)
