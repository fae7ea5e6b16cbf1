"""`idle_reading`: a newspaper, magazine or book in a clerk's hands, 30 s in any 45 s.

With a citizen at the counter, papers in the hands are taken for work.
"""

from __future__ import annotations

from dataclasses import dataclass

from vision.records import Change, WindowSeen
from vision.rules.base import Rule
from vision.rules.bout import Bout, BoutPolicy, step_bout


@dataclass(frozen=True, slots=True)
class ReadingPolicy(BoutPolicy):
    """Off until a hall, or a model whose measured precision supports it, turns it on."""

    held_s: float = 30.0
    within_s: float = 45.0
    clear_after_s: float = 15.0
    min_score: float = 0.6
    on: bool = False


def step(state: Bout, seen: WindowSeen, policy: ReadingPolicy) -> tuple[Bout, tuple[Change, ...]]:
    score = None if seen.blind else 0.0 if _excused(seen) else seen.reading
    return step_bout(state, seen.stamp.at_s, score, policy)


def _excused(seen: WindowSeen) -> bool:
    return seen.open is False or bool(seen.citizens)


RULE = Rule(
    id="idle_reading",
    version=2,
    watches=WindowSeen,
    policy=ReadingPolicy,
    start=Bout,
    step=step,
    clauses=(("CY", "二(一)5(3)"), ("CX", "五.4"), ("YKS", "四.4")),
)
