"""The measures that `tests/browser/test_colours.py` measures with."""

from __future__ import annotations

import numpy as np
import pytest

from tests.colour_blind import VISIONS, apart, ciede2000, contrast, seen

RED, GREEN, BLUE = (200.0, 30.0, 30.0), (90.0, 110.0, 20.0), (30.0, 60.0, 200.0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_are_those_of_the_published_table(
    one: tuple[float, float, float], other: tuple[float, float, float], expected: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)
    assert ciede2000(other, one) == pytest.approx(expected, abs=1e-4)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("vision", VISIONS)
def test_greys_stay_what_they_are(vision: str) -> None:
    greys = np.array([[0.0] * 3, [128.0] * 3, [255.0] * 3])
    assert np.allclose(seen(greys, vision), greys, atol=0.5)


def test_who_lacks_a_cone_confuses_what_others_tell_apart() -> None:
    for vision in ("protanopia", "deuteranopia"):
        assert apart(RED, GREEN, vision) < apart(RED, GREEN) / 3
    assert apart(RED, BLUE, "protanopia") > 25
    assert apart(RED, BLUE, "deuteranopia") > 25
