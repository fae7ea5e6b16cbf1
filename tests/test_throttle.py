"""A machine that does not keep up slows all cameras alike, and lets go when it does again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

import numpy as np
import pytest

from cli.throttle import Throttle
from models.shared import SharedDetector
from vision.pace import stretched
from vision.records import Detections, Image

PICTURE = np.zeros((4, 4, 3), np.uint8)


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class TakingTime:
    """A detector for which every picture takes `s` seconds of the clock."""

    sha256 = "f" * 64

    def __init__(self, clock: Clock, s: float) -> None:
        self.clock, self.s = clock, s
        self.turn = threading.Lock()

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        with self.turn:
            self.clock.now_s += self.s * len(images)
        return [Detections.none()] * len(images)


def rounds(throttle: Throttle, shared: SharedDetector, clock: Clock, n: int, asked: int) -> None:
    """So many rounds of two seconds, in each of which `asked` answers are wanted within 1 s."""
    for _ in range(n):
        began_s = clock.now_s
        for told in shared.ask([PICTURE] * asked, clock.now_s + 1.0):
            told.result(timeout=10)
        clock.now_s = max(clock.now_s, began_s + 2.0)
        throttle.look()


def test_overload_stretches_evenly_is_told_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    slow = TakingTime(clock, 0.2)
    shared = SharedDetector(slow, workers=1, clock=clock)
    told: list[float] = []
    throttle = Throttle(shared, told.append)
    with caplog.at_level(logging.WARNING):
        rounds(throttle, shared, clock, n=4, asked=10)  # two seconds of work for each second
    assert told == pytest.approx([1.25, 1.25**2, 1.25**3, 1.25**4])
    assert caplog.text.count("does not keep up") == 1
    slow.s = 0.01
    rounds(throttle, shared, clock, n=15, asked=10)
    assert told[-1] == throttle.stretch == 1.0
    shared.close()


def test_when_nothing_is_asked_any_more_the_machine_keeps_up() -> None:
    clock = Clock()
    shared = SharedDetector(TakingTime(clock, 0.2), workers=1, clock=clock)
    told: list[float] = []
    throttle = Throttle(shared, told.append)
    rounds(throttle, shared, clock, n=4, asked=10)
    assert throttle.stretch > 2
    rounds(throttle, shared, clock, n=15, asked=0)  # the hall has closed
    assert told[-1] == throttle.stretch == 1.0
    shared.close()


def test_a_detector_that_hangs_is_no_rest() -> None:
    clock, hangs = Clock(), threading.Event()

    class Hanging(TakingTime):
        def detect(self, images: Sequence[Image]) -> list[Detections]:
            hangs.wait(10)
            return super().detect(images)

    slow = TakingTime(clock, 0.2)
    shared = SharedDetector(slow, near=Hanging(clock, 0.2), workers=1, clock=clock)
    throttle = Throttle(shared, lambda stretch: None)
    rounds(throttle, shared, clock, n=2, asked=10)
    before = throttle.stretch
    assert shared.near is not None
    (told,) = shared.ask([PICTURE], clock.now_s + 1.0, by=shared.near)
    throttle.look()
    assert throttle.stretch == before > 1
    hangs.set()
    told.result(timeout=10)
    shared.close()


def test_nothing_asked_changes_nothing() -> None:
    shared = SharedDetector(TakingTime(Clock(), 0.1), workers=1)
    throttle = Throttle(shared, lambda stretch: pytest.fail("told"))
    throttle.look()
    assert throttle.stretch == 1.0
    shared.close()


def test_started_and_closed_it_closes_the_detector() -> None:
    clock = Clock()
    slow = TakingTime(clock, 0.5)
    shared = SharedDetector(slow, workers=1, clock=clock)
    heard = threading.Event()
    throttle = Throttle(shared, lambda stretch: heard.set(), every_s=0.01)
    throttle.start()
    shared.ask([PICTURE] * 10, 1.0)
    assert heard.wait(10)
    throttle.close()
    assert throttle.stretch == pytest.approx(stretched(1.0, 0.8, 1.0), rel=0.3)
    with pytest.raises(RuntimeError, match="closed"):
        shared.detect([PICTURE])
