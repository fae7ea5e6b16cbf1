"""Things on the counter: one thing has one answer, whatever its score does from look to look."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.observations import stamp
from tests.test_hallfile import GOOD
from tests.test_seeing import Box, detections
from vision.hallfile import Seeing, parse_hall
from vision.records import Image, Label, Said
from vision.signs import SignWatch
from vision.standing import REMEMBERED_S, Standing
from vision.view import View

(WINDOW,) = parse_hall(GOOD.encode()).windows
HERE, THERE = (140.0, 205.0, 160.0, 215.0), (180.0, 205.0, 200.0, 215.0)
PICTURE = View.of(np.zeros((360, 640, 3), np.uint8), 640, 360)
NOBODY = np.zeros((0, 4), np.float32)
SEEING = Seeing()


class Says:
    """A reader that says one thing after the other."""

    def __init__(self, *said: Said) -> None:
        self._said: Iterator[Said] = iter(said)

    def says(self, crop: Image) -> Said:
        return next(self._said, Said.NOTHING)


def told(
    scores: tuple[float, ...],
    says: tuple[Said, ...] = (),
    every_s: float = 1.0,
    seeing: Seeing = SEEING,
) -> list[bool | None]:
    """What is said, look by look, of a thing that scores so much, 0 for not at all."""
    watch = SignWatch(seeing, Says(*says))
    answers = []
    for k, score in enumerate(scores):
        signs: tuple[Box, ...] = ((Label.PAUSE_SIGN, score, HERE),) if score else ()
        seen = detections(*signs)
        answers.append(watch.up(WINDOW, stamp(k * every_s), PICTURE, seen, NOBODY))
    return answers


@pytest.mark.parametrize(
    ("scores", "answer"),
    [
        ((0.24, 0.22, 0.33, 0.21, 0.34), False),  # a tablet that now and then looks like a sign
        ((0.57, 0.53, 0.62, 0.58, 0.61), None),  # a real sign, too small to be read
        ((0.63, 0.66, 0.58, 0.64, 0.61), True),
        ((0.2, 0.62, 0.0, 0.0, 0.2), False),  # a reflection
        ((0.0, 0.0, 0.0, 0.7), True),  # put up just now
    ],
)
def test_the_middle_of_its_scores_counts(scores: tuple[float, ...], answer: bool | None) -> None:
    assert told(scores)[-1] is answer


def test_a_score_near_the_limit_does_not_make_the_answer_flicker() -> None:
    rng, wide = np.random.default_rng(4), Seeing(sign_doubt_score=0.30)
    for middle, answer in ((0.22, False), (0.45, None), (0.72, True)):
        scores = tuple(float(s) for s in rng.normal(middle, 0.05, 60))
        assert set(told(scores, every_s=0.5, seeing=wide)[4:]) == {answer}


@pytest.mark.parametrize(
    ("says", "answer"),
    [
        (
            (Said.OTHER, Said.NOTHING, Said.NOTHING),
            False,
        ),  # legible once: a score says nothing against it
        ((Said.NOTHING, Said.OTHER, Said.NOTHING), False),
        ((Said.PAUSE, Said.NOTHING, Said.NOTHING), True),
        ((Said.OTHER, Said.PAUSE, Said.NOTHING), True),  # turned over
        ((Said.NOTHING, Said.NOTHING, Said.NOTHING), True),
        ((Said.MOOT, Said.NOTHING, Said.NOTHING), None),  # of a lift, or of another day
    ],
)
def test_what_was_read_on_it_goes_before_its_score(
    says: tuple[Said, ...], answer: bool | None
) -> None:
    assert told((0.9, 0.9, 0.9), says)[-1] is answer


def test_what_was_read_is_forgotten_in_time() -> None:
    looks = int(REMEMBERED_S) + 1
    assert told((0.9,) * looks, (Said.OTHER,))[-2:] == [False, True]


def test_two_things_are_kept_apart_and_old_ones_forgotten() -> None:
    standing = Standing()
    both = np.array([HERE, THERE], np.float32)
    standing.seen(0.0, both, [0.9, 0.1], [Said.NOTHING] * 2)
    first, second = standing.seen(1.0, both[::-1], [0.1, 0.9], [Said.NOTHING] * 2)
    assert (first.score, second.score) == (0.1, 0.9)
    (alone,) = standing.seen(1.0 + REMEMBERED_S, both[:1], [0.3], [Said.NOTHING])
    assert alone.score == 0.3
