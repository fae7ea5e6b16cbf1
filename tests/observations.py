"""Short ways to write what a camera saw, for tables in tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from vision.records import Blindness, CameraSeen, Change, Observation, QueueSeen, Stamp, WindowSeen
from vision.rules.base import Rule

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def stamp(at_s: float) -> Stamp:
    return Stamp(at_s, START + timedelta(seconds=at_s))


NOTHING = dict.fromkeys(("phone", "eating", "smoking", "napping", "reading"), 0.0)
PRESENT: dict[str, Any] = {"staff": True, "citizens": 0, "sign": False} | NOTHING
EMPTY: dict[str, Any] = {"staff": False, "citizens": 0, "sign": False} | NOTHING

# one letter for one look at a window
LOOKS: dict[str, dict[str, Any]] = {
    "a": PRESENT,
    "e": EMPTY,
    "c": EMPTY | {"citizens": 1},
    "p": EMPTY | {"sign": True},
    "t": EMPTY | {"ticket_paused": True},
    "d": EMPTY | {"sign": True, "ticket_paused": False},
    "g": EMPTY | {"sign": True, "ticket_paused": True},
    "j": EMPTY | {"ticket_paused": False},
    "o": PRESENT | {"ticket_paused": True},
    "v": PRESENT | {"ticket_paused": False},
    "w": EMPTY | {"sign": None, "ticket_paused": True},
    "y": {"blind": Blindness.COVERED, "ticket_paused": True},
    "z": EMPTY | {"open": False, "sign": True, "ticket_paused": False},
    "f": PRESENT | {"phone": 0.9},
    "m": PRESENT | {"eating": 0.9},
    "s": PRESENT | {"smoking": 0.9},
    "n": PRESENT | {"napping": 0.9},
    "r": PRESENT | {"reading": 0.9},
    "k": PRESENT | {"reading": 0.9, "citizens": 1},
    "h": PRESENT | {"citizens": 1} | dict.fromkeys(NOTHING, 0.3),
    "u": {"staff": None, "citizens": 0, "sign": None} | dict.fromkeys(NOTHING),
    "b": {"blind": Blindness.COVERED},
    "x": EMPTY | {"open": False} | dict.fromkeys(NOTHING, 0.9),
    "?": EMPTY | {"open": None} | dict.fromkeys(NOTHING),
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


def switched_on(rule: Rule[Any, Any, Any]) -> Any:
    """The rule's default policy, on where it is off by default."""
    policy = rule.policy()
    return replace(policy, on=True) if hasattr(policy, "on") else policy


def folded(
    rule: Rule[Any, Any, Any], seen: Iterable[Observation], policy: Any = None
) -> list[Change]:
    """All changes that the rule makes of these observations, turned on with its default limits."""
    state, changes = rule.start(), []
    policy = policy or switched_on(rule)
    for observation in seen:
        state, new = rule.step(state, observation, policy)
        changes += new
    return changes
