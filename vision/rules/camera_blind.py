"""`camera_blind`: the camera cannot tell (offline, frozen, covered, dark, blurred, moved), 30 s.

It is an alert about the camera and accuses nobody. Here "no look" is itself the finding: the
time between two looks that stand too far apart was blind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vision.records import Blindness, CameraSeen, Change, Severity, Step
from vision.rules.base import Rule


@dataclass(frozen=True, slots=True)
class BlindPolicy:
    """after_s: blind for so long raises it. clear_after_s: seeing for so long ends it.
    max_gap_s: two looks farther apart than this: the time between them was blind. It is long, so
    that a machine that is slow to look does not blame the camera; a camera that gives nothing says
    so every second."""

    after_s: float = 30.0
    clear_after_s: float = 5.0
    max_gap_s: float = 30.0

    def __post_init__(self) -> None:
        if min(self.after_s, self.clear_after_s, self.max_gap_s) <= 0:
            raise ValueError("after_s, clear_after_s and max_gap_s must be above 0")


@dataclass(frozen=True, slots=True)
class Sight:
    """blind_s: blind since (seeing spells shorter than the clear-after time included).
    seeing_s: seeing since, while a blind spell is still being counted."""

    blind_s: float | None = None
    seeing_s: float | None = None
    raised: bool = False
    why: Blindness = Blindness.OFFLINE
    last_s: float | None = None


def step(state: Sight, seen: CameraSeen, policy: BlindPolicy) -> tuple[Sight, tuple[Change, ...]]:
    at_s = seen.stamp.at_s
    if state.last_s is not None and at_s - state.last_s > policy.max_gap_s:
        since = state.blind_s if state.blind_s is not None else state.last_s
        why = state.why if state.blind_s is not None else Blindness.OFFLINE
        state = replace(state, blind_s=since, seeing_s=None, why=why)
    if seen.blind is not None:
        since = state.blind_s if state.blind_s is not None else at_s
        state = replace(state, blind_s=since, seeing_s=None, why=seen.blind)
    elif state.blind_s is not None and state.seeing_s is None:
        state = replace(state, seeing_s=at_s)
    state = replace(state, last_s=at_s)
    if state.blind_s is None:
        return state, ()
    since = state.blind_s
    until_s = at_s if state.seeing_s is None else state.seeing_s
    changes: tuple[Change, ...] = ()
    facts = {"blindness": state.why.value}
    if not state.raised and until_s - since >= policy.after_s:
        state = replace(state, raised=True)
        changes = (Change(Step.RAISED, Severity.NOTICE, since, at_s, why=facts),)
    if state.seeing_s is None or at_s - state.seeing_s < policy.clear_after_s:
        return state, changes
    if state.raised:
        over = Change(Step.ENDED, Severity.NOTICE, since, at_s, ended_s=state.seeing_s, why=facts)
        changes = (*changes, over)
    return Sight(last_s=at_s), changes


RULE = Rule(
    id="camera_blind",
    version=1,
    watches=CameraSeen,
    policy=BlindPolicy,
    start=Sight,
    step=step,
)
