"""Bodies: the rest shapes drawn once from anny, and what every body shares.

anny (Apache-2.0; MakeHuman base mesh and data CC0) takes about a minute to load, so that the
bodies are drawn once into a file of the cache folder and anny is not touched again.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from models.simulator.mesh import Floats, Ints
from models.simulator.phenotypes import Phenotype, phenotypes
from models.simulator.surface import Flags, Surface, Weights, triangles

CACHE_VARIABLE = "HALLWATCH_SIMULATOR_CACHE"
BODY_VERTICES = 13380
"""The mesh's first vertices are the naked body; the rest are helpers for clothes and hair."""

COCO_KEYPOINTS = (
    *("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
    *("left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist"),
    *("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
)
GROUPS = ("body", "helper-tights", "helper-skirt", "helper-hair", "helper-l-eye", "helper-r-eye")


class BodiesMissingError(RuntimeError):
    """anny is not installed and no drawn bodies are in the cache."""


def cache_folder() -> Path:
    """$HALLWATCH_SIMULATOR_CACHE, or hallwatch/simulator under the user's cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "hallwatch" / "simulator"


@dataclass(frozen=True, slots=True)
class Body:
    """One rest shape: vertices (19158, 3) m and bone heads (104, 3) m, facing -y, arms out."""

    phenotype: Phenotype
    vertices: Floats
    heads: Floats


@dataclass(frozen=True, eq=False)
class Anatomy:
    """What all bodies share: the skeleton, the weights, the groups, the keypoints; and the bodies.

    `dominant` (19158,) names each vertex's strongest bone; `groups` hold triangles (m, 3).
    """

    bones: tuple[str, ...]
    parents: NDArray[np.int64]
    order: tuple[int, ...]
    weights: Weights
    dominant: NDArray[np.str_]
    groups: dict[str, Ints]
    keypoints: sparse.csr_matrix
    bodies: tuple[Body, ...]

    def bone(self, name: str) -> int:
        return self.bones.index(name)

    def starting(self, *prefixes: str) -> Flags:
        """(19158,) true where the strongest bone starts with one of the prefixes."""
        return self._flags(lambda bone: bone.startswith(prefixes))

    def containing(self, *parts: str) -> Flags:
        return self._flags(lambda bone: any(part in bone for part in parts))

    def _flags(self, wanted: Any) -> Flags:
        chosen = [bone for bone in self.bones if wanted(bone)]
        return np.isin(self.dominant, chosen)

    def surface(self, body: Body, group: str) -> Surface:
        whole = Surface(body.vertices, self.weights, self.groups[group])
        return whole.of(self.groups[group])


@lru_cache(maxsize=4)
def anatomy(folder: Path | None = None) -> Anatomy:
    """The shared anatomy, from the cache; the first call ever draws the bodies (a minute)."""
    path = (folder or cache_folder()) / library_file()
    if not path.exists():
        _draw_library(path)
    with np.load(path, allow_pickle=False) as stored:
        held = {name: stored[name] for name in stored.files}
    bones = tuple(str(bone) for bone in held["bones"])
    rows, width = held["weight_values"].shape
    where = (np.repeat(np.arange(rows), width), held["weight_bones"].ravel())
    values = held["weight_values"].ravel().astype(np.float64)
    weights = sparse.csr_matrix((values, where), shape=(rows, len(bones)))
    weights.sum_duplicates()
    weights.eliminate_zeros()
    strongest = np.asarray(weights.argmax(1)).ravel()
    bodies = tuple(
        Body(Phenotype(*map(float, knobs)), shape.astype(np.float64), heads.astype(np.float64))
        for knobs, shape, heads in zip(
            held["phenotypes"], held["shapes"], held["heads"], strict=True
        )
    )
    return Anatomy(
        bones,
        held["parents"],
        _parents_first(held["parents"]),
        weights,
        np.array(bones)[strongest],
        {group: held[f"group {group}"] for group in GROUPS},
        sparse.csr_matrix(held["keypoints"].astype(np.float64)),
        bodies,
    )


def library_file() -> str:
    """Named by what was asked for, so that no stale body is ever worn."""
    return f"bodies-{hashlib.sha256(repr(phenotypes()).encode()).hexdigest()[:12]}.npz"


def _parents_first(parents: NDArray[np.int64]) -> tuple[int, ...]:
    order: list[int] = []
    placed: set[int] = set()
    while len(order) < len(parents):
        for bone, parent in enumerate(parents):
            ready = bone == 0 or int(parent) in placed
            if bone not in placed and ready:
                order.append(bone)
                placed.add(bone)
    return tuple(order)


def _draw_library(path: Path) -> None:
    try:
        import anny
        import torch
    except ImportError as error:
        raise BodiesMissingError(
            f"no drawn bodies at {path} and anny is not installed: "
            "install the simulator extra (pip install 'hallwatch[simulator]')"
        ) from error
    model = anny.Anny(rig="anny", topology="makehuman-full", phenotypes="all").to(torch.float32)
    still = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    drawn, shapes, heads = phenotypes(), [], []
    for phenotype in drawn:
        posed = model(pose_parameters=still, phenotype_kwargs=_knobs(phenotype, model))
        bone_heads = posed["rest_bone_heads"].numpy()
        shapes.append(posed["rest_vertices"][0].numpy().astype(np.float32))
        heads.append(bone_heads.reshape(-1, 3).astype(np.float32))
    package = Path(anny.__file__).parent / "data"
    regressor = torch.load(package / "keypoints" / "coco.pth", weights_only=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.npz")
    groups: dict[str, Any] = {f"group {name}": quads for name, quads in _groups(package).items()}
    np.savez(
        part,
        bones=np.array(model.bone_labels),
        parents=np.array([int(parent) for parent in model.bone_parents]),
        weight_values=model.vertex_bone_weights.numpy(),
        weight_bones=model.vertex_bone_indices.numpy(),
        keypoints=np.stack([regressor[name].numpy() for name in COCO_KEYPOINTS]),
        phenotypes=np.array([[getattr(p, k) for k in p.__slots__] for p in drawn]),
        shapes=np.stack(shapes),
        heads=np.stack(heads),
        **groups,
    )
    part.replace(path)


def _knobs(phenotype: Phenotype, model: Any) -> dict[str, float]:
    knobs = dict.fromkeys(model.phenotype_labels, 0.5)
    knobs.update({name: getattr(phenotype, name) for name in phenotype.__slots__})
    knobs.update(african=0.0, asian=1.0 - phenotype.caucasian)
    return knobs


def _groups(package: Path) -> dict[str, Ints]:
    """Named face groups of the base mesh, as triangles."""
    quads: dict[str, list[list[int]]] = {}
    group = ""
    for line in (package / "mpfb2" / "3dobjs" / "base.obj").read_text().splitlines():
        if line.startswith("g "):
            group = line.split()[1]
        elif line.startswith("f "):
            corners = [int(corner.split("/")[0]) - 1 for corner in line.split()[1:]]
            quads.setdefault(group, []).append(corners)
    return {name: triangles(np.array(quads[name], np.int32)) for name in GROUPS}
