"""The facts of an alert, card by card. Each function fills the box that it is called in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.alerts.views import (
    AlertDetail,
    AlertPage,
    BoxSeen,
    DutyView,
    EventView,
    PersonView,
)
from api.console import parts, times
from api.console.alert_rows import person_words
from api.console.alert_tickets import ticket_facts
from api.console.page import Visit
from api.console.strings import Say
from api.exemptions.tables import ExemptionRow
from api.halls.tables import CameraRow
from vision.records import Step
from vision.rules import rulebook

PHASES = {"then"}
BLINDNESSES = {"blindness"}
SHARES = {"best_score", "min_score", "contrary_share"}


def show_duty(now: Mapping[str, Any] | None, visit: Visit, alert: AlertDetail) -> None:
    """Who was on duty by the schedule as it stood when the alert came in. `now`: what it says
    today, where that is something else."""
    say, duty = visit.say, alert.duty
    _title(say("duty_title"))
    if duty is None:
        parts.text(say("duty_no_window"), "card-note", tag="p")
        return
    parts.text(say.of("duty_says", duty.state), f"duty-says duty-{duty.state}", tag="p")
    with parts.box("people", "ul"):
        for person in duty.holders:
            person_line(person, say("duty_holder", post=duty.post or "A"), "is-holder")
        if duty.cover is not None and duty.cover not in duty.holders:
            person_line(duty.cover, say("duty_cover"), "")
        for person in duty.absent:
            person_line(person, say("duty_absent"), "is-absent")
    if now is not None:
        says = person_words(DutyView.model_validate(now), say)
        parts.text(say("duty_changed", says=says), "duty-changed", tag="p")
    parts.text(say("duty_note"), "card-note", tag="p")


def person_line(person: PersonView, role: str, classes: str) -> None:
    """One of the people on the roster, in a list of them: name, number, and what they are here."""
    with parts.box(f"person {classes}", "li"):
        parts.icon("person")
        parts.text(person.name, "person-name")
        parts.text(person.number, "person-number")
        parts.text(role, "person-role")


def show_seen(visit: Visit, alert: AlertDetail) -> None:
    """What the model saw, as the rule's latest step said it; what the ticket system said."""
    say, now = visit.say, visit.now()

    def moment(at: datetime) -> str:
        return times.day_clock(at, now, visit.zone, say)

    _title(say("seen_title"))
    with parts.box("facts", "dl"):
        _fact(say("seen_from"), _camera_name(visit, alert))
        for key, value in alert.why.items():
            _fact(say.known("why", key), value_words(key, value, say))
        for still in alert.stills[-1:]:
            time = times.clock(still.at, visit.zone)
            _fact(say("seen_boxes", time=time), boxes_words(still.boxes, say))
    parts.text(say("seen_note"), "card-note", tag="p")
    if tickets := ticket_facts(alert, say, moment):
        parts.text(say("tickets"), "card-sub", tag="h3")
        with parts.box("facts facts-tickets", "dl"):
            for when, words in tickets:
                _fact(when, words)


def boxes_words(boxes: Sequence[BoxSeen], say: Say) -> str:
    """How many of what, and how sure of the surest."""
    scores: dict[str, list[float]] = {}
    for box in boxes:
        scores.setdefault(box.label, []).append(box.score)
    words = (
        say(
            "seen_of",
            what=say.known("seen", label),
            n=len(found),
            score=f"{100 * max(found):.0f}%",
        )
        for label, found in scores.items()
    )
    return say("name_comma").join(words) or say("seen_nothing")


def as_raised(alert: AlertDetail) -> Mapping[str, Any]:
    """The details of the step that raised it: what was in force then, whatever came later."""
    raised = (event.details for event in alert.history if event.what == Step.RAISED)
    return next(raised, {"policy": alert.policy, "hall_sha": alert.hall_sha})


def _camera_name(visit: Visit, alert: AlertDetail) -> str:
    with visit.console.database.reading() as session:
        row = session.get(CameraRow, (alert.hall, alert.camera))
    return alert.camera if row is None else row.name or row.id


def value_words(key: str, value: Any, say: Say) -> str:
    """A fact or threshold with its unit, told by its name."""
    if value is None:
        return say("not_known")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if key in PHASES:
        return say.known("phase", str(value))
    if key in BLINDNESSES:
        return say.known("blind", str(value))
    if isinstance(value, int | float):
        if key in SHARES:
            return f"{100 * value:.0f}%"
        if key.endswith("_s"):
            return _seconds(float(value), say)
        return say("count_people", n=int(value))
    return str(value)


def _seconds(seconds: float, say: Say) -> str:
    """Short ones with their decimals: half a second matters in a threshold."""
    if seconds < 60 and seconds != int(seconds):
        return say("span_s", s=f"{seconds:.1f}")
    return times.span(seconds, say)


def show_rule(visit: Visit, alert: AlertDetail) -> None:
    """What the rule means, the thresholds then in force, and where the regulations ask for it."""
    say = visit.say
    _title(say("rule_title", rule=say.known("rule", alert.rule)))
    parts.text(say.known("meaning", alert.rule), "rule-meaning", tag="p")
    parts.text(say("policy_title"), "card-sub", tag="h3")
    with parts.box("facts", "dl"):
        for key, value in as_raised(alert)["policy"].items():
            _fact(say.known("policy", key), value_words(key, value, say))
    rule = rulebook().get(alert.rule)
    if rule is None or not rule.clauses:
        parts.text(say("rule_ours"), "card-note", tag="p")
        return
    parts.text(say("clauses_title"), "card-sub", tag="h3")
    with parts.box("clauses", "ul"):
        for law, section in rule.clauses:
            with parts.box("", "li"):
                parts.text(f"{say.known('law', law)} {section}", "clause-name")
                parts.text(say.known("clause", f"{law} {section}"), "clause-gist")
    parts.text(say("clauses_note"), "card-note", tag="p")


def show_exemptions(exemptions: Sequence[ExemptionRow], visit: Visit, alert: AlertDetail) -> None:
    """What was allowed, by whom and until when: such an alert does not count."""
    say, now = visit.say, visit.now()
    _title(say("exempt_title"))
    for exemption in exemptions:
        with parts.box("exemption"):
            parts.badge(say.of("allowed", exemption.kind), "info", "exempt")
            ends = times.day_clock(exemption.ends_at, now, visit.zone, say)
            parts.text(say("exempt_by", who=exemption.allowed_by, until=ends), tag="p")
            if exemption.note:
                parts.text(exemption.note, "card-note", tag="p")
    parts.text(say("exempt_note"), "card-note", tag="p")


def show_similar(similar: AlertPage, visit: Visit, alert: AlertDetail) -> None:
    """Others of the same rule at the same place: a habit, a bad camera angle, or nothing."""
    say, now = visit.say, visit.now()
    _title(say("similar_title"))
    if not similar.items:
        parts.text(say("similar_none"), "card-note", tag="p")
        return
    with parts.box("similar", "ul"):
        for other in similar.items:
            with parts.box("", "li"), parts.box("", "a", href=f"/alerts/{other.uid}"):
                began = times.day_clock(other.began, now, visit.zone, say)
                parts.text(began, "similar-when")
                if other.ended is not None:
                    lasted = (other.ended - other.began).total_seconds()
                    parts.text(times.span(lasted, say), "case-ago")
                parts.text(say.of("state", other.state), f"alert-state state-{other.state}")


def show_origin(visit: Visit, alert: AlertDetail) -> None:
    """What made this alert, so that anybody can make it again."""
    say = visit.say
    _title(say("origin_title"))
    with parts.box("facts facts-origin", "dl"):
        _fact(say("origin_rule"), say("origin_version", rule=alert.rule, n=alert.rule_version))
        _fact(say("origin_model"), alert.model_sha[:16], title=alert.model_sha)
        _fact(say("origin_hall"), alert.hall_sha[:16], title=alert.hall_sha)
        for clip in alert.clips:
            _fact(say("origin_clip"), clip.sha256[:16], title=clip.sha256)
        _fact(say("origin_uid"), alert.uid[:16], title=alert.uid)
    parts.text(say("origin_note"), "card-note", tag="p")


def show_history(visit: Visit, alert: AlertDetail) -> None:
    """Every step of the rule and every act of a person; nothing is ever taken away."""
    _title(visit.say("history_title"))
    with parts.box("history", "ol"):
        for event in alert.history:
            _event(visit, event)


def _event(visit: Visit, event: EventView) -> None:
    say = visit.say
    act = event.who != ""
    with parts.box(f"event event-{event.what}", "li"):
        parts.text(times.day_clock(event.at, visit.now(), visit.zone, say), "event-at", tag="time")
        with parts.box("event-what"):
            parts.text(say.of("act" if act else "step", event.what), "event-words")
            parts.text(event.who if act else say("by_machine"), "event-who")
        if event.why:
            parts.text(event.why, "event-why", tag="p")


def _title(words: str) -> None:
    parts.text(words, "card-title", tag="h2")


def _fact(name: str, value: str, **attributes: str) -> None:
    parts.text(name, tag="dt")
    parts.text(value, tag="dd", **attributes)
