"""What the network is shown while it learns: whole pictures and close looks at seats.

The product feeds it whole pictures scaled to 384x640 and close-ups of seats scaled to a square, so
it learns on both, at the scales that people and things have there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.dataset import (
    CLOSE_SOURCES,
    MARKED,
    RENDERED,
    RENDERED_CLOSE,
    RENDERED_SEAT,
    Boxes,
    Labelled,
)
from models.train.cutouts import CutOut, laid_over
from models.train.erasing import without_cigarettes
from vision.records import DOING, Image, Label

WHOLE, SEAT = "whole", "seat"
WHOLE_HW = (384, 640)
"""Height and width of a whole picture as the network is shown it."""
SEAT_PX = 320
"""Side of a close-up as a network of both looks is shown it."""
BATCH_PX = 1.45e6
"""So many pixels make a batch: 6 whole pictures, 14 close-ups of 320 px or 8 of 416 px."""
PAD = 114

SHARES: Mapping[str, Mapping[str, float]] = {
    WHOLE: {RENDERED: 1.0, "coco": 0.25, "cocotrain": 0.5, "bav": 0.12, "ade": 0.1, "har": 0.05,
            "sam": 0.02},
    SEAT: {RENDERED_CLOSE: 2.0, RENDERED_SEAT: 0.3, RENDERED: 0.15, "cocotrain": 0.4, "coco": 0.2,
           "har": 0.5, "iewel": 0.2, "bav": 0.1, "sam": 0.05, "ade": 0.04, MARKED: 0.4},
}  # fmt: skip
"""How often a source is shown, relative to the others. `bav` is one room: it is
capped. `atul` is not shown: its phones lie, and a lying phone is background to us."""
NOT_SHOWN = frozenset({"atul"})
OTHER_SHARE: Mapping[str, float] = {WHOLE: 0.2, SEAT: 0.2}
"""Of a source that none of these is: a hall's own pictures."""
FOUR = frozenset({"har", "iewel", "sam"})
FOUR_CHANCE = 0.4
"""Portraits of which so many are shown four in one picture, each as small as a clerk seen from a
hall's camera; ultralytics calls it a mosaic."""
RARE: Mapping[Label, float] = {
    Label.PHONE: 3.0, Label.FOOD: 2.0, Label.HEAD_DOWN: 3.0, Label.PAUSE_SIGN: 3.0,
    Label.DRINK: 1.5, Label.READING: 1.5, Label.CIGARETTE: 1.5, Label.EATING: 2.0,
    Label.SMOKING: 2.0,
}  # fmt: skip
"""How much more often a picture with such a thing is drawn; of rendered close-ups none, since their
domain says how common a thing is beside what looks like it."""
OF_RENDERED = frozenset({RENDERED, RENDERED_CLOSE, RENDERED_SEAT})
OURS = OF_RENDERED | {MARKED}
"""Of these the starting weights are not asked: they would outvote what a hall's people judged."""
CUT_OUT_CHANCE = 0.4
"""How many rendered things are covered by a photo's, where one of their shape is at hand."""
LEAST_VISIBLE = 0.25
"""A thing of which less is left in a crop is not asked for."""
LEAST_PX = 3.0


@dataclass(frozen=True, slots=True)
class Shown:
    """One example: image (h, w, 3) uint8 BGR; boxes (n, 5) label and xyxy in its pixels;
    judged (len(Label),) bool: labels whose absence is certain; real: a photo of
    which the starting weights may be asked."""

    image: Image
    boxes: Boxes
    judged: NDArray[np.bool_]
    real: bool


class Teacher:
    """Draws examples. Everything it does follows from the pictures and the generator's seed."""

    def __init__(
        self,
        pictures: Sequence[Labelled],
        rng: np.random.Generator,
        cutouts: Sequence[CutOut] = (),
        seat_px: int = SEAT_PX,
    ) -> None:
        self.pictures = pictures
        self.rng = rng
        self.cutouts = cutouts
        self.canvas = {WHOLE: WHOLE_HW, SEAT: (seat_px, seat_px)}
        self._odds = {kind: _odds(pictures, kind) for kind in self.canvas}
        portraits = self._odds[SEAT] * [p.source in FOUR for p in pictures]
        self._portraits = portraits / max(portraits.sum(), 1e-9)

    def odds(self, kind: str) -> NDArray[np.float64]:
        """How likely each picture is drawn for a look of that kind, (n,): its sum 1, or all 0."""
        return self._odds[kind]

    def batch(self, kind: str) -> list[Shown]:
        """Examples of that kind of look; of the other where no picture is for it."""
        if not self.odds(kind).any():
            kind = WHOLE if kind == SEAT else SEAT
        count = round(BATCH_PX / np.prod(self.canvas[kind]))
        return [self.example(p, kind) for p in self._drawn(count, self.odds(kind))]

    def example(self, picture: Labelled, kind: str) -> Shown:
        """What is shown of a picture, with three others like it now and then."""
        if kind == WHOLE or picture.source not in FOUR or self.rng.random() >= FOUR_CHANCE:
            return self._shown(picture, kind, self.canvas[kind])
        together = [picture, *self._drawn(3, self._portraits)]
        tall, wide = (side // 2 for side in self.canvas[kind])
        return four_in_one([self._shown(one, kind, (tall, wide)) for one in together])

    def _drawn(self, count: int, odds: NDArray[np.float64]) -> list[Labelled]:
        return [self.pictures[int(i)] for i in self.rng.choice(len(odds), count, p=odds)]

    def _shown(self, picture: Labelled, kind: str, canvas: tuple[int, int]) -> Shown:
        image = cv2.imread(str(picture.image), cv2.IMREAD_COLOR)
        if image is None:
            raise ValueError(f"{picture.image} is not a picture that can be read")
        height, width = image.shape[:2]
        boxes = to_pixels(picture.boxes, width, height)
        if picture.source == "iewel":
            image, boxes = without_cigarettes(np.asarray(image, np.uint8), boxes, self.rng)
        crop = self._seat(boxes, width, height) if kind == SEAT else self._whole(width, height)
        if kind == SEAT and picture.source in CLOSE_SOURCES and not self._closer(picture):
            crop = self._portrait(width, height)
        shown, moved = cut(np.asarray(image), boxes, crop, canvas)
        if self.cutouts and picture.source in OF_RENDERED:
            shown = laid_over(shown, moved, self.cutouts, CUT_OUT_CHANCE, self.rng)
        if self.rng.random() < 0.5 and not (boxes[:, 0] == Label.PAUSE_SIGN).any():
            shown, moved = mirrored(shown, moved)
        judged = np.ones(len(Label), bool)
        judged[list(picture.masked)] = False
        return Shown(self._weathered(shown), moved, judged, picture.source not in OURS)

    def _whole(self, width: int, height: int) -> tuple[float, float, float, float]:
        """x, y, width, height of the cut: about the whole picture, a little shifted."""
        tall, wide = WHOLE_HW
        scale = max(width / wide, height / tall) / self.rng.uniform(0.75, 1.35)
        w, h = wide * scale, tall * scale
        return self._slack(width - w), self._slack(height - h), w, h

    def _slack(self, room: float) -> float:
        return float(self.rng.uniform(min(room, 0), max(room, 0)))

    def _closer(self, picture: Labelled) -> bool:
        """Whether a seat is looked at more closely still: at one person in it."""
        chance = {RENDERED_SEAT: 0.6, RENDERED_CLOSE: 0.35}.get(picture.source, 0.0)
        return bool(self.rng.random() < chance)

    def _portrait(self, width: int, height: int) -> tuple[float, float, float, float]:
        side = max(width, height) / float(self.rng.uniform(0.7, 1.3))
        return self._slack(width - side), self._slack(height - side), side, side

    def _seat(self, boxes: Boxes, width: int, height: int) -> tuple[float, float, float, float]:
        """A square cut around one person (or, where something rarer is seen, around that)."""
        people = boxes[np.isin(boxes[:, 0], (Label.PERSON, *DOING))]
        rare = boxes[boxes[:, 0] != Label.PERSON]
        if len(rare) and self.rng.random() < 0.6:
            focus = rare[self.rng.integers(len(rare)), 1:]
            people = people[_nearest_first(people, focus)][:1]
        elif len(people):
            focus = people[self.rng.integers(len(people)), 1:]
            people = focus[None].repeat(1, 0)
            people = np.concatenate([np.zeros((1, 1), np.float32), people], axis=1)
        else:
            side = float(self.rng.uniform(0.4, 0.9)) * min(width, height)
            return self._slack(width - side), self._slack(height - side), side, side
        reach = people[0, 1:] if len(people) else focus
        long = max(float((reach[2:] - reach[:2]).max()), 4 * float((focus[2:] - focus[:2]).max()))
        side = min(max(long * float(self.rng.uniform(0.9, 2.2)), 96.0), 1.2 * max(width, height))
        centre = (focus[:2] + focus[2:]) / 2 + self.rng.uniform(-0.3, 0.3, 2) * side
        left = float(np.clip(centre[0] - side / 2, min(0, width - side), max(0, width - side)))
        top = float(np.clip(centre[1] - side / 2, min(0, height - side), max(0, height - side)))
        return left, top, side, side

    def _weathered(self, image: Image) -> Image:
        """Light, colour, sharpness, noise and compression as cameras differ in them."""
        rng = self.rng
        if rng.random() < 0.8:
            hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV).astype(np.float32)
            hsv[..., 0] = (hsv[..., 0] + rng.uniform(-6, 6)) % 180
            hsv[..., 1] *= rng.uniform(0.5, 1.4) if rng.random() > 0.06 else 0.0
            hsv[..., 2] = 255 * (hsv[..., 2] / 255) ** rng.uniform(0.65, 1.5)
            hsv[..., 2] *= rng.uniform(0.75, 1.2)
            bright = np.clip(hsv, 0, 255).astype(np.uint8)
            image = np.asarray(cv2.cvtColor(bright, cv2.COLOR_HSV2BGR), np.uint8)
        if rng.random() < 0.25:
            blur = float(rng.uniform(0.4, 1.3))
            image = np.asarray(cv2.GaussianBlur(image, (0, 0), blur), np.uint8)
        if rng.random() < 0.25:
            noise = rng.normal(0, rng.uniform(2, 9), image.shape)
            image = np.clip(image + noise, 0, 255).astype(np.uint8)
        if rng.random() < 0.25:
            quality = int(rng.integers(35, 85))
            packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
            image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        return image


def four_in_one(parts: Sequence[Shown]) -> Shown:
    """Four examples of one size as the quarters of one, which judges what all of them do."""
    tall, wide = parts[0].image.shape[:2]
    rows = [np.hstack([p.image for p in parts[i : i + 2]]) for i in (0, 2)]
    boxes = [p.boxes + _offset(wide * (i % 2), tall * (i // 2)) for i, p in enumerate(parts)]
    return Shown(
        np.vstack(rows),
        np.concatenate(boxes),
        np.logical_and.reduce([p.judged for p in parts]),
        all(p.real for p in parts),
    )


def _offset(x: float, y: float) -> Boxes:
    return np.array([0, x, y, x, y], np.float32)


def to_pixels(boxes: Boxes, width: int, height: int) -> Boxes:
    """YOLO's label, centre and size in shares as label and xyxy in pixels, (n, 5)."""
    size = np.array([width, height], np.float32)
    centre, half = boxes[:, 1:3] * size, boxes[:, 3:5] * size / 2
    return np.concatenate([boxes[:, :1], centre - half, centre + half], axis=1)


def cut(
    image: Image,
    boxes: Boxes,
    crop: tuple[float, float, float, float],
    canvas: tuple[int, int],
) -> tuple[Image, Boxes]:
    """The part `crop` (x, y, w, h; may reach beyond the picture) scaled to `canvas` (h, w), and
    the boxes of what is left visible in it."""
    x, y, w, h = crop
    scale = canvas[1] / w
    matrix = np.array([[scale, 0, -x * scale], [0, canvas[0] / h, -y * canvas[0] / h]], np.float64)
    if scale < 0.6:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.35 / scale), np.uint8)
    shown = cv2.warpAffine(
        image, matrix, (canvas[1], canvas[0]), flags=cv2.INTER_LINEAR, borderValue=(PAD, PAD, PAD)
    )
    moved = boxes.copy()
    moved[:, [1, 3]] = (boxes[:, [1, 3]] - x) * scale
    moved[:, [2, 4]] = (boxes[:, [2, 4]] - y) * (canvas[0] / h)
    before = np.prod(moved[:, 3:] - moved[:, 1:3], axis=1)
    limit = np.array([canvas[1], canvas[0]] * 2, np.float32)
    moved[:, 1:] = np.clip(moved[:, 1:], 0, limit)
    sides = moved[:, 3:] - moved[:, 1:3]
    left = np.prod(sides, axis=1) / np.maximum(before, 1e-6)
    kept: Boxes = moved[(left >= LEAST_VISIBLE) & (sides.min(axis=1, initial=1e9) >= LEAST_PX)]
    return np.asarray(shown, np.uint8), kept


def mirrored(image: Image, boxes: Boxes) -> tuple[Image, Boxes]:
    flipped = boxes.copy()
    flipped[:, 1] = image.shape[1] - boxes[:, 3]
    flipped[:, 3] = image.shape[1] - boxes[:, 1]
    return np.ascontiguousarray(image[:, ::-1]), flipped


def _odds(pictures: Sequence[Labelled], kind: str) -> NDArray[np.float64]:
    """How likely each picture is drawn for a look of that kind; sums to 1, or is 0 for all."""
    counts: dict[str, int] = {}
    for picture in pictures:
        counts[picture.source] = counts.get(picture.source, 0) + 1
    odds = np.zeros(len(pictures))
    for i, picture in enumerate(pictures):
        share = _share(picture.source, kind)
        labels = {Label(int(label)) for label in np.unique(picture.boxes[:, 0])}
        weight = max([RARE.get(label, 1.0) for label in labels], default=1.0)
        by_domain = kind == WHOLE or picture.source == RENDERED_CLOSE
        odds[i] = share / counts[picture.source] * (1.0 if by_domain else weight)
    shares: NDArray[np.float64] = odds / odds.sum() if odds.any() else odds
    return shares


def _share(source: str, kind: str) -> float:
    """How often a source is shown in looks of that kind."""
    known = NOT_SHOWN.union(*SHARES.values())
    return SHARES[kind].get(source, 0.0) if source in known else OTHER_SHARE[kind]


def _nearest_first(boxes: Boxes, focus: NDArray[np.float32]) -> NDArray[np.intp]:
    centre = (focus[:2] + focus[2:]) / 2
    gap = np.abs((boxes[:, 1:3] + boxes[:, 3:5]) / 2 - centre).sum(axis=1)
    order: NDArray[np.intp] = np.argsort(gap, kind="stable")
    return order
