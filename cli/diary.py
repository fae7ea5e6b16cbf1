"""What a station writes down all day for the reports: how its windows were, how many waited and
were served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cli.stays import Counter

LONGEST_SPAN = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(seconds=30)
"""Longer without a look: nothing is known of the time between."""
COUNT_EVERY = timedelta(minutes=1)
SEND_EVERY = timedelta(minutes=1)

Send = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class _Open:
    """A span that still grows: from its beginning to the last look in the same phase."""

    phase: str
    starts_at: datetime
    ends_at: datetime


class Diary:
    """Fed with every look; hands a batch to `send` about once a minute."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._open: dict[str, _Open] = {}
        self._counted_at: dict[str, datetime] = {}
        self._spans: list[dict[str, Any]] = []
        self._counts: list[dict[str, Any]] = []
        self._counters: dict[str, Counter] = {}
        self._stays: list[dict[str, Any]] = []
        self._sent_at: datetime | None = None

    def window(self, window: str, phase: str, at: datetime) -> None:
        """At this look the window was in this phase. A span reaches to the look that ends it."""
        span = self._open.get(window)
        if span is not None and not timedelta(0) <= at - span.ends_at <= LONGEST_PAUSE:
            self._close(window)
            span = None
        if span is not None:
            span.ends_at = at
            if span.phase == phase and at - span.starts_at < LONGEST_SPAN:
                return
            self._close(window)
        self._open[window] = _Open(phase, at, at)

    def queue(self, queue: str, count: int | None, at: datetime) -> None:
        """So many waited; None: it could not be told, and is not written down."""
        last = self._counted_at.get(queue)
        if count is None or (last is not None and timedelta(0) <= at - last < COUNT_EVERY):
            return
        self._counted_at[queue] = at
        self._counts.append({"queue": queue, "at": at.isoformat(), "count": count})

    def counter(self, window: str, citizens: int | None, at: datetime) -> None:
        """So many stood at the window's counter; None: it could not be told."""
        stay = self._counters.setdefault(window, Counter()).look(citizens, at)
        self._stayed(window, stay)

    def turn(self, at: datetime) -> None:
        """Hand over what is complete, if it is time."""
        if self._sent_at is None:
            self._sent_at = at
        if not timedelta(0) <= at - self._sent_at < SEND_EVERY:
            self._hand_over()
            self._sent_at = at

    def close(self) -> None:
        """The station ends: hand over everything."""
        for window in list(self._open):
            self._close(window)
        for window, counter in self._counters.items():
            self._stayed(window, counter.close())
        self._hand_over()

    def _stayed(self, window: str, stay: tuple[datetime, datetime] | None) -> None:
        if stay is not None:
            since, until = (moment.isoformat() for moment in stay)
            self._stays.append({"window": window, "starts_at": since, "ends_at": until})

    def _close(self, window: str) -> None:
        span = self._open.pop(window)
        if span.ends_at > span.starts_at:
            self._spans.append(
                {
                    "window": window,
                    "phase": span.phase,
                    "starts_at": span.starts_at.isoformat(),
                    "ends_at": span.ends_at.isoformat(),
                }
            )

    def _hand_over(self) -> None:
        if self._spans or self._counts or self._stays:
            self._send({"spans": self._spans, "counts": self._counts, "stays": self._stays})
            self._spans, self._counts, self._stays = [], [], []
