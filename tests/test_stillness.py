"""A told person who never moves may be a jacket: cannot tell, and never an empty seat."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from tests.observations import stamp
from tests.test_hallfile import GOOD
from tests.test_seeing import CLERK, Box, FakeDetector, detections
from vision.hallfile import Seeing, parse_hall
from vision.records import Frame, Image, Label, Packet, WindowSeen
from vision.seeing import Seer
from vision.stillness import LOST_S, Stillness
from vision.view import View

HALL = parse_hall(GOOD.encode())
STILL_S = Seeing().still_s
X1, Y1, X2, Y2 = (int(v) for v in CLERK[2])
EDGE_PX = 10
JACKET = cv2.resize(
    np.random.default_rng(3).integers(40, 130, (9, 7, 3)).astype(np.uint8),
    (X2 - X1 - 2 * EDGE_PX, Y2 - Y1 - EDGE_PX),
)
Scene = Callable[[float], Image]


def seat(at_s: float, shift_px: float = 0.0, light: float = 1.0, noise: float = 3.0) -> Image:
    """A picture with somebody, or something, in the seat, by so much out of its place."""
    picture = np.full((360, 640, 3), 190, np.float32)
    move = np.array([[1, 0, EDGE_PX + shift_px], [0, 1, EDGE_PX + 0.4 * shift_px]], np.float32)
    wall = picture[Y1:Y2, X1:X2].astype(np.uint8)
    picture[Y1:Y2, X1:X2] = cv2.warpAffine(
        JACKET, move, (X2 - X1, Y2 - Y1), wall, borderMode=cv2.BORDER_TRANSPARENT
    )
    grain = np.random.default_rng(round(10 * at_s)).normal(0, noise, picture.shape)
    return np.clip(picture * light + grain, 0, 255).astype(np.uint8)


def jacket(at_s: float) -> Image:
    return seat(at_s)


def breathes(at_s: float) -> Image:
    return seat(at_s, 1.5 * np.sin(2 * np.pi * at_s / 4))


def turns_once(at_s: float) -> Image:
    return seat(at_s, 4.0 if at_s >= STILL_S - 5 else 0.0)


def cloud(at_s: float) -> Image:
    return seat(at_s, light=1.0 - 0.2 * min(at_s / STILL_S, 1.0))


def told(
    scene: Scene, *boxes: Box, until_s: float = STILL_S + 5, every_s: float = 1.0
) -> list[bool | None]:
    """Whether somebody is at the window, look by look."""
    found = detections(*(boxes or (CLERK,)))
    seer = Seer(HALL, "cam1", FakeDetector(found, found), reader=None, eye=lambda _: None)
    return [here(seer, scene, at_s) for at_s in times(until_s, every_s)]


def here(seer: Seer, scene: Scene, at_s: float) -> bool | None:
    frame = Frame(Packet("cam1", round(10 * at_s), stamp(at_s)), scene(at_s))
    (seen,) = [o for o in seer.look(frame).observations if isinstance(o, WindowSeen)]
    return seen.staff


def times(until_s: float, every_s: float) -> Iterator[float]:
    return (k * every_s for k in range(int(until_s / every_s) + 1))


@pytest.mark.parametrize(
    ("scene", "last"),
    [
        (jacket, None),
        (cloud, None),  # daylight goes, nothing moves
        (breathes, True),  # reads without stirring
        (turns_once, True),
    ],
)
def test_what_never_moves_is_in_doubt(scene: Scene, last: bool | None) -> None:
    answers = told(scene)
    assert answers[-1] is last
    assert set(answers[: int(STILL_S)]) == {True}
    assert False not in answers


@pytest.mark.parametrize("every_s", [0.5, 2.5])
def test_how_often_it_is_looked_at_changes_nothing(every_s: float) -> None:
    answers = told(jacket, every_s=every_s)
    assert answers.count(True) == pytest.approx(STILL_S / every_s, abs=1)


def test_a_sleeper_may_lie_still() -> None:
    asleep: Box = (Label.HEAD_DOWN, 0.5, CLERK[2])
    assert set(told(jacket, CLERK, asleep)) == {True}


def test_a_clerk_beside_a_jacket_is_there() -> None:
    """The surer box is the jacket's; the other one stirs."""

    def both(at_s: float) -> Image:
        picture = jacket(at_s)
        picture[120:170, 165:185] = 40 if at_s % 20 < 10 else 220
        return picture

    hung, clerk = (110, 90, 150, 200), (160, 110, 198, 198)
    boxes: tuple[Box, ...] = ((Label.PERSON, 0.9, hung), (Label.PERSON, 0.5, clerk))
    assert told(both, *boxes)[-1] is True
    assert told(both, boxes[0])[-1] is None


def test_who_comes_back_begins_anew() -> None:
    stillness = Stillness()
    view = View.of(jacket(0.0), 640, 360)
    box = CLERK[2]
    assert stillness.still_s("w1", 0.0, view, [box]) == 0.0
    assert stillness.still_s("w1", 5.0, view, [box]) == 5.0
    assert stillness.still_s("w1", 5.0 + LOST_S, view, [box]) == 0.0
    assert stillness.still_s("w1", 6.0 + LOST_S, view, [(110, 20, 190, 90)]) == 0.0
    assert stillness.still_s("w2", 6.0 + LOST_S, view, [box]) == 0.0
