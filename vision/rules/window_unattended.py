"""`window_unattended` (空岗): nobody at an open window and no pause said.

The window is timed, not the person: an identity switch resets nothing. The phase is one of
unknown, attended, paused, empty, alerted, closed. Being empty is held against anyone only for
seconds that were really seen, and not at all when a person or a sign flickers in and out of
view.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from vision.records import Change, Json, Severity, Step, WindowSeen
from vision.rules.base import Rule


class Phase(StrEnum):
    UNKNOWN = "unknown"
    ATTENDED = "attended"
    PAUSED = "paused"
    EMPTY = "empty"
    ALERTED = "alerted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class UnattendedPolicy:
    """after_s: empty so long raises a warning; serious_after_s: makes it serious.
    citizen_held_s: a citizen standing at the counter so long makes a raised alert serious.
    settle_s: a new phase must hold so long to be believed (and to end an alert).
    tolerance_s: unknown for longer than this and the count of empty seconds starts anew.
    contrary_share: with more than this share showing a person or a pause sign, say nothing.
    max_gap_s: two looks farther apart than this leave the time between them unknown."""

    after_s: float = 120.0
    serious_after_s: float = 300.0
    citizen_held_s: float = 2.0
    settle_s: float = 3.0
    tolerance_s: float = 10.0
    contrary_share: float = 0.1
    max_gap_s: float = 3.0

    def __post_init__(self) -> None:
        if not 0 < self.after_s <= self.serious_after_s:
            raise ValueError("after_s must be above 0 and no longer than serious_after_s")
        if min(self.settle_s, self.tolerance_s, self.max_gap_s, self.citizen_held_s) <= 0:
            raise ValueError("settle_s, tolerance_s, max_gap_s, citizen_held_s must be above 0")
        if not 0 <= self.contrary_share < 1:
            raise ValueError("contrary_share must be at least 0 and below 1")


@dataclass(frozen=True, slots=True)
class Window:
    """The state of one window. Times are stream seconds.

    phase/since_s: what is believed, and since when it has been so.
    rival/rival_s: another phase that was last seen, and since when without a break.
    empty_s, contrary_s: seconds seen empty, and seen occupied or paused, since it became empty.
    """

    phase: Phase = Phase.UNKNOWN
    since_s: float | None = None
    rival: Phase | None = None
    rival_s: float = 0.0
    last_s: float | None = None
    last: Phase = Phase.UNKNOWN
    empty_s: float = 0.0
    contrary_s: float = 0.0
    began_s: float = 0.0  # of the emptiness, in phases empty and alerted
    severity: Severity = Severity.WARNING
    citizen_s: float = 0.0  # seconds that a citizen has stood there without a break
    citizen: bool = False


def step(
    state: Window, seen: WindowSeen, policy: UnattendedPolicy
) -> tuple[Window, tuple[Change, ...]]:
    at_s = seen.stamp.at_s
    if state.since_s is None:
        state = replace(state, since_s=at_s)
    if state.last_s is not None:
        state = _count(state, at_s, policy)
    shown = _shown(seen)
    state, changes = _believe(state, shown, at_s, policy)
    citizen = bool(seen.citizens) and not seen.blind
    state = replace(state, last=shown, last_s=at_s, citizen=citizen)
    return _judge(state, at_s, policy, changes)


def _shown(seen: WindowSeen) -> Phase:
    """What this one look shows, before any time passes. ALERTED is never shown, only reached."""
    if seen.open is False:
        return Phase.CLOSED
    if seen.blind or seen.open is None or seen.staff is None:
        return Phase.UNKNOWN
    if seen.staff:
        return Phase.ATTENDED
    if seen.sign or seen.ticket_paused:
        return Phase.PAUSED
    return Phase.UNKNOWN if seen.sign is None else Phase.EMPTY


def _count(state: Window, at_s: float, policy: UnattendedPolicy) -> Window:
    """Add the time since the last look to what that look showed (zero-order hold)."""
    dt = at_s - (state.last_s or 0.0)
    if dt > policy.max_gap_s:
        gap_from = state.last_s or 0.0
        rival_s = state.rival_s if state.rival is Phase.UNKNOWN else gap_from
        return replace(
            state, last=Phase.UNKNOWN, rival=Phase.UNKNOWN, rival_s=rival_s, citizen_s=0.0
        )
    empty = dt if state.last is Phase.EMPTY else 0.0
    contrary = dt if state.last in (Phase.ATTENDED, Phase.PAUSED) else 0.0
    return replace(
        state,
        empty_s=state.empty_s + empty,
        contrary_s=state.contrary_s + contrary,
        citizen_s=state.citizen_s + dt if state.citizen else 0.0,
    )


def _believe(
    state: Window, shown: Phase, at_s: float, policy: UnattendedPolicy
) -> tuple[Window, tuple[Change, ...]]:
    """Let the rival that was seen until now take over if it has held long enough, then follow
    what is shown now."""
    changes: tuple[Change, ...] = ()
    if state.rival is not None:
        hold_s = policy.tolerance_s if state.rival is Phase.UNKNOWN else policy.settle_s
        if at_s - state.rival_s >= hold_s:
            state, changes = _enter(state, state.rival, state.rival_s, at_s)
    same = shown is state.phase or (shown is Phase.EMPTY and state.phase is Phase.ALERTED)
    if same:
        state = replace(state, rival=None)
    elif shown is not state.rival:
        state = replace(state, rival=shown, rival_s=at_s)
        if shown is Phase.EMPTY:
            state = replace(state, began_s=at_s, empty_s=0.0, contrary_s=0.0)
    return state, changes


def _enter(
    state: Window, phase: Phase, since_s: float, at_s: float
) -> tuple[Window, tuple[Change, ...]]:
    if state.phase is Phase.ALERTED:
        if phase is Phase.UNKNOWN:  # suspended: a blind camera neither ends nor proves anything
            return state, ()
        ended = Change(
            Step.ENDED, state.severity, state.began_s, at_s, ended_s=since_s, why=_why(state, phase)
        )
        return replace(state, phase=phase, since_s=since_s, rival=None), (ended,)
    return replace(state, phase=phase, since_s=since_s, rival=None), ()


def _judge(
    state: Window, at_s: float, policy: UnattendedPolicy, changes: tuple[Change, ...]
) -> tuple[Window, tuple[Change, ...]]:
    """Raise or escalate once enough empty seconds were seen."""
    if state.last is not Phase.EMPTY or state.phase not in (Phase.EMPTY, Phase.ALERTED):
        return state, changes
    citizen = state.citizen_s >= policy.citizen_held_s
    serious = citizen or state.empty_s >= policy.serious_after_s
    severity = Severity.SERIOUS if serious else Severity.WARNING
    if state.phase is Phase.ALERTED:
        if severity <= state.severity:
            return state, changes
        state = replace(state, severity=severity)
        grew = Change(Step.ESCALATED, severity, state.began_s, at_s, why=_why(state))
        return state, (*changes, grew)
    flickers = state.contrary_s > policy.contrary_share * state.empty_s
    if state.empty_s < policy.after_s or flickers:
        return state, changes
    state = replace(state, phase=Phase.ALERTED, severity=severity)
    raised = Change(Step.RAISED, severity, state.began_s, at_s, why=_why(state))
    return state, (*changes, raised)


def _why(state: Window, then: Phase | None = None) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "empty_s": round(state.empty_s, 1),
        "citizen_waiting": state.citizen_s > 0,
    }
    if then is not None:
        facts["then"] = then.value
    return facts


RULE = Rule(
    id="window_unattended",
    version=2,
    watches=WindowSeen,
    policy=UnattendedPolicy,
    start=Window,
    step=step,
    clauses=(
        ("CY", "二(一)3"),
        ("CX", "五.1"),
        ("CX", "五.2"),
        ("MOHRSS", "禁止(一)"),
        ("JY", "八(一)"),
        ("JY", "六(七)"),
        ("JY", "十六(二)"),
    ),
)
