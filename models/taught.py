"""A hall's own pause signs, each learnt from one picture, told by their look.

For signs whose letters are too small to read. A sign is searched for in its window's sign zone by
normalised cross-correlation in grey, so that neither brighter lamps nor a hand's breadth aside
hide it. How well that works, and how often another board of the same make is taken for it, stands
in docs/sign-reading.md: where one can stand in its place, it must be legible, or of another colour
or shape.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import cv2
import numpy as np

from vision.records import Image

ALIKE = 0.91
SCALES, TURNS_DEG = (0.93, 1.0, 1.07), (-5.0, -2.5, 0.0, 2.5, 5.0)
"""The camera does not move, but a sign is not always put up on the same spot alike."""
SMALLEST_PX = 8
FOLDER = "signs"


class TeachError(ValueError):
    """A picture cannot teach a sign. The text says what to do."""


class TaughtSigns:
    """The signs of a hall, by window: PNG files in `signs/` beside the hall file."""

    def __init__(self, signs: dict[str, Image]) -> None:
        self.signs = {window: _grey(sign) for window, sign in signs.items()}

    @classmethod
    def beside(cls, hall_file: Path | None) -> TaughtSigns:
        """Those of the hall whose file this is; none, where it has taught none."""
        folder = hall_file.parent / FOLDER if hall_file else None
        found = sorted(folder.glob("*.png")) if folder and folder.is_dir() else []
        return cls({path.stem: _picture(path) for path in found})

    def shown(self, window: str, picture: Image) -> Image | None:
        """The part of a picture of the window's sign zone, (h, w, 3) uint8 BGR, that looks like its
        sign, or None."""
        sign = self.signs.get(window)
        if sign is None:
            return None
        zone = _grey(picture)
        best, place = 0.0, None
        for scale, turn_deg in product(SCALES, TURNS_DEG):
            shown = _turned(sign, scale, turn_deg)
            tall, wide = shown.shape[:2]
            if wide > zone.shape[1] or tall > zone.shape[0]:
                continue
            likeness = cv2.matchTemplate(zone, shown, cv2.TM_CCOEFF_NORMED)
            _, most, _, (x, y) = cv2.minMaxLoc(likeness)
            if most > best:
                best, place = most, (x, y, wide, tall)
        if place is None or best < ALIKE:
            return None
        x, y, wide, tall = place
        return picture[y : y + tall, x : x + wide]


def teach(hall_file: Path, window: str, picture: Image, box: tuple[int, int, int, int]) -> Path:
    """Keep the sign under the box (x1, y1, x2, y2) of a camera's picture as the window's own;
    returns the file. Raises TeachError when the box is too small or outside the picture."""
    height, width = picture.shape[:2]
    x1, y1, x2, y2 = box
    if not (0 <= x1 < x2 <= width and 0 <= y1 < y2 <= height):
        raise TeachError(f"the box {box} does not lie inside the {width}x{height} picture")
    if min(x2 - x1, y2 - y1) < SMALLEST_PX:
        raise TeachError(f"the sign is smaller than {SMALLEST_PX} px: nearer or sharper is needed")
    sign = picture[y1:y2, x1:x2]
    if float(np.ptp(_grey(sign))) < 30:
        raise TeachError("the box shows one even tone: draw it around the sign with its letters")
    path = hall_file.parent / FOLDER / f"{window}.png"
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), sign)
    return path


def _turned(sign: Image, scale: float, turn_deg: float) -> Image:
    """The sign scaled and turned in its own plane, its edges carried on into the corners."""
    height, width = sign.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, scale)
    wide, tall = round(width * scale), round(height * scale)
    turn[:, 2] += ((wide - width) / 2, (tall - height) / 2)
    turned = cv2.warpAffine(sign, turn, (wide, tall), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


def _grey(picture: Image) -> Image:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def _picture(path: Path) -> Image:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise TeachError(f"{path} is not a picture: delete it and teach the sign again")
    return np.asarray(picture, np.uint8)
