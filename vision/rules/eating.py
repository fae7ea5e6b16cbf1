"""`eating`: food taken to a clerk's mouth 8 s in any 30 s. Drinking is not eating."""

from __future__ import annotations

from dataclasses import dataclass

from vision.records import Change, WindowSeen
from vision.rules.base import Rule
from vision.rules.bout import Bout, BoutPolicy, step_bout


@dataclass(frozen=True, slots=True)
class EatingPolicy(BoutPolicy):
    held_s: float = 8.0
    within_s: float = 30.0
    clear_after_s: float = 12.0
    min_score: float = 0.45


def step(state: Bout, seen: WindowSeen, policy: EatingPolicy) -> tuple[Bout, tuple[Change, ...]]:
    score = None if seen.blind else 0.0 if seen.open is False else seen.eating
    return step_bout(state, seen.stamp.at_s, score, policy)


RULE = Rule(
    id="eating",
    version=2,
    watches=WindowSeen,
    policy=EatingPolicy,
    start=Bout,
    step=step,
    clauses=(
        ("CY", "二(一)5(1)"),
        ("MOHRSS", "禁止(四)"),
        ("YKS", "四.4"),
        ("CX", "五.5"),
    ),
)
