"""What a clerk is said to do, from where things lie on the clerk's box. The clerk's box is
(110, 90, 190, 190): 80 wide, 100 tall."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from vision.conduct import Conduct, conduct_at, sitting
from vision.geometry import Zone
from vision.records import DOING, Detections, Label

SEAT = Zone.of([(100, 80), (200, 80), (200, 200), (100, 200)], 640, 360)
NEXT_SEAT = Zone.of([(180, 80), (280, 80), (280, 200), (180, 200)], 640, 360)
CLERK = (110.0, 90.0, 190.0, 190.0)
CITIZEN = (150.0, 150.0, 230.0, 330.0)
Box = tuple[float, float, float, float]


def told(label: Label, box: Box, clerk: Box = CLERK) -> dict[str, float | None]:
    """Each conduct's score, with one thing and one clerk in sight and a citizen beside."""
    found = Detections(
        np.array([box], np.float32), np.array([0.75], np.float32), np.array([label], np.int8)
    )
    citizens = np.array([CITIZEN], np.float32)
    seated = sitting(found.of(Label.PERSON, *DOING), SEAT, [NEXT_SEAT], citizens)
    return asdict(conduct_at(True, found, seated, np.array([clerk], np.float32), citizens))


def thing(x: float, y: float) -> Box:
    return (x - 5, y - 5, x + 5, y + 5)


@pytest.mark.parametrize(
    ("label", "box", "conduct"),
    [
        (Label.PHONE, thing(140, 140), "phone"),
        (Label.PHONE, thing(140, 188), None),  # on the desk's edge
        (Label.PHONE, thing(170, 160), None),  # a citizen's
        (Label.FOOD, thing(150, 130), "eating"),
        (Label.FOOD, thing(150, 142), None),  # before the chest
        (Label.FOOD, thing(120, 130), None),  # where an outstretched arm reaches
        (Label.DRINK, thing(150, 130), None),
        (Label.CIGARETTE, thing(130, 120), "smoking"),
        (Label.CIGARETTE, thing(300, 120), None),
        (Label.READING, thing(140, 150), "reading"),
        (Label.READING, thing(140, 189), None),  # lies on the counter
        (Label.HEAD_DOWN, (110, 110, 190, 190), "napping"),
        (Label.HEAD_DOWN, (300, 110, 380, 190), None),  # at another seat
        (Label.HEAD_DOWN, (110, 165, 190, 255), "napping"),  # bent over the desk, out of the zone
        (Label.HEAD_DOWN, (110, 180, 190, 270), None),  # a fifth of it inside: before the desk
        (Label.HEAD_DOWN, (170, 110, 240, 190), None),  # the next seat's, leaning over
        (Label.HEAD_DOWN, CITIZEN, None),
        (Label.EATING, (110, 110, 190, 190), "eating"),
        (Label.EATING, (300, 110, 380, 190), None),  # at another seat
        (Label.EATING, CITIZEN, None),
        (Label.SMOKING, (110, 110, 190, 190), "smoking"),
        (Label.SMOKING, CITIZEN, None),
    ],
)
def test_what_the_clerk_does(label: Label, box: Box, conduct: str | None) -> None:
    scores = told(label, box)
    shown = {name for name, score in scores.items() if score}
    assert shown == ({conduct} if conduct else set())
    if conduct:
        assert scores[conduct] == pytest.approx(0.75)


def test_the_mouth_of_who_is_seen_down_to_the_knees_is_higher_in_the_box() -> None:
    standing = (110.0, 20.0, 190.0, 220.0)
    assert told(Label.FOOD, thing(150, 60), standing)["eating"] == pytest.approx(0.75)
    assert told(Label.FOOD, thing(150, 100), standing)["eating"] == 0.0


def test_where_presence_is_unknown_so_is_conduct() -> None:
    none = np.zeros((0, 4), np.float32)
    nobody = Detections.none()
    unknown = conduct_at(None, nobody, nobody, none, none)
    assert unknown == Conduct()
    away = conduct_at(False, nobody, nobody, none, none)
    assert away == Conduct(0.0, 0.0, 0.0, 0.0, 0.0)
