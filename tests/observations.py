"""Short ways to write what a camera saw, for tables in tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from vision.records import Blindness, CameraSeen, Change, Observation, QueueSeen, Stamp, WindowSeen
from vision.rules.base import Rule

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def stamp(at_s: float) -> Stamp:
    return Stamp(at_s, START + timedelta(seconds=at_s))


# one letter for one look at a window
LOOKS: dict[str, dict[str, Any]] = {
    "a": {"staff": True, "citizens": 0, "sign": False, "phone": 0.0, "eating": 0.0},
    "e": {"staff": False, "citizens": 0, "sign": False, "phone": 0.0, "eating": 0.0},
    "c": {"staff": False, "citizens": 1, "sign": False, "phone": 0.0, "eating": 0.0},
    "p": {"staff": False, "citizens": 0, "sign": True, "phone": 0.0, "eating": 0.0},
    "t": {"staff": False, "citizens": 0, "sign": False, "ticket_paused": True},
    "f": {"staff": True, "citizens": 0, "sign": False, "phone": 0.9, "eating": 0.0},
    "m": {"staff": True, "citizens": 0, "sign": False, "phone": 0.0, "eating": 0.9},
    "h": {"staff": True, "citizens": 1, "sign": False, "phone": 0.3, "eating": 0.3},
    "u": {"staff": None, "citizens": 0, "sign": None, "phone": None, "eating": None},
    "b": {"blind": Blindness.COVERED},
    "x": {"open": False, "staff": False, "sign": False, "phone": 0.9, "eating": 0.9},
    "?": {"open": None, "staff": False, "sign": False, "phone": None, "eating": None},
}

Scene = tuple[tuple[Any, float], ...]
"""(what is seen, for how many seconds), one after the other."""


def timed(scene: Scene, fps: float, shift_s: float = 0.0) -> Iterator[tuple[float, Any]]:
    """(stream second, what is seen) at each look."""
    until_s, n = 0.0, 0
    for seen, lasts_s in scene:
        until_s += lasts_s
        while n / fps < until_s - 1e-9:
            yield shift_s + n / fps, seen
            n += 1


def observed(
    rule: Rule[Any, Any, Any], scene: Scene, fps: float, shift_s: float = 0.0
) -> Iterator[Observation]:
    """The scene as observations of the kind that the rule watches."""
    for at_s, seen in timed(scene, fps, shift_s):
        if rule.watches is WindowSeen:
            yield WindowSeen(stamp(at_s), "w1", **LOOKS[seen])
        elif rule.watches is QueueSeen:
            blind = Blindness.OFFLINE if seen == "b" else None
            count = seen if isinstance(seen, int) else None
            yield QueueSeen(stamp(at_s), "q1", blind=blind, count=count, open=seen != "x")
        else:
            blind = Blindness.OFFLINE if seen == "b" else None
            yield CameraSeen(stamp(at_s), "cam1", blind=blind)


def folded(
    rule: Rule[Any, Any, Any], seen: Iterable[Observation], policy: Any = None
) -> list[Change]:
    """All changes that the rule makes of these observations."""
    state, changes = rule.start(), []
    for observation in seen:
        state, new = rule.step(state, observation, policy or rule.policy())
        changes += new
    return changes
