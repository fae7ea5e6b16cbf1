"""Conduct that is held for some seconds within a longer window: phone use, eating, a nap.

One bout is one alert: it is raised when enough seconds came together, and ends when none was
seen for the clear-after time. What cannot be told neither raises nor ends it.

Whether there is a bout is for sure looks to say. From when to when it went is told with fainter
ones, too, where they join the sure ones without a gap (hysteresis, as in Canny, *A computational
approach to edge detection*, 1986): a score goes up and down while the hand turns.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from vision.records import Change, Json, Severity, Step
from vision.rules.base import Tally

STRAY_S, APART_S = 1.0, 4.0
FAINT = 0.8
"""From this share of a policy's `min_score` on, a look is a faint one."""


@dataclass(frozen=True, slots=True)
class BoutPolicy:
    """held_s: seconds of conduct that make a bout. within_s: in any stretch of this length.
    clear_after_s: seconds without it that end the bout. min_score: below it, say nothing.
    max_gap_s: two looks farther apart than this leave the time between them unknown.
    on: whether the rule speaks here at all."""

    held_s: float
    within_s: float
    clear_after_s: float
    min_score: float
    max_gap_s: float = 3.0
    on: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.held_s <= self.within_s:
            raise ValueError("held_s must be above 0 and no longer than within_s")
        if not 0 < self.min_score <= 1:
            raise ValueError("min_score must be above 0 and at most 1")
        if self.clear_after_s <= 0 or self.max_gap_s <= 0:
            raise ValueError("clear_after_s and max_gap_s must be above 0")


@dataclass(frozen=True, slots=True)
class Bout:
    tally: Tally = field(default_factory=Tally)
    faint: Tally = field(default_factory=Tally)
    best: float = 0.0  # best score since the tally began to fill
    began_s: float | None = None  # an alert stands since
    last_so_s: float = 0.0  # the conduct was last seen until then
    clear_s: float = 0.0  # known seconds without it since


def step_bout(
    state: Bout, at_s: float, score: float | None, policy: BoutPolicy
) -> tuple[Bout, tuple[Change, ...]]:
    """`score`: how surely the conduct is seen now, 0..1, or None for "cannot tell"."""
    if not policy.on:
        return state, ()
    so = None if score is None else score >= policy.min_score
    faintly = None if score is None else score >= FAINT * policy.min_score
    before = state.faint
    tally = state.tally.look(at_s, so, policy.within_s, policy.max_gap_s)
    known = before.last_s is not None and at_s - before.last_s <= policy.max_gap_s
    state = replace(
        state,
        tally=tally,
        faint=before.look(at_s, faintly, policy.within_s, policy.max_gap_s),
        best=max(state.best, score or 0.0) if tally.spans or so else 0.0,
    )
    if state.began_s is None:
        return _perhaps_raised(state, at_s, policy)
    if faintly or (known and before.last):
        return replace(state, last_so_s=at_s, clear_s=0.0), ()
    if known and before.last is False:
        state = replace(state, clear_s=state.clear_s + at_s - (before.last_s or at_s))
    if state.clear_s < policy.clear_after_s:
        return state, ()
    ended = Change(
        Step.ENDED,
        Severity.WARNING,
        began_s=state.began_s or 0.0,
        at_s=at_s,
        ended_s=state.last_so_s,
        why=_why(state),
    )
    return Bout(replace(tally, spans=()), replace(state.faint, spans=())), (ended,)


def _perhaps_raised(
    state: Bout, at_s: float, policy: BoutPolicy
) -> tuple[Bout, tuple[Change, ...]]:
    if state.tally.held_s < policy.held_s:
        return state, ()
    sure_s = state.tally.onset_s(STRAY_S, APART_S)
    began_s = next(a for a, b in state.faint.spans if a <= sure_s < b)
    state = replace(state, began_s=began_s, last_so_s=state.faint.spans[-1][1], clear_s=0.0)
    return state, (Change(Step.RAISED, Severity.WARNING, began_s, at_s, why=_why(state)),)


def _why(state: Bout) -> dict[str, Json]:
    return {"seen_s": round(state.tally.held_s, 1), "best_score": round(state.best, 3)}
