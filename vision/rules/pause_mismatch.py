"""`pause_mismatch`: a pause sign is up and the ticket system goes on calling, or the reverse, 60 s.

Citizens are called to a window where nobody serves, or wait before one that nobody is called to. A
sign is read only at an empty window: with a clerk at the window the two cannot be compared. Silent
where no ticket system is connected.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from vision.records import Change, Json, Severity, Step, WindowSeen
from vision.rules.base import Rule
from vision.rules.held import Held


@dataclass(frozen=True, slots=True)
class MismatchPolicy:
    """held_s: sign and tickets differ for so long. clear_after_s: they agree for so long, or a
    clerk serves again, and it is over. ease_s: a shorter agreement does not start the count anew.
    tolerance_s: not knowing for longer does. max_gap_s: between two looks farther apart nothing is
    known."""

    held_s: float = 60.0
    clear_after_s: float = 10.0
    ease_s: float = 5.0
    tolerance_s: float = 10.0
    max_gap_s: float = 3.0
    on: bool = True

    def __post_init__(self) -> None:
        if min(self.held_s, self.clear_after_s, self.tolerance_s, self.max_gap_s) <= 0:
            raise ValueError("held_s, clear_after_s, tolerance_s and max_gap_s must be above 0")
        if self.ease_s < 0:
            raise ValueError("ease_s must not be negative")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """sign: when they last differed, it was the sign that said pause; else the tickets."""

    held: Held = field(default_factory=Held)
    sign: bool = False


def step(
    state: Mismatch, seen: WindowSeen, policy: MismatchPolicy
) -> tuple[Mismatch, tuple[Change, ...]]:
    at_s = seen.stamp.at_s
    differ = _differ(seen) if policy.on else False
    held = state.held.look(
        at_s,
        differ,
        edge_s=at_s,
        ease_s=policy.ease_s,
        tolerance_s=policy.tolerance_s,
        max_gap_s=policy.max_gap_s,
    )
    state = Mismatch(held, bool(seen.sign) if differ else state.sign)
    return _judge(state, at_s, policy)


def _differ(seen: WindowSeen) -> bool | None:
    """Whether sign and tickets say different things; `None`: cannot tell."""
    if seen.open is False:
        return False
    if seen.blind or seen.open is None or seen.staff is None:
        return None
    if seen.staff:
        return None if seen.ticket_paused else False
    if seen.sign is None or seen.ticket_paused is None:
        return None
    return seen.sign is not seen.ticket_paused


def _judge(
    state: Mismatch, at_s: float, policy: MismatchPolicy
) -> tuple[Mismatch, tuple[Change, ...]]:
    held = state.held
    began_s = held.since_s if held.since_s is not None else at_s
    facts: dict[str, Json] = {"sign_up": state.sign, "tickets_paused": not state.sign}
    if not held.raised:
        if held.hit_s < policy.held_s or not held.last:
            return state, ()
        raised = Change(Step.RAISED, Severity.NOTICE, began_s, at_s, why=facts)
        return replace(state, held=replace(held, raised=True)), (raised,)
    ended_s = held.ended_s(at_s, policy.clear_after_s)
    if ended_s is None:
        return state, ()
    over = Change(Step.ENDED, Severity.NOTICE, began_s, at_s, ended_s=ended_s, why=facts)
    return Mismatch(Held(last_s=at_s, last=False)), (over,)


RULE = Rule(
    id="pause_mismatch",
    version=1,
    watches=WindowSeen,
    policy=MismatchPolicy,
    start=Mismatch,
    step=step,
    clauses=(("CY", "二(一)3"),),
)
