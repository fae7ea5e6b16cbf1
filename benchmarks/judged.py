"""What was told of a clip against what truly happens in it, rule by rule, and how soon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from models.events import Event
from vision.rules.bout import BoutPolicy

Spell: TypeAlias = tuple[float, float]
"""From when to when something is truly so, in seconds of the clip."""

ONSET_S = 3.0
"""An alert is of an event when it says it began so near to it."""
PROMISED_S = 1.5
"""After onset and the rule's own time, at the 95th percentile."""
GRACE_S = 6.0
"""An alert that is told later than this after the rule's time is not waited for."""
PLAIN_TIME = {"window_unattended": "after_s", "queue_length": "held_s"}
"""Which value of a policy says how long a rule waits that asks for something without a break."""
STEP_S = 0.05


@dataclass(frozen=True, slots=True)
class Told:
    """An alert as it was raised: when it says the conduct began, and when it was told, both in
    seconds of the clip."""

    rule: str
    subject: str
    began_s: float
    told_s: float


@dataclass(slots=True)
class RuleResult:
    """delays_s: of the events found, after onset and the rule's own time."""

    events: int = 0
    delays_s: list[float] = field(default_factory=list)
    extra: int = 0

    @property
    def found(self) -> int:
        return len(self.delays_s)

    @property
    def p95_s(self) -> float | None:
        return float(np.quantile(self.delays_s, 0.95)) if self.delays_s else None

    @property
    def keeps(self) -> bool:
        """Every event found, none made up, and told in time."""
        p95_s = self.p95_s
        late = p95_s is not None and p95_s > PROMISED_S
        return self.found == self.events and not self.extra and not late


def due_s(event: Event, policy: Any, spells: Iterable[Spell]) -> float:
    """When a rule that misses nothing would tell of the event, in seconds of the clip: its onset
    and the rule's own time. Conduct that comes and goes (`spells`: when it is truly shown) is told
    when enough of it came together, which a meal of short bites takes longer than `held_s` for.
    Raises ValueError when the spells never come to that."""
    if not isinstance(policy, BoutPolicy):
        return event.began_s + float(getattr(policy, PLAIN_TIME[event.rule]))
    shown = [(a, b) for a, b in spells if b > event.began_s]
    at_s = event.began_s
    while shown and at_s <= shown[-1][1] + STEP_S:
        since_s = at_s - policy.within_s
        held_s = sum(max(min(b, at_s) - max(a, since_s), 0.0) for a, b in shown)
        if held_s >= policy.held_s - 1e-6:
            return at_s
        at_s += STEP_S
    raise ValueError(f"{event.rule} at {event.subject} is never held for {policy.held_s:g} s")


def judge(
    results: dict[str, RuleResult],
    told: Iterable[Told],
    due: Mapping[Event, float],
    seen_s: float,
) -> None:
    """Add one camera's alerts to the results. due: when each true event is to be told of. seen_s:
    so much of the clip was shown; what could not have been told by then is not counted."""
    waiting = [event for event, at_s in due.items() if at_s + GRACE_S < seen_s]
    told_of: set[Event] = set()
    for event in waiting:
        results.setdefault(event.rule, RuleResult()).events += 1
    for alert in told:
        result = results.setdefault(alert.rule, RuleResult())
        event = next((e for e in due if _same(e, alert)), None)
        if event is None or event in told_of:
            result.extra += 1
            continue
        told_of.add(event)
        if event in waiting:
            result.delays_s.append(alert.told_s - due[event])


def _same(event: Event, alert: Told) -> bool:
    alike = (event.rule, event.subject) == (alert.rule, alert.subject)
    return alike and abs(event.began_s - alert.began_s) <= ONSET_S


def delays_of(results: Mapping[str, RuleResult]) -> list[float]:
    """Of all rules."""
    return [delay for result in results.values() for delay in result.delays_s]
