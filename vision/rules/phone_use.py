"""`phone_use`: a phone in a clerk's hand or at the ear, 10 s in any 20 s, at the staff zone."""

from __future__ import annotations

from dataclasses import dataclass

from vision.records import Change, WindowSeen
from vision.rules.base import Rule
from vision.rules.bout import Bout, BoutPolicy, step_bout


@dataclass(frozen=True, slots=True)
class PhonePolicy(BoutPolicy):
    held_s: float = 10.0
    within_s: float = 20.0
    clear_after_s: float = 8.0
    min_score: float = 0.45


def step(state: Bout, seen: WindowSeen, policy: PhonePolicy) -> tuple[Bout, tuple[Change, ...]]:
    score = None if seen.blind else 0.0 if seen.open is False else seen.phone
    return step_bout(state, seen.stamp.at_s, score, policy)


RULE = Rule(
    id="phone_use",
    version=2,
    watches=WindowSeen,
    policy=PhonePolicy,
    start=Bout,
    step=step,
    clauses=(("CY", "二(一)5(3)"), ("MOHRSS", "禁止(五)"), ("JY", "八(二)")),
)
