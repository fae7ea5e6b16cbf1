"""How many waited in which hour, and for how long: pure functions of what the cameras counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

HOUR_S = 3600.0
LOOKS_WANTED = 45
"""Counts come about once a minute; with fewer in an hour its mean is not the hour's."""
BLIND_SHARE = 0.1
"""Of the time in which a window could have served, so much at most may be out of sight."""
LEAST_SERVED = 10
"""Fewer people than that tell too little: their number alone would be off by a third."""
MOST_DRIFT = 0.5
"""By so much of those served may the queue have grown or shrunk, or it was not steady."""


@dataclass(frozen=True, slots=True)
class QueueCount:
    queue: str
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """People waiting in one hour: how often it was looked, their sum, the most; the first and the
    last count."""

    looks: int
    total: int
    most: int
    first: int
    last: int

    @property
    def mean(self) -> float:
        return self.total / self.looks


def by_hour(counts: Iterable[QueueCount], zone: tzinfo) -> dict[str, dict[int, Crowd]]:
    """For every queue the local hours of one day. Hours without a look are left out."""
    gathered: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for count in sorted(counts, key=lambda c: c.at):
        gathered[count.queue][count.at.astimezone(zone).hour].append(count.count)
    return {
        queue: {
            hour: Crowd(len(seen), sum(seen), max(seen), seen[0], seen[-1])
            for hour, seen in hours.items()
        }
        for queue, hours in gathered.items()
    }


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of a hall in one hour. served: so many people began to be served. could: for
    how long windows were attended, or may have been; blind: how much of that was out of sight."""

    served: int
    could: timedelta
    blind: timedelta


@dataclass(frozen=True, slots=True)
class Flow:
    """One hour of a hall that was seen well enough to say something of the waiting.

    waited_s: all the time spent waiting, in person seconds. served: so many left the queue for a
    counter. drift: by so many the queue was longer at the end than at the beginning.
    """

    waited_s: float
    served: int
    drift: int


def flow_of(crowds: Sequence[Crowd | None], counters: Counters) -> Flow | None:
    """One hour from the hall's queues (None: not looked at) and its counters. None: cannot tell,
    because a queue was not looked at all along, or too much of the counters was out of sight."""
    if not crowds or counters.blind > BLIND_SHARE * counters.could:
        return None
    seen = [crowd for crowd in crowds if crowd is not None and crowd.looks >= LOOKS_WANTED]
    if len(seen) < len(crowds):
        return None
    return Flow(
        waited_s=sum(crowd.mean for crowd in seen) * HOUR_S,
        served=counters.served,
        drift=sum(crowd.last - crowd.first for crowd in seen),
    )


def mean_wait_s(flows: Iterable[Flow]) -> float | None:
    """How long people waited on average, in seconds; None: cannot tell.

    Little's law, L = lambda W (J. D. C. Little, "A Proof for the Queuing Formula: L = lambda W",
    Operations Research 9(3), 1961, 383-387), over a finite span as in S.-H. Kim and W. Whitt,
    "Statistical Analysis with Little's Law", Operations Research 61(4), 2013, 1030-1045: W is the
    person time in the queue divided by the number of people who passed through it. Those are
    counted where they arrive at a counter; arrivals at the queue are those plus what it grew by,
    and the mean of the two is taken, which leaves out most of the error of an unsteady hour.

    It is not told from fewer than `LEAST_SERVED` people, nor where the queue drifted by more than
    `MOST_DRIFT` of them. It includes whoever gave up, and companions who wait but are not served
    make it too long; people who follow each other at a counter within seconds count as one.
    """
    several = list(flows)
    served = sum(flow.served for flow in several)
    drift = sum(flow.drift for flow in several)
    if served < LEAST_SERVED or abs(drift) > MOST_DRIFT * served:
        return None
    return sum(flow.waited_s for flow in several) / (served + drift / 2)


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody stood at a window's counter, from `starts_at` on."""

    window: str
    starts_at: datetime


def served_by_hour(stays: Iterable[Stay], zone: tzinfo) -> Mapping[int, int]:
    """How many began to be served in each local hour of one day."""
    found: dict[int, int] = defaultdict(int)
    for stay in stays:
        found[stay.starts_at.astimezone(zone).hour] += 1
    return found
