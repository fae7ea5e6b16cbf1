"""Cigarettes painted out of photos: the same portrait, and nobody who smokes."""

from __future__ import annotations

import numpy as np

from models.train.erasing import without_cigarettes
from vision.records import Image, Label

BOXES = np.array(
    [
        [Label.PERSON, 20, 20, 120, 180],
        [Label.SMOKING, 20, 20, 120, 180],
        [Label.CIGARETTE, 60, 60, 80, 66],
    ],
    np.float32,
)


def photo() -> Image:
    image = np.full((200, 160, 3), 90, np.uint8)
    image[::4, ::4] = 110
    image[60:66, 60:80] = 255
    return image


def test_with_the_cigarette_goes_the_smoker() -> None:
    rng = np.random.default_rng(1)
    seen = [without_cigarettes(photo(), BOXES, rng) for _ in range(60)]
    gone = [image for image, boxes in seen if len(boxes) == 1]
    kept = [image for image, boxes in seen if len(boxes) == 3]
    assert len(gone) + len(kept) == 60
    assert len(gone) > 15
    assert len(kept) > 15
    assert all(image[60:66, 60:80].max() < 140 for image in gone)
    assert all((image[60:66, 60:80] == 255).all() for image in kept)
    assert all(np.array_equal(image[100:], photo()[100:]) for image in gone)


def test_of_those_that_keep_it_some_are_painted_over_elsewhere() -> None:
    rng = np.random.default_rng(2)
    seen = [without_cigarettes(photo(), BOXES, rng) for _ in range(60)]
    changed = [not np.array_equal(i, photo()) for i, boxes in seen if len(boxes) == 3]
    assert 0.2 < np.mean(changed) < 0.8


def test_a_photo_without_a_cigarette_stays() -> None:
    image, boxes = without_cigarettes(photo(), BOXES[:1], np.random.default_rng(3))
    assert np.array_equal(image, photo())
    assert np.array_equal(boxes, BOXES[:1])
