"""When to look again: tables of what is known, and pictures that are passed over."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.observations import LOOKS, stamp
from tests.test_hallfile import GOOD
from vision.engine import Engine
from vision.hallfile import Hall, parse_hall
from vision.pace import MOST_STRETCH, Attention, Pace, Why, Wish, attention, stretched, wish
from vision.pacer import AttentivePacer, FixedPacer, unsure
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
from vision.rules.window_unattended import UnattendedPolicy
from vision.seeing import Look

PACE = Pace(near_s=0.4, moving_s=1.0, still_s=2.0, closed_s=2.5, calm_s=6.0)
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


def test_what_is_counted_in_seconds_is_followed_as_closely_as_what_moves() -> None:
    assert wish(None, False, PACE, busy=True) == Wish(1.0, 1.0, Why.STILL)
    assert wish(0.3, False, PACE, busy=True) == wish(0.3, False, PACE)
    assert wish(None, True, PACE, busy=True) == wish(None, True, PACE)


@pytest.mark.parametrize(
    ("near", "unsure", "moved", "stirred", "expected"),
    [
        ("", "", "", "", Attention(6.0, {"w1": 6.0, "w2": 6.0}, frozenset({"w1", "w2"}))),
        ("w1", "", "", "", Attention(0.0, {"w1": 0.0, "w2": 6.0}, frozenset({"w2"}))),
        ("", "w1", "", "", Attention(0.0, {"w1": 1.8, "w2": 6.0}, frozenset({"w2"}))),
        ("", "", "", "w1", Attention(0.0, {"w1": 1.8, "w2": 6.0}, frozenset({"w2"}))),
        ("", "", "w1", "w1", Attention(0.0, {"w1": 0.8, "w2": 6.0}, frozenset({"w2"}))),
        ("w1", "w1", "w1", "w1", Attention(0.0, {"w1": 0.0, "w2": 6.0}, frozenset({"w2"}))),
        ("", "", "", "q1", Attention(0.0, {"w1": 6.0, "w2": 6.0}, frozenset({"w1", "w2"}))),
        ("q1", "", "", "", Attention(0.0, {"w1": 6.0, "w2": 6.0}, frozenset({"w1", "w2"}))),
    ],
)
def test_what_may_stand_of_the_looks_before(
    near: str, unsure: str, moved: str, stirred: str, expected: Attention
) -> None:
    told = attention(
        ("w1", "w2"), near=near.split(), unsure=unsure.split(), moved=moved.split(),
        stirred=stirred.split(), pace=PACE,
    )  # fmt: skip
    assert told == expected


@pytest.mark.parametrize(
    ("near", "around", "around_s"),
    [("", False, 6.0), ("w1", False, 6.0), ("q1", False, 0.0), ("", True, 0.0)],
)
def test_the_whole_picture_may_stand_where_only_clerks_stir(
    near: str, around: bool, around_s: float
) -> None:
    told = attention(
        ("w1", "w2"), near=near.split(), unsure=["w1"], busy=["w1"], moved=["w1"], stirred=["w1"],
        around=around, pace=PACE,
    )  # fmt: skip
    assert told.around_s == around_s


@pytest.mark.parametrize(
    ("stirs", "around_s"),
    [
        ((slice(100, 200), slice(100, 150)), 6.0),  # the clerk
        ((slice(200, 300), slice(100, 150)), 0.0),  # somebody at the counter
        ((slice(200, 300), slice(100, 104)), 6.0),  # somebody there shifts their weight
        ((slice(100, 300), slice(400, 450)), 0.0),  # the queue
        ((slice(0, 90), slice(0, 640)), 6.0),  # nobody's place
    ],
)
def test_what_stirs_elsewhere_than_at_the_seats_has_all_looked_at(
    stirs: tuple[slice, slice], around_s: float
) -> None:
    pacer, engine = AttentivePacer(HALL, "cam1", PACE), Engine(HALL, "cam1", "f" * 64)
    before, after = picture(0.0), np.full((360, 640, 3), 90, np.uint8)
    seen = WindowSeen(before.stamp, "w1", **LOOKS["a"])
    assert pacer.attention(before) is not None
    pacer.looked(looked(before, seen, closely=frozenset({"w1"})), engine)
    after[stirs] = 200
    told = pacer.attention(Frame(Packet("cam1", 1, stamp(2.0)), after))
    assert told is not None
    assert told.around_s == around_s


def test_what_was_looked_at_closely_is_compared_with_that_look_and_all_else_with_its_own() -> None:
    pacer, engine = AttentivePacer(HALL, "cam1", PACE), Engine(HALL, "cam1", "f" * 64)
    pictures = [np.full((360, 640, 3), 90, np.uint8) for _ in range(3)]
    for n in (1, 2):
        pictures[n][100:200, 100:150] = 200  # the clerk moved, and stays so
    pictures[1][200:300, 100:103] = pictures[2][200:300, 100:106] = 200  # a citizen comes slowly
    told = []
    for n, bgr in enumerate(pictures):
        frame = Frame(Packet("cam1", n, stamp(2.0 * n)), bgr)
        attended = pacer.attention(frame)
        assert attended is not None
        told.append(attended)
        seen = WindowSeen(frame.stamp, "w1", **LOOKS["a"])
        look = looked(frame, seen, closely=frozenset({"w1"}))
        pacer.looked(replace(look, asked=n == 0, again=n > 0), engine)
    assert [t.around_s for t in told[1:]] == [6.0, 0.0]
    assert told[1].calm == frozenset()


def test_what_is_counted_in_seconds_is_looked_at_as_closely_as_what_moves() -> None:
    told = attention(("w1", "w2"), unsure=["w1", "w2"], busy=["w2"], pace=PACE)
    assert told.close_ups_s == {"w1": 1.8, "w2": 0.8}


def test_an_overloaded_machine_stretches_what_stands_short_and_not_what_stands_long() -> None:
    told = attention(("w1", "w2"), moved=["w1"], stirred=["w1"], pace=PACE, stretch=1.5)
    assert told.close_ups_s == {"w1": pytest.approx(1.3), "w2": 6.0}
    assert attention(("w1",), pace=PACE, stretch=4.0).whole_s == 8.0


@pytest.mark.parametrize(
    ("letter", "asked_again"),
    [("a", False), ("e", False), ("p", False), ("x", False), ("u", True), ("f", True), ("n", True),
     ("h", True)],
)  # fmt: skip
def test_only_a_plain_answer_stands(letter: str, asked_again: bool) -> None:
    seen = WindowSeen(stamp(0.0), "w1", **LOOKS[letter])
    assert unsure([seen]) == (frozenset({"w1"}) if asked_again else frozenset())


@pytest.mark.parametrize(
    ("stretch", "late", "busy", "after"),
    [
        (1.0, 0.5, 1.0, 1.25),
        (MOST_STRETCH, 0.5, 1.0, MOST_STRETCH),
        (2.0, 0.05, 1.0, 2.0),  # a little late: stay
        (2.0, 0.0, 0.99, 2.0),  # just so
        (2.0, 0.5, 0.7, 2.0),  # late, though the workers rest: less to do would not help
        (2.16, 0.5, 0.5, 2.0),
        (1.08, 0.0, 0.5, 1.0),
        (1.0, 0.0, 0.1, 1.0),
    ],
)
def test_overload_stretches_quickly_and_lets_go_slowly(
    stretch: float, late: float, busy: float, after: float
) -> None:
    assert stretched(stretch, late, busy) == pytest.approx(after)


@pytest.mark.parametrize(
    "wrong", [{"near_s": 0.0}, {"moving_s": 3.0}, {"closed_s": 1.0}, {"calm_s": 1.0}]
)
def test_a_pace_must_grow_from_near_to_closed(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="still_s <="):
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


def picture(at_s: float, bright: str = ".") -> Frame:
    """A grey picture; at "!" someone has come into w1's staff zone, at "," a bit farther, which is
    all at ":"."""
    bgr = np.full((360, 640, 3), 90, np.uint8)
    if bright in "!,":
        bgr[100:200, 100:150] = 200
    if bright in ",:":
        bgr[104:200, 152:160] = 200
    return Frame(Packet("cam1", 0, stamp(at_s)), bgr)


def looked(frame: Frame, *seen: Observation, closely: frozenset[str] = frozenset()) -> Look:
    return Look("cam1", frame.stamp, frame, None, Detections.none(), seen, closely)


class Walk:
    """A pacer that is shown pictures one after the other, with what a look at each shows."""

    def __init__(self, stretch: float = 1.0) -> None:
        self.engine = Engine(HALL, "cam1", "f" * 64)
        self.pacer = AttentivePacer(HALL, "cam1", PACE, lambda: stretch)
        self.asked_s = [-1e9]

    def looks(self, letters: str, bright: str = "", step_s: float = 0.4) -> list[float]:
        """The seconds at which it looked; `bright` marks pictures with motion."""
        found = []
        for n, letter in enumerate(letters):
            frame = picture(round(n * step_s, 3), bright[n : n + 1] or ".")
            told = self.pacer.attention(frame)
            if told is None:
                continue
            found.append(frame.stamp.at_s)
            again = frame.stamp.at_s - self.asked_s[-1] < told.whole_s
            if not again:
                self.asked_s.append(frame.stamp.at_s)
            seen = WindowSeen(frame.stamp, "w1", **LOOKS[letter])
            self.engine.step([seen])
            look = looked(frame, seen, closely=frozenset() if again else frozenset({"w1"}))
            self.pacer.looked(replace(look, again=again), self.engine)
        return found

    def asked(self, letters: str, bright: str = "") -> list[float]:
        """The seconds at which the model was asked."""
        self.looks(letters, bright)
        return self.asked_s[1:]


@pytest.mark.parametrize(("letter", "within_s"), [("a", 1.0), ("h", 0.4), ("e", 1.0)])
def test_conduct_that_is_counted_goes_before_what_merely_moves(
    letter: str, within_s: float
) -> None:
    walk = Walk()
    walk.looks(letter)
    assert walk.pacer.within_s == within_s


def test_a_still_scene_is_looked_at_every_two_seconds() -> None:
    assert Walk().looks("a" * 16) == [0.0, 2.0, 4.0, 6.0]


def test_motion_brings_the_next_look_forward_but_never_says_what_is_seen() -> None:
    assert Walk().looks("a" * 12, bright="...!!!......") == [0.0, 1.2, 2.4, 4.4]


def test_in_a_calm_hall_the_model_is_asked_every_six_seconds() -> None:
    assert Walk().asked("a" * 46) == [0.0, 6.0, 12.0, 18.0]
    assert Walk().asked("e" * 31) == [0.0, 6.0, 12.0]


def test_what_changed_since_the_model_was_asked_has_it_asked_again_at_once() -> None:
    asked = Walk().asked("a" * 31, bright="......" + "!" * 25)
    assert asked == [0.0, 2.4, 8.4]  # and then what came stays there


def test_what_a_single_look_may_be_wrong_about_does_not_stand() -> None:
    assert Walk().asked("h" * 21) == pytest.approx([0.8 * n for n in range(11)])
    assert Walk().asked("u" * 21) == [0.0, 2.0, 4.0, 6.0, 8.0]


@pytest.mark.parametrize(
    ("letters", "bright", "stretch", "rests"),
    [
        ("a" * 11, "", 1.0, True),
        ("e" * 11, "", 1.0, True),
        ("a" * 11, "." * 10 + "!", 1.0, False),  # somebody has just come
        ("a" * 17, "." * 4 + "!" * 13, 1.0, True),  # and stays there
        ("h" * 11, "", 1.0, False),  # not plain
        ("e" * 221, "", 1.0, False),  # at 88 s: unattended after 90
        ("x" * 14, "", 1.0, False),  # closed: looked at seldom as it is
        ("a" * 26, "", 2.5, False),  # a late machine: key frames would come in between
        ("a", "", 1.0, False),
    ],
)
def test_when_key_frames_will_do(letters: str, bright: str, stretch: float, rests: bool) -> None:
    walk = Walk(stretch)
    walk.looks(letters, bright)
    assert walk.pacer.rests is rests


@pytest.mark.parametrize("key_every_s", [1.0, 2.0, 2.1])
@pytest.mark.parametrize("first_key_s", [0.05, 0.5, 0.7, 0.9, 1.2, 1.6, 1.9])
@pytest.mark.parametrize("late_s", [0.0, 0.35])
def test_between_key_frames_no_rule_finds_a_gap(
    key_every_s: float, first_key_s: float, late_s: float
) -> None:
    """late_s: a live source shows a picture at its next beat, by so much after it came."""
    pacer = AttentivePacer(HALL, "cam1", PACE)
    engine = Engine(HALL, "cam1", "f" * 64)
    looked_s = [0.0]
    keys_s = (first_key_s + n * key_every_s + n % 2 * late_s for n in range(12))
    for at_s in (0.0, *keys_s):
        if pacer.attention(picture(at_s)) is not None:
            seen = WindowSeen(stamp(at_s), "w1", **LOOKS["a"])
            pacer.looked(looked(picture(at_s), seen, closely=frozenset({"w1"})), engine)
            looked_s.append(at_s)
        pacer.next_in_s = key_every_s
    assert max(b - a for a, b in pairwise(looked_s)) <= UnattendedPolicy().max_gap_s
    assert len(looked_s) > 2


def test_before_an_answer_changes_the_model_is_asked() -> None:
    walk = Walk()
    asked = walk.asked("e" * 240)  # 96 s of an empty seat: unattended after 90
    assert [s for s in asked if 88.0 <= s <= 91.0] == [90.0]
    assert len(asked) < 96 / 5


def test_where_something_just_moved_less_is_enough() -> None:
    """Who has begun to leave does the rest of it in small steps."""
    assert Walk().looks("a" * 12, bright="...!!,,,,,,,") == [0.0, 1.2, 2.0, 4.0]
    assert Walk().looks("a" * 12, bright="...:::::::::") == [0.0, 2.0, 4.0]


def test_what_moves_outside_of_every_zone_brings_nothing_forward() -> None:
    walk = Walk()
    walk.looks("a")
    clock = picture(1.2).bgr.copy()
    clock[:20, 500:640] = 255
    assert walk.pacer.attention(Frame(Packet("cam1", 0, stamp(1.2)), clock)) is None


def test_a_look_falls_on_the_second_at_which_a_rule_would_change() -> None:
    looks = Walk().looks("f" * 26)
    assert looks == pytest.approx([0.8 * n for n in range(12)] + [10.0])


def test_a_gap_is_always_looked_at() -> None:
    walk = Walk()
    walk.looks("a")
    assert walk.pacer.attention(Gap("cam1", stamp(0.1), Blindness.OFFLINE)) == Attention()


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
            if pacer.attention(picture(at_s)) == Attention():
                pacer.looked(looked(picture(at_s), QueueSeen(stamp(at_s), "q1")), engine)
                found.append(at_s)
        return found

    assert looks(0.0, 0.533, 1.0, 1.533) == [0.0, 0.533, 1.0, 1.533]
    stretch[0] = 2.0
    assert looks(2.0, 2.533, 3.0, 3.533) == [2.533, 3.533]
