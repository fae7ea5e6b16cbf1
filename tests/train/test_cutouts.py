"""Cut-outs of photos laid over rendered things."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.train.cutouts import CutOut, laid_over, read_cutouts
from vision.records import Label


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """One photo with a red triangle of an apple, a small one, a crowd and a chair."""
    picture = np.full((120, 160, 3), 60, np.uint8)
    triangle = np.array([[20, 20], [100, 20], [20, 100]], np.int32)
    cv2.fillPoly(picture, [triangle], (0, 0, 220))
    (tmp_path / "images").mkdir()
    cv2.imwrite(str(tmp_path / "images" / "a.png"), picture)

    def thing(category: int, box: list[int], crowd: int = 0) -> dict[str, object]:
        outline = [float(v) for point in triangle for v in point]
        return {"image_id": 1, "category_id": category, "bbox": box, "iscrowd": crowd,
                "segmentation": [outline]}  # fmt: skip

    content = {
        "images": [{"id": 1, "file_name": "a.png"}],
        "categories": [{"id": 7, "name": "apple"}, {"id": 8, "name": "chair"}],
        "annotations": [
            thing(7, [20, 20, 80, 80]),
            thing(7, [20, 20, 80, 9]),
            thing(7, [20, 20, 80, 80], crowd=1),
            thing(8, [20, 20, 80, 80]),
        ],
    }
    (tmp_path / "instances.json").write_text(json.dumps(content))
    return tmp_path


def test_only_whole_things_of_a_use_are_cut_out(photos: Path) -> None:
    (found,) = read_cutouts(photos)
    assert found.label is Label.FOOD
    assert found.aspect == pytest.approx(1.0, abs=0.05)
    assert found.share[10, 10] == pytest.approx(1.0, abs=0.02)
    assert found.share[-5, -5] == 0.0


def test_a_cut_out_covers_its_box_and_nothing_else(photos: Path) -> None:
    cutouts = read_cutouts(photos)
    image = np.full((80, 80, 3), 100, np.uint8)
    boxes = np.array([[Label.FOOD, 20, 20, 50, 50], [Label.PHONE, 60, 60, 75, 75]], np.float32)
    rng = np.random.default_rng(0)
    laid = laid_over(image, boxes, cutouts, 1.0, rng)
    changed = np.abs(laid.astype(int) - 100).max(axis=2) > 8
    assert changed[25, 25]
    assert not changed[47, 47]  # beyond the triangle
    changed[20:50, 20:50] = False
    assert not changed.any()
    assert np.array_equal(laid_over(image, boxes, cutouts, 0.0, rng), image)


def test_a_cut_out_is_not_stretched_out_of_shape(photos: Path) -> None:
    image = np.full((80, 80, 3), 100, np.uint8)
    flat = np.array([[Label.FOOD, 10, 30, 70, 45]], np.float32)
    rng = np.random.default_rng(0)
    assert np.array_equal(laid_over(image, flat, read_cutouts(photos), 1.0, rng), image)


def test_a_box_over_the_edge_is_covered_up_to_it() -> None:
    red = np.zeros((40, 40, 3), np.uint8)
    red[..., 2] = 200
    cutout = CutOut(Label.DRINK, red, np.ones((40, 40), np.float32))
    image = np.full((50, 50, 3), 100, np.uint8)
    box = np.array([[Label.DRINK, -10, 30, 20, 60]], np.float32)
    laid = laid_over(image, box, [cutout], 1.0, np.random.default_rng(0))
    assert (laid[30:, :20, 2] > laid[30:, :20, 1]).all()
    assert (laid[:29] == 100).all()
