"""`napping`: a clerk with the head on the desk or asleep in the chair, 60 s in any 75 s.

Bending to a drawer or a printer is shorter. What is asked for is nearly unbroken, so that bending
again and again does not add up to sleep.
"""

from __future__ import annotations

from dataclasses import dataclass

from vision.records import Change, WindowSeen
from vision.rules.base import Rule
from vision.rules.bout import Bout, BoutPolicy, step_bout


@dataclass(frozen=True, slots=True)
class NappingPolicy(BoutPolicy):
    """Off until a hall, or a model whose measured precision supports it, turns it on."""

    held_s: float = 60.0
    within_s: float = 75.0
    clear_after_s: float = 15.0
    min_score: float = 0.5
    on: bool = False


def step(state: Bout, seen: WindowSeen, policy: NappingPolicy) -> tuple[Bout, tuple[Change, ...]]:
    score = None if seen.blind else 0.0 if seen.open is False else seen.napping
    return step_bout(state, seen.stamp.at_s, score, policy)


RULE = Rule(
    id="napping",
    version=2,
    watches=WindowSeen,
    policy=NappingPolicy,
    start=Bout,
    step=step,
    clauses=(("CY", "二(一)5(2)"), ("MOHRSS", "禁止(四)")),
)
