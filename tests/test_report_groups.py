"""Groups below the set size are not shown, nor to be found by adding and subtracting."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from api.reports.protecting import Cell, Group, People, protected, reveals
from tests.test_report_minutes import BUSY


def people(*names: str) -> People:
    return frozenset(names)


def labels(groups: list[Group]) -> set[tuple[str, ...]]:
    return {tuple(sorted(group)) for group in groups}


def test_too_small_a_group_is_merged_and_never_alone() -> None:
    cells = {("A",): people(*"abcde"), ("B",): people(*"fg"), ("C",): people(*"hijkl")}
    shown = protected(cells, 3)
    assert shown is not None
    assert labels(shown[0]) == {("A", "B"), ("C",)}


def test_a_hall_of_too_few_shows_no_groups() -> None:
    assert protected({("A",): people(*"ab"), ("B",): people("c")}, 5) is None
    assert protected({}, 5) is None


def test_one_person_between_two_breakdowns_is_not_to_be_found() -> None:
    """All of post A work the morning, except one: A less the morning would be that one."""
    cells = {
        ("A", "morning"): people(*"abcdef"),
        ("A", "evening"): people("g"),
        ("B", "evening"): people(*"hijkl"),
    }
    naive = [[people("A"), people("B")], [people("morning"), people("evening")]]
    assert reveals(cells, naive, 3)
    shown = protected(cells, 3)
    assert shown is not None
    assert labels(shown[0]) == {("A",), ("B",)}
    assert labels(shown[1]) == {("evening", "morning")}


def test_large_groups_are_shown_as_they_are() -> None:
    cells = {
        ("A", "morning"): people(*"abcdef"),
        ("A", "evening"): people(*"ghijk"),
        ("B", "evening"): people(*"lmnop"),
        ("B", "morning"): people(*"qrstu"),
    }
    shown = protected(cells, 5)
    assert shown is not None
    assert [len(groups) for groups in shown] == [2, 2]


cells = st.dictionaries(
    st.tuples(st.sampled_from("AB"), st.sampled_from("xyz")),
    st.frozensets(st.sampled_from("abcdefg"), min_size=1, max_size=5),
    min_size=1,
    max_size=6,
)


@BUSY
@given(cells, st.integers(2, 4))
def test_no_sum_or_difference_is_of_a_few(several: dict[Cell, People], least: int) -> None:
    """For every set of fewer people than wanted, with exact fractions: no combination of what is
    shown is nought outside of their cells and not nought inside."""
    shown = protected(several, least)
    everybody = frozenset[str]().union(*several.values())
    if shown is None:
        assert len(everybody) < least
        return
    for n, of_kind in enumerate(shown):
        assert sorted(label for group in of_kind for label in group) == sorted(
            {key[n] for key in several}
        )
    keys = list(several)
    groups = [(n, group) for n, of_kind in enumerate(shown) for group in of_kind]
    rows = [[Fraction(key[n] in group) for key in keys] for n, group in groups]
    for size in range(1, least):
        for few in combinations(sorted(everybody), size):
            outside = [i for i, key in enumerate(keys) if not several[key] <= set(few)]
            without = [[row[i] for i in outside] for row in rows]
            assert rank(without) == rank(rows), (few, shown)


def rank(rows: list[list[Fraction]]) -> int:
    """By elimination, exactly."""
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(found + 1, len(rows)):
            factor = rows[r][column] / rows[found][column]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found
