"""`smoking`: a cigarette in a clerk's hand or mouth, 4 s in any 15 s."""

from __future__ import annotations

from dataclasses import dataclass

from vision.records import Change, WindowSeen
from vision.rules.base import Rule
from vision.rules.bout import Bout, BoutPolicy, step_bout


@dataclass(frozen=True, slots=True)
class SmokingPolicy(BoutPolicy):
    """Off until a hall, or a model whose measured precision supports it, turns it on."""

    held_s: float = 4.0
    within_s: float = 15.0
    clear_after_s: float = 15.0
    min_score: float = 0.6
    on: bool = False


def step(state: Bout, seen: WindowSeen, policy: SmokingPolicy) -> tuple[Bout, tuple[Change, ...]]:
    score = None if seen.blind else 0.0 if seen.open is False else seen.smoking
    return step_bout(state, seen.stamp.at_s, score, policy)


RULE = Rule(
    id="smoking",
    version=2,
    watches=WindowSeen,
    policy=SmokingPolicy,
    start=Bout,
    step=step,
    clauses=(("CY", "二(一)5(1)"), ("MOHRSS", "禁止(四)"), ("CX", "五.5")),
)
