"""A clothed person that takes poses.

    spec = sample_person(rng, "staff", sample_uniform(rng))
    posed = Person(spec).posed(typing(...), (x, y), yaw_deg)

Building a person takes about half a second, posing one about ten milliseconds. The very first
person on a machine waits a minute while the library of bodies is drawn into the cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse

from models.simulator import garments, head, paint
from models.simulator.anatomy import BODY_VERTICES, anatomy
from models.simulator.garments import Figure
from models.simulator.kinematics import SIDES, HandFrame, Rig, Skeleton, turned
from models.simulator.mesh import Floats, Ints, Mesh
from models.simulator.pose import Build, Pose, Side
from models.simulator.surface import Surface
from models.simulator.wardrobe import (
    PersonSpec,
    Role,
    Uniform,
    sample_person,
    sample_uniform,
)

__all__ = [
    "HandFrame",
    "Person",
    "PersonSpec",
    "Posed",
    "Role",
    "Uniform",
    "sample_person",
    "sample_uniform",
]


@dataclass(frozen=True, slots=True)
class Posed:
    """A person in the hall, in world metres. keypoints (17, 3), COCO's order; hull (13380, 3), the
    naked body with its triangles, for shadows."""

    parts: list[Mesh]
    keypoints: Floats
    hull: Floats
    hull_faces: Ints
    hands: dict[Side, HandFrame]


@dataclass(frozen=True, slots=True)
class Piece:
    """One coloured part of a person at rest."""

    name: str
    surface: Surface
    colour: Floats
    material: str


class Person:
    """A spec made flesh: cut, coloured and rigged once, then posed as often as wanted."""

    def __init__(self, spec: PersonSpec, cache: Path | None = None) -> None:
        self.spec = spec
        shared = anatomy(cache)
        self.figure = Figure(shared, shared.bodies[spec.body])
        self.rig = Rig(self.figure)
        self.pieces = list(_pieces(self.figure, spec))
        naked = Surface(self.figure.naked, shared.weights[:BODY_VERTICES], shared.groups["body"])
        self._hull_faces = naked.faces
        self._keypoints = shared.keypoints[:, : shared.keypoints.indices.max() + 1]
        marks = self._keypoints.shape[1]
        stacked = [piece.surface.vertices for piece in self.pieces]
        weights = [piece.surface.weights for piece in self.pieces]
        self._ends = np.cumsum([len(points) for points in stacked])
        self._vertices = np.concatenate([*stacked, self.figure.body.vertices[:marks]])
        self._weights = sparse.vstack([*weights, shared.weights[:marks]]).tocsr()

    @property
    def build(self) -> Build:
        return Build(self.rig.hips_m, self.rig.ankle_m)

    def posed(self, pose: Pose, position_m: tuple[float, float], yaw_deg: float) -> Posed:
        """The person at a place on the floor, turned about z from facing -y."""
        own = self.rig.solve(pose)
        turn = turned(0, 0, yaw_deg)
        place = np.array([position_m[0], position_m[1], 0.0])
        skeleton = Skeleton(turn @ own.rotations, own.heads @ turn.T + place)
        points = self._skinned(skeleton)
        *parts, marks = np.split(points, self._ends)
        meshes = [
            Mesh(piece.name, part, piece.surface.faces, piece.colour, piece.material)
            for piece, part in zip(self.pieces, parts, strict=True)
        ]
        hands = {side: self.rig.hand(skeleton, side) for side in SIDES}
        keypoints = np.asarray(self._keypoints @ marks)
        return Posed(meshes, keypoints, marks[:BODY_VERTICES], self._hull_faces, hands)

    def _skinned(self, skeleton: Skeleton) -> Floats:
        """Linear blend skinning of every vertex."""
        carried = np.einsum("bij,bj->bi", skeleton.rotations, self.figure.body.heads)
        bones = np.concatenate(
            [skeleton.rotations.reshape(-1, 9), skeleton.heads - carried], axis=1
        )
        blend = self._weights @ bones
        turned_by = blend[:, :9].reshape(-1, 3, 3)
        points: Floats = (turned_by @ self._vertices[:, :, None])[:, :, 0] + blend[:, 9:]
        return points


def _pieces(figure: Figure, spec: PersonSpec) -> Iterator[Piece]:
    seed = spec.seed
    top = garments.cut_top(figure, spec.top, seed)
    yield Piece("top", top, paint.paint_top(figure, spec.top, top), "cloth")
    if spec.top.style in garments.TURNED_DOWN:
        collar = garments.cut_collar(figure, top)
        shade = spec.top.second if spec.top.style in ("suit", "vest") else spec.top.colour
        yield Piece("collar", collar, paint.paint_cloth(shade, collar, seed), "cloth")
    cut = garments.cut_skirt(figure) if spec.bottom.skirt else None
    below = cut or garments.cut_trousers(figure, spec.bottom, seed)
    yield Piece("bottom", below, paint.paint_cloth(spec.bottom.colour, below, seed), "cloth")
    shoes = garments.cut_shoes(figure)
    yield Piece("shoes", shoes, np.tile(np.array(spec.shoes), (len(shoes.vertices), 1)), "shoe")
    skin = head.bare_skin(figure, spec)
    yield Piece("skin", skin.surface, skin.colour, "skin")
    for side, eye in zip("LR", head.eyeballs(figure), strict=True):
        yield Piece(f"eye {side}", eye.surface, eye.colour, "eye")
    for lock in head.hair(figure, spec):
        yield Piece("hair", lock.surface, lock.colour, "hair")
    if spec.glasses is not None:
        worn = head.glasses(figure, spec.glasses)
        yield Piece("glasses", worn.surface, worn.colour, "plastic")
    if spec.mask is not None:
        worn = head.mask(figure, spec.mask)
        yield Piece("mask", worn.surface, worn.colour, "cloth")
    if spec.backpack is not None:
        worn = head.backpack(figure, spec.backpack)
        yield Piece("backpack", worn.surface, worn.colour, "cloth")
