"""Who eats in a rendered picture: out of the hand at a bite, from a box all the while; who smokes:
where the cigarette is to be seen."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from models.simulator.domain import DOMAINS
from models.simulator.labels import _eats, labelled
from models.simulator.scenes import Item, _drawn
from models.simulator.script import LOOK_ALIKES
from models.simulator.truth import Box, Seen
from vision.records import Label

EATER = (100.0, 100.0, 200.0, 300.0)


def seen(index: int, box: Box) -> Seen:
    return Seen(index=index, box=box, full_box=box, share=1.0, pixels=500)


def thing(kind: str, who: int) -> Item:
    return Item(cast(Any, None), Label.FOOD, kind, who)


@pytest.mark.parametrize(
    ("kind", "who", "box", "eats"),
    [
        ("bread", 7, (140.0, 150.0, 160.0, 170.0), True),  # at the mouth
        ("bread", 7, (140.0, 240.0, 160.0, 260.0), False),  # held before the chest
        ("bread", 7, (210.0, 150.0, 230.0, 170.0), False),  # held aside
        ("bread", 8, (140.0, 150.0, 160.0, 170.0), False),  # somebody else's
        ("boxed_meal", 7, (140.0, 280.0, 160.0, 300.0), True),  # on the desk
    ],
)
def test_who_eats(kind: str, who: int, box: Box, eats: bool) -> None:
    items = [Item(cast(Any, None), Label.PERSON, "person", 7), thing(kind, who)]
    people = seen(0, EATER)
    assert _eats(people, items, [people, seen(1, box)]) is eats
    assert not _eats(people, items[:1], [people])


def test_who_eats_from_a_box_that_is_hidden_may_be_eating() -> None:
    eating = cast(Any, SimpleNamespace(activity="eating"))
    items = [Item(cast(Any, None), Label.PERSON, "person", 7, moment=eating), thing("bread", 7)]
    person = Seen(index=0, box=EATER, full_box=EATER, share=1.0, pixels=9000)
    held = seen(1, (140.0, 240.0, 160.0, 260.0))
    frame = (0.0, 0.0, 400.0, 400.0)
    hidden = labelled(items[:1], [person], cast(Any, None), frame, 1.0)
    lowered = labelled(items, [person, held], cast(Any, None), frame, 1.0)
    assert (hidden.boxes, hidden.partial) == ([(Label.PERSON, EATER)], {Label.EATING})
    assert {label for label, _ in lowered.boxes} == {Label.PERSON, Label.FOOD}
    assert lowered.partial == set()  # in the hand, between two bites: does not eat


def smoker_with(pixels: int, share: float, who: int = 7) -> tuple[set[Label], set[Label]]:
    """What is told of a smoker whose (or whose neighbour's) cigarette shows so many pixels."""
    smoking = cast(Any, SimpleNamespace(activity="smoking"))
    items = [
        Item(cast(Any, None), Label.PERSON, "person", 7, moment=smoking),
        Item(cast(Any, None), Label.CIGARETTE, "cigarette", who),
    ]
    person = Seen(index=0, box=EATER, full_box=EATER, share=1.0, pixels=9000)
    lit = (150.0, 150.0, 160.0, 153.0)
    cigarette = Seen(index=1, box=lit, full_box=lit, share=share, pixels=pixels)
    told = labelled(items, [person, cigarette], cast(Any, None), (0.0, 0.0, 400.0, 400.0), 1.0)
    return {label for label, _ in told.boxes}, told.partial


def test_who_smokes_is_told_where_the_cigarette_is_to_be_seen() -> None:
    assert smoker_with(30, 1.0) == ({Label.PERSON, Label.CIGARETTE, Label.SMOKING}, set())
    unclear = {Label.CIGARETTE, Label.SMOKING}
    assert smoker_with(9, 1.0) == ({Label.PERSON}, unclear)  # a speck
    assert smoker_with(30, 0.2) == ({Label.PERSON}, unclear)  # behind the hand
    assert smoker_with(30, 1.0, who=8) == ({Label.PERSON, Label.CIGARETTE}, {Label.SMOKING})


def test_a_look_alike_comes_as_often_as_its_weight_says() -> None:
    usual = DOMAINS["close-ups"].look_alikes
    assert usual == dict.fromkeys(LOOK_ALIKES, 1.0)
    rng = np.random.default_rng(1)
    drawn = [_drawn(rng, {"calculator": 3.0, "remote": 1.0, "card": 0.0}) for _ in range(400)]
    assert drawn.count("card") == 0
    assert drawn.count("calculator") == pytest.approx(300, abs=30)
