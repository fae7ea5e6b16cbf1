"""Signs are shown where surely nobody stands before them, at whatever second of a film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest

from tests.test_blur import noise
from vision.bare_signs import LONGEST_GAP_S, SKEW_S, BareSigns, Places, Seen
from vision.blur import Box, Mask
from vision.records import Image

WIDTH, HEIGHT, FPS = 320, 240, 10
SIGN = ((60.0, 80.0), (260.0, 80.0), (260.0, 180.0), (60.0, 180.0))
STAFF = ((100.0, 20.0), (220.0, 20.0), (220.0, 110.0), (100.0, 110.0))
COUNTER = ((60.0, 180.0), (260.0, 180.0), (260.0, 235.0), (60.0, 235.0))
PLACES = Places((SIGN,), (STAFF,), (COUNTER,), (WIDTH, HEIGHT))
ZONE = (slice(80, 181), slice(60, 261))
BACK: Image = cv2.GaussianBlur(noise(WIDTH, HEIGHT), (3, 3), 0).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Walk:
    """Somebody between two seconds of the film, from one place to another in a straight line."""

    from_s: float
    to_s: float
    begins: tuple[float, float]
    ends: tuple[float, float]
    size: tuple[float, float] = (40.0, 110.0)

    def box(self, at_s: float) -> Box | None:
        if not self.from_s <= at_s < self.to_s:
            return None
        done = (at_s - self.from_s) / (self.to_s - self.from_s)
        x, y = (a + done * (b - a) for a, b in zip(self.begins, self.ends, strict=True))
        return x, y, x + self.size[0], y + self.size[1]


def boxes_at(walks: list[Walk], at_s: float) -> list[Box]:
    return [box for walk in walks if (box := walk.box(at_s)) is not None]


def picture(walks: list[Walk], at_s: float) -> Image:
    """People are darker than the hall, and each picture of them differs."""
    shown = BACK.copy()
    for x1, y1, x2, y2 in boxes_at(walks, at_s):
        place = shown[max(int(y1), 0) : int(y2), max(int(x1), 0) : max(int(x2), 0)]
        place[:] = noise(place.shape[1], place.shape[0]) // 4
    return shown


def shown(
    walks: list[Walk], looks: list[Seen], lasts_s: float, places: Places = PLACES
) -> Iterator[tuple[float, Mask]]:
    signs = BareSigns(places, looks)
    for step in range(round(lasts_s * FPS)):
        at_s = step / FPS
        bare = signs.bare(picture(walks, at_s), at_s)
        yield at_s, np.zeros((HEIGHT, WIDTH), np.uint8) if bare is None else bare


def at_times(walks: list[Walk], times: list[float], skew_s: float = 0.0) -> list[Seen]:
    return [(at_s, boxes_at(walks, at_s + skew_s)) for at_s in times]


EVERY_SECOND = [0.5 + s for s in range(12)]


def random_walks(rng: np.random.Generator) -> list[Walk]:
    """Some stand, some hurry by between two looks, some turn round."""
    walks = []
    for _ in range(4):
        from_s = rng.uniform(-2, 10)
        to_s = from_s + rng.choice([0.4, 1.0, 3.0, 8.0])
        begins = (rng.uniform(-30, 300), rng.uniform(20, 120))
        far = rng.choice([0.0, 20.0, 250.0])
        walks.append(Walk(from_s, to_s, begins, (begins[0] + far * rng.choice([-1, 1]), begins[1])))
    return walks


def random_looks(rng: np.random.Generator, walks: list[Walk]) -> list[Seen]:
    """Looks at any pace, some of which only say that the one before stands, by a clock that is
    up to `SKEW_S` off."""
    times = np.cumsum(rng.uniform(0.3, LONGEST_GAP_S * 1.2, 30))
    looks = at_times(walks, [float(t) for t in times if t < 11], rng.uniform(-1, 1) * SKEW_S)
    return [(at_s, people if rng.random() < 0.8 else None) for at_s, people in looks]


@pytest.mark.parametrize("seed", range(40))
def test_nobody_who_stands_before_a_sign_is_shown_at_any_moment(seed: int) -> None:
    rng = np.random.default_rng(seed)
    walks = random_walks(rng)
    looks = random_looks(rng, walks)
    for at_s, bare in shown(walks, looks, 12.0, replace(PLACES, staff=())):
        for x1, y1, x2, y2 in boxes_at(walks, at_s):
            covered = bare[max(int(y1), 0) : int(y2), max(int(x1), 0) : max(int(x2), 0)]
            assert not covered.any(), (at_s, walks)


def test_a_sign_is_shown_where_nobody_stands_before_it() -> None:
    walks = [Walk(0, 99, (80, 90), (80, 90)), Walk(5.1, 5.5, (190, 60), (200, 60))]
    for at_s, bare in shown(walks, at_times(walks, EVERY_SECOND), 11.5):
        known = at_s >= 1.0  # all pictures about the first look are there
        assert bare[90:170, 145:180].all() == known, at_s
        if not 5.0 < at_s < 7.5:
            assert bare[90:170, 195:255].all() == known, at_s
        outside = bare.copy()
        outside[ZONE] = 0
        assert not outside.any()


def test_the_whole_of_a_bare_sign_is_shown() -> None:
    for at_s, bare in shown([], at_times([], EVERY_SECOND), 11.5):
        assert bool(bare[ZONE].all()) == (at_s >= 1.0), at_s


@pytest.mark.parametrize(
    ("box", "hides"),
    [
        ((130.0, 30.0, 190.0, 150.0), False),  # sits in the staff zone, behind the sign
        ((130.0, 0.0, 190.0, 200.0), True),  # the middle there, too, but the feet at the counter
        ((130.0, 90.0, 190.0, 230.0), True),
        ((200.0, 90.0, 300.0, 170.0), True),  # reaches in from the side
        ((270.0, 90.0, 310.0, 170.0), False),
        ((-500.0, -500.0, 900.0, 900.0), True),
    ],
)
def test_who_works_there_hides_no_sign(box: Box, hides: bool) -> None:
    bare = PLACES.bare(BACK, [box])
    assert bool(bare[ZONE].all()) != hides
    *_, (_, last) = shown([], [(s, [box]) for s in EVERY_SECOND], 11.0)
    assert np.array_equal(last, bare)


NOTHING: dict[str, list[Seen]] = {
    "no look at all": [],
    "one look": [(2.0, [])],
    "looks far apart": [(1.0, []), (1.1 + LONGEST_GAP_S, []), (1.3 + 2 * LONGEST_GAP_S, [])],
    "the look that stands is not known": [(s, None) for s in EVERY_SECOND],
    "looks before the film began": [(s - 12.0, []) for s in EVERY_SECOND],
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_nobody_was_asked_about_is_not_shown(name: str) -> None:
    assert not any(bare.any() for _, bare in shown([], NOTHING[name], 11.5))


def test_of_a_film_whose_time_is_not_known_or_runs_back_nothing_is_shown_until_the_next_look() -> (
    None
):
    signs = BareSigns(PLACES, at_times([], EVERY_SECOND))
    told = [signs.bare(BACK, step / FPS) is not None for step in range(60)]
    assert told == [step >= 10 for step in range(60)]
    assert signs.bare(BACK, None) is None
    assert signs.bare(BACK, 6.0) is None
    assert signs.bare(BACK, 3.0) is None
    assert signs.bare(BACK, 3.1) is None


def test_a_picture_of_another_size_is_the_same_view() -> None:
    small = np.asarray(cv2.resize(BACK, (WIDTH // 2, HEIGHT // 2)), np.uint8)
    bare = PLACES.bare(small, [(60.0, 90.0, 150.0, 170.0)])
    assert not bare[45:85, 30:75].any()
    assert bare[45:85, 85:125].all()
