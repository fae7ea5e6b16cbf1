"""What was told of a clip against what truly happens in it, rule by rule, and how soon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.events import Event

ONSET_S = 3.0
"""An alert is of an event when it says it began so near to it."""
PROMISED_S = 1.5
"""After onset and the rule's own time, at the 95th percentile."""
GRACE_S = 6.0
"""An alert that is told later than this after the rule's time is not waited for."""


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


def judge(
    results: dict[str, RuleResult],
    told: Iterable[Told],
    true: Sequence[Event],
    seen_s: float,
    rule_s: Callable[[str, str], float],
) -> None:
    """Add one camera's alerts to the results. seen_s: so much of the clip was shown. rule_s: how
    long the rule waits at this subject. What could not have been told by then is not counted."""
    waiting = [e for e in true if e.began_s + rule_s(e.rule, e.subject) + GRACE_S < seen_s]
    for event in waiting:
        results.setdefault(event.rule, RuleResult()).events += 1
    for alert in told:
        result = results.setdefault(alert.rule, RuleResult())
        event = next((e for e in true if _same(e, alert)), None)
        if event is None:
            result.extra += 1
        elif event in waiting:
            waiting.remove(event)
            rule_time_s = rule_s(event.rule, event.subject)
            result.delays_s.append(alert.told_s - event.began_s - rule_time_s)


def _same(event: Event, alert: Told) -> bool:
    alike = (event.rule, event.subject) == (alert.rule, alert.subject)
    return alike and abs(event.began_s - alert.began_s) <= ONSET_S


def delays_of(results: Mapping[str, RuleResult]) -> list[float]:
    """Of all rules."""
    return [delay for result in results.values() for delay in result.delays_s]
