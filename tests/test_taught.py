"""A hall teaches its own pause sign from one snapshot; legible text goes before it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from cli.models import models_app
from models.taught import TaughtSigns, TeachError, teach
from tests.observations import stamp
from tests.test_hallfile import GOOD
from tests.test_seeing import FakeReader
from vision.hallfile import Seeing, parse_hall
from vision.records import Detections, Image, Said
from vision.signs import SignWatch
from vision.view import View

SIGN_ZONE = "sign = [[100, 200], [200, 200], [200, 260], [100, 260]]"
WITH_SIGN_ZONE = GOOD.replace("counter = ", f"{SIGN_ZONE}\ncounter = ", 1)
(WINDOW,) = parse_hall(WITH_SIGN_ZONE.encode()).windows
BOARD = (120, 215, 176, 239)
NOBODY = np.zeros((0, 4), np.float32)


def counter(board: str | None, at: tuple[int, int] = (120, 215), light: float = 1.0) -> Image:
    """A counter's picture, 640x360, with a small board on it: bars that stand for letters."""
    rng = np.random.default_rng(8)
    coarse = rng.integers(60, 190, (12, 22, 3)).astype(np.uint8)
    picture = cv2.resize(coarse, (640, 360), interpolation=cv2.INTER_LINEAR)
    if board is not None:
        sign = np.full((24, 56, 3), 235, np.uint8)
        for k, stroke in enumerate(board):
            x = 5 + 6 * k
            sign[6:18, x : x + int(stroke)] = (30, 30, 200)
        picture[at[1] : at[1] + 24, at[0] : at[0] + 56] = sign
    noisy = picture * light + np.random.default_rng(2).normal(0, 4, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


OURS, OTHER = "41313241", "12224113"


@pytest.fixture
def taught(tmp_path: Path) -> TaughtSigns:
    teach(tmp_path / "hall.toml", "w1", counter(OURS), BOARD)
    return TaughtSigns.beside(tmp_path / "hall.toml")


@pytest.mark.parametrize(
    ("picture", "up"),
    [
        (counter(OURS), True),
        (counter(OURS, at=(135, 222)), True),  # put up elsewhere
        (counter(OURS, light=0.6), True),  # in the evening
        (counter(None), False),
        (counter(OTHER), False),
        (counter(OURS, at=(400, 100)), False),  # at another window
    ],
)
def test_the_taught_sign_is_known_again(taught: TaughtSigns, picture: Image, up: bool) -> None:
    assert sign_up(taught, Said.NOTHING, picture) is up


@pytest.mark.parametrize(
    ("says", "up"),
    [(Said.NOTHING, True), (Said.OTHER, False), (Said.MOOT, None), (Said.PAUSE, True)],
)
def test_text_that_can_be_read_goes_before_the_look(
    taught: TaughtSigns, says: Said, up: bool | None
) -> None:
    assert sign_up(taught, says, counter(OURS)) is up


def sign_up(taught: TaughtSigns, says: Said, picture: Image) -> bool | None:
    watch = SignWatch(Seeing(), FakeReader(says), taught)
    view = View.of(picture, *picture.shape[1::-1])
    return watch.up(WINDOW, stamp(1.0), view, Detections.none(), NOBODY)


def test_without_a_taught_sign_nothing_is_known(tmp_path: Path) -> None:
    assert TaughtSigns.beside(None).shown("w1", counter(OURS)) is None
    assert TaughtSigns.beside(tmp_path / "hall.toml").shown("w1", counter(OURS)) is None


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ((600, 300, 700, 340), "does not lie inside"),
        ((120, 215, 124, 219), "smaller than"),
        ((121, 216, 176, 220), "smaller than"),
    ],
)
def test_a_bad_box_teaches_nothing(
    tmp_path: Path, box: tuple[int, int, int, int], words: str
) -> None:
    with pytest.raises(TeachError, match=words):
        teach(tmp_path / "hall.toml", "w1", counter(OURS), box)


def test_a_broken_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "signs").mkdir()
    (tmp_path / "signs" / "w1.png").write_bytes(b"no picture")
    with pytest.raises(TeachError, match=r"w1\.png is not a picture"):
        TaughtSigns.beside(tmp_path / "hall.toml")


@pytest.mark.parametrize(
    ("window", "box", "words"),
    [
        ("w1", BOARD, "knows its sign now"),
        ("w9", BOARD, "has no window 'w9'"),
        ("w1", (400, 100, 460, 130), "does not lie in the sign zone"),
    ],
)
def test_what_the_command_says(
    tmp_path: Path, window: str, box: tuple[int, int, int, int], words: str
) -> None:
    hall = tmp_path / "hall.toml"
    hall.write_text(WITH_SIGN_ZONE, "utf-8")
    snapshot = tmp_path / "snapshot.png"
    cv2.imwrite(str(snapshot), counter(OURS))
    command = ["teach-sign", str(hall), window, str(snapshot), "--box", *map(str, box)]
    result = CliRunner().invoke(models_app, command)
    assert words in " ".join(result.output.split())
    assert (tmp_path / "signs" / "w1.png").exists() is (result.exit_code == 0)
