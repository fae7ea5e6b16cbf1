"""The engine folds every rule over the observations of one camera and makes alerts of changes.

It is the only place that knows both rules and the hall file. Its state can be saved at any
moment and restored: what follows is the same as if it had never stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

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
from vision.saved import Key, Saved, SavedStateError, Standing, from_json, revived, to_json

CHANGE_KNOWN_S = 0.1
"""How exactly it is said when an answer would change."""


class TimeWentBackError(ValueError):
    """An observation is older than the one before it: the source broke its promise."""


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
        self._last: Stamp | None = None
        self._seen: dict[tuple[type, str], Observation] = {}  # the last of each subject
        self._standing: dict[Key, Standing] = {}
        self._watches = {(w.rule.id, w.subject): w for w in _watches(hall, camera)}
        self._states: dict[Key, Any] = {
            key: watch.rule.start() for key, watch in self._watches.items()
        }

    @property
    def last(self) -> Stamp | None:
        """The last moment that it was told of."""
        return self._last

    def step(self, observations: Iterable[Observation]) -> list[Alert]:
        """Fold one look's observations; the alerts come in rule order."""
        alerts: list[Alert] = []
        for seen in observations:
            self._forward(seen.stamp)
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
        """All that it knows, as JSON."""
        versions = {rule_id: w.rule.version for (rule_id, _), w in self._watches.items()}
        return to_json(Saved(self.camera, self._last, versions, self._states, self._standing))

    def restore(self, text: str) -> list[Alert]:
        """Continue from `save()` what is still watched by the same version of its rule. Alerts that
        stood and cannot be continued are given back as ended, at the last moment known of them.
        Raises SavedStateError when it was not saved by this camera."""
        saved = from_json(text)
        if saved.camera != self.camera:
            raise SavedStateError(f"saved by camera {saved.camera!r}, not {self.camera!r}")
        states, standing = dict(self._states), dict(saved.standing)
        ended: list[Alert] = []
        for key, table in saved.states.items():
            watch = self._watches.get(key)
            if watch is not None and watch.rule.version == saved.versions.get(key[0]):
                states[key] = revived(type(states[key]), table)
            elif key in standing and saved.last is not None:
                ended.append(self._given_up(key, standing.pop(key), saved))
        self._last, self._states, self._standing = saved.last, states, standing
        return ended

    def retire(self, text: str) -> list[Alert]:
        """The alerts that stood when this was saved, ended: the camera is watched no more."""
        saved = from_json(text)
        return [self._given_up(key, alert, saved) for key, alert in saved.standing.items()]

    def _forward(self, now: Stamp) -> None:
        if self._last is not None and now < self._last:
            raise TimeWentBackError(
                f"stream time went back from {self._last.at_s} to {now.at_s} s"
            )  # fmt: skip
        self._last = now

    def _follow(self, key: Key, now: Stamp, change: Change) -> Standing:
        """The alert that this change is of. Its beginning is fixed when it is raised: a wall clock
        that is set later renames no alert."""
        if change.step is Step.RAISED:
            began = now.back_to(change.began_s)
        else:
            began = self._standing[key].began
        alert = self._standing[key] = Standing(began, change.severity)
        if change.step is Step.ENDED:
            del self._standing[key]
        return alert

    def _given_up(self, key: Key, alert: Standing, saved: Saved) -> Alert:
        """The end of an alert whose rule or place is no longer there as it was."""
        rule_id, subject = key
        at = _by_its_clock(alert.began, saved.last or alert.began)
        return Alert(
            uid=alert_uid(self.camera, rule_id, subject, alert.began.wall),
            step=Step.ENDED,
            severity=alert.severity,
            rule=rule_id,
            rule_version=saved.versions.get(rule_id, 0),
            hall=self.hall.id,
            camera=self.camera,
            subject=subject,
            began=alert.began,
            at=at,
            ended=at,
            why={"then": "unknown"},
            policy={},
            model_sha=self.model_sha,
            hall_sha=self.hall.sha,
        )

    def _alert(self, watch: Watch, now: Stamp, change: Change) -> Alert:
        began = self._follow((watch.rule.id, watch.subject), now, change).began
        ended_s = change.ended_s
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
            at=_by_its_clock(began, now),
            ended=None if ended_s is None else _by_its_clock(began, now.back_to(ended_s)),
            why=dict(change.why),
            policy=policy_values(watch.policy),
            model_sha=self.model_sha,
            hall_sha=self.hall.sha,
        )


def _by_its_clock(began: Stamp, stamp: Stamp) -> Stamp:
    """A later moment of an alert; where the wall clock was set back since it began, by the clock as
    it was then: nothing ends before it begins."""
    return stamp if stamp.wall >= began.wall else began.back_to(stamp.at_s)


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
