"""Pictures of a camera's second stream, in the pixels of its main one."""

from __future__ import annotations

import numpy as np
import pytest

from vision.records import Detections
from vision.view import View


def numbered(height: int, width: int) -> View:
    """A view of a 1920x1080 camera whose pixels say in which column and row they lie."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0], picture[..., 1] = np.meshgrid(range(width), range(height))
    return View.of(picture, 1920, 1080)


@pytest.mark.parametrize(
    ("size", "box", "corner", "shape"),
    [
        ((108, 192), (100, 200, 300, 400), (10, 20), (20, 20)),
        ((108, 192), (105, 205, 301, 401), (10, 20), (21, 21)),  # whole pixels, none cut off
        ((108, 192), (-50, -50, 100, 100), (0, 0), (10, 10)),
        ((108, 192), (1900, 1060, 2100, 1200), (190, 106), (2, 2)),
        ((108, 192), (100, 200, 100, 200), (10, 20), (1, 1)),  # never nothing
        ((144, 176), (960, 540, 1920, 1080), (88, 72), (72, 88)),  # another shape: pulled
    ],
)
def test_a_part_of_the_small_picture(
    size: tuple[int, int],
    box: tuple[float, float, float, float],
    corner: tuple[int, int],
    shape: tuple[int, int],
) -> None:
    part = numbered(*size).cut(box)
    assert part.shape[:2] == shape
    assert tuple(part[0, 0, :2]) == corner


def test_a_margin_goes_by_the_boxs_sides() -> None:
    part = numbered(108, 192).cut((500, 500, 700, 600), margin=0.5)
    assert (tuple(part[0, 0, :2]), part.shape[:2]) == ((40, 45), (20, 40))


def test_what_is_found_in_a_part_is_told_in_main_stream_pixels() -> None:
    found = Detections(
        np.array([[1, 2, 3, 4]], np.float32), np.ones(1, np.float32), np.zeros(1, np.int8)
    )
    view = View.of(np.zeros((540, 480, 3), np.uint8), 1920, 1080)
    assert view.told(found, 100, 50).xyxy.tolist() == [[104, 54, 112, 58]]
