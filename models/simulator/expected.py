"""The events that a clip's truth amounts to under the rulebook's default thresholds.

Written down apart from the rules themselves, on purpose: it is what they are tested against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Spell = tuple[float, float]
"""From when to when, seconds."""

UNATTENDED_S = 120.0
PHONE_S, PHONE_WITHIN_S = 10.0, 20.0
EATING_S, EATING_WITHIN_S = 8.0, 30.0
EATING_CLEAR_S, PHONE_CLEAR_S = 12.0, 10.0
SMOKING_S, SMOKING_WITHIN_S, SMOKING_CLEAR_S = 4.0, 15.0, 15.0
NAPPING_S, NAPPING_WITHIN_S, NAPPING_CLEAR_S = 60.0, 75.0, 15.0
READING_S, READING_WITHIN_S, READING_CLEAR_S = 30.0, 45.0, 15.0
QUEUE_COUNT, QUEUE_S = 8, 60.0


@dataclass(frozen=True, slots=True)
class Event:
    """An alert that must come: ended_s is None when the clip ends first."""

    rule: str
    subject: str
    began_s: float
    ended_s: float | None


def spells(holds: Sequence[bool], fps: float, bridge_s: float = 0.0) -> list[Spell]:
    """Where a condition holds, picture by picture; breaks up to `bridge_s` are bridged."""
    found: list[Spell] = []
    for k, so in enumerate(holds):
        if not so:
            continue
        at, until = k / fps, (k + 1) / fps
        if found and at - found[-1][1] <= bridge_s + 1e-9:
            found[-1] = (found[-1][0], until)
        else:
            found.append((at, until))
    return found


def unattended(subject: str, empty: Sequence[bool], fps: float) -> list[Event]:
    """`empty`: nobody in the staff zone and no pause sign up."""
    lasts_s = len(empty) / fps
    return [
        Event("window_unattended", subject, began, None if ended >= lasts_s else ended)
        for began, ended in spells(empty, fps)
        if ended - began >= UNATTENDED_S
    ]


def bouts(
    rule: str, subject: str, holds: Sequence[bool], fps: float, limits: tuple[float, float, float]
) -> list[Event]:
    """Conduct held so many seconds within so many; limits: held, within, and clear seconds."""
    held_s, within_s, clear_s = limits
    lasts_s = len(holds) / fps
    events = []
    for began, ended in spells(holds, fps, bridge_s=clear_s):
        first, last = round(began * fps), round(ended * fps)
        width = round(within_s * fps)
        most = max(sum(holds[k : k + width]) for k in range(first, last))
        if most / fps >= held_s:
            closed = lasts_s - ended >= clear_s
            events.append(Event(rule, subject, began, ended if closed else None))
    return events


def long_queue(subject: str, counts: Sequence[int], fps: float) -> list[Event]:
    lasts_s = len(counts) / fps
    return [
        Event("queue_length", subject, began, None if ended >= lasts_s else ended)
        for began, ended in spells([count >= QUEUE_COUNT for count in counts], fps)
        if ended - began >= QUEUE_S
    ]


def changes(counts: Sequence[int], fps: float) -> list[tuple[float, int]]:
    """When a count became what, from the first picture on."""
    return [(k / fps, count) for k, count in enumerate(counts) if k == 0 or counts[k - 1] != count]


PHONE_LIMITS = (PHONE_S, PHONE_WITHIN_S, PHONE_CLEAR_S)
EATING_LIMITS = (EATING_S, EATING_WITHIN_S, EATING_CLEAR_S)
SMOKING_LIMITS = (SMOKING_S, SMOKING_WITHIN_S, SMOKING_CLEAR_S)
NAPPING_LIMITS = (NAPPING_S, NAPPING_WITHIN_S, NAPPING_CLEAR_S)
READING_LIMITS = (READING_S, READING_WITHIN_S, READING_CLEAR_S)
Facts = Mapping[str, Sequence[bool]]
"""Per picture of one window: absent, sign, phone, eating, drinking, smoking, napping, reading,
citizen_at_counter."""


def window_events(subject: str, facts: Facts, fps: float) -> list[Event]:
    """Every alert that this window's facts must raise."""
    pairs = zip(facts["absent"], facts["sign"], strict=True)
    empty = [absent and not sign for absent, sign in pairs]
    return [
        *unattended(subject, empty, fps),
        *bouts("phone_use", subject, facts["phone"], fps, PHONE_LIMITS),
        *bouts("eating", subject, facts["eating"], fps, EATING_LIMITS),
        *bouts("smoking", subject, facts["smoking"], fps, SMOKING_LIMITS),
        *bouts("napping", subject, facts["napping"], fps, NAPPING_LIMITS),
        *bouts("idle_reading", subject, facts["reading"], fps, READING_LIMITS),
    ]
