"""The eye test: what blinds a camera is seen, what merely happens in a hall is not."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache

import cv2
import numpy as np
import pytest

from cameras.health import EyeTest, Thresholds
from tests.videos import START
from vision.records import Blindness, Frame, Image, Packet, Stamp

WIDTH, HEIGHT = 320, 180
PACE_HZ = 2.0
CHANGE_S = 10.0

Alter = Callable[[Image, float], Image]


@cache
def empty_hall() -> Image:
    """Wall with posters, tiles, desks."""
    shapes = np.random.default_rng(3)
    picture = np.full((HEIGHT, WIDTH, 3), (150, 160, 165), np.uint8)
    for row in range(HEIGHT // 2, HEIGHT, 12):
        cv2.line(picture, (0, row), (WIDTH, row), (110, 110, 112), 1)
    for column in range(0, WIDTH, 20):
        cv2.line(picture, (column, HEIGHT // 2), (column, HEIGHT), (110, 110, 112), 1)
    for _ in range(45):
        x, y = (int(v) for v in shapes.integers((0, 0), (WIDTH, HEIGHT)))
        w, h = (int(v) for v in shapes.integers(7, 40, 2))
        colour = tuple(int(v) for v in shapes.integers(20, 235, 3))
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour, -1)
    return picture


@cache
def hall(at_s: float) -> Image:
    """The hall with a person walking through it and the sensor's noise."""
    picture = empty_hall().copy()
    walked = int(at_s * 9) % (WIDTH + 40) - 20
    cv2.ellipse(picture, (walked, HEIGHT * 5 // 8), (12, 40), 0, 0, 360, (60, 40, 40), -1)
    return grained(picture, np.random.default_rng(round(at_s * 1000)), 3)


def grained(picture: Image, noise: np.random.Generator, sigma: float) -> Image:
    grain = noise.normal(0, sigma, picture.shape)
    return np.clip(picture.astype(np.float32) + grain, 0, 255).astype(np.uint8)


def clocked(picture: Image, at_s: float) -> Image:
    """The picture with a burnt-in clock."""
    text = f"2026-11-23 10:00:{int(at_s) % 60:02d}"
    return np.asarray(
        cv2.putText(picture.copy(), text, (10, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.35, (255,) * 3, 1),
        np.uint8,
    )


def verdicts(
    alter: Alter | None, seconds: float = 50.0, thresholds: Thresholds | None = None
) -> list[tuple[float, Blindness | None]]:
    """What the eye test says of a hall that is altered from CHANGE_S on."""
    eye = EyeTest(thresholds or Thresholds())
    said: list[tuple[float, Blindness | None]] = []
    for index in range(round(seconds * PACE_HZ)):
        at_s = index / PACE_HZ
        picture = hall(at_s)
        if alter is not None and at_s >= CHANGE_S:
            picture = np.ascontiguousarray(alter(picture, at_s), np.uint8)
        stamp = Stamp(at_s, START + timedelta(seconds=at_s))
        said.append((at_s, eye.look(Frame(Packet("c", index, stamp), clocked(picture, at_s)))))
    return said


NOISE = np.random.default_rng(2)


def turned(degrees: float, scale: float, right_px: float) -> Alter:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, scale)
    matrix[0, 2] += right_px
    return lambda p, _: np.asarray(
        cv2.warpAffine(p, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT), np.uint8
    )


def blurred(picture: Image, sigma_px: float) -> Image:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma_px), np.uint8)


FIRST = hall(CHANGE_S)
BLINDING: dict[str, tuple[Alter, set[Blindness], float]] = {
    "night": (lambda p, _: grained(p // 20, NOISE, 2), {Blindness.DARK}, 0.0),
    "cap": (lambda p, _: grained(np.full_like(p, 10), NOISE, 2), {Blindness.DARK}, 0.0),
    "hand": (
        lambda p, _: grained(blurred(p, 20) // 4 + np.uint8(60), NOISE, 2),
        {Blindness.COVERED, Blindness.BLURRED}, 5.5,
    ),
    "glare": (lambda p, _: np.full_like(p, 250), {Blindness.COVERED}, 0.0),
    "frozen": (lambda p, _: FIRST, {Blindness.FROZEN}, 30.5),
    "defocused": (lambda p, _: grained(blurred(p, 3.3), NOISE, 1), {Blindness.BLURRED}, 5.5),
    "turned away": (turned(0, 1, 60), {Blindness.MOVED}, 5.5),
    "tilted": (turned(12, 1, 0), {Blindness.MOVED}, 5.5),
}  # fmt: skip


@pytest.mark.parametrize("case", BLINDING)
def test_what_blinds_a_camera_is_named_soon_and_stays(case: str) -> None:
    alter, named, within_s = BLINDING[case]
    said = verdicts(alter)
    assert {b for at_s, b in said if at_s < CHANGE_S} == {None}
    assert {b for at_s, b in said if at_s >= CHANGE_S + within_s} <= named


HARMLESS: dict[str, Alter | None] = {
    "nothing": None,
    "lights half off": lambda p, _: grained(p // 2, NOISE, 2),
    "sun": lambda p, _: np.clip(p.astype(int) * 5 // 4 + 10, 0, 255).astype(np.uint8),
    "half hidden": lambda p, _: np.concatenate(
        [p[:, : WIDTH // 2], np.full_like(p[:, WIDTH // 2 :], 70)], axis=1
    ),
    "grain": lambda p, _: grained(p, NOISE, 10),
    "coarse coding": lambda p, _: np.asarray(
        cv2.imdecode(cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, 25])[1], 1), np.uint8
    ),
    "sways": lambda p, at_s: turned(0, 1, 5 * np.sin(at_s))(p, at_s),
    "still for 25 s": lambda p, at_s: FIRST if at_s < CHANGE_S + 25 else p,
}  # fmt: skip


@pytest.mark.parametrize("case", HARMLESS)
def test_what_happens_in_a_hall_is_no_blindness(case: str) -> None:
    assert {b for _, b in verdicts(HARMLESS[case])} == {None}


def test_a_camera_that_sees_again_is_trusted_again() -> None:
    said = verdicts(lambda p, at_s: blurred(p, 3.3) if at_s < 30 else p)
    assert Blindness.BLURRED in {b for _, b in said}
    assert {b for at_s, b in said if at_s > 30} == {None}


def test_a_view_that_stays_becomes_the_reference_after_a_person_was_told() -> None:
    quick = Thresholds(relearn_s=20.0)
    said = verdicts(turned(0, 1, 60), thresholds=quick)
    moved = [at_s for at_s, b in said if b is Blindness.MOVED]
    assert (moved[0], moved[-1]) == pytest.approx((CHANGE_S + 5, CHANGE_S + 19.5), abs=0.6)
    assert said[-1][1] is None


def test_a_picture_of_another_size_is_judged_too() -> None:
    eye = EyeTest()
    for index, side in enumerate((1, 1, 2, 2)):
        picture = hall(index / 2).repeat(side, axis=0).repeat(side, axis=1)
        frame = Frame(Packet("c", index, Stamp(index / 2, START)), picture)
        assert eye.look(frame) is None


def test_a_look_is_cheap() -> None:
    """The best of many, so that a busy machine does not decide."""
    pictures = [cv2.resize(hall(n / 2), (960, 540)) for n in range(8)]
    eye, best_s = EyeTest(), 1.0
    for index in range(80):
        bgr = np.asarray(pictures[index % 8], np.uint8)
        frame = Frame(Packet("c", index, Stamp(index / 2, START)), bgr)
        began_s = time.perf_counter()
        eye.look(frame)
        best_s = min(best_s, time.perf_counter() - began_s)
    assert best_s < 0.002
