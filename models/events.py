"""Events found by the rules against events that truly happened: what was hit, missed, made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from vision.records import Alert, Step


@dataclass(frozen=True, slots=True)
class Event:
    """Conduct held by a rule over a subject. `ended_s` None: it outlasted the footage."""

    rule: str
    subject: str
    began_s: float
    ended_s: float | None


@dataclass(frozen=True, slots=True)
class Matches:
    """hits: (found, true) pairs; extra: found, but not true; missed: true, but not found."""

    hits: tuple[tuple[Event, Event], ...]
    extra: tuple[Event, ...]
    missed: tuple[Event, ...]

    @property
    def precision(self) -> float | None:
        """Share of found events that are true; None when none was found."""
        found = len(self.hits) + len(self.extra)
        return len(self.hits) / found if found else None

    @property
    def recall(self) -> float | None:
        """Share of true events that were found; None when none happened."""
        true = len(self.hits) + len(self.missed)
        return len(self.hits) / true if true else None

    def in_time(self, tolerance_s: float = 2.0) -> int:
        """Hits whose beginning and end both lie within the tolerance."""
        return sum(_same(found, true, tolerance_s) for found, true in self.hits)


def events_of(alerts: Iterable[Alert]) -> list[Event]:
    """One event per uid, in order of their beginning."""
    events: dict[str, Event] = {}
    for a in alerts:
        ended_s = a.ended.at_s if a.step is Step.ENDED and a.ended else None
        events[a.uid] = Event(a.rule, a.subject, a.began.at_s, ended_s)
    return sorted(events.values(), key=lambda e: (e.began_s, e.rule, e.subject))


def matched(found: Sequence[Event], true: Sequence[Event], tolerance_s: float = 2.0) -> Matches:
    """Pair each true event with the first unused found one of the same rule and subject whose
    beginning and end both lie within the tolerance. An event that outlasts the footage has no
    end on either side."""
    return _paired(found, true, lambda one, other: _same(one, other, tolerance_s))


def overlapping(found: Sequence[Event], true: Sequence[Event], lasts_s: float) -> Matches:
    """Pair each true event with the first unused found one of the same rule and subject, at least
    half of which it is. Alerts that break one true event into several are extra but one; one that
    mostly stands for something else is extra, and what it ran into is missed.

    lasts_s: of the footage, until when an event without an end went on."""
    return _paired(found, true, lambda one, other: _mostly(one, other, lasts_s))


def _paired(
    found: Sequence[Event], true: Sequence[Event], alike: Callable[[Event, Event], bool]
) -> Matches:
    """Pair each true event, the earliest first, with the first unused found one that is alike."""
    left = list(found)
    hits: list[tuple[Event, Event]] = []
    missed: list[Event] = []
    for event in sorted(true, key=lambda e: e.began_s):
        pair = next((f for f in left if alike(f, event)), None)
        if pair is None:
            missed.append(event)
        else:
            left.remove(pair)
            hits.append((pair, event))
    return Matches(tuple(hits), tuple(left), tuple(missed))


def _mostly(found: Event, true: Event, lasts_s: float) -> bool:
    """Whether both are of one rule and subject, and the true one half of what was found or more."""
    if (found.rule, found.subject) != (true.rule, true.subject):
        return False
    found_to_s, true_to_s = (lasts_s if e.ended_s is None else e.ended_s for e in (found, true))
    common_s = min(found_to_s, true_to_s) - max(found.began_s, true.began_s)
    return common_s > 0 and common_s >= (found_to_s - found.began_s) / 2


def _same(found: Event, true: Event, tolerance_s: float) -> bool:
    if (found.rule, found.subject) != (true.rule, true.subject):
        return False
    if abs(found.began_s - true.began_s) > tolerance_s:
        return False
    if true.ended_s is None:
        return found.ended_s is None
    return found.ended_s is not None and abs(found.ended_s - true.ended_s) <= tolerance_s
