"""Real food, cups and reading matter, cut out of photos and laid over rendered ones.

The simulator draws food simply; where people hold it, it draws well. A photo's cut-out in the
rendered thing's place has the texture of the one and the context of the other.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.dataset import COCO_LABELS
from vision.records import Image, Label

LAID_OVER = frozenset({Label.FOOD, Label.DRINK, Label.READING})
LEAST_PX = 28
"""Cut-outs whose shorter side is smaller are left out: they would be blurred."""
LEAST_FILLED = 0.45
"""Of its box: less is a thing of which much is hidden."""
STRETCH = 1.5
"""How much a cut-out may be stretched one way to fill a box."""
LEAST_BOX_PX = 9.0


@dataclass(frozen=True, slots=True)
class CutOut:
    """bgr (h, w, 3) uint8 and how much of each pixel belongs to it, (h, w) 0..1."""

    label: Label
    bgr: Image
    share: NDArray[np.float32]

    @property
    def aspect(self) -> float:
        return float(self.bgr.shape[1] / self.bgr.shape[0])


def read_cutouts(folder: Path) -> list[CutOut]:
    """The usable things of a folder of COCO photos with `instances.json` (polygons only)."""
    content = json.loads((folder / "instances.json").read_text("utf-8"))
    labels = {c["id"]: COCO_LABELS.get(c["name"]) for c in content["categories"]}
    files = {i["id"]: folder / "images" / i["file_name"] for i in content["images"]}
    found = []
    for thing in content["annotations"]:
        label = labels[thing["category_id"]]
        small = min(thing["bbox"][2:]) < LEAST_PX
        if label not in LAID_OVER or thing["iscrowd"] or small or label is None:
            continue
        photo = cv2.imread(str(files[thing["image_id"]]), cv2.IMREAD_COLOR)
        if photo is not None:
            cut_out = _cut(label, np.asarray(photo, np.uint8), thing)
            found += [cut_out] if cut_out.share.mean() >= LEAST_FILLED else []
    return found


def _cut(label: Label, photo: Image, thing: dict[str, Any]) -> CutOut:
    mask = np.zeros(photo.shape[:2], np.uint8)
    outlines = [np.array(p, np.float32).reshape(-1, 2) for p in thing["segmentation"]]
    cv2.fillPoly(mask, [np.round(o).astype(np.int32) for o in outlines], (255,))
    ys, xs = np.nonzero(mask)
    part = np.s_[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    share = cv2.GaussianBlur(mask[part], (0, 0), 1.0).astype(np.float32) / np.float32(255)
    return CutOut(label, photo[part].copy(), np.asarray(share, np.float32))


def laid_over(
    image: Image,
    boxes: NDArray[np.float32],
    cutouts: Sequence[CutOut],
    chance: float,
    rng: np.random.Generator,
) -> Image:
    """The picture with some of the boxes' things (n, 5: label, xyxy) replaced by cut-outs."""
    for label, *corners in boxes:
        x1, y1, x2, y2 = (round(float(v)) for v in corners)
        wide, tall = x2 - x1, y2 - y1
        if Label(int(label)) not in LAID_OVER or min(wide, tall) < LEAST_BOX_PX:
            continue
        fitting = [
            c
            for c in cutouts
            if c.label == label and 1 / STRETCH < c.aspect / (wide / tall) < STRETCH
        ]
        if fitting and rng.random() < chance:
            image = _laid(image, (x1, y1, x2, y2), fitting[int(rng.integers(len(fitting)))])
    return image


def _laid(image: Image, box: tuple[int, int, int, int], cut_out: CutOut) -> Image:
    """The cut-out in the box, about as bright as what it covers."""
    height, width = image.shape[:2]
    x1, y1, x2, y2 = box
    size = (x2 - x1, y2 - y1)
    bgr = cv2.resize(cut_out.bgr, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    share = np.asarray(cv2.resize(cut_out.share, size, interpolation=cv2.INTER_AREA))
    left, top, right, bottom = max(x1, 0), max(y1, 0), min(x2, width), min(y2, height)
    inside = np.s_[top - y1 : bottom - y1, left - x1 : right - x1]
    bgr, share = bgr[inside], share[inside][..., None]
    covered = image[top:bottom, left:right].astype(np.float32)
    brighter = np.clip((covered.mean() + 20) / (bgr.mean() + 20), 0.5, 1.4)
    laid = image.copy()
    mixed = covered * (1 - share) + np.clip(bgr * brighter, 0, 255) * share
    laid[top:bottom, left:right] = mixed.astype(np.uint8)
    return laid
