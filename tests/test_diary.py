"""A station's diary: spans of phases and queue counts, handed over in batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from api.reports.taking import MeasuredIn
from cli.diary import Diary
from tests.halls import NOON

SECOND = timedelta(seconds=1)


def told(looks: Sequence[tuple[float, str]]) -> list[tuple[str, float, float]]:
    """The spans that come of looks at (second, phase), as (phase, start, end)."""
    sent: list[dict[str, Any]] = []
    diary = Diary(sent.append)
    for second, phase in looks:
        diary.window("w1", phase, NOON + second * SECOND)
        diary.turn(NOON + second * SECOND)
    diary.close()
    spans = [span for batch in sent for span in MeasuredIn.model_validate(batch).spans]
    return [
        (s.phase.value, (s.starts_at - NOON).total_seconds(), (s.ends_at - NOON).total_seconds())
        for s in spans
    ]


def test_a_phase_lasts_until_the_look_that_ends_it() -> None:
    looks = [(0, "attended"), (1, "attended"), (2, "empty"), (5, "alerted"), (6, "alerted")]
    assert told(looks) == [("attended", 0, 2), ("empty", 2, 5), ("alerted", 5, 6)]


def test_nothing_is_known_of_a_pause_without_looks() -> None:
    looks = [(0, "attended"), (10, "attended"), (100, "attended"), (110, "attended")]
    assert told(looks) == [("attended", 0, 10), ("attended", 100, 110)]


def test_a_clock_that_goes_back_begins_anew() -> None:
    looks = [(50, "attended"), (60, "attended"), (0, "attended"), (9, "empty"), (10, "empty")]
    assert told(looks) == [("attended", 50, 60), ("attended", 0, 9), ("empty", 9, 10)]


def test_a_long_phase_is_cut_every_ten_minutes() -> None:
    spans = told([(float(s), "attended") for s in range(0, 1501, 5)])
    assert spans == [("attended", 0, 600), ("attended", 600, 1200), ("attended", 1200, 1500)]


def test_batches_come_about_once_a_minute_and_nothing_twice() -> None:
    sent: list[dict[str, Any]] = []
    diary = Diary(sent.append)
    for second in range(300):
        at = NOON + second * SECOND
        diary.window("w1", "attended" if second // 20 % 2 else "empty", at)
        diary.queue("q1", second % 7 if second % 50 else None, at)
        diary.turn(at)
    diary.close()
    assert 4 <= len(sent) <= 6
    counts = [c for batch in sent for c in batch["counts"]]
    assert [c["at"] for c in counts] == sorted({c["at"] for c in counts})
    assert len(counts) == 5  # one a minute
    spans = [span for batch in sent for span in batch["spans"]]
    assert [s["starts_at"] for s in spans[1:]] == [s["ends_at"] for s in spans[:-1]]
