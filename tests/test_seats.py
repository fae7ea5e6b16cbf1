"""Seats that are looked at without the whole picture, where nothing stirs around them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.observations import stamp
from tests.test_hallfile import GOOD
from tests.test_seeing import CLERK, HALL, PHONE_IN_HAND, Box, detections
from vision.hallfile import Hall, parse_hall
from vision.pace import Attention
from vision.records import (
    Blindness,
    Detections,
    Frame,
    Gap,
    Image,
    Label,
    Packet,
    QueueSeen,
    WindowSeen,
)
from vision.seeing import Look, Seer, close_up

SIZE = (360, 640)
WAITING: Box = (Label.PERSON, 0.8, (420, 200, 460, 330))
ASIDE: Box = (Label.PERSON, 0.8, (150, 150, 190, 285))
SEATS = Attention(0.0, {"w1": 0.8}, around_s=6.0)
"""At w1 something stirred, nowhere else."""
_, TOP, *_ = close_up(HALL.windows[0], detections(CLERK), *SIZE[::-1])


class Eyes:
    """Sees what is there, in whole pictures and in close-ups, and counts them. The pixels tell it
    which columns a close-up shows."""

    sha256 = "f" * 64

    def __init__(self, *here: Box) -> None:
        self.here: tuple[Box, ...] = here
        self.wholes = self.close_ups = 0

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        return [self._seen(image) for image in images]

    def _seen(self, image: Image) -> Detections:
        if image.shape[:2] == SIZE:
            self.wholes += 1
            return detections(*self.here)
        self.close_ups += 1
        left = int(image[0, 0, 0]) + 256 * int(image[0, 0, 1])
        inside = [box for box in self.here if left <= box[2][0] <= left + image.shape[1]]
        return detections(*inside).moved(-left, -TOP)


class Watch:
    def __init__(self, *here: Box, hall: Hall = HALL) -> None:
        self.eyes = Eyes(*here)
        self.seer = Seer(hall, "cam1", self.eyes, reader=None, eye=lambda _: None)

    def look(self, at_s: float, attention: Attention = SEATS) -> Look:
        bgr, x = np.zeros((*SIZE, 3), np.uint8), np.arange(SIZE[1])
        bgr[:, :, 0], bgr[:, :, 1] = x % 256, x // 256
        return self.seer.look(Frame(Packet("cam1", 0, stamp(at_s)), bgr), attention)

    @property
    def asked(self) -> tuple[int, int]:
        """Whole pictures and close-ups so far."""
        return self.eyes.wholes, self.eyes.close_ups


def window(look: Look) -> WindowSeen:
    (seen,) = [o for o in look.observations if isinstance(o, WindowSeen)]
    return seen


def queue(look: Look) -> QueueSeen:
    (seen,) = [o for o in look.observations if isinstance(o, QueueSeen)]
    return seen


def test_a_clerk_who_is_surely_seen_closely_needs_no_whole_picture() -> None:
    watch = Watch(CLERK, WAITING)
    first = watch.look(0.0)
    watch.eyes.here = (CLERK, PHONE_IN_HAND)
    second = watch.look(1.0)
    assert watch.asked == (1, 2)
    assert (window(second).staff, window(second).phone) == (True, pytest.approx(0.7))
    assert queue(second).count == queue(first).count
    assert second.stamp == window(second).stamp == queue(second).stamp == stamp(1.0)
    assert (first.asked, first.again) == (True, False)
    assert (second.asked, second.again, second.closely) == (False, True, {"w1"})
    assert len(second.detections.of(Label.PERSON)) == 2  # each once


def test_who_walked_outside_all_zones_is_shown_no_longer() -> None:
    walker: Box = (Label.PERSON, 0.8, (20, 20, 60, 80))
    sign: Box = (Label.PAUSE_SIGN, 0.8, (220, 20, 260, 80))
    watch = Watch(CLERK, WAITING, walker, sign)
    assert len(watch.look(0.0).detections) == 4
    watch.eyes.here = (CLERK,)
    later = watch.look(1.0).detections
    assert len(later.of(Label.PERSON)) == 2
    assert len(later.of(Label.PAUSE_SIGN)) == 1
    assert watch.eyes.wholes == 1


def test_what_the_whole_picture_showed_at_the_seat_is_forgotten() -> None:
    watch = Watch(CLERK, PHONE_IN_HAND)
    assert window(watch.look(0.0)).phone == pytest.approx(0.7)
    watch.eyes.here = (CLERK,)
    later = watch.look(1.0)
    assert watch.eyes.wholes == 1
    assert window(later).phone == 0.0
    assert len(later.detections) == 1


@pytest.mark.parametrize("unsure", [(), ((CLERK[0], 0.3, CLERK[2]),)])
def test_a_clerk_who_is_not_surely_seen_is_looked_for_in_the_whole_picture(
    unsure: tuple[Box, ...],
) -> None:
    watch = Watch(CLERK)
    watch.look(0.0)
    watch.eyes.here = unsure
    gone = watch.look(1.0)
    assert watch.eyes.wholes == 2
    assert window(gone).staff is (None if unsure else False)
    assert gone.asked
    watch.look(2.0)
    assert watch.eyes.wholes == 3  # an empty seat is watched in the whole picture


@pytest.mark.parametrize(("before", "phone"), [((ASIDE,), 0.0), ((), 0.7)])
def test_who_stood_before_the_seat_still_does(before: tuple[Box, ...], phone: float) -> None:
    """Of a citizen a close-up shows no feet; what they hold is not the clerk's all the same."""
    watch = Watch(CLERK, *before)
    watch.look(0.0)
    watch.eyes.here = (CLERK, (Label.PHONE, 0.7, (165, 165, 175, 177)))
    seen = window(watch.look(1.0))
    assert watch.eyes.wholes == 1
    assert (seen.citizens, seen.phone) == (len(before), pytest.approx(phone))


@pytest.mark.parametrize(
    ("attention", "wholes"),
    [
        (SEATS, 1),
        (Attention(0.0, {"w1": 0.8}), 2),  # something stirred elsewhere
        (Attention(0.0, {"w1": 0.8}, around_s=1.0), 2),  # too long ago
        (Attention(0.0, {"w1": 2.0}, around_s=6.0), 2),  # what stirred is nowhere
        (Attention(6.0, {"w1": 6.0}, frozenset({"w1"}), 6.0), 1),  # nothing stirred: all stands
    ],
)
def test_the_whole_picture_stands_where_nothing_stirs(attention: Attention, wholes: int) -> None:
    watch = Watch(CLERK)
    watch.look(0.0)
    watch.look(1.0, attention)
    assert watch.eyes.wholes == wholes


def test_it_stands_for_six_seconds_however_often_seats_are_looked_at() -> None:
    watch = Watch(CLERK)
    for n in range(13):
        watch.look(float(n))
    assert watch.asked == (3, 13)


def test_after_a_gap_all_is_looked_at() -> None:
    watch = Watch(CLERK)
    watch.look(0.0)
    watch.seer.look(Gap("cam1", stamp(0.5), Blindness.OFFLINE))
    watch.look(1.0)
    assert watch.eyes.wholes == 2


def test_at_the_end_of_service_hours_nothing_stands() -> None:
    opened = [True]
    watch = Watch(CLERK)
    watch.seer.open_at = lambda place, at: opened[0] or place != "w1"
    watch.look(0.0)
    opened[0] = False
    assert window(watch.look(1.0)).open is False
    assert watch.eyes.wholes == 2


NEIGHBOUR: Box = (Label.PERSON, 0.9, (410, 90, 490, 200))
TWO = parse_hall(
    (
        GOOD
        + """
[[window]]
id = "w2"
camera = "cam1"
staff = [[400, 100], [500, 100], [500, 200], [400, 200]]
counter = [[400, 200], [500, 200], [500, 300], [400, 300]]
"""
    ).encode()
)
FIRST, SECOND = {"w1": 0.8, "w2": 9.0}, {"w1": 9.0, "w2": 0.8}


def seen_at(
    watch: Watch, at_s: float, stands: dict[str, float], calm: str = ""
) -> list[WindowSeen]:
    look = watch.look(at_s, Attention(0.0, stands, frozenset(calm.split()), 6.0))
    return [o for o in look.observations if isinstance(o, WindowSeen)]


def test_what_a_close_up_no_longer_showed_does_not_come_back_with_the_neighbours() -> None:
    watch = Watch(CLERK, PHONE_IN_HAND, NEIGHBOUR, hall=TWO)
    first = [seen.phone for seen in seen_at(watch, 0.0, FIRST)]
    watch.eyes.here = (CLERK, NEIGHBOUR)
    second = [seen.phone for seen in seen_at(watch, 1.0, FIRST)]
    third = [seen.phone for seen in seen_at(watch, 2.0, SECOND)]
    assert (first, second, third) == ([pytest.approx(0.7), 0.0], [0.0, 0.0], [0.0, 0.0])
    assert watch.asked == (1, 4)


@pytest.mark.parametrize(
    ("neighbour", "calm", "wholes"),
    [
        ((NEIGHBOUR,), "", 1),
        ((), "", 2),  # an empty seat at which something may have stirred
        ((), "w2", 1),
        (((Label.PERSON, 0.3, NEIGHBOUR[2]),), "", 2),  # cannot be told
    ],
)
def test_a_neighbour_who_is_not_surely_there_has_all_looked_at(
    neighbour: tuple[Box, ...], calm: str, wholes: int
) -> None:
    watch = Watch(CLERK, *neighbour, hall=TWO)
    before = [seen.staff for seen in seen_at(watch, 0.0, FIRST)]
    after = [seen.staff for seen in seen_at(watch, 1.0, FIRST, calm)]
    assert before == after
    assert watch.eyes.wholes == wholes
