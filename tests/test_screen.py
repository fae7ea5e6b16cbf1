"""The live page's pictures: whoever is not surely known to be elsewhere is not shown sharp."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cli.screen import Screen
from tests.observations import stamp
from tests.test_blur import detail, inside, noise
from tests.test_hallfile import GOOD
from vision.hallfile import parse_hall
from vision.records import Blindness, Detections, Frame, Image, Label, Packet
from vision.seeing import Look

HALL = parse_hall(GOOD.encode())
CAMERA = HALL.camera("cam1")
STAFF = HALL.windows[0].staff
CLERK = (110.0, 110.0, 190.0, 190.0)
CITIZEN, PASSER_BY = (300.0, 60.0, 380.0, 300.0), (480.0, 60.0, 560.0, 300.0)
WIDTH, HEIGHT = 640, 360


def hall_picture(*people: tuple[float, float, float, float]) -> Image:
    """A hall rich in detail; people richer still, and each of them another."""
    picture = cv2.GaussianBlur(noise(WIDTH, HEIGHT), (3, 3), 0)
    for n, (x1, y1, x2, y2) in enumerate(people):
        place = picture[int(y1) : int(y2), int(x1) : int(x2)]
        place[:] = np.random.default_rng(n).integers(0, 120, place.shape, np.uint8)
    return np.asarray(picture, np.uint8)


def look(picture: Image, *boxes: tuple[float, float, float, float], **more: object) -> Look:
    seen = Detections(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.full(len(boxes), 0.9, np.float32),
        np.full(len(boxes), Label.PERSON, np.int8),
    )
    frame = Frame(Packet("cam1", 0, stamp(1.0)), picture)
    whole = Look("cam1", frame.stamp, frame, None, seen, (), asked=True)
    return replace(whole, **more)  # type: ignore[arg-type]


def shown(screen: Screen, seen: Look) -> Image:
    picture = screen.picture(seen)
    assert picture is not None
    return np.asarray(cv2.imdecode(np.frombuffer(picture.jpeg(), np.uint8), cv2.IMREAD_COLOR))


def hidden(now: Image, before: Image, box: tuple[float, float, float, float]) -> bool:
    return detail(inside(now, box)) < detail(inside(before, box)) / 4


@pytest.fixture
def screen() -> Screen:
    return Screen(CAMERA, [STAFF.corners])


def test_citizens_are_blurred_and_the_clerks_place_is_not(screen: Screen) -> None:
    picture = hall_picture(CLERK, CITIZEN)
    now = shown(screen, look(picture, CLERK, CITIZEN))
    assert hidden(now, picture, CITIZEN)
    assert not hidden(now, picture, (130, 130, 170, 170))
    assert not hidden(now, picture, (10, 10, 90, 90))


def test_who_is_found_where_a_mask_lies_or_lies_on_a_table_is_blurred_too(screen: Screen) -> None:
    picture = hall_picture(CLERK, CITIZEN, PASSER_BY)
    asleep = look(picture, PASSER_BY).detections
    asleep = replace(asleep, label=np.array([Label.HEAD_DOWN], np.int8))
    seen = look(picture, CLERK, masked=look(picture, CITIZEN).detections)
    seen = replace(seen, detections=Detections.joined(seen.detections, asleep))
    now = shown(screen, seen)
    assert hidden(now, picture, CITIZEN)
    assert hidden(now, picture, PASSER_BY)


def test_who_came_since_the_model_was_asked_is_blurred_too(screen: Screen) -> None:
    """Nothing stirred in a zone, so that the answer stands; but somebody walks by."""
    shown(screen, look(hall_picture(CLERK, CITIZEN), CLERK, CITIZEN))
    picture = hall_picture(CLERK, CITIZEN, PASSER_BY)
    now = shown(screen, look(picture, CLERK, CITIZEN, asked=False, again=True))
    assert hidden(now, picture, PASSER_BY)
    assert hidden(now, picture, CITIZEN)
    assert not hidden(now, picture, (10, 10, 90, 90))


@pytest.mark.parametrize(
    "more", [{}, {"blind": Blindness.MOVED}, {"blind": Blindness.FROZEN}], ids=str
)
def test_where_the_model_was_not_asked_all_but_the_staff_zones_is_blurred(
    screen: Screen, more: dict[str, object]
) -> None:
    """Nothing serves, or the eye cannot see: nobody knows where people are."""
    shown(screen, look(hall_picture(CLERK), CLERK))
    picture = hall_picture(CLERK, PASSER_BY)
    now = shown(screen, look(picture, asked=False, **more))
    assert hidden(now, picture, PASSER_BY)
    assert hidden(now, picture, (10, 10, 90, 90))
    assert not hidden(now, picture, (130, 130, 170, 170))


def test_a_small_stream_is_shown_in_the_size_of_the_main_one(screen: Screen) -> None:
    small = np.asarray(cv2.resize(hall_picture(CITIZEN), (320, 180)), np.uint8)
    assert shown(screen, look(small, CITIZEN)).shape == (HEIGHT, WIDTH, 3)


def test_without_a_picture_nothing_is_shown(screen: Screen) -> None:
    assert screen.picture(look(hall_picture(), frame=None)) is None
