"""Which groups may be shown so that no figure, and no difference of figures, is of a few people.

Every person's time lies in cells, such as (post A, 08:30–12:00). A breakdown, such as "by post",
adds cells up into groups. Whoever sees the groups can add and subtract them; what they can reach
so are exactly the rows of a matrix and their linear combinations. None of those may stand for
cells that hold fewer than `least` people all together.

This is the suppression of tables of counts (L. Willenborg and T. de Waal, "Elements of Statistical
Disclosure Control", 2001, ch. 1 and 6): a group that is too small is merged with the next larger
(the primary suppression), and so are others until nothing can be found by subtraction (the
complementary one). Nothing is dropped: each breakdown still adds up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

People: TypeAlias = frozenset[str]
Cell: TypeAlias = tuple[str, ...]
"""One label for each breakdown, in their order."""
Group: TypeAlias = frozenset[str]
"""The labels of one breakdown that are shown as one."""

MOST_LOOKED_AT = 3000
"""So many sets of a few people are tried; with more there is too much to check, and what cannot
be checked counts as revealing."""


def protected(cells: Mapping[Cell, People], least: int) -> list[list[Group]] | None:
    """The groups of each breakdown that may be shown; None: the hall has too few people for any.

    least: so many people at least in whatever can be told, by adding or subtracting.
    """
    if not cells or len(frozenset[str]().union(*cells.values())) < least:
        return None
    shown: list[list[Group]] = []
    for breakdown in range(len(next(iter(cells)))):
        people = _people(cells, breakdown)
        groups = _merged([frozenset([label]) for label in sorted(people)], people, least)
        while reveals(cells, [*shown, groups], least):
            groups = _smallest_merged(groups, people)
        shown.append(groups)
    return shown


def reveals(cells: Mapping[Cell, People], shown: Sequence[Sequence[Group]], least: int) -> bool:
    """Whether some sum or difference of the groups stands for fewer than `least` people."""
    keys = list(cells)
    rows: NDArray[np.float64] = np.array(
        [
            [float(key[breakdown] in group) for key in keys]
            for breakdown, groups in enumerate(shown)
            for group in groups
        ]
    )
    rank = np.linalg.matrix_rank(rows)
    for tried, few in enumerate(_few(list(cells.values()), least)):
        outside = np.array([not cells[key] <= few for key in keys])
        if tried >= MOST_LOOKED_AT or np.linalg.matrix_rank(rows[:, outside]) < rank:
            return True  # some combination is nought outside and is not nought inside
    return False


def _few(several: Sequence[People], least: int) -> Iterator[People]:
    """Every set of fewer than `least` people that fills whole cells."""
    small = {people for people in several if 0 < len(people) < least}
    known: set[People] = set()
    new = set(small)
    while new:
        known |= new
        yield from new
        new = {a | b for a in new for b in small if len(a | b) < least} - known


def _people(cells: Mapping[Cell, People], breakdown: int) -> dict[str, People]:
    found: dict[str, People] = {}
    for key, people in cells.items():
        found[key[breakdown]] = found.get(key[breakdown], frozenset()) | people
    return found


def _merged(groups: list[Group], people: Mapping[str, People], least: int) -> list[Group]:
    while len(groups) > 1 and min(_size(group, people) for group in groups) < least:
        groups = _smallest_merged(groups, people)
    return groups


def _smallest_merged(groups: list[Group], people: Mapping[str, People]) -> list[Group]:
    first, second, *others = sorted(groups, key=lambda g: (_size(g, people), sorted(g)))
    return [first | second, *others]


def _size(group: Group, people: Mapping[str, People]) -> int:
    return len(frozenset[str]().union(*(people[label] for label in group)))
