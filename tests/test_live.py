"""The live board: one encoding for all viewers, honest ages, the newest look on show."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest

from api.live import (
    STALE_AFTER_S,
    WIDEST_PX,
    CameraView,
    LiveBoard,
    Picture,
    Replay,
    jpeg_of,
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class Seconds:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def look(minute: int = 0, picture: Picture | None = None, blind: str | None = None) -> CameraView:
    wall = NOON + timedelta(minutes=minute)
    return CameraView("一号机", 64, 36, wall, picture, blind)


def test_a_picture_is_encoded_once_for_many_viewers_at_once() -> None:
    made: list[int] = []
    begun = threading.Event()

    def make() -> bytes:
        made.append(1)
        begun.wait(2)
        return b"jpeg"

    picture = Picture(make)
    with ThreadPoolExecutor(8) as viewers:
        seen = [viewers.submit(picture.jpeg) for _ in range(8)]
        begun.set()
        assert {s.result() for s in seen} == {b"jpeg"}
    assert len(made) == 1


def test_nothing_is_encoded_while_nobody_looks() -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"jpeg"

    board = LiveBoard(Seconds(), "demo")
    for _ in range(5):
        board.publish("cam1", look(picture=Picture(make)))
    board.views()
    assert made == []


def test_wide_pictures_are_made_smaller_and_others_are_left() -> None:
    def size(width: int, height: int) -> tuple[int, int]:
        coded = jpeg_of(np.zeros((height, width, 3), np.uint8))
        decoded = cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_COLOR)
        assert decoded is not None
        return decoded.shape[0], decoded.shape[1]

    assert size(2560, 1440) == (720, WIDEST_PX)
    assert size(640, 360) == (360, 640)


@pytest.mark.parametrize(
    ("passed_s", "fraction", "stale", "ended"),
    [
        (0.0, None, False, False),
        (STALE_AFTER_S, None, False, False),
        (STALE_AFTER_S + 0.1, None, True, False),
        (STALE_AFTER_S + 0.1, 0.5, True, False),
        (3600.0, 1.0, False, True),
    ],
)
def test_a_picture_grows_stale_unless_its_recording_is_over(
    passed_s: float, fraction: float | None, stale: bool, ended: bool
) -> None:
    clock = Seconds()
    board = LiveBoard(clock, "demo")
    board.publish("cam1", look(picture=Picture.ready(b"1")))
    if fraction is not None:
        board.replayed("cam1", Replay(fraction, 2.0))
    clock.now_s += passed_s
    shown = board.view("cam1")
    assert shown is not None
    assert (shown.stale, shown.ended) == (stale, ended)


def test_a_blind_look_keeps_the_last_picture_and_says_when_it_was_taken() -> None:
    board = LiveBoard(Seconds(), "demo")
    board.publish("cam1", look(0, Picture.ready(b"1")))
    before = board.view("cam1")
    board.publish("cam1", look(3, None, blind="covered"))
    after = board.view("cam1")
    assert before is not None
    assert after is not None
    assert after.view.blind == "covered"
    assert (after.version, after.pictured) == (before.version, NOON)
    assert after.picture is not None
    assert after.picture.jpeg() == b"1"


def test_every_publication_changes_the_version() -> None:
    board = LiveBoard(Seconds(), "demo")
    versions = [board.version]
    board.publish("cam1", look())
    versions.append(board.version)
    board.publish("cam2", look())
    versions.append(board.version)
    board.replayed("cam1", Replay(0.1, 1.0))
    versions.append(board.version)
    assert versions == sorted(set(versions))


def test_what_nobody_published_is_not_there() -> None:
    board = LiveBoard(Seconds(), "demo")
    assert board.view("cam1") is None
    assert board.views() == {}
    board.publish("b", look())
    board.publish("a", look())
    assert list(board.views()) == ["a", "b"]
