"""Which close-ups are taken, from which picture, and what is answered without one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pytest

from tests.observations import stamp
from tests.test_hallfile import GOOD
from tests.test_seeing import CLERK, HALL, PHONE_IN_HAND, Box, detections
from vision.hallfile import Hall, parse_hall
from vision.pace import Attention
from vision.records import Blindness, Detections, Frame, Image, Packet, WindowSeen
from vision.seeing import Seer, close_up
from vision.view import Pixels

WHOLE = (360, 640)


class CountingDetector:
    """Tells the whole picture's detections, and for close-ups the phone; counts close-ups."""

    sha256 = "f" * 64

    def __init__(self, *whole: Box, scale: float = 1.0) -> None:
        self.whole = detections(*whole)
        self.close: list[tuple[int, ...]] = []
        self.scale = scale

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        if images[0].shape[:2] == WHOLE:
            return [self.whole]
        self.close += [image.shape[:2] for image in images]
        label, score, (x1, y1, x2, y2) = PHONE_IN_HAND
        left, top, *_ = close_up(HALL.windows[0], detections(CLERK), 640, 360)
        box = ((x1 - left), (y1 - top), (x2 - left), (y2 - top))
        scaled = tuple(v * self.scale for v in box)
        return [detections((label, score, scaled))] * len(images)  # type: ignore[arg-type]


def frame(at_s: float) -> Frame:
    return Frame(Packet("cam1", 0, stamp(at_s)), np.zeros((*WHOLE, 3), np.uint8))


def seer_of(detector: CountingDetector, **more: object) -> Seer:
    return Seer(HALL, "cam1", detector, reader=None, eye=lambda _: None, **more)  # type: ignore[arg-type]


def window_of(seer: Seer, at_s: float, stands_s: float = 0.0) -> WindowSeen:
    look = seer.look(frame(at_s), Attention(0.0, {"w1": stands_s}))
    (seen,) = [o for o in look.observations if isinstance(o, WindowSeen)]
    return seen


def test_a_close_up_stands_as_long_as_it_may_and_its_answer_with_it() -> None:
    detector = CountingDetector(CLERK)
    seer = seer_of(detector)
    answers = [window_of(seer, at_s, stands_s=2.0).phone for at_s in (0.0, 1.0, 1.9, 2.0)]
    assert answers == [pytest.approx(0.7)] * 4
    assert len(detector.close) == 2


def test_who_is_not_surely_seen_is_looked_for_closely_every_time() -> None:
    unsure = (CLERK[0], 0.3, CLERK[2])
    for whole in ((), (unsure,)):
        detector = CountingDetector(*whole)
        seer = seer_of(detector)
        for at_s in (0.0, 0.5, 1.0):
            window_of(seer, at_s, stands_s=2.0)
        assert len(detector.close) == 3


def test_without_being_told_every_look_is_close() -> None:
    detector = CountingDetector(CLERK)
    seer = seer_of(detector)
    for at_s in (0.0, 0.1, 0.2):
        seer.look(frame(at_s))
    assert len(detector.close) == 3


def test_close_ups_are_taken_from_the_main_stream_at_its_own_resolution() -> None:
    grown = parse_grown()
    detector = CountingDetector(CLERK, scale=3.0)
    asked = []

    def native(now: datetime, fresh_s: float) -> Pixels:
        asked.append((now, fresh_s))
        return Pixels(np.zeros((1080, 1920, 3), np.uint8))

    seer = Seer(grown, "cam1", detector, reader=None, eye=lambda _: None, native=native)
    (seen,) = [o for o in seer.look(frame(0.0)).observations if isinstance(o, WindowSeen)]
    assert detector.close == [(462, 462)]  # 1.4 times the clerk, in pixels of the main stream
    assert (seen.staff, seen.phone) == (True, pytest.approx(0.7))
    seer.look(frame(0.5), Attention(0.0, {"w1": 2.0}))
    assert asked == [(stamp(0.0).wall, 0.0)]  # it is not decoded for nothing
    calm = frozenset({"w1"})
    seer.look(frame(3.0), Attention(0.0, {"w1": 2.0}, calm))
    assert asked[1:] == [(stamp(3.0).wall, 2.0)]
    seer.look(frame(6.0), Attention(0.0, {"w1": 2.0}))
    assert asked[2:] == [(stamp(6.0).wall, 0.0)]  # something stirred: nothing from before that


def test_without_a_main_picture_at_hand_the_small_one_serves() -> None:
    detector = CountingDetector(CLERK)
    seer = Seer(
        parse_grown(),
        "cam1",
        detector,
        reader=None,
        eye=lambda _: None,
        native=lambda now, fresh_s: None,
    )
    (seen,) = [o for o in seer.look(frame(0.0)).observations if isinstance(o, WindowSeen)]
    assert detector.close == [(154, 154)]
    assert (seen.staff, seen.phone) == (True, pytest.approx(0.7))


def parse_grown() -> Hall:
    """The hall with zones drawn in a main stream three times as wide and high."""
    text = GOOD.replace("width = 640", "width = 1920").replace("height = 360", "height = 1080")

    def grown(match: re.Match[str]) -> str:
        return f"{match[1]} = " + re.sub(r"\d+", lambda n: str(3 * int(n[0])), match[2])

    return parse_hall(re.sub(r"(staff|counter|zone) = (.*)", grown, text).encode())


def test_where_nothing_serves_nothing_is_computed() -> None:
    detector = CountingDetector(CLERK)
    seer = seer_of(detector, open_at=lambda place, _: False)
    look = seer.look(frame(0.0))
    assert detector.close == []
    assert [getattr(o, "open", None) for o in look.observations] == [None, False, False]
    assert look.blind is None


def test_a_closed_window_is_not_looked_at_closely_while_others_serve() -> None:
    detector = CountingDetector(CLERK)
    seer = seer_of(detector, open_at=lambda place, _: place != "w1")
    look = seer.look(frame(0.0))
    assert detector.close == []
    assert look.closely == frozenset()


CALM = Attention(6.0, {"w1": 6.0}, frozenset({"w1"}))
STIRRED = Attention(0.0, {"w1": 6.0}, frozenset({"w1"}))
"""Something stirs elsewhere in the picture."""


def test_a_calm_empty_seat_stands_and_so_does_what_was_read_at_it() -> None:
    class Nobody(CountingDetector):
        def detect(self, images: Sequence[Image]) -> list[Detections]:
            super().detect(images)
            return [Detections.none()] * len(images)

    detector = Nobody()
    seer = seer_of(detector)
    for at_s, close_ups in ((0.0, 1), (2.0, 1), (4.0, 1), (6.0, 2)):
        look = seer.look(frame(at_s), STIRRED)
        (seen,) = [o for o in look.observations if isinstance(o, WindowSeen)]
        assert (seen.staff, seen.sign, look.again) == (False, False, False)
        assert len(detector.close) == close_ups


def test_who_may_have_come_to_a_calm_seat_is_looked_for_closely() -> None:
    detector = CountingDetector()
    seer = seer_of(detector)
    seer.look(frame(0.0), STIRRED)
    detector.whole = detections((CLERK[0], 0.3, CLERK[2]))
    seer.look(frame(2.0), STIRRED)
    assert len(detector.close) == 2


def test_a_look_stands_as_a_whole_for_a_while_with_a_new_stamp() -> None:
    detector = CountingDetector(CLERK)
    seer = seer_of(detector)
    first = seer.look(frame(0.0), CALM)
    detector.whole = detections()  # nobody asks it
    second = seer.look(frame(2.0), CALM)
    assert (first.again, second.again, second.closely) == (False, True, frozenset())
    assert [o.stamp for o in second.observations] == [stamp(2.0)] * len(second.observations)
    then, now = (
        next(o for o in look.observations if isinstance(o, WindowSeen)) for look in (first, second)
    )
    assert (now.staff, now.phone) == (then.staff, then.phone) == (True, pytest.approx(0.7))
    assert not seer.look(frame(6.0), CALM).again


def test_what_the_ticket_system_says_is_asked_anew_while_a_look_stands() -> None:
    said: list[bool | None] = [None, True, False]
    seer = seer_of(CountingDetector(CLERK), ticket_paused=lambda window, at: said.pop(0))
    looks = [seer.look(frame(at_s), CALM) for at_s in (0.0, 2.0, 4.0)]
    assert [look.again for look in looks] == [False, True, True]
    told = [o.ticket_paused for k in looks for o in k.observations if isinstance(o, WindowSeen)]
    assert told == [None, True, False]


def test_a_look_does_not_stand_over_what_the_eye_could_not_see() -> None:
    blind: list[Blindness | None] = [None, Blindness.COVERED, None]
    detector = CountingDetector(CLERK)
    seer = Seer(HALL, "cam1", detector, reader=None, eye=lambda _: blind.pop(0))
    looks = [seer.look(frame(at_s), CALM) for at_s in (0.0, 2.0, 4.0)]
    assert [look.blind for look in looks] == [None, Blindness.COVERED, None]
    assert not any(look.again for look in looks)


def test_a_look_does_not_stand_when_a_window_opens() -> None:
    is_open = [True]
    detector = CountingDetector(CLERK)
    seer = seer_of(detector, open_at=lambda place, _: place != "w1" or is_open[0])
    seer.look(frame(0.0), CALM)
    is_open[0] = False
    assert not seer.look(frame(2.0), CALM).again
