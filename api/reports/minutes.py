"""Figures as pure functions: time in each phase, alerts and what became of them, queues by hour."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from api.live import WindowPhase


class Standing(StrEnum):
    """How a window stood, as a report says it."""

    ATTENDED = "attended"
    PAUSED = "paused"
    UNATTENDED = "unattended"
    UNKNOWN = "unknown"


STANDING_OF = {
    WindowPhase.ATTENDED: Standing.ATTENDED,
    WindowPhase.PAUSED: Standing.PAUSED,
    WindowPhase.EMPTY: Standing.UNATTENDED,
    WindowPhase.ALERTED: Standing.UNATTENDED,
    WindowPhase.UNKNOWN: Standing.UNKNOWN,
}
"""A closed window does not count."""

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    window: str
    phase: WindowPhase
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Between:
    """From `start` until just before `end`."""

    start: datetime
    end: datetime


def time_in(spans: Iterable[PhaseSpan], between: Between) -> dict[str, dict[Standing, timedelta]]:
    """For every window how long it stood how. Spans are cut at the ends of the period; where two
    overlap (a station was restarted), the later beginning one holds."""
    found: dict[str, dict[Standing, timedelta]] = defaultdict(
        lambda: dict.fromkeys(Standing, NOTHING)
    )
    by_window: dict[str, list[PhaseSpan]] = defaultdict(list)
    for span in spans:
        by_window[span.window].append(span)
    for window, of_window in by_window.items():
        ordered = sorted(of_window, key=lambda span: span.starts_at)
        ends = [span.starts_at for span in ordered[1:]] + [between.end]
        for span, following in zip(ordered, ends, strict=True):
            start = max(span.starts_at, between.start)
            end = min(span.ends_at, following, between.end)
            standing = STANDING_OF.get(span.phase)
            if standing is not None and end > start:
                found[window][standing] += end - start
    return dict(found)


class Fate(StrEnum):
    """What became of an alert."""

    OPEN = "open"  # nobody has judged it yet
    SETTLED = "settled"  # on the spot
    FALSE = "false"
    EXCUSED = "excused"
    CONFIRMED = "confirmed"  # by a case that is in force
    EXEMPT = "exempt"  # allowed; it does not count


@dataclass(frozen=True, slots=True)
class AlertFact:
    """What a report needs of an alert. `until`: its end, or its latest step while it lasts."""

    window: str
    rule: str
    fate: Fate
    began: datetime
    until: datetime
    duty: str | None  # a DutyState; None: not a window's

    @property
    def counts(self) -> bool:
        """Neither allowed nor a mistake of the machine."""
        return self.fate not in (Fate.EXEMPT, Fate.FALSE)


@dataclass(slots=True)
class Tally:
    """Alerts of one kind. `lasted`: of those that count, from their beginning to their end."""

    fates: Counter[Fate] = field(default_factory=Counter)
    lasted: timedelta = NOTHING

    def add(self, alert: AlertFact) -> None:
        self.fates[alert.fate] += 1
        if alert.counts:
            self.lasted += alert.until - alert.began

    @property
    def counted(self) -> int:
        return sum(n for fate, n in self.fates.items() if fate not in (Fate.EXEMPT, Fate.FALSE))


def tallies(alerts: Iterable[AlertFact]) -> dict[tuple[str, str], Tally]:
    """By window and rule."""
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for alert in alerts:
        found[alert.window, alert.rule].add(alert)
    return dict(found)


def by_day(alerts: Iterable[AlertFact], zone: tzinfo) -> dict[date, Tally]:
    """The trend: alerts by the local day on which they began."""
    found: dict[date, Tally] = defaultdict(Tally)
    for alert in alerts:
        found[alert.began.astimezone(zone).date()].add(alert)
    return dict(found)


@dataclass(frozen=True, slots=True)
class QueueCount:
    queue: str
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """People waiting in one hour of the week: how often it was looked, the mean, the most."""

    looks: int
    mean: float
    most: int


def by_hour(counts: Iterable[QueueCount], zone: tzinfo) -> dict[str, dict[tuple[int, int], Crowd]]:
    """For every queue, by local (weekday, hour); Monday is 0. Hours without a look are left out."""
    gathered: dict[str, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    for count in counts:
        local = count.at.astimezone(zone)
        gathered[count.queue][local.weekday(), local.hour].append(count.count)
    return {
        queue: {
            hour: Crowd(len(seen), sum(seen) / len(seen), max(seen)) for hour, seen in hours.items()
        }
        for queue, hours in gathered.items()
    }
