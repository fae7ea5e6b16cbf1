"""A condition that is held without a break: raised after some seconds, ended after some others."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Held:
    """since_s: the condition has held since; hit_s: how long it was really seen to hold.
    over_s: since when it has not held; raised: an alert stands since `since_s`."""

    since_s: float | None = None
    hit_s: float = 0.0
    over_s: float | None = None
    raised: bool = False
    last_s: float | None = None
    last: bool | None = None

    def look(
        self,
        at_s: float,
        so: bool | None,
        *,
        edge_s: float,
        ease_s: float,
        tolerance_s: float,
        max_gap_s: float,
    ) -> Held:
        """Follow one look. `edge_s`: since when it has been so, where smoothing shows that only
        later; else `at_s`. A break shorter than `ease_s` does not start the count anew (nor does
        it count); not knowing for longer than `tolerance_s` does, unless an alert stands."""
        state = self
        if self.last_s is not None:
            dt = at_s - self.last_s
            known = dt <= max_gap_s and self.last is not None
            if known and self.last:
                state = replace(state, hit_s=state.hit_s + dt, over_s=None)
            unknown_too_long = dt > max(tolerance_s, max_gap_s)
            if unknown_too_long and not state.raised:
                state = Held()
        state = replace(state, last_s=at_s, last=so)
        if so:
            if state.since_s is None:
                state = replace(state, since_s=edge_s, hit_s=at_s - edge_s)
            return replace(state, over_s=None)
        if state.since_s is None:
            return state
        if state.over_s is None:
            state = replace(state, over_s=edge_s)
        limit_s = ease_s if so is False else tolerance_s
        if not state.raised and at_s - (state.over_s or at_s) >= limit_s:
            return Held(last_s=at_s, last=so)
        return state

    def ended_s(self, at_s: float, clear_after_s: float) -> float | None:
        """When a raised alert's condition ceased, once it is known to have ceased long enough."""
        if not self.raised or self.over_s is None or self.last is not False:
            return None
        return self.over_s if at_s - self.over_s >= clear_after_s else None
