"""Still pictures for people: the moment of an alert with the zone and what was found drawn in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np

from vision.records import Detections, Image, Label

COLOURS: dict[Label, tuple[int, int, int]] = {
    Label.PERSON: (255, 170, 60),
    Label.PHONE: (60, 60, 255),
    Label.FOOD: (40, 140, 255),
    Label.DRINK: (200, 200, 80),
    Label.CIGARETTE: (60, 60, 255),
    Label.READING: (200, 80, 200),
    Label.HEAD_DOWN: (80, 80, 220),
    Label.PAUSE_SIGN: (80, 200, 80),
    Label.EATING: (40, 140, 255),
    Label.SMOKING: (60, 60, 255),
}
"""BGR."""
ZONE_COLOUR = (0, 215, 255)


class StillError(OSError):
    """A still could not be written; the message says where and why."""


def drawn(
    bgr: Image,
    detections: Detections,
    zones: Iterable[Sequence[tuple[float, float]]] = (),
    at_least: float = 0.3,
) -> Image:
    """A copy of the picture with zones outlined and detections of at least this score boxed."""
    picture = bgr.copy()
    for corners in zones:
        points = np.round(np.array(corners)).astype(np.int32)
        cv2.polylines(picture, [points], True, ZONE_COLOUR, 1, cv2.LINE_AA)
    for box, score, label in zip(detections.xyxy, detections.score, detections.label, strict=True):
        if score < at_least:
            continue
        x1, y1, x2, y2 = (round(float(v)) for v in box)
        colour = COLOURS[Label(label)]
        cv2.rectangle(picture, (x1, y1), (x2, y2), colour, 1, cv2.LINE_AA)
        text = f"{Label(label).name.lower().replace('_', ' ')} {score:.2f}"
        _caption(picture, text, x1, y1, colour)
    return picture


def _caption(picture: Image, text: str, x: int, y: int, colour: tuple[int, int, int]) -> None:
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.38, 1)
    top = max(y - height - 4, 0)
    cv2.rectangle(picture, (x, top), (x + width + 4, top + height + 4), colour, -1)
    cv2.putText(
        picture, text, (x + 2, top + height + 1), cv2.FONT_HERSHEY_SIMPLEX, 0.38,
        (20, 20, 20), 1, cv2.LINE_AA,
    )  # fmt: skip


def write_still(path: Path, picture: Image, quality: int = 88) -> str:
    """Write a JPEG whole or not at all, and return its SHA-256. Raises StillError (full disk,
    read-only folder)."""
    good, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    partial = path.with_suffix(".part")
    try:
        if not good:
            raise OSError("the picture could not be coded as JPEG")
        path.parent.mkdir(parents=True, exist_ok=True)
        content = coded.tobytes()
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise StillError(f"the still {path} could not be written: {error}") from error
    return hashlib.sha256(content).hexdigest()
