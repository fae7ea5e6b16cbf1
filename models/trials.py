"""Clips with known events, seen once by a model and judged with any threshold; and the threshold
that a stated rate of false alarms allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from models.events import Event, events_of, overlapping
from models.footage import CONDUCT, Presence
from models.intervals import Share, most_per_hour
from vision.engine import Engine
from vision.hallfile import Hall
from vision.records import Alert, Observation, QueueSeen, WindowSeen
from vision.rules import rulebook

SCORES = tuple(round(0.2 + 0.05 * k, 2) for k in range(16))
"""Score limits that are tried: 0.20 to 0.95."""
DAY_H = 8.0
"""A camera's working day."""
RIGHT_TO_TURN_ON, EVENTS_TO_TURN_ON = 0.9, 20
"""A rule that is off by default is turned on when so much of what it says is right, over at least
so many hits."""
WRONG_TO_TURN_OFF = 0.3
"""One that is on is turned off when so much of what it says is wrong."""


EDGE_S = 1.5
"""So near to a change, nobody can say who is right."""
Spell = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Trial:
    """One clip: what a model saw of it, and what truly happened. real: footage, whose marks are of
    looks and not of events; it tells of false alarms only. absent: window to the spells (from, to)
    without its clerk; queues: queue to its count from which second on."""

    name: str
    hall: Hall
    camera: str
    seen: Sequence[Observation]
    true: Sequence[Event]
    lasts_s: float
    real: bool = False
    absent: Mapping[str, Sequence[Spell]] = field(default_factory=dict)
    queues: Mapping[str, Sequence[tuple[float, int]]] = field(default_factory=dict)

    @property
    def ordinary(self) -> bool:
        """Whether no conduct is staged in it, beside many things that look like it: how often such
        footage is misjudged is how often a hall's will be."""
        return self.real or not any(event.rule in CONDUCT.values() for event in self.true)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A rule at one threshold over some trials. in_time: hits whose beginning and end both lie
    within two seconds. false_alarms: of the extra ones, those in ordinary footage, in which no
    conduct is staged; hours: of it."""

    score: float
    hits: int
    missed: int
    extra: int
    in_time: int
    false_alarms: int
    hours: float

    @property
    def precision(self) -> Share:
        return Share(self.hits, self.hits + self.extra)

    @property
    def recall(self) -> Share:
        return Share(self.hits, self.hits + self.missed)

    @property
    def extra_a_day(self) -> float:
        """False alarms in eight hours of one camera, as seen."""
        return DAY_H * self.false_alarms / self.hours if self.hours else 0.0

    @property
    def most_a_day(self) -> float:
        """The most they can be, with 95% certainty."""
        return DAY_H * most_per_hour(self.false_alarms, self.hours)

    @property
    def worth(self) -> float:
        """F0.5: a wrong alarm weighs twice a missed event."""
        told, true = self.hits + self.extra, self.hits + self.missed
        return 1.25 * self.hits / (told + 0.25 * true) if told + true else 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """The threshold chosen for a rule, whether the rule may speak, and all that was tried."""

    rule: str
    outcome: Outcome
    on: bool
    tried: tuple[Outcome, ...] = field(repr=False)

    def limits(self) -> dict[str, float | bool]:
        return {"min_score": self.outcome.score, "on": self.on}


def presence(trial: Trial) -> Presence:
    """Looks at the windows of a clip whose truth is known: right, wrong, and "cannot tell"."""
    score = Presence()
    for seen in trial.seen:
        if not isinstance(seen, WindowSeen) or trial.real:
            continue
        at_s, spells = seen.stamp.at_s, trial.absent.get(seen.window, ())
        if any(abs(at_s - edge) < EDGE_S for spell in spells for edge in spell):
            continue
        here = not any(a <= at_s < b for a, b in spells)
        score.add(here, seen.staff)
    return score


def counted(trial: Trial) -> Share:
    """Looks at queues whose count is within one person, or a tenth, of the truth; looks near a
    change of it are left out."""
    right = of = 0
    for seen in trial.seen:
        if not isinstance(seen, QueueSeen) or not trial.queues.get(seen.queue):
            continue
        steps = trial.queues[seen.queue]
        at_s = seen.stamp.at_s
        true = [n for from_s, n in steps if from_s <= at_s]
        if not true or any(abs(at_s - from_s) < EDGE_S for from_s, _ in steps[1:]):
            continue
        of += 1
        right += seen.count is not None and abs(seen.count - true[-1]) <= max(1, 0.1 * true[-1])
    return Share(right, of)


def judged(trial: Trial, policies: Mapping[str, Mapping[str, Any]]) -> list[Alert]:
    """The alerts of a trial when these rules have these thresholds, the others the hall's."""
    hall = trial.hall
    windows = tuple(
        replace(
            w,
            policies=dict(w.policies)
            | {rule: replace(w.policies[rule], **values) for rule, values in policies.items()},
        )
        for w in hall.windows
    )
    engine = Engine(replace(hall, windows=windows), trial.camera, model_sha="")
    return [alert for seen in trial.seen for alert in engine.step([seen])]


def outcome(trials: Iterable[Trial], rule: str, score: float) -> Outcome:
    """What the rule is worth with this score limit."""
    hits = missed = extra = in_time = false_alarms = 0
    hours = 0.0
    for trial in trials:
        alerts = judged(trial, {rule: {"min_score": score, "on": True}})
        found = [e for e in events_of(alerts) if e.rule == rule]
        true = [e for e in trial.true if e.rule == rule]
        result = overlapping(found, true, trial.lasts_s)
        extra += len(result.extra)
        if trial.ordinary:
            false_alarms += len(result.extra)
            hours += trial.lasts_s / 3600
        if not trial.real:
            hits += len(result.hits)
            missed += len(result.missed)
            in_time += result.in_time()
    return Outcome(score, hits, missed, extra, in_time, false_alarms, hours)


def chosen(trials: Sequence[Trial], rule: str, a_day: float) -> Choice:
    """The threshold worth most among those that keep to `a_day` false alarms in eight hours of a
    camera; among equals the middle one, so that another hall may differ a little either way. Where
    none keeps to it, the strictest, and the rule is off."""
    tried = tuple(outcome(trials, rule, score) for score in SCORES)
    fit = [o for o in tried if o.extra_a_day <= a_day]
    if not fit:
        return Choice(rule, tried[-1], False, tried)
    most = max(o.worth for o in fit)
    best = [o for o in fit if o.worth == most]
    choice = best[len(best) // 2]
    return Choice(rule, choice, _may_speak(rule, choice), tried)


def _may_speak(rule: str, o: Outcome) -> bool:
    """A rule keeps its default unless it was measured to deserve otherwise. One that is off is
    turned on for all halls only after a working day of ordinary footage as well: an hour without a
    false alarm says little about a day."""
    right = o.precision.value
    if rulebook()[rule].policy().on:
        return right is None or 1 - right < WRONG_TO_TURN_OFF
    proven = o.hits >= EVENTS_TO_TURN_ON and o.hours >= DAY_H
    return proven and right is not None and right >= RIGHT_TO_TURN_ON
