"""How long a window stood how, as pure functions: what the cameras wrote down, cut and added up."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from api.live import WindowPhase
from api.roster.duty import Service
from api.roster.timeline import Turn

NOTHING = timedelta(0)


class Standing(StrEnum):
    """How a window stood, as a report says it. Together they fill the whole period."""

    ATTENDED = "attended"
    PAUSED = "paused"
    UNATTENDED = "unattended"
    UNKNOWN = "unknown"  # it was looked at, and could not be told
    NOT_LOOKED = "not_looked"  # in the hours of service no camera looked
    CLOSED = "closed"  # outside the hours of service, or a planned break
    UNSAID = "unsaid"  # nothing was recorded, and nothing said about the hours


STANDING_OF = {
    WindowPhase.ATTENDED: Standing.ATTENDED,
    WindowPhase.PAUSED: Standing.PAUSED,
    WindowPhase.EMPTY: Standing.UNATTENDED,
    WindowPhase.ALERTED: Standing.UNATTENDED,
    WindowPhase.UNKNOWN: Standing.UNKNOWN,
    WindowPhase.CLOSED: Standing.CLOSED,
}
UNSEEN = {
    Service.OPEN: Standing.NOT_LOOKED,
    Service.BREAK: Standing.CLOSED,
    Service.CLOSED: Standing.CLOSED,
    None: Standing.UNSAID,
}
"""What stood there while nothing was recorded, by the roster's hours of service."""
LOOKED_AT = (Standing.ATTENDED, Standing.PAUSED, Standing.UNATTENDED, Standing.UNKNOWN)
"""In the hours of service, with a camera that looked."""


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

    @property
    def length(self) -> timedelta:
        return max(self.end - self.start, NOTHING)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A window stood so from `starts_at` until just before `ends_at`."""

    standing: Standing
    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at


def stretches(spans: Iterable[PhaseSpan], turns: Sequence[Turn], between: Between) -> list[Stretch]:
    """One window's whole period, without gaps and overlaps. Spans are cut at the ends of the
    period; where two overlap (a station was restarted), the later beginning one holds. What no
    span covers is told by the hours of service in `turns`, which fill the period."""
    found: list[Stretch] = []
    at = between.start
    for standing, starts_at, ends_at in _cut(spans, between):
        found += _unseen(turns, at, starts_at)
        found.append(Stretch(standing, starts_at, ends_at))
        at = ends_at
    return [*found, *_unseen(turns, at, between.end)]


def _cut(
    spans: Iterable[PhaseSpan], between: Between
) -> Iterator[tuple[Standing, datetime, datetime]]:
    ordered = sorted(spans, key=lambda span: span.starts_at)
    for n, span in enumerate(ordered, 1):
        following = ordered[n].starts_at if n < len(ordered) else between.end
        start = max(span.starts_at, between.start)
        end = min(span.ends_at, following, between.end)
        if end > start:
            yield STANDING_OF[span.phase], start, end


def _unseen(turns: Sequence[Turn], start: datetime, end: datetime) -> Iterator[Stretch]:
    """The time without a record, by what the roster says of it."""
    first = max(bisect_right([turn.starts_at for turn in turns], start) - 1, 0)
    for turn in turns[first:]:
        since, until = max(turn.starts_at, start), min(turn.ends_at, end)
        if since >= end:
            return
        if until > since:
            yield Stretch(UNSEEN[turn.service], since, until)


def added_up(of_window: Iterable[Stretch]) -> dict[Standing, timedelta]:
    """How long in each standing; together the length of the period."""
    found: dict[Standing, timedelta] = defaultdict(lambda: NOTHING)
    for stretch in of_window:
        found[stretch.standing] += stretch.length
    return {standing: found[standing] for standing in Standing}
