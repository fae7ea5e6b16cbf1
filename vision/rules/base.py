"""What a rule is, and the two ways in which conduct is held over time.

A rule is a pure function `step(state, seen, policy) -> (state, changes)`. States and policies are
frozen dataclasses of numbers, strings, None and tuples of them, so that they can be saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from vision.records import Change, Observation

State = TypeVar("State")
Policy = TypeVar("Policy")
Seen = TypeVar("Seen", bound=Observation)


@dataclass(frozen=True, slots=True)
class Rule(Generic[State, Seen, Policy]):
    """One rule of the rulebook.

    version: counts up whenever the same observations could give other changes.
    clauses: where the regulations ask for it, as (regulation, section); none for our own.
    """

    id: str
    version: int
    watches: type[Seen]
    policy: type[Policy]
    start: Callable[[], State]
    step: Callable[[State, Seen, Policy], tuple[State, tuple[Change, ...]]]
    clauses: tuple[tuple[str, str], ...] = ()


Span = tuple[float, float]
"""(from, to) in stream seconds."""


@dataclass(frozen=True, slots=True)
class Tally:
    """For how long something was so within the last seconds.

    A look at time t counts until the next look (zero-order hold), if that comes within the
    tolerance; what lies between two looks farther apart is unknown and counts for nothing.
    """

    spans: tuple[Span, ...] = ()
    last_s: float | None = None
    last: bool | None = None

    def look(self, at_s: float, so: bool | None, within_s: float, max_gap_s: float) -> Tally:
        spans = self.spans
        if self.last_s is not None and self.last and at_s - self.last_s <= max_gap_s:
            if spans and spans[-1][1] == self.last_s:
                spans = (*spans[:-1], (spans[-1][0], at_s))
            else:
                spans = (*spans, (self.last_s, at_s))
        since = at_s - within_s
        spans = tuple((max(a, since), b) for a, b in spans if b > since)
        return Tally(spans, at_s, so)

    @property
    def held_s(self) -> float:
        return sum(b - a for a, b in self.spans)

    def onset_s(self, stray_s: float, apart_s: float) -> float:
        """Where the present bout began: leading spans shorter than `stray_s` that stand more
        than `apart_s` before the next one do not belong to it."""
        spans = list(self.spans)
        while len(spans) > 1:
            (a, b), (following, _) = spans[0], spans[1]
            if b - a < stray_s and following - b > apart_s:
                spans.pop(0)
            else:
                break
        return spans[0][0]
