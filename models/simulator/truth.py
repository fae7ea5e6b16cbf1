"""What a shot truly shows: each drawn thing's visible box, full box, and how much is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

from models.simulator.camera import Camera
from models.simulator.mesh import Floats
from models.simulator.raster import NEAR_M, Layer
from models.simulator.studio import Drawn, Shot

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels."""

SOLO_SCALE = 0.5
"""How much there would be to see is counted in a picture this large."""
ON_SURFACE_M = 0.14
"""A keypoint lies this deep in the body at most, when it is seen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One drawn thing in a shot. box: of its visible pixels; full_box: of all of it, cut at the
    picture's edges; share: of the pixels it would fill in the picture if nothing stood before it,
    those that are seen. Thin glass hides nothing."""

    index: int
    box: Box
    full_box: Box
    share: float
    pixels: int


def at_mouth(food: Box, person: Box) -> bool:
    """Whether the food's middle lies in the upper half of what is seen of the person."""
    x1, y1, x2, y2 = person
    x, y = (food[0] + food[2]) / 2, (food[1] + food[3]) / 2
    return bool(x1 <= x <= x2 and y1 <= y <= (y1 + y2) / 2)


def seen_in(shot: Shot, camera: Camera, things: Sequence[Drawn]) -> list[Seen]:
    """The things of which at least one pixel is seen, in their order."""
    places = scipy.ndimage.find_objects(shot.item, max_label=len(things))
    counts = np.bincount(shot.item.ravel(), minlength=len(things) + 1)
    found = []
    for index, (thing, place) in enumerate(zip(things, places, strict=True)):
        if place is None:
            continue
        rows, columns = place
        box = (
            *(float(columns.start), float(rows.start)),
            *(float(columns.stop), float(rows.stop)),
        )
        full = _full_box(camera, thing)
        alone = _pixels_alone(camera, thing, full)
        share = min(1.0, float(counts[index + 1]) / max(alone, 1.0))
        found.append(Seen(index, box, full, share, int(counts[index + 1])))
    return found


def keypoints_seen(
    shot: Shot, camera: Camera, keypoints: Floats, index: int
) -> NDArray[np.float64]:
    """(17, 3) x, y in pixels and COCO's visibility: 2 seen, 1 hidden, 0 outside the picture."""
    marks = camera.project(keypoints)
    for mark in marks:
        x, y, depth = int(np.floor(mark[0])), int(np.floor(mark[1])), mark[2]
        inside = 0 <= x < camera.width and 0 <= y < camera.height and depth > NEAR_M
        on_it = inside and shot.item[y, x] == index + 1
        mark[2] = 0 if not inside else 2 if on_it and shot.depth[y, x] > depth - ON_SURFACE_M else 1
    return marks


def _full_box(camera: Camera, thing: Drawn) -> Box:
    points = camera.project(np.concatenate([part.vertices for part in thing.meshes]))
    points = points[points[:, 2] > NEAR_M]
    if not len(points):
        return (0.0, 0.0, 0.0, 0.0)
    (left, top), (right, bottom) = points[:, :2].min(0), points[:, :2].max(0)
    width, height = camera.width, camera.height
    return (
        float(np.clip(left, 0, width)),
        float(np.clip(top, 0, height)),
        float(np.clip(right, 0, width)),
        float(np.clip(bottom, 0, height)),
    )


def _pixels_alone(camera: Camera, thing: Drawn, box: Box) -> float:
    """The pixels that the thing fills when nothing stands before it."""
    scale = SOLO_SCALE if min(box[2] - box[0], box[3] - box[1]) > 40 else 1.0
    left, top = int(box[0] * scale), int(box[1] * scale)
    width, height = int(box[2] * scale) + 1 - left, int(box[3] * scale) + 1 - top
    small = camera.scaled(scale).cut(left, top, width, height)
    layer = Layer.empty(width, height)
    for part in thing.meshes:
        layer.draw(small, part.vertices, part.faces, 1)
    return float(layer.owner.sum()) / scale**2


def run_lengths(mask: NDArray[np.bool_]) -> list[int]:
    """COCO's uncompressed run lengths of a mask (h, w): column by column, zeros first."""
    flat = mask.ravel(order="F")
    starts = np.flatnonzero(np.diff(flat, prepend=False))
    return [int(n) for n in np.diff(np.concatenate([[0], starts, [flat.size]]))]
