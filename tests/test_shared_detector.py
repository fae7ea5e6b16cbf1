"""One detector for all cameras: who comes first, what is computed together, what is answered."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.cores import usable_cores
from models.manifest import load_manifest
from models.session import OnnxDetector
from models.shared import DetectorClosedError, SharedDetector
from vision.records import Detections, Image

SCENE = Path(__file__).parent / "scenes" / "seated.jpg"


def plain(value: int, height: int = 4) -> Image:
    return np.full((height, 4, 3), value, np.uint8)


class SlowDetector:
    """Notes what it is given, and computes only when it is let."""

    sha256 = "f" * 64

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun = threading.Semaphore(0)
        self.let = threading.Semaphore(0)

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        self.begun.release()
        assert self.let.acquire(timeout=10)
        self.batches.append([int(i[0, 0, 0]) for i in images])
        if 13 in self.batches[-1]:
            raise ValueError("unlucky")
        return [
            Detections(
                np.zeros((1, 4), np.float32), np.array([i[0, 0, 0]], np.float32), np.zeros(1, "i1")
            )
            for i in images
        ]


def asked_behind_another(
    pictures: Sequence[tuple[Image, float]], batch: int = 1
) -> tuple[list[list[int]], list[float | str]]:
    """What was computed together, in order, and each answer, when the pictures (with the second
    at which they are due) line up behind one that is being looked at."""
    slow = SlowDetector()
    shared = SharedDetector(slow, workers=1, batch=batch, clock=lambda: 0.0)
    first = shared.ask([plain(99)], 0.0)
    assert slow.begun.acquire(timeout=10)
    told = [shared.ask([image], due_s)[0] for image, due_s in pictures]
    for _ in range(len(pictures) + 1):
        slow.let.release()
    answers: list[float | str] = []
    for future in told:
        error = future.exception(timeout=10)
        answers.append(str(error) if error else float(future.result().score[0]))
    assert first[0].result(timeout=10).score[0] == 99
    shared.close()
    return slow.batches[1:], answers


def test_the_most_urgent_picture_comes_first_and_of_equals_the_one_that_came_first() -> None:
    batches, answers = asked_behind_another(
        [(plain(1), 3.0), (plain(2), 1.0), (plain(3), 2.0), (plain(4), 1.0)]
    )
    assert batches == [[2], [4], [3], [1]]
    assert answers == [1, 2, 3, 4]


def test_pictures_of_one_shape_share_a_batch_and_others_wait_for_theirs() -> None:
    pictures = [(plain(1), 1.0), (plain(2, height=6), 2.0), (plain(3), 3.0), (plain(4), 4.0),
                (plain(5), 5.0)]  # fmt: skip
    batches, answers = asked_behind_another(pictures, batch=3)
    assert batches == [[1, 3, 4], [2], [5]]
    assert answers == [1, 2, 3, 4, 5]


def test_a_failure_is_told_to_those_it_concerns_and_the_worker_goes_on() -> None:
    _, answers = asked_behind_another([(plain(13), 1.0), (plain(2), 2.0)])
    assert answers == ["unlucky", 2]


def test_closing_tells_those_who_wait() -> None:
    slow = SlowDetector()
    shared = SharedDetector(slow, workers=1)
    shared.ask([plain(1)], 0.0)
    assert slow.begun.acquire(timeout=10)
    (waiting,) = shared.ask([plain(2)], 1.0)
    slow.let.release()
    shared.close()
    with pytest.raises(DetectorClosedError):
        waiting.result(timeout=10)
    with pytest.raises(DetectorClosedError):
        shared.detect([plain(3)])


def test_load_says_how_late_answers_come() -> None:
    now_s = [0.0]
    slow = SlowDetector()
    shared = SharedDetector(slow, workers=1, clock=lambda: now_s[0])
    told = [*shared.ask([plain(1)], 1.0), *shared.ask([plain(2)], 9.0)]
    assert slow.begun.acquire(timeout=10)
    now_s[0] = 4.0
    slow.let.release()
    assert slow.begun.acquire(timeout=10)
    slow.let.release()
    for future in told:
        future.result(timeout=10)
    shared.close()
    load = shared.load()
    assert (load.answers, load.late, load.lateness_s) == (2, 0.5, 3.0)
    assert load.busy == pytest.approx(1.0)
    assert shared.load().answers == 0


def test_answers_are_those_of_the_detector_alone_to_the_byte() -> None:
    scene = np.asarray(cv2.imread(str(SCENE), cv2.IMREAD_COLOR), np.uint8)
    half = scene.shape[1] // 2
    views = [scene, scene[:, :half], np.ascontiguousarray(scene[:, ::-1]), scene[::2, ::2]]
    detector = OnnxDetector(load_manifest().entry(), threads=1)
    alone = [detector.detect([view])[0] for view in views]
    assert sum(len(found) for found in alone) > 4
    shared = SharedDetector(detector, workers=2, batch=4)
    with ThreadPoolExecutor(4) as cameras:
        seats = [shared.seat(lambda: 1.0) for _ in range(4)]
        told = list(cameras.map(lambda seat: seat.detect(views), seats))
    shared.close()
    for answers in told:
        for one, other in zip(alone, answers, strict=True):
            assert one.xyxy.tobytes() == other.xyxy.tobytes()
            assert one.score.tobytes() == other.score.tobytes()
            assert one.label.tobytes() == other.label.tobytes()


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("max 100000", None), ("150000 100000", 1), ("50000 100000", 1), ("", None)],
)
def test_cores_are_those_that_a_container_allows(
    tmp_path: Path, quota: str, cores: int | None
) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(quota)
    assert usable_cores(file) == (cores or usable_cores(tmp_path / "none"))
