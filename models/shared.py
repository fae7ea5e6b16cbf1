"""One detector for all cameras: a bounded line of pictures, the most urgent first.

Each worker computes on one core. On a processor that is cheaper than several cores on one picture,
and than several pictures in one batch (docs/decisions/0020); a graphics card wants batches.
An answer does not depend on which pictures were looked at with it.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from vision.records import Detections, Image
from vision.seeing import Detector

UNHURRIED_S = 60.0


class DetectorClosedError(RuntimeError):
    """The detector was closed while a picture waited for it."""


@dataclass(order=True, slots=True)
class Ticket:
    """One picture in the line. due_s: when its answer is wanted; by: who is to look at it."""

    due_s: float
    number: int
    image: Image = field(compare=False)
    by: Detector = field(compare=False)
    told: Future[Detections] = field(compare=False)
    seat: Seat | None = field(compare=False)

    @property
    def kind(self) -> tuple[int, tuple[int, ...]]:
        """Tickets of one kind may be computed together."""
        return id(self.by), self.image.shape


@dataclass(frozen=True, slots=True)
class Load:
    """What the workers did since the last time it was asked.

    busy: share of their time spent computing, 0..1. late: share of answers that came after they
    were wanted. lateness_s: of the latest of them. waiting: pictures that are not answered yet.
    """

    busy: float = 0.0
    late: float = 0.0
    lateness_s: float = 0.0
    answers: int = 0
    waiting: int = 0


class SharedDetector:
    """Answers the seats of all cameras with one detector, or with two.

    near: the one for close-ups, where it is another. workers: threads that compute. batch: pictures
    of one shape that are computed together. clock: monotonic seconds.
    """

    def __init__(
        self,
        detector: Detector,
        *,
        workers: int,
        near: Detector | None = None,
        batch: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.detector = detector
        self.near = near
        self.workers = workers
        self.batch = batch
        self.clock = clock
        self._line: list[Ticket] = []
        self._number = 0
        self._closed = False
        self._changed = threading.Condition()
        self._busy_s = self._lateness_s = 0.0
        self._answers = self._late = self._computing = 0
        self._asked_s = clock()
        self._threads = [
            threading.Thread(target=self._work, name=f"detector-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def sha256(self) -> str:
        return self.detector.sha256

    def seat(self, within_s: Callable[[], float]) -> Seat:
        """A place in the line for one camera, which asks for one thing at a time: so the line
        never grows beyond what all cameras show at once. within_s: how soon it wants an answer."""
        return Seat(self, within_s)

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """For whoever is in no hurry: cameras come first."""
        return self.seat(lambda: UNHURRIED_S).detect(images)

    def ask(
        self,
        images: Sequence[Image],
        due_s: float,
        seat: Seat | None = None,
        by: Detector | None = None,
    ) -> list[Future[Detections]]:
        """Put the pictures in the line, for `by` or else the one detector to look at. Raises
        DetectorClosedError."""
        with self._changed:
            if self._closed:
                raise DetectorClosedError("the detector is closed")
            tickets = [
                Ticket(due_s, self._number + n, image, by or self.detector, Future(), seat)
                for n, image in enumerate(images)
            ]
            self._number += len(tickets)
            for ticket in tickets:
                heapq.heappush(self._line, ticket)
            self._changed.notify(len(tickets))
        return [ticket.told for ticket in tickets]

    def load(self) -> Load:
        """What was done since this was last asked."""
        with self._changed:
            now_s = self.clock()
            offered_s = (now_s - self._asked_s) * self.workers
            load = Load(
                busy=min(self._busy_s / offered_s, 1.0) if offered_s > 0 else 0.0,
                late=self._late / self._answers if self._answers else 0.0,
                lateness_s=self._lateness_s,
                answers=self._answers,
                waiting=len(self._line) + self._computing,
            )
            self._asked_s = now_s
            self._busy_s = self._lateness_s = 0.0
            self._answers = self._late = 0
        return load

    def close(self) -> None:
        """End the workers; whoever still waits is told so."""
        with self._changed:
            self._closed = True
            left, self._line = self._line, []
            self._changed.notify_all()
        for ticket in left:
            ticket.told.set_exception(DetectorClosedError("the detector was closed"))
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while tickets := self._next():
            began_s = self.clock()
            try:
                found = tickets[0].by.detect([ticket.image for ticket in tickets])
            except Exception as error:
                for ticket in tickets:
                    ticket.told.set_exception(error)
            else:
                for ticket, detections in zip(tickets, found, strict=True):
                    ticket.told.set_result(detections)
            self._note(tickets, began_s)

    def _next(self) -> list[Ticket]:
        """The most urgent picture, and of those that come after it as many of its shape as share
        a batch; none when closed."""
        with self._changed:
            while not self._line and not self._closed:
                self._changed.wait()
            if self._closed:
                return []
            tickets = [heapq.heappop(self._line)]
            if self.batch > 1:
                kind = tickets[0].kind
                alike = heapq.nsmallest(self.batch - 1, (t for t in self._line if t.kind == kind))
                self._line = [t for t in self._line if t not in alike]
                heapq.heapify(self._line)
                tickets += alike
            self._computing += len(tickets)
            return tickets

    def _note(self, tickets: list[Ticket], began_s: float) -> None:
        now_s = self.clock()
        with self._changed:
            self._busy_s += now_s - began_s
            self._computing -= len(tickets)
            for ticket in tickets:
                if ticket.seat is not None:
                    ticket.seat.computed_s += (now_s - began_s) / len(tickets)
                lateness_s = now_s - ticket.due_s
                self._answers += 1
                self._late += lateness_s > 0
                self._lateness_s = max(self._lateness_s, lateness_s)


class Seat:
    """A detector as one camera sees it. computed_s: what was computed for it, in seconds of a
    worker; near: as that camera sees the one for close-ups, where it is another."""

    def __init__(self, shared: SharedDetector, within_s: Callable[[], float]) -> None:
        self.computed_s = 0.0
        self.near = None if shared.near is None else Nearby(self, shared.near)
        self._shared = shared
        self._within_s = within_s

    @property
    def sha256(self) -> str:
        return self._shared.sha256

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """As `Detector.detect`; waits for its turn."""
        return self.looked(images, self._shared.detector)

    def looked(self, images: Sequence[Image], by: Detector) -> list[Detections]:
        """What that detector finds; waits for its turn."""
        told = self._shared.ask(images, self._shared.clock() + self._within_s(), self, by)
        return [future.result() for future in told]


@dataclass(frozen=True, slots=True)
class Nearby:
    """A seat's second detector."""

    seat: Seat
    detector: Detector

    @property
    def sha256(self) -> str:
        return self.detector.sha256

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """As `Detector.detect`; waits for its turn."""
        return self.seat.looked(images, self.detector)
