"""Alerts and what became of them, as pure functions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

NOTHING = timedelta(0)


class Fate(StrEnum):
    """What became of an alert."""

    OPEN = "open"  # nobody has judged it yet
    SETTLED = "settled"  # on the spot
    FALSE = "false"
    EXCUSED = "excused"
    CONFIRMED = "confirmed"  # by a case that is in force
    EXEMPT = "exempt"  # allowed; it does not count

    @property
    def counts(self) -> bool:
        """Neither allowed nor a mistake of the machine."""
        return self not in (Fate.EXEMPT, Fate.FALSE)


@dataclass(frozen=True, slots=True)
class AlertFact:
    """What a report needs of an alert. `until`: its end, or its latest step while it lasts."""

    window: str
    rule: str
    fate: Fate
    began: datetime
    until: datetime

    @property
    def counts(self) -> bool:
        return self.fate.counts


@dataclass(slots=True)
class Tally:
    """Alerts of one kind. `lasted`: of those that count, from their beginning to their end."""

    fates: Counter[Fate] = field(default_factory=Counter)
    lasted: timedelta = NOTHING

    def add(self, alert: AlertFact) -> None:
        self.add_many(alert.fate, 1, alert.until - alert.began)

    def add_many(self, fate: Fate, count: int, lasted: timedelta) -> None:
        """lasted: of all of them together."""
        self.fates[fate] += count
        if fate.counts:
            self.lasted += lasted

    def __iadd__(self, other: Tally) -> Tally:
        self.fates.update(other.fates)
        self.lasted += other.lasted
        return self

    @property
    def counted(self) -> int:
        return sum(n for fate, n in self.fates.items() if fate.counts)


def tallies(alerts: Iterable[AlertFact]) -> dict[tuple[str, str], Tally]:
    """By window and rule."""
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for alert in alerts:
        found[alert.window, alert.rule].add(alert)
    return dict(found)
