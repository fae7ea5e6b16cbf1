"""Pictures on which a half-trained detector is wrong, to be shown more often."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from models.dataset import Labelled
from models.evaluate import in_pixels, ious, read_picture
from vision.records import Label
from vision.seeing import Detector

NEAR = 0.2
"""A box told that overlaps every true one by less than this (IoU) is a mistake."""


def mistaken(
    detector: Detector,
    pictures: Sequence[Labelled],
    labels: Collection[Label],
    at_score: float = 0.2,
) -> list[Labelled]:
    """Those pictures on which the detector tells one of the labels where there is none, or sees
    none where there is one. Labels that a picture masks are passed over."""
    wrong = []
    for picture in pictures:
        image = read_picture(picture)
        found = detector.detect([image])[0]
        truth = in_pixels(picture, image)
        for label in set(labels) - picture.masked:
            told = found.of(label, at_least=at_score).xyxy
            true = truth[truth[:, 0] == label, 1:]
            overlap = ious(told, true)
            invented = (overlap < NEAR).all(axis=1).any() if len(told) else False
            missed = (overlap < NEAR).all(axis=0).any() if len(true) else False
            if invented or missed:
                wrong.append(picture)
                break
    return wrong
