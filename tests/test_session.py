"""The shipped detector: geometry of its input, sameness of its answers, errors it must raise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.letterbox import chosen_side, fit, letterboxed
from models.manifest import ModelClassesError, ModelEntry, load_manifest
from models.providers import ProviderError
from models.session import LEAST_SCORE, OnnxDetector
from vision.records import Detections, Image, Label

SCENE = Path(__file__).parent / "scenes" / "seated.jpg"


@pytest.fixture(scope="module")
def entry() -> ModelEntry:
    return load_manifest().entry()


@pytest.fixture(scope="module")
def detector(entry: ModelEntry) -> OnnxDetector:
    return OnnxDetector(entry, threads=2)


@pytest.fixture(scope="module")
def scene() -> Image:
    image = cv2.imread(str(SCENE), cv2.IMREAD_COLOR)
    assert image is not None
    return np.asarray(image, np.uint8)


def same(a: Detections, b: Detections) -> bool:
    return (
        a.xyxy.tobytes() == b.xyxy.tobytes()
        and a.score.tobytes() == b.score.tobytes()
        and a.label.tobytes() == b.label.tobytes()
    )


@pytest.mark.parametrize(
    ("height", "width", "side", "shape"),
    [
        (540, 960, 640, (384, 640)),
        (1080, 1920, 640, (384, 640)),
        (320, 320, 320, (320, 320)),
        (300, 480, 320, (224, 320)),
        (300, 481, 640, (416, 640)),
        (7, 640, 640, (32, 640)),
    ],
)
def test_letterbox_shapes(height: int, width: int, side: int, shape: tuple[int, int]) -> None:
    assert chosen_side(max(height, width), (320, 640)) == side
    place = fit(height, width, side, 32)
    assert (place.height, place.width) == shape


def test_letterbox_keeps_proportions_and_comes_back() -> None:
    picture = np.zeros((540, 960, 3), np.uint8)
    picture[100:300, 200:400] = 255
    place = fit(540, 960, 640, 32)
    boxed = letterboxed(picture, place, 114)
    rows, columns = np.nonzero(boxed[..., 0] > 200)
    box = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)
    assert np.allclose(place.back(box, 540, 960), [[200, 100, 400, 300]], atol=2)
    assert boxed[0, 0, 0] == 114


def test_boxes_beyond_the_picture_are_clipped() -> None:
    place = fit(540, 960, 640, 32)
    back = place.back(np.array([[-50, -50, 900, 900]], np.float32), 540, 960)
    assert back.tolist() == [[0, 0, 960, 540]]


def test_people_are_found_where_they_sit(detector: OnnxDetector, scene: Image) -> None:
    people = detector.detect([scene])[0].of(Label.PERSON, at_least=0.4)
    assert len(people) >= 2
    assert (np.diff(people.score) <= 0).all()
    assert (people.xyxy[:, 2:] > people.xyxy[:, :2]).all()


def test_an_answer_does_not_depend_on_its_company(detector: OnnxDetector, scene: Image) -> None:
    crop = np.ascontiguousarray(scene[100:400, 300:600])
    alone = [detector.detect([image])[0] for image in (scene, crop)]
    company = [scene, crop, scene[::-1], crop[:, ::-1], scene[:, ::-1], crop]
    together = detector.detect([np.ascontiguousarray(image) for image in company])
    assert same(alone[0], together[0])
    assert same(alone[1], together[1])
    assert same(alone[1], together[5])


def test_twice_the_same_and_whatever_the_threads(
    entry: ModelEntry, detector: OnnxDetector, scene: Image
) -> None:
    first = detector.detect([scene])[0]
    assert same(first, detector.detect([scene])[0])
    assert same(first, OnnxDetector(entry, threads=1).detect([scene])[0])


def test_nothing_in_nothing_out(detector: OnnxDetector) -> None:
    assert detector.detect([]) == []
    grey = detector.detect([np.full((540, 960, 3), 114, np.uint8)])[0]
    assert len(grey.of(*Label, at_least=0.3)) == 0


def test_faint_detections_are_told_and_fainter_not(detector: OnnxDetector, scene: Image) -> None:
    scores = detector.detect([scene])[0].score
    assert (scores >= LEAST_SCORE).all()


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((10, 10), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((10, 10, 3), np.float32),
        np.zeros((0, 10, 3), np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(detector: OnnxDetector, picture: Image) -> None:
    with pytest.raises(ValueError, match="uint8"):
        detector.detect([picture])


def test_a_provider_that_is_not_there_is_an_error(entry: ModelEntry) -> None:
    with pytest.raises(ProviderError, match="CPUExecutionProvider"):
        OnnxDetector(entry, providers=("NoSuchExecutionProvider",))


def test_other_classes_than_the_manifest_says_are_an_error(entry: ModelEntry) -> None:
    swapped = (entry.classes[1], entry.classes[0], *entry.classes[2:])
    with pytest.raises(ModelClassesError, match="correct the entry"):
        OnnxDetector(replace(entry, classes=swapped))
    with pytest.raises(ModelClassesError, match="unicorn"):
        OnnxDetector(replace(entry, classes=(*entry.classes, "unicorn")))


def test_the_session_names_the_model(entry: ModelEntry, detector: OnnxDetector) -> None:
    assert detector.sha256 == entry.sha256
