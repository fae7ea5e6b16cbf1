"""When to look again: tables of what is known, and pictures that are passed over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.observations import LOOKS, stamp
from tests.test_hallfile import GOOD
from vision.engine import Engine
from vision.hallfile import Hall, parse_hall
from vision.pace import MOST_STRETCH, Pace, Why, Wish, close_up_stands_s, stretched, wish
from vision.pacer import AttentivePacer, FixedPacer
from vision.records import (
    Blindness,
    Detections,
    Frame,
    Gap,
    Observation,
    Packet,
    QueueSeen,
    WindowSeen,
)
from vision.seeing import Look

PACE = Pace(near_s=0.4, moving_s=1.0, still_s=2.0, closed_s=2.5)
HALL = parse_hall(GOOD.encode())


@pytest.mark.parametrize(
    ("change_in_s", "closed", "stretch", "expected"),
    [
        (None, False, 1.0, Wish(2.0, 1.0, Why.STILL)),
        (None, True, 1.0, Wish(2.5, 2.5, Why.CLOSED)),
        (1.3, False, 1.0, Wish(1.3, 1.0, Why.NEAR)),  # just then, and no sooner
        (0.7, False, 1.0, Wish(0.7, 0.7, Why.NEAR)),
        (0.1, False, 1.0, Wish(0.4, 0.4, Why.NEAR)),  # not oftener than ever
        (2.0, False, 1.0, Wish(2.0, 1.0, Why.STILL)),
        (0.1, True, 1.0, Wish(2.5, 2.5, Why.CLOSED)),
        (None, False, 3.0, Wish(6.0, 3.0, Why.STILL)),  # overload: all alike
        (0.1, False, 3.0, Wish(pytest.approx(1.2), pytest.approx(1.2), Why.NEAR)),
        (None, True, 2.0, Wish(5.0, 5.0, Why.CLOSED)),
    ],
)
def test_when_the_next_look_is_due(
    change_in_s: float | None, closed: bool, stretch: float, expected: Wish
) -> None:
    assert wish(change_in_s, closed, PACE, stretch) == expected


def test_how_long_a_close_up_stands() -> None:
    stands_s = close_up_stands_s(("w1", "w2", "w3"), near=("w1",), moved=("w1", "w2"), pace=PACE)
    assert stands_s == {"w1": 0.0, "w2": 1.0, "w3": 2.0}
    assert close_up_stands_s(("w3",), (), (), PACE, stretch=1.5) == {"w3": 3.0}


@pytest.mark.parametrize(
    ("stretch", "late", "busy", "after"),
    [
        (1.0, 0.5, 1.0, 1.25),
        (MOST_STRETCH, 0.5, 1.0, MOST_STRETCH),
        (2.0, 0.05, 1.0, 2.0),  # a little late: stay
        (2.0, 0.0, 0.99, 2.0),  # just so
        (1.08, 0.0, 0.5, 1.0),
        (1.0, 0.0, 0.1, 1.0),
    ],
)
def test_overload_stretches_quickly_and_lets_go_slowly(
    stretch: float, late: float, busy: float, after: float
) -> None:
    assert stretched(stretch, late, busy) == pytest.approx(after)


@pytest.mark.parametrize("wrong", [{"near_s": 0.0}, {"moving_s": 3.0}, {"closed_s": 1.0}])
def test_a_pace_must_grow_from_near_to_closed(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="near_s"):
        replace(PACE, **wrong)


def engine_after(hall: Hall, letter: str, seconds: float, hz: float = 2.0) -> Engine:
    """The rules after a window was seen so for so long."""
    engine = Engine(hall, "cam1", "f" * 64)
    for n in range(int(seconds * hz) + 1):
        engine.step([WindowSeen(stamp(n / hz), "w1", **LOOKS[letter])])
    return engine


@pytest.mark.parametrize(
    ("letter", "seconds", "rule", "in_s"),
    [
        ("a", 60, None, None),
        ("e", 60, None, None),
        ("e", 88.5, "window_unattended", 1.5),
        ("e", 89.5, "window_unattended", 0.5),
        ("f", 5, None, None),
        ("f", 9, "phone_use", 1.0),
        ("m", 7, "eating", 1.0),
        ("u", 119, None, None),  # who cannot tell accuses nobody soon
    ],
)
def test_rules_say_themselves_what_is_about_to_change(
    letter: str, seconds: float, rule: str | None, in_s: float | None
) -> None:
    coming = engine_after(HALL, letter, seconds).coming(2.0)
    assert {rule_id for rule_id, _ in coming} == ({rule} if rule else set())
    if rule is not None:
        assert coming[rule, "w1"] == pytest.approx(in_s, abs=0.13)


def test_asking_what_comes_changes_nothing() -> None:
    engine = engine_after(HALL, "f", 9)
    before = engine.save()
    engine.coming(2.0)
    assert engine.save() == before


def picture(at_s: float, bright: bool = False) -> Frame:
    """A grey picture; where bright, someone has come into w1's staff zone."""
    bgr = np.full((360, 640, 3), 90, np.uint8)
    if bright:
        bgr[100:200, 100:150] = 200
    return Frame(Packet("cam1", 0, stamp(at_s)), bgr)


def looked(frame: Frame, *seen: Observation, closely: frozenset[str] = frozenset()) -> Look:
    return Look("cam1", frame.stamp, frame, None, Detections.none(), seen, closely)


class Walk:
    """A pacer that is shown pictures one after the other, with what a look at each shows."""

    def __init__(self, stretch: float = 1.0) -> None:
        self.engine = Engine(HALL, "cam1", "f" * 64)
        self.pacer = AttentivePacer(HALL, "cam1", PACE, lambda: stretch)

    def looks(self, letters: str, bright: str = "", step_s: float = 0.4) -> list[float]:
        """The seconds at which it looked; `bright` marks pictures with motion."""
        found = []
        for n, letter in enumerate(letters):
            frame = picture(round(n * step_s, 3), bright[n : n + 1] == "!")
            stands_s = self.pacer.attention(frame)
            if stands_s is None:
                continue
            found.append(frame.stamp.at_s)
            seen = WindowSeen(frame.stamp, "w1", **LOOKS[letter])
            self.engine.step([seen])
            closely = frozenset(w for w, s in stands_s.items() if s < 1.5) or frozenset({"w1"})
            self.pacer.looked(looked(frame, seen, closely=closely), self.engine)
        return found


def test_a_still_scene_is_looked_at_every_two_seconds() -> None:
    assert Walk().looks("a" * 16) == [0.0, 2.0, 4.0, 6.0]


def test_motion_brings_the_next_look_forward_but_never_says_what_is_seen() -> None:
    assert Walk().looks("a" * 12, bright="...!!!......") == [0.0, 1.2, 2.4, 4.4]


def test_what_moves_outside_of_every_zone_brings_nothing_forward() -> None:
    walk = Walk()
    walk.looks("a")
    clock = picture(1.2).bgr.copy()
    clock[:20, 500:640] = 255
    assert walk.pacer.attention(Frame(Packet("cam1", 0, stamp(1.2)), clock)) is None


def test_a_look_falls_on_the_second_at_which_a_rule_would_change() -> None:
    looks = Walk().looks("f" * 30)
    assert looks[:5] == [0.0, 2.0, 4.0, 6.0, 8.0]
    assert looks[5] == 10.0


def test_a_gap_is_always_looked_at() -> None:
    walk = Walk()
    walk.looks("a")
    assert walk.pacer.attention(Gap("cam1", stamp(0.1), Blindness.OFFLINE)) == {}


def test_a_closed_hall_is_looked_at_seldom_whatever_moves() -> None:
    looks = Walk().looks("x" * 16, bright="!." * 8, step_s=0.5)
    assert looks == [0.0, 2.5, 5.0, 7.5]


def test_overload_stretches_every_interval() -> None:
    assert Walk(stretch=2.0).looks("a" * 22) == [0.0, 4.0, 8.0]


def test_a_fixed_pace_looks_at_every_picture_closely_until_the_machine_is_overloaded() -> None:
    stretch = [1.0]
    pacer = FixedPacer(2.0, lambda: stretch[0])
    engine = Engine(HALL, "cam1", "f" * 64)

    def looks(*seconds: float) -> list[float]:
        found = []
        for at_s in seconds:
            if pacer.attention(picture(at_s)) == {}:
                pacer.looked(looked(picture(at_s), QueueSeen(stamp(at_s), "q1")), engine)
                found.append(at_s)
        return found

    assert looks(0.0, 0.533, 1.0, 1.533) == [0.0, 0.533, 1.0, 1.533]
    stretch[0] = 2.0
    assert looks(2.0, 2.533, 3.0, 3.533) == [2.533, 3.533]
