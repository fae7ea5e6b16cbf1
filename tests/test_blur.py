"""Citizens cannot be recognised, the clerk's place stays as it was."""

from __future__ import annotations

import numpy as np
import pytest

from vision.blur import Veil, blurred
from vision.records import Image

WIDTH, HEIGHT = 320, 240
ZONE = ((40.0, 40.0), (140.0, 40.0), (140.0, 160.0), (40.0, 160.0))
CLERK = (60.0, 50.0, 120.0, 150.0)
CITIZEN = (200.0, 60.0, 260.0, 200.0)


def noise(width: int = WIDTH, height: int = HEIGHT) -> Image:
    """As rich in detail as a picture can be."""
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


def inside(picture: Image, box: tuple[float, float, float, float]) -> Image:
    x1, y1, x2, y2 = (int(v) for v in box)
    return picture[y1:y2, x1:x2]


def detail(picture: Image) -> float:
    """How much neighbouring pixels differ."""
    return float(np.abs(np.diff(picture.astype(np.float64), axis=1)).mean())


def test_without_boxes_everything_but_the_zone_is_blurred() -> None:
    picture = noise()
    before = picture.copy()
    shown = blurred(picture, [ZONE])
    assert np.array_equal(picture, before)
    assert np.array_equal(inside(shown, CLERK), inside(picture, CLERK))
    for box in (CITIZEN, (0, 0, 39, HEIGHT), (0, 170, WIDTH, HEIGHT)):
        assert detail(inside(shown, box)) < detail(inside(picture, box)) / 10


def test_with_boxes_only_people_outside_the_zone_are_blurred() -> None:
    picture = noise()
    shown = blurred(picture, [ZONE], [CLERK, CITIZEN])
    assert detail(inside(shown, CITIZEN)) < detail(inside(picture, CITIZEN)) / 10
    assert np.array_equal(shown[:, :150], picture[:, :150])
    assert np.array_equal(shown[:, 280:], picture[:, 280:])


def test_a_citizen_who_leans_in_hides_nothing_of_the_clerks_place() -> None:
    picture = noise()
    shown = blurred(picture, [ZONE], [(120.0, 60.0, 260.0, 200.0)])
    assert np.array_equal(inside(shown, (41, 41, 139, 159)), inside(picture, (41, 41, 139, 159)))
    assert detail(inside(shown, CITIZEN)) < detail(inside(picture, CITIZEN)) / 10


@pytest.mark.parametrize("keep", [[], [ZONE]])
@pytest.mark.parametrize(
    "boxes",
    [
        [(-50.0, -50.0, 10.0, 10.0)],
        [(300.0, 200.0, 900.0, 900.0)],
        [(-1e6, -1e6, 1e6, 1e6)],
        [(-90.0, -90.0, -50.0, -50.0)],
        [(500.0, 500.0, 600.0, 600.0)],
    ],
)
def test_boxes_beyond_the_edge(
    keep: list[object], boxes: list[tuple[float, float, float, float]]
) -> None:
    shown = blurred(noise(), keep, boxes)  # type: ignore[arg-type]
    assert shown.shape == (HEIGHT, WIDTH, 3)


def test_zones_are_scaled_to_the_picture() -> None:
    picture = noise(WIDTH // 2, HEIGHT // 2)
    shown = Veil([ZONE], (WIDTH, HEIGHT)).all_but_zones(picture)
    assert np.array_equal(shown[22:78, 22:68], picture[22:78, 22:68])
    assert detail(shown[:, 90:]) < detail(picture[:, 90:]) / 10


def test_boxes_are_scaled_to_the_picture() -> None:
    picture = noise(WIDTH // 2, HEIGHT // 2)
    shown = Veil([ZONE], (WIDTH, HEIGHT)).people(picture, [CITIZEN])
    assert detail(shown[30:100, 100:130]) < detail(picture[30:100, 100:130]) / 10
    assert np.array_equal(shown[:, :75], picture[:, :75])


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 200), (640, 8), (1920, 1080)])
def test_pictures_of_any_size(width: int, height: int) -> None:
    assert blurred(noise(width, height), []).shape == (height, width, 3)


def test_a_face_is_left_with_a_handful_of_blocks() -> None:
    """Of a head that is a twelfth of the picture high, at most 3 x 3 colours remain."""
    height, head = 1080, 90
    picture = np.zeros((height, height, 3), np.uint8)
    face = noise(head, head)
    picture[500 : 500 + head, 500 : 500 + head] = face
    other = picture.copy()
    other[500 : 500 + head, 500 : 500 + head] = face[::-1]
    shown, shown_other = blurred(picture, []), blurred(other, [])
    assert np.abs(shown.astype(int) - shown_other).max() < 24
