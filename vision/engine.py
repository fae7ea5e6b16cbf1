"""The engine folds every rule over the observations of one camera and makes alerts of changes.

It is the only place that knows both rules and the hall file. Its state can be saved at any
moment and restored: what follows is the same as if it had never stopped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from vision.hallfile import Hall, policy_values
from vision.records import (
    Alert,
    CameraSeen,
    Change,
    Observation,
    QueueSeen,
    Stamp,
    Step,
    alert_uid,
)
from vision.rules import rulebook
from vision.rules.base import Rule

CHANGE_KNOWN_S = 0.1
"""How exactly it is said when an answer would change."""


class TimeWentBackError(ValueError):
    """An observation is older than the one before it: the source broke its promise."""


class SavedStateError(ValueError):
    """A saved state that this version cannot continue; start anew."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One rule over one subject, with the thresholds in force there."""

    rule: Rule[Any, Any, Any]
    subject: str
    policy: Any


class Engine:
    """Rules of one camera. `model_sha` and `hall.sha` go into every alert."""

    def __init__(self, hall: Hall, camera: str, model_sha: str) -> None:
        self.hall = hall
        self.camera = camera
        self.model_sha = model_sha
        self._last_s: float | None = None
        self._seen: dict[tuple[type, str], Observation] = {}  # the last of each subject
        self._began: dict[tuple[str, str], Stamp] = {}  # of the alerts that stand
        self._watches = {(w.rule.id, w.subject): w for w in _watches(hall, camera)}
        self._states: dict[tuple[str, str], Any] = {
            key: watch.rule.start() for key, watch in self._watches.items()
        }

    def step(self, observations: Iterable[Observation]) -> list[Alert]:
        """Fold one look's observations; the alerts come in rule order."""
        alerts: list[Alert] = []
        for seen in observations:
            self._forward(seen.stamp.at_s)
            subject = _subject(seen)
            self._seen[type(seen), subject] = seen
            for (rule_id, watched), watch in self._watches.items():
                if watched != subject or watch.rule.watches is not type(seen):
                    continue
                key = (rule_id, watched)
                self._states[key], changes = watch.rule.step(self._states[key], seen, watch.policy)
                alerts += [self._alert(watch, seen.stamp, change) for change in changes]
        return alerts

    def coming(self, within_s: float) -> dict[tuple[str, str], float]:
        """Which rule would change its answer on which subject if what was seen last went on, and
        after how many seconds, up to `within_s` (which no rule may take for a gap)."""
        coming: dict[tuple[str, str], float] = {}
        for (rule_id, subject), watch in self._watches.items():
            seen = self._seen.get((watch.rule.watches, subject))
            if seen is not None and self._changes(watch, seen, within_s):
                coming[rule_id, subject] = self._first_change_s(watch, seen, within_s)
        return coming

    def _first_change_s(self, watch: Watch, seen: Observation, within_s: float) -> float:
        sure_s, early_s = within_s, 0.0
        while sure_s - early_s > CHANGE_KNOWN_S:
            middle_s = (sure_s + early_s) / 2
            if self._changes(watch, seen, middle_s):
                sure_s = middle_s
            else:
                early_s = middle_s
        return sure_s

    def _changes(self, watch: Watch, seen: Observation, in_s: float) -> bool:
        then = replace(seen, stamp=seen.stamp.back_to(seen.stamp.at_s + in_s))
        state = self._states[watch.rule.id, watch.subject]
        return bool(watch.rule.step(state, then, watch.policy)[1])

    def state(self, rule_id: str, subject: str) -> Any:
        """The present state of one rule over one subject."""
        return self._states[rule_id, subject]

    def save(self) -> str:
        """All states as JSON."""
        states = {"\x1f".join(key): asdict(state) for key, state in self._states.items()}
        versions = {rule_id: w.rule.version for (rule_id, _), w in self._watches.items()}
        began = {
            "\x1f".join(key): (stamp.at_s, stamp.wall.isoformat())
            for key, stamp in self._began.items()
        }
        table = {"camera": self.camera, "last_s": self._last_s, "rules": versions}
        return json.dumps(table | {"states": states, "began": began}, sort_keys=True)

    def restore(self, saved: str) -> None:
        """Continue from `save()`. Raises SavedStateError when it was of other rules or windows."""
        try:
            table = json.loads(saved)
            versions = {rule_id: w.rule.version for (rule_id, _), w in self._watches.items()}
            if (table["camera"], table["rules"]) != (self.camera, versions):
                raise SavedStateError("saved by another camera or by other rule versions")
            states = {tuple(k.split("\x1f")): v for k, v in table["states"].items()}
            if set(states) != set(self._states):
                raise SavedStateError("saved for other windows or queues")
            fresh: dict[tuple[str, str], Any] = {
                key: _revive(type(self._states[key]), value)
                for key, value in states.items()
                if len(key) == 2
            }
            began = {
                (rule_id, subject): Stamp(at_s, datetime.fromisoformat(wall))
                for name, (at_s, wall) in table["began"].items()
                for rule_id, subject in (name.split("\x1f"),)
            }
        except SavedStateError:
            raise
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise SavedStateError(f"not a saved engine state: {error!r}") from error
        self._last_s = table["last_s"]
        self._states = fresh
        self._began = began

    def _forward(self, at_s: float) -> None:
        if self._last_s is not None and at_s < self._last_s:
            raise TimeWentBackError(f"stream time went back from {self._last_s} to {at_s} s")
        self._last_s = at_s

    def _beginning(self, watch: Watch, now: Stamp, change: Change) -> Stamp:
        """Fixed when the alert is raised: a wall clock that is set later renames no alert."""
        key = (watch.rule.id, watch.subject)
        if change.step is Step.RAISED:
            self._began[key] = now.back_to(change.began_s)
        return self._began.pop(key) if change.step is Step.ENDED else self._began[key]

    def _alert(self, watch: Watch, now: Stamp, change: Change) -> Alert:
        began = self._beginning(watch, now, change)
        return Alert(
            uid=alert_uid(self.camera, watch.rule.id, watch.subject, began.wall),
            step=change.step,
            severity=change.severity,
            rule=watch.rule.id,
            rule_version=watch.rule.version,
            hall=self.hall.id,
            camera=self.camera,
            subject=watch.subject,
            began=began,
            at=now,
            ended=None if change.ended_s is None else now.back_to(change.ended_s),
            why=dict(change.why),
            policy=policy_values(watch.policy),
            model_sha=self.model_sha,
            hall_sha=self.hall.sha,
        )


def _watches(hall: Hall, camera: str) -> list[Watch]:
    """Every rule on every subject that this camera shows."""
    watches: list[Watch] = []
    for rule in rulebook().values():
        if rule.watches is CameraSeen:
            watches.append(Watch(rule, camera, hall.policies[rule.id]))
            continue
        subjects = hall.queues_of(camera) if rule.watches is QueueSeen else hall.windows_of(camera)
        watches += [Watch(rule, s.id, s.policies[rule.id]) for s in subjects]
    return watches


def _subject(seen: Observation) -> str:
    match seen:
        case CameraSeen():
            return seen.camera
        case QueueSeen():
            return seen.queue
        case _:
            return seen.window


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _revive(kind: Any, value: Any) -> Any:
    """The value of type `kind` that `asdict` and JSON turned into plain lists and tables."""
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{f.name: _revive(_hints(kind)[f.name], value[f.name]) for f in fields(kind)})
    if get_origin(kind) in (Union, UnionType):
        inner = [k for k in get_args(kind) if k is not type(None)]
        return None if value is None else _revive(inner[0], value)
    if get_origin(kind) is tuple:
        of = get_args(kind)
        kinds = [of[0]] * len(value) if of[-1] is Ellipsis else of
        return tuple(_revive(k, v) for k, v in zip(kinds, value, strict=True))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return value
