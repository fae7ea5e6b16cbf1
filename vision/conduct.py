"""Who sits at a seat, and what they do, told from where things lie on the clerk's box."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.geometry import Boxes, Zone, centres, overlap_of_smaller
from vision.records import Detections, Label

MOUTH_SHARE, MOUTH_WIDTHS, MOUTH_ASIDE = 0.5, 0.64, 0.3
"""Food is at the mouth when its centre lies in the upper half of what is seen of a person, no lower
than so many of the box's widths below its top, and no farther from its middle line than this share
of the width. At a bite, in rendered meals: at 0.40 to 0.51 of the height, 0.48 to 0.63 widths, up
to 0.12 aside; held before the chest from 0.68 widths on. The width stands for the body's size where
no desk cuts a person off at the waist; the middle line keeps out what an outstretched arm reaches
for (bananas on a real shop's belt, 0.36 aside)."""
HAND_SHARE = 0.92
"""A phone in use is above the lowest edge of what is seen of a seated person; on that edge and
below it lies the desk."""
BENT_SHARE = 0.3
"""Who sleeps on the desk leans out of the staff zone: of six rendered sleepers two had the middle
of their box beyond its edge, and 0.47 and 0.50 of the box inside."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """How surely each conduct is seen at a seat, 0..1; None for "cannot tell"."""

    phone: float | None = None
    eating: float | None = None
    smoking: float | None = None
    napping: float | None = None
    reading: float | None = None


def sitting(people: Detections, zone: Zone, others: Iterable[Zone], citizens: Boxes) -> Detections:
    """Those of the people who sit in a staff zone.

    By the middle of their box; with the head on the desk by a part of it, too, unless the middle
    lies in one of the others, the zones of other seats. citizens: whoever is one of them is not."""
    middles = centres(people.xyxy)
    bent = (people.label == Label.HEAD_DOWN) & (zone.share_of(people.xyxy) >= BENT_SHARE)
    for other in others:
        bent &= ~other.holds(middles)
    here = (zone.holds(middles) | bent) & ~are_among(people.xyxy, citizens)
    return people.chosen(here)


def conduct_at(
    staff: bool | None, seat: Detections, seated: Detections, clerks: Boxes, citizens: Boxes
) -> Conduct:
    """What is done at a seat.

    staff: whether a clerk is there; seat: what is seen of it; seated: those who sit there, and what
    they do; clerks, citizens: the boxes of who surely do, and who surely stand before it."""
    if staff is None:
        return Conduct()
    hands = _upper(clerks, HAND_SHARE)
    bites = _held_by(seat.of(Label.FOOD), _mouths(clerks), citizens)
    smokes = _held_by(seat.of(Label.CIGARETTE), hands, citizens)
    return Conduct(
        phone=_held_by(seat.of(Label.PHONE), hands, citizens),
        eating=max(bites, _surest(seated, Label.EATING)),
        smoking=max(smokes, _surest(seated, Label.SMOKING)),
        napping=_surest(seated, Label.HEAD_DOWN),
        reading=_held_by(seat.of(Label.READING), hands, citizens),
    )


def _surest(seated: Detections, doing: Label) -> float:
    """Best score of one who does that."""
    return float(seated.of(doing).score.max(initial=0.0))


def _upper(staff: Boxes, share: float) -> Boxes:
    """The upper part of each box."""
    upper = staff.copy()
    upper[:, 3] = staff[:, 1] + share * (staff[:, 3] - staff[:, 1])
    return upper


def _mouths(staff: Boxes) -> Boxes:
    """Where food is at the mouth of the person in each box."""
    wide, tall = staff[:, 2] - staff[:, 0], staff[:, 3] - staff[:, 1]
    middle = (staff[:, 0] + staff[:, 2]) / 2
    lowest = staff[:, 1] + np.minimum(MOUTH_SHARE * tall, MOUTH_WIDTHS * wide)
    aside = MOUTH_ASIDE * wide
    return np.stack([middle - aside, staff[:, 1], middle + aside, lowest], axis=1)


def _held_by(things: Detections, holders: Boxes, citizens: Boxes) -> float:
    """Best score of a thing whose centre lies in a holder and not in a citizen."""
    if len(things) == 0 or len(holders) == 0:
        return 0.0
    points = centres(things.xyxy)
    mine, foreign = (_inside(points, boxes).any(axis=1) for boxes in (holders, citizens))
    scores = things.score[mine & ~foreign]
    return float(scores.max()) if len(scores) else 0.0


def _inside(points: Boxes, boxes: Boxes) -> NDArray[np.bool_]:
    """Which points lie in which boxes: (n, m) bool."""
    x, y = points[:, None, 0], points[:, None, 1]
    inside: NDArray[np.bool_] = (
        (x >= boxes[:, 0]) & (x <= boxes[:, 2]) & (y >= boxes[:, 1]) & (y <= boxes[:, 3])
    )
    return inside


def are_among(boxes: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Which of the boxes are one of the others: (len(boxes),) bool."""
    if len(others) == 0:
        return np.zeros(len(boxes), bool)
    lying: NDArray[np.float32] = overlap_of_smaller(boxes, others).max(axis=1)
    return lying > 0.85
