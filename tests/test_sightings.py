"""What was seen over a clip: kept for so long, chosen evenly, written down small."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cameras.sightings import MOST_KEPT, MOST_OF_A_CLIP, Sighting, Sightings, evenly
from cli.office import MOST_BOXES, look_of, people_over
from tests.observations import stamp
from vision.records import Blindness, Detections, Label
from vision.seeing import Look


def seen(n: int) -> Detections:
    """n people and a phone, the last ones surer."""
    score = np.linspace(0.31, 0.99, n + 1).astype(np.float32)
    xyxy = np.tile(np.array([1000.4, 500, 1300.6, 1079], np.float32), (n + 1, 1))
    label = np.array([Label.PERSON] * n + [Label.PHONE], np.int8)
    return Detections(xyxy, score, label)


@pytest.mark.parametrize(
    ("first_s", "last_s", "found"),
    [(0, 100, [61.0, 80.0, 100.0]), (80, 80, [80.0]), (62, 79, []), (101, 200, [])],
)
def test_what_lies_in_the_span_and_is_not_too_old(
    first_s: float, last_s: float, found: list[float]
) -> None:
    sightings = Sightings(keep_s=40)
    for at_s in (10.0, 59.0, 61.0, 80.0, 100.0):
        sightings.add(Sighting(at_s, seen(1)))
    assert [s.at_s for s in sightings.between(first_s, last_s)] == found


def test_of_a_long_clip_looks_are_left_out_evenly() -> None:
    sightings = Sightings(keep_s=1e9)
    for at in range(MOST_KEPT + 500):
        sightings.add(Sighting(float(at), Detections.none()))
    kept = sightings.between(0, 1e9)
    assert len(kept) == MOST_KEPT
    chosen = [s.at_s for s in evenly(kept)]
    assert chosen[0] == 500.0  # the oldest are gone
    assert MOST_OF_A_CLIP / 2 < len(chosen) <= MOST_OF_A_CLIP
    assert len({b - a for a, b in pairwise(chosen)}) == 1


def test_a_look_is_written_by_the_clips_seconds_with_its_surest_boxes() -> None:
    at_s, boxes = look_of(Sighting(103.25, seen(2)), first_s=101.0)
    assert at_s == 2.25
    assert boxes[0] == ["phone", 0.99, 1000, 500, 1301, 1079]
    assert [b[0] for b in boxes] == ["phone", "person", "person"]
    _, many = look_of(Sighting(0.0, seen(100)), first_s=0.0)
    assert len(many) == MOST_BOXES


def test_a_usual_clip_takes_little_room() -> None:
    """Two minutes at two looks a second, eight people in the picture."""
    looks = [look_of(Sighting(at / 2, seen(8)), 0.0) for at in range(240)]
    assert len(json.dumps(looks)) < 110_000


def look(at_s: float, found: Detections, **more: object) -> Look:
    whole = Look("cam1", stamp(at_s), None, None, found, (), asked=True)
    return replace(whole, **more)  # type: ignore[arg-type]


def test_everybody_is_written_down_for_the_blur_whenever_it_is_known_who_was_there() -> None:
    """However unsurely, and where a mask lies, too; of a look that stands, that it does."""
    found = Detections(
        np.array([[10.4, 20, 30, 40], [1, 2, 3, 4], [5, 6, 7, 8]], np.float32),
        np.array([0.9, 0.8, 0.11], np.float32),
        np.array([Label.PHONE, Label.HEAD_DOWN, Label.PERSON], np.int8),
    )
    looks = [
        look(101.0, found),
        look(102.0, found, asked=False, again=True),
        look(103.0, Detections.none(), asked=False, blind=Blindness.COVERED),
        look(104.0, Detections.none(), asked=False),  # nothing serves
        look(105.0, Detections.none(), masked=found),
        look(106.0, Detections.none()),
    ]
    people = [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert people_over([Sighting.of(each) for each in looks], 100.0) == [
        [1.0, people], [2.0, None], [5.0, people], [6.0, []],
    ]  # fmt: skip


def test_of_everybody_nobody_is_left_out() -> None:
    (look_,) = people_over([Sighting.of(look(1.0, seen(100)))], 0.0)
    assert len(look_[1]) == 100
