"""Cigarettes painted out of photos, so that what tells a smoker is the cigarette.

Every photo of `iewel` shows a smoker: a network that is shown only those learns the kind of photo.
The same portrait without its cigarette shows nobody who smokes; a counterfactual in the sense of
Kaushik, Hovy and Lipton, *Learning the Difference that Makes a Difference* (ICLR 2020).
"""

from __future__ import annotations

import cv2
import numpy as np

from models.dataset import Boxes
from vision.records import Image, Label

ERASED, SMEARED = 0.45, 0.5
"""Of photos with cigarettes, how many lose them; of the others, in how many something as large is
painted over elsewhere on a person, lest the painting itself tell."""
MARGIN = 0.15
"""A box is painted over with so much of its size around it."""
RADIUS_PX = 3
CONTEXT_PX = 24


def without_cigarettes(image: Image, boxes: Boxes, rng: np.random.Generator) -> tuple[Image, Boxes]:
    """The photo and its boxes (n, 5: label, xyxy in pixels), now and then without its cigarettes
    and so without smokers."""
    lit = boxes[:, 0] == Label.CIGARETTE
    if not lit.any():
        return image, boxes
    if rng.random() < ERASED:
        for box in boxes[lit, 1:]:
            image = painted_over(image, box)
        return image, boxes[~lit & (boxes[:, 0] != Label.SMOKING)]
    people = boxes[boxes[:, 0] == Label.PERSON, 1:]
    if len(people) and rng.random() < SMEARED:
        elsewhere = _elsewhere(boxes[lit, 1:], people[rng.integers(len(people))], rng)
        image = image if elsewhere is None else painted_over(image, elsewhere)
    return image, boxes


def _elsewhere(lit: Boxes, person: Boxes, rng: np.random.Generator) -> Boxes | None:
    """A box as large as a cigarette's on the upper half of a person that touches no cigarette."""
    size = lit[rng.integers(len(lit))]
    wide, tall = size[2] - size[0], size[3] - size[1]
    for _ in range(8):
        x = rng.uniform(person[0], max(person[2] - wide, person[0] + 1))
        y = rng.uniform(person[1], max((person[1] + person[3]) / 2 - tall, person[1] + 1))
        box = np.array([x, y, x + wide, y + tall], np.float32)
        apart = (lit[:, :2] > box[2:] + tall) | (lit[:, 2:] < box[:2] - tall)
        if apart.any(axis=1).all():
            return box
    return None


def painted_over(image: Image, box: Boxes) -> Image:
    """What surrounds the box drawn into it, after Telea (2004)."""
    more = MARGIN * (box[2:] - box[:2]) + 2
    height, width = image.shape[:2]
    limit = np.array([width, height, width, height])
    x1, y1, x2, y2 = np.clip([*(box[:2] - more), *(box[2:] + more)], 0, limit).astype(int)
    left, top = max(x1 - CONTEXT_PX, 0), max(y1 - CONTEXT_PX, 0)
    part = np.s_[top : y2 + CONTEXT_PX, left : x2 + CONTEXT_PX]
    mask = np.zeros(image[part].shape[:2], np.uint8)
    mask[y1 - top : y2 - top, x1 - left : x2 - left] = 255
    painted = image.copy()
    painted[part] = cv2.inpaint(image[part].copy(), mask, RADIUS_PX, cv2.INPAINT_TELEA)
    return painted
