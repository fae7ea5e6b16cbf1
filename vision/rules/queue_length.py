"""`queue_length`: more people waiting than the hall promises, 8 or more for 60 s."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from statistics import median

from vision.records import Change, Json, QueueSeen, Severity, Step
from vision.rules.base import Rule
from vision.rules.held import Held


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """at_least: so many people waiting, median of the last `smooth_s` seconds.
    held_s: for so long. clear_after_s: fewer for so long ends it.
    serious_at_least: so many make it serious."""

    at_least: int = 8
    held_s: float = 60.0
    clear_after_s: float = 15.0
    serious_at_least: int = 16
    smooth_s: float = 4.0
    ease_s: float = 8.0
    tolerance_s: float = 10.0
    max_gap_s: float = 3.0

    def __post_init__(self) -> None:
        if not 0 < self.at_least <= self.serious_at_least:
            raise ValueError("at_least must be above 0 and no more than serious_at_least")
        if min(self.held_s, self.clear_after_s, self.tolerance_s, self.max_gap_s) <= 0:
            raise ValueError("held_s, clear_after_s, tolerance_s and max_gap_s must be above 0")
        if self.smooth_s < 0 or self.ease_s < 0:
            raise ValueError("smooth_s and ease_s must not be negative")


@dataclass(frozen=True, slots=True)
class Queue:
    """recent: (stream second, count) of the last seconds; most: longest since it grew too long."""

    held: Held = field(default_factory=Held)
    recent: tuple[tuple[float, int], ...] = ()
    most: int = 0
    severity: Severity = Severity.NOTICE


def step(state: Queue, seen: QueueSeen, policy: QueuePolicy) -> tuple[Queue, tuple[Change, ...]]:
    at_s = seen.stamp.at_s
    recent = deque(state.recent)
    counted = None if seen.blind else seen.count
    if counted is not None:
        recent.append((at_s, counted))
    while recent and recent[0][0] < at_s - policy.smooth_s:
        recent.popleft()
    count = None if counted is None else int(median(n for _, n in recent))
    so = False if seen.open is False else None if count is None else count >= policy.at_least
    held = state.held.look(
        at_s,
        so,
        edge_s=_edge_s(recent, so, policy.at_least, at_s),
        ease_s=policy.ease_s,
        tolerance_s=policy.tolerance_s,
        max_gap_s=policy.max_gap_s,
    )
    most = max(state.most, count or 0) if held.since_s is not None else 0
    state = Queue(held, tuple(recent), most, state.severity)
    return _judge(state, at_s, count, policy)


def _edge_s(
    recent: Iterable[tuple[float, int]], so: bool | None, at_least: int, at_s: float
) -> float:
    """When the counts of the last seconds first were as their median says now: a median is late
    by half of what it is taken over."""
    return next((t for t, n in recent if so is not None and (n >= at_least) is so), at_s)


def _judge(
    state: Queue, at_s: float, count: int | None, policy: QueuePolicy
) -> tuple[Queue, tuple[Change, ...]]:
    held = state.held
    began_s = held.since_s if held.since_s is not None else at_s
    severity = (
        Severity.SERIOUS
        if count is not None and count >= policy.serious_at_least
        else Severity.WARNING
    )
    facts: dict[str, Json] = {"count": count, "most": state.most, "promised": policy.at_least}
    if not held.raised:
        if held.hit_s < policy.held_s or not held.last:
            return state, ()
        state = replace(state, held=replace(held, raised=True), severity=severity)
        return state, (Change(Step.RAISED, severity, began_s, at_s, why=facts),)
    ended_s = held.ended_s(at_s, policy.clear_after_s)
    if ended_s is not None:
        over = Change(Step.ENDED, state.severity, began_s, at_s, ended_s=ended_s, why=facts)
        return Queue(Held(last_s=at_s, last=False), state.recent), (over,)
    if severity > state.severity:
        grew = Change(Step.ESCALATED, severity, began_s, at_s, why=facts)
        return replace(state, severity=severity), (grew,)
    return state, ()


RULE = Rule(
    id="queue_length",
    version=1,
    watches=QueueSeen,
    policy=QueuePolicy,
    start=Queue,
    step=step,
    clauses=(("CY", "三(一)3"), ("JY", "七"), ("JY", "十三")),
)
