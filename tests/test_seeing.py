"""What detections mean at a window: tables of boxes in, observations out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.sign import Line, SignReader
from tests.observations import stamp
from tests.test_hallfile import GOOD
from vision.hallfile import parse_hall
from vision.records import (
    Blindness,
    CameraSeen,
    Detections,
    Frame,
    Gap,
    Image,
    Label,
    Packet,
    QueueSeen,
    Said,
    WindowSeen,
)
from vision.seeing import Seer, close_up, merged
from vision.signs import SignWatch
from vision.view import View

HALL = parse_hall(GOOD.encode())
Box = tuple[Label, float, tuple[float, float, float, float]]
CLERK: Box = (Label.PERSON, 0.9, (110, 90, 190, 200))
CITIZEN: Box = (Label.PERSON, 0.8, (110, 110, 190, 280))
BENT = (110.0, 160.0, 190.0, 245.0)
"""Its middle lies below the staff zone, 0.47 of it inside."""


def detections(*boxes: Box) -> Detections:
    return Detections(
        np.array([b[2] for b in boxes], np.float32).reshape(-1, 4),
        np.array([b[1] for b in boxes], np.float32),
        np.array([b[0] for b in boxes], np.int8),
    )


class FakeDetector:
    """Says what it is told of the whole picture and of every close-up."""

    sha256 = "f" * 64

    def __init__(self, whole: Detections, close: Detections | None = None) -> None:
        self.whole, self.close = whole, close or Detections.none()

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        return [self.whole if image.shape[:2] == (360, 640) else self.close for image in images]


class FakeReader:
    def __init__(self, said: Said) -> None:
        self.said, self.asked = said, 0

    def says(self, crop: Image) -> Said:
        self.asked += 1
        return self.said


def picture() -> Frame:
    return Frame(Packet("cam1", 0, stamp(1.0)), np.zeros((360, 640, 3), np.uint8))


def window_seen(
    *boxes: Box, reader: FakeReader | None = None, close: Detections | None = None
) -> WindowSeen:
    seer = Seer(
        HALL, "cam1", FakeDetector(detections(*boxes), close), reader=reader, eye=lambda _: None
    )
    (seen,) = [o for o in seer.look(picture()).observations if isinstance(o, WindowSeen)]
    return seen


@pytest.mark.parametrize(
    ("boxes", "staff", "citizens"),
    [
        ((), False, 0),
        ((CLERK,), True, 0),
        (((Label.PERSON, 0.3, CLERK[2]),), None, 0),  # neither sure nor surely not
        (((Label.PERSON, 0.1, CLERK[2]),), False, 0),
        (((Label.HEAD_DOWN, 0.8, CLERK[2]),), True, 0),  # asleep is there
        (((Label.HEAD_DOWN, 0.8, BENT),), True, 0),  # so is who lies on the desk
        (((Label.PERSON, 0.8, BENT),), False, 1),  # upright, they stand before it
        ((CITIZEN,), None, 1),  # hides the seat: cannot tell
        (((Label.PERSON, 0.8, (150, 180, 180, 280)),), False, 1),  # stands aside
        ((CLERK, (Label.PERSON, 0.8, (150, 180, 180, 280))), True, 1),
        (((Label.PERSON, 0.9, (400, 90, 450, 200)),), False, 0),  # elsewhere
        (((Label.READING, 0.5, (120, 110, 170, 150)),), None, 0),  # held up: who hides behind it?
        (((Label.READING, 0.2, (120, 110, 170, 150)),), False, 0),  # perhaps none
        (((Label.READING, 0.8, (120, 150, 170, 156)),), False, 0),  # lies there
        (((Label.READING, 0.8, (400, 110, 450, 150)),), False, 0),  # elsewhere
    ],
)
def test_who_is_at_the_window(boxes: tuple[Box, ...], staff: bool | None, citizens: int) -> None:
    seen = window_seen(*boxes)
    assert (seen.staff, seen.citizens) == (staff, citizens)


PHONE_IN_HAND: Box = (Label.PHONE, 0.7, (140, 140, 150, 155))


@pytest.mark.parametrize(
    ("boxes", "score"),
    [
        ((CLERK, PHONE_IN_HAND), 0.7),
        ((PHONE_IN_HAND,), 0.0),  # nobody holds it
        ((CLERK, (Label.PHONE, 0.7, (140, 190, 160, 204))), 0.0),  # lies on the desk
        ((CLERK, (Label.PHONE, 0.7, (300, 140, 310, 155))), 0.0),
        # a citizen's phone across the counter
        (
            (
                CLERK,
                (Label.PERSON, 0.8, (150, 180, 200, 290)),
                (Label.PHONE, 0.7, (186, 200, 196, 215)),
            ),
            0.0,
        ),
    ],
)
def test_whose_phone(boxes: tuple[Box, ...], score: float) -> None:
    assert window_seen(*boxes).phone == pytest.approx(score)


def test_food_counts_at_the_mouth_and_not_on_the_desk() -> None:
    assert window_seen(CLERK, (Label.FOOD, 0.8, (140, 110, 155, 125))).eating == pytest.approx(0.8)
    assert window_seen(CLERK, (Label.FOOD, 0.8, (140, 180, 155, 195))).eating == 0.0
    assert window_seen(CLERK, (Label.DRINK, 0.9, (140, 110, 155, 125))).eating == 0.0


def test_where_the_clerk_is_hidden_nothing_is_said_of_hands_either() -> None:
    seen = window_seen(CITIZEN)
    assert (seen.staff, seen.phone, seen.eating, seen.sign) == (None, None, None, None)


SIGN: Box = (Label.PAUSE_SIGN, 0.7, (140, 205, 160, 215))


@pytest.mark.parametrize(
    ("boxes", "says", "sign"),
    [
        ((SIGN,), Said.PAUSE, True),
        ((SIGN,), Said.OTHER, False),  # legible and something else: the class score does not count
        ((SIGN,), Said.NOTHING, True),
        (((Label.PAUSE_SIGN, 0.5, SIGN[2]),), Said.NOTHING, None),  # perhaps one: cannot tell
        (((Label.PAUSE_SIGN, 0.4, SIGN[2]),), Said.NOTHING, False),
        (((Label.PAUSE_SIGN, 0.2, SIGN[2]),), Said.NOTHING, False),
        (((Label.PAUSE_SIGN, 0.5, SIGN[2]),), Said.OTHER, False),
        (((Label.PAUSE_SIGN, 0.2, SIGN[2]),), Said.PAUSE, True),
        ((SIGN,), Said.MOOT, None),  # legible, and leaves it open: no score decides that
        ((), Said.NOTHING, False),
    ],
)
def test_the_sign_is_read_not_only_seen(
    boxes: tuple[Box, ...], says: Said, sign: bool | None
) -> None:
    assert window_seen(*boxes, reader=FakeReader(says)).sign is sign


def test_a_sign_is_not_read_while_the_clerk_is_there() -> None:
    reader = FakeReader(Said.PAUSE)
    assert window_seen(CLERK, SIGN, reader=reader).sign is False
    assert reader.asked == 0


def test_a_sign_that_stands_is_read_once_though_its_box_trembles() -> None:
    """As the detector's boxes do by a pixel or two; a sign elsewhere, or another one, is read."""
    read_so_far: list[tuple[int, ...]] = []

    def read(crop: Image) -> list[Line]:
        read_so_far.append(crop.shape)
        return [Line("暂停服务", 0.99, 12.0)]

    rng = np.random.default_rng(1)
    bgr = rng.integers(0, 255, (360, 640, 3), np.uint8)
    watch = SignWatch(HALL.seeing, SignReader(read))
    window, none = HALL.windows[0], np.zeros((0, 4), np.float32)

    def look(at_s: float, by: float, picture: Image = bgr) -> bool | None:
        sign = (Label.PAUSE_SIGN, 0.7, (140 + by, 205 - by, 160 + by, 215))
        view = View.of(picture, 640, 360)
        return watch.up(window, stamp(at_s), view, detections(sign), none)

    assert [look(n, by) for n, by in enumerate((0.0, 1.0, -1.0, 1.5, 0.5))] == [True] * 5
    assert len(read_so_far) == 1
    look(6.0, 4.0)
    assert len(read_so_far) == 2
    look(7.0, 0.0, np.asarray(bgr // 4, np.uint8))
    assert len(read_so_far) == 3


def test_a_small_thing_seen_only_close_up_counts() -> None:
    x, y, *_ = close_up(HALL.windows[0], detections(CLERK), 640, 360)
    close = detections((Label.PHONE, 0.66, (140 - x, 140 - y, 150 - x, 155 - y)))
    assert window_seen(CLERK, close=close).phone == pytest.approx(0.66)


def test_the_queue_counts_feet_in_the_zone_once_each() -> None:
    people = detections(
        (Label.PERSON, 0.9, (310, 50, 340, 150)),
        (Label.PERSON, 0.9, (400, 50, 430, 150)),
        (Label.PERSON, 0.2, (500, 50, 530, 150)),  # too unsure
        (Label.PERSON, 0.9, (500, 20, 530, 90)),  # feet outside
    )
    seer = Seer(HALL, "cam1", FakeDetector(people), reader=None, eye=lambda _: None)
    (seen,) = [o for o in seer.look(picture()).observations if isinstance(o, QueueSeen)]
    assert seen.count == 2


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (Gap("cam1", stamp(1.0), Blindness.OFFLINE), Blindness.OFFLINE),
        (picture(), Blindness.COVERED),
    ],
)
def test_blind_means_blind_for_the_camera_its_windows_and_its_queues(
    item: Frame | Gap, why: Blindness
) -> None:
    seer = Seer(HALL, "cam1", FakeDetector(detections(CLERK)), reader=None, eye=lambda _: why)
    look = seer.look(item)
    assert [type(o) for o in look.observations] == [CameraSeen, WindowSeen, QueueSeen]
    assert {o.blind for o in look.observations} == {why}


def test_a_picture_of_another_size_means_the_zones_do_not_fit() -> None:
    other = Frame(Packet("cam1", 0, stamp(1.0)), np.zeros((720, 1280, 3), np.uint8))
    seer = Seer(HALL, "cam1", FakeDetector(detections(CLERK)), reader=None, eye=lambda _: None)
    assert seer.look(other).blind is Blindness.MOVED


@pytest.mark.parametrize(
    ("boxes", "crop"),
    [
        ((), (87, 87, 212, 212)),  # the empty seat: 1.25 times the 100 px zone
        ((CLERK,), (73, 68, 227, 222)),  # the clerk: 1.4 times 110 px
        ((CITIZEN, CLERK), (73, 68, 227, 222)),  # not the citizen in front
        (((Label.PERSON, 0.9, (110, 110, 130, 140)),), (72, 77, 168, 173)),  # never too small
        (((Label.PERSON, 0.2, CLERK[2]),), (87, 87, 212, 212)),  # too unsure
    ],
)
def test_the_close_up_is_square_and_follows_the_clerk(
    boxes: tuple[Box, ...], crop: tuple[int, int, int, int]
) -> None:
    assert close_up(HALL.windows[0], detections(*boxes), 640, 360) == crop


def test_merged_keeps_one_box_for_one_thing() -> None:
    part = (Label.PERSON, 0.7, (120.0, 100.0, 180.0, 200.0))
    both = merged(detections(CLERK), detections(part, PHONE_IN_HAND))
    assert both.label.tolist() == [Label.PERSON, Label.PHONE]
    assert both.score.tolist() == pytest.approx([0.9, 0.7])
