"""How gaps were covered: what the roster and the presence at the window tell, and what not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reports.cover import BLIND, LEAST_GAP, Covered, Filled, Gap, covered
from api.reports.minutes import Standing, Stretch
from api.roster.duty import Duty, DutyState, Person, Service
from api.roster.tables import Post
from api.roster.timeline import Turn
from tests.halls import NOON
from tests.test_report_minutes import BUSY

ZHANG, LI = Person("1001", "张三"), Person("1002", "李四")
HERE = Duty(DutyState.ON_DUTY, Post.A, (ZHANG,), LI)
ALONE = Duty(DutyState.ON_DUTY, Post.A, (ZHANG,))
B_ALONE = Duty(DutyState.COVERED, Post.B, (LI,), LI)
ON_LEAVE = Duty(DutyState.COVERED, Post.B, (LI,), LI, (ZHANG,))
ON_BREAK = Duty(DutyState.BREAK_COVERED, Post.B, (LI,), LI, (ZHANG,))
NOBODY = Duty(DutyState.AWAY, absent=(ZHANG,))
S = Standing


def at(second: float) -> timedelta:
    return timedelta(seconds=second)


def turns(*parts: tuple[int, Duty]) -> list[Turn]:
    """Turns of so many seconds each, one after the other."""
    found, start = [], NOON
    for length, duty in parts:
        found.append(Turn(start, start + at(length), duty, Service.OPEN))
        start += at(length)
    return found


def stood(*parts: tuple[int, Standing]) -> list[Stretch]:
    found, start = [], NOON
    for length, standing in parts:
        found.append(Stretch(standing, start, start + at(length)))
        start += at(length)
    return found


def told(gaps: list[Covered]) -> list[tuple[str, str, bool, str, float | None]]:
    return [
        (g.gap, g.post, g.named, g.filled, None if g.after is None else g.after.total_seconds())
        for g in gaps
    ]


@pytest.mark.parametrize(
    ("duty", "presence", "expected"),
    [
        (ON_LEAVE, [(3600, S.ATTENDED)], ("minute", 0.0)),
        (ON_LEAVE, [(61, S.UNATTENDED), (3539, S.ATTENDED)], ("five", 61.0)),
        (ON_LEAVE, [(300, S.UNATTENDED), (3300, S.ATTENDED)], ("five", 300.0)),
        (ON_LEAVE, [(301, S.UNATTENDED), (3299, S.ATTENDED)], ("fifteen", 301.0)),
        (ON_LEAVE, [(1000, S.PAUSED), (2600, S.ATTENDED)], ("later", 1000.0)),
        (ON_LEAVE, [(3600, S.UNATTENDED)], ("never", None)),
        (ON_LEAVE, [(3600, S.PAUSED)], ("paused", None)),
        (ON_LEAVE, [(60, S.UNKNOWN), (3540, S.ATTENDED)], ("minute", 60.0)),
        (ON_LEAVE, [(90, S.UNKNOWN), (3510, S.ATTENDED)], ("cannot_tell", None)),
        (ON_LEAVE, [(90, S.NOT_LOOKED), (3510, S.UNATTENDED)], ("cannot_tell", None)),
        (ON_LEAVE, [(3600, S.NOT_LOOKED)], ("cannot_tell", None)),
        (ON_BREAK, [(30, S.UNATTENDED), (3570, S.ATTENDED)], ("minute", 30.0)),
        (NOBODY, [(3600, S.UNATTENDED)], ("never", None)),
        (NOBODY, [(600, S.UNATTENDED), (3000, S.ATTENDED)], ("fifteen", 600.0)),
    ],
)
def test_a_planned_absence(
    duty: Duty, presence: list[tuple[int, Standing]], expected: tuple[str, float | None]
) -> None:
    gaps = [g for g in told(covered(turns((3600, duty)), stood(*presence))) if g[0] == "planned"]
    assert gaps == [("planned", "A", duty is not NOBODY, *expected)]


@pytest.mark.parametrize(
    ("duty", "presence", "expected"),
    [
        (HERE, [(100, S.ATTENDED), (119, S.UNATTENDED), (50, S.ATTENDED)], []),
        (
            HERE,
            [(100, S.ATTENDED), (120, S.UNATTENDED), (50, S.ATTENDED)],
            [("sudden", "A", True, "five", 120.0)],
        ),
        (
            ALONE,
            [(400, S.UNATTENDED), (50, S.ATTENDED)],
            [("sudden", "A", False, "fifteen", 400.0)],
        ),
        (B_ALONE, [(200, S.UNATTENDED), (9, S.ATTENDED)], [("sudden", "B", True, "five", 200.0)]),
        (HERE, [(200, S.UNATTENDED), (50, S.PAUSED)], [("sudden", "A", True, "paused", None)]),
        (
            HERE,
            [(200, S.UNATTENDED), (50, S.UNKNOWN)],
            [("sudden", "A", True, "cannot_tell", None)],
        ),
        (HERE, [(200, S.UNATTENDED)], [("sudden", "A", True, "never", None)]),
        (HERE, [(300, S.UNKNOWN), (50, S.ATTENDED)], []),
    ],
)
def test_a_sudden_gap(
    duty: Duty, presence: list[tuple[int, Standing]], expected: list[object]
) -> None:
    length = sum(seconds for seconds, _ in presence)
    assert told(covered(turns((length, duty)), stood(*presence))) == expected


def test_leaves_in_a_row_are_one_absence() -> None:
    """A meeting right after another is one absence, not two."""
    gaps = covered(turns((600, ON_LEAVE), (600, ON_LEAVE)), stood((1200, S.UNATTENDED)))
    assert len(gaps) == 1


parts = st.lists(st.tuples(st.integers(1, 500), st.sampled_from(Standing)), max_size=10)
duties = st.lists(
    st.tuples(st.integers(1, 900), st.sampled_from([HERE, ALONE, ON_LEAVE, NOBODY])), max_size=4
)


@BUSY
@given(duties, parts)
def test_what_is_told_was_seen(
    duty: list[tuple[int, Duty]], presence: list[tuple[int, Standing]]
) -> None:
    """Whoever is said to have come was seen at that second, and not before; where it was dark for
    longer than a minute before, nothing is said of how soon."""
    length = sum(n for n, _ in duty)
    of_window = stood(*presence, (length + 1, S.UNATTENDED))
    seconds = [s for n, s in presence for _ in range(n)] + [S.UNATTENDED] * (length + 1)
    for gap in covered(turns(*duty), of_window):
        start = int((gap.starts_at - NOON).total_seconds())
        if gap.after is None:
            assert not gap.filled.came
            continue
        came = start + int(gap.after.total_seconds())
        assert seconds[came] is S.ATTENDED
        assert S.ATTENDED not in seconds[start:came]
        dark = [s for s in seconds[start:came] if s not in (S.UNATTENDED, S.PAUSED, S.CLOSED)]
        assert len(dark) <= BLIND.total_seconds()
        if gap.gap is Gap.SUDDEN:
            assert came - start >= LEAST_GAP.total_seconds()
            assert set(seconds[start:came]) == {S.UNATTENDED}
        assert gap.filled is not Filled.NEVER
