"""What would have changed: the alerts of two runs over the same footage, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf

from vision.records import Alert, Severity, Step


@dataclass(frozen=True, slots=True)
class Incident:
    """All steps of one alert as one thing. `ended` None: the footage ended first."""

    rule: str
    subject: str
    began: datetime
    raised: datetime
    ended: datetime | None
    severity: Severity

    @property
    def span_s(self) -> tuple[float, float]:
        """From and to, in seconds since 1970; what has not ended lasts for ever."""
        return self.began.timestamp(), self.ended.timestamp() if self.ended else inf

    def touches(self, other: Incident, apart_s: float) -> bool:
        """Whether both may be the same event: their spans overlap, or nearly."""
        (a, b), (c, d) = self.span_s, other.span_s
        return a <= d + apart_s and c <= b + apart_s


class Fate(StrEnum):
    """What becomes of an alert under the new zones and thresholds."""

    STAYS = "stays"
    MOVES = "moves"  # it begins, is raised, ends at another time, or weighs differently
    GOES = "goes"
    COMES = "comes"


@dataclass(frozen=True, slots=True)
class Difference:
    """One event: as it was, and as it would be; one of them is missing where it goes or comes."""

    fate: Fate
    before: Incident | None
    after: Incident | None


def incidents(alerts: Iterable[Alert]) -> tuple[Incident, ...]:
    """The alerts' steps folded into one incident each, in the order they began."""
    found: dict[str, Incident] = {}
    for alert in alerts:
        old = found.get(alert.uid)
        found[alert.uid] = Incident(
            rule=alert.rule,
            subject=alert.subject,
            began=alert.began.wall,
            raised=old.raised if old else alert.at.wall,
            ended=alert.ended.wall if alert.step is Step.ENDED and alert.ended else None,
            severity=max(alert.severity, old.severity) if old else alert.severity,
        )
    return tuple(sorted(found.values(), key=_order))


def compare(
    before: Sequence[Incident], after: Sequence[Incident], *, apart_s: float = 5.0
) -> tuple[Difference, ...]:
    """Pair each incident with the nearest one of the same rule and place that it touches; what is
    left alone goes or comes. Each is paired at most once. Times that differ by less than a second
    are the same: looks are half a second apart."""
    left = list(after)
    differences: list[Difference] = []
    for old in sorted(before, key=_order):
        twins = [
            new
            for new in left
            if (new.rule, new.subject) == (old.rule, old.subject) and old.touches(new, apart_s)
        ]
        if not twins:
            differences.append(Difference(Fate.GOES, old, None))
            continue
        new = min(twins, key=lambda twin: abs((twin.began - old.began).total_seconds()))
        left.remove(new)
        differences.append(Difference(Fate.STAYS if _alike(old, new) else Fate.MOVES, old, new))
    differences += [Difference(Fate.COMES, None, new) for new in left]
    return tuple(sorted(differences, key=_began))


def _alike(old: Incident, new: Incident) -> bool:
    if old.severity != new.severity or (old.ended is None) != (new.ended is None):
        return False
    pairs = [(old.began, new.began), (old.raised, new.raised)]
    if old.ended is not None and new.ended is not None:
        pairs.append((old.ended, new.ended))
    return all(abs((a - b).total_seconds()) < 1.0 for a, b in pairs)


def _order(incident: Incident) -> tuple[datetime, str, str]:
    return (incident.began, incident.rule, incident.subject)


def _began(difference: Difference) -> tuple[datetime, str, str]:
    incident = difference.before or difference.after
    assert incident is not None, "a difference is of something"
    return _order(incident)
