"""Pictures that a hall's people have judged, as a source of pictures for `models dataset`.

Of each alert some close-ups of the clerk are kept, cut as the detector saw them. Marked false: the
conduct's label is complete in them and has no box (but see `LIES_ABOUT`), so that training takes
what was mistaken for it as background. Confirmed: what the detector told of the label is its box.
All other labels are masked: nobody has looked at them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.dataset import MARKED, WORDS
from vision.records import Detections, Image, Label

LABELS = {
    "phone_use": (Label.PHONE,),
    "eating": (Label.FOOD, Label.EATING),
    "smoking": (Label.CIGARETTE, Label.SMOKING),
    "napping": (Label.HEAD_DOWN,),
    "idle_reading": (Label.READING,),
}
"""The labels that each conduct rule rests on."""
LIES_ABOUT = frozenset({Label.FOOD})
"""Of a meal that was none, food may lie on the desk all the same: that is food."""
QUALITY = 92


@dataclass(frozen=True, slots=True)
class Judged:
    """One close-up. alert: its uid; told: what the detector sees in it, at least at the limit that
    was in force; happened: the people's word."""

    alert: str
    picture: Image
    told: Detections
    labels: tuple[Label, ...]
    happened: bool


def write_marked(folder: Path, pictures: Sequence[Judged]) -> int:
    """Lay the close-ups out as a source folder (images/, labels/, sources.csv); returns how many
    were of use: a confirmed one in which the detector now sees nothing has no box to teach."""
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    rows = []
    for number, judged in enumerate(pictures):
        told = judged.told.of(*judged.labels) if judged.happened else Detections.none()
        if judged.happened and not len(told):
            continue
        name = f"{MARKED}_{judged.alert}_{number}"
        cv2.imwrite(
            str(folder / "images" / f"{name}.jpg"), judged.picture,
            [cv2.IMWRITE_JPEG_QUALITY, QUALITY],
        )  # fmt: skip
        text = "".join(
            _line(Label(label), box, judged.picture)
            for label, box in zip(told.label, told.xyxy, strict=True)
        )
        (folder / "labels" / f"{name}.txt").write_text(text, "utf-8")
        rows.append([f"{name}.jpg", judged.alert, _masked(judged)])
    with (folder / "sources.csv").open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([["file", "path", "partial_classes"], *rows])
    return len(rows)


def _line(label: Label, box: NDArray[np.float32], picture: Image) -> str:
    height, width = picture.shape[:2]
    x1, y1, x2, y2 = (float(v) for v in box)
    shares = ((x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)
    return f"{int(label)} " + " ".join(f"{v:.6f}" for v in shares) + "\n"


def _masked(judged: Judged) -> str:
    """The labels that may be in the picture without a box."""
    told = set() if judged.happened else set(judged.labels) - LIES_ABOUT
    return " ".join(label.name.lower() for label in sorted(set(WORDS.values()) - told))
