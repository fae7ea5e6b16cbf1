"""The facts of a case, part by part. Each function fills the box that it is called in."""

from __future__ import annotations

from api.alerts.views import AlertDetail
from api.cases.law import CaseAct, CaseState, Outcome
from api.cases.views import CaseDetail, CaseEventView, FootageBrief, MeasureView
from api.console import parts, times
from api.console.alert_notes import list_notes
from api.console.alert_tickets import ticket_facts
from api.console.case_words import last_day, measures_words, outcome_badge
from api.console.page import Visit

API = "/api/v1"

STEPS = ("opened", "notified", "stated", "decided", "approved", "served", "appealed", "closed")
REACHED = {
    CaseState.OPENED: "opened",
    CaseState.NOTIFIED: "notified",
    CaseState.STATED: "stated",
    CaseState.PROPOSED: "decided",
    CaseState.DECIDED: "approved",
    CaseState.SERVED: "served",
    CaseState.APPEALED: "appealed",
    CaseState.RULED: "appealed",
    CaseState.CLOSED: "closed",
}
STEP_OF = {
    CaseAct.OPEN: "opened",
    CaseAct.NOTIFY: "notified",
    CaseAct.STATE: "stated",
    CaseAct.DECIDE: "decided",
    CaseAct.APPROVE: "approved",
    CaseAct.SERVE: "served",
    CaseAct.APPEAL: "appealed",
    CaseAct.CLOSE: "closed",
}


def show_steps(visit: Visit, case: CaseDetail) -> None:
    """The whole way, and how far it has come. Steps that this case skips are left out."""
    say = visit.say
    done = {STEP_OF[e.act]: e.at for e in case.history if e.act in STEP_OF}
    reached = STEPS.index(REACHED[case.state])
    skipped = {step for step in STEPS[: reached + 1] if step not in done}
    if not case.two_decide:
        skipped.add("approved")
    if case.state in (CaseState.RULED, CaseState.CLOSED) and "appealed" not in done:
        skipped.add("appealed")
    with parts.box("steps", "ol", aria_label=say("case_steps")):
        for step in STEPS:
            if step in skipped:
                continue
            is_done = step in done and STEPS.index(step) <= reached
            with parts.box(f"step {'is-done' if is_done else ''}", "li"):
                parts.text(say.of("case_step", step), "step-name")
                if is_done:
                    day = times.day(done[step], visit.now(), visit.zone, say)
                    parts.text(day, "step-day")


def show_alerts(visit: Visit, case: CaseDetail, *, own: bool = False) -> None:
    """What was seen, one item an alert, and the footage. `own`: for the person concerned, whose
    clips play here; others go to the alert's page."""
    if not case.alerts and not case.footage:
        parts.text(visit.say("case_no_facts"), "card-note", tag="p")
    with parts.box("seen-list", "ul"):
        for alert in case.alerts:
            with parts.box(f"seen-item {'is-own' if own else ''}", "li"):
                if own:
                    _own_film(visit, case.id, alert)
                else:
                    _still(visit, API, alert)
                _what_when(visit, alert, links=not own)
        for footage in case.footage:
            with parts.box("seen-item is-own", "li"):
                _footage(visit, case.id, footage)


def _footage(visit: Visit, case_id: int, footage: FootageBrief) -> None:
    say, zone = visit.say, visit.zone
    begins = times.day_clock(footage.covers_from, visit.now(), zone, say)
    words = say("case_footage", span=f"{begins} – {times.clock(footage.covers_to, zone)}")
    parts.box(
        "seen-film", "video", src=f"{API}/cases/{case_id}/footage/{footage.id}", controls="",
        preload="none", playsinline="", aria_label=words,
    )  # fmt: skip
    with parts.box("seen-words"):
        parts.text(words, "seen-what")
        if footage.lacking:
            parts.text(say("footage_lacking"))


def _own_film(visit: Visit, case_id: int, alert: AlertDetail) -> None:
    base = f"{API}/cases/{case_id}"
    if not alert.clips:
        _still(visit, base, alert)
        return
    film = parts.box(
        "seen-film",
        "video",
        src=f"{base}/clips/{alert.clips[-1].id}",
        controls="",
        preload="none",
        playsinline="",
        aria_label=visit.say("case_clip_of", rule=visit.say.known("rule", alert.rule)),
    )
    if alert.stills:
        film.props["poster"] = f"{base}/stills/{alert.stills[-1].id}"


def _still(visit: Visit, base: str, alert: AlertDetail) -> None:
    if alert.stills:
        still = alert.stills[-1]
        words = visit.say("still_at", time=times.clock(still.at, visit.zone))
        parts.box("seen-still", "img", src=f"{base}/stills/{still.id}", alt=words, loading="lazy")


def _what_when(visit: Visit, alert: AlertDetail, *, links: bool) -> None:
    say, zone, now = visit.say, visit.zone, visit.now()
    rule, place = say.known("rule", alert.rule), alert.subject_name
    with parts.box("seen-words"):
        parts.text(say("case_what_where", rule=rule, place=place), "seen-what")
        parts.text(say("began_at", time=times.day_clock(alert.began, now, zone, say)))
        if alert.ended is not None:
            lasted = times.span((alert.ended - alert.began).total_seconds(), say)
            parts.text(say("lasted", span=lasted))
        for when, words in ticket_facts(alert, say, lambda at: times.day_clock(at, now, zone, say)):
            parts.text(say("case_tickets", name=when, words=words))
        if alert.notes:
            with parts.box("seen-notes"):
                list_notes(visit, alert)
        if links:
            parts.link(say("case_see_alert"), f"/alerts/{alert.uid}", "seen-link")


def show_statement(visit: Visit, case: CaseDetail) -> None:
    """What the person said, word for word."""
    events = [e for e in case.history if e.act is CaseAct.STATE]
    if not events:
        parts.text(visit.say("case_no_statement"), "card-note", tag="p")
    for event in events:
        _quote(visit, event)


def show_decision(visit: Visit, case: CaseDetail) -> None:
    """The decision that holds or waits for approval, with its reason."""
    event = next((e for e in reversed(case.history) if e.act is CaseAct.DECIDE), None)
    if event is None or case.outcome is None:
        return
    _finding(visit, event)
    approval = next((e for e in reversed(case.history) if e.act is CaseAct.APPROVE), None)
    if approval is not None and approval.seq > event.seq:
        parts.text(visit.say.of("case_event", "approve"), "finding-sub", tag="h3")
        _quote(visit, approval)


def show_appeal(visit: Visit, case: CaseDetail) -> None:
    """What the person said against it, and what another reviewer found."""
    for event in case.history:
        if event.act is CaseAct.APPEAL:
            _quote(visit, event)
        elif event.act is CaseAct.RULE:
            _finding(visit, event)


def _finding(visit: Visit, event: CaseEventView) -> None:
    say = visit.say
    outcome = Outcome(str(event.details["outcome"]))
    measures = [MeasureView(**m) for m in event.details["measures"]]
    with parts.box("finding"):
        outcome_badge(say, outcome)
        if outcome is Outcome.CONFIRMED:
            parts.text(measures_words(say, measures), "finding-measures")
    _quote(visit, event)


def _quote(visit: Visit, event: CaseEventView) -> None:
    say = visit.say
    time = times.day_clock(event.at, visit.now(), visit.zone, say)
    with parts.box("quote", "figure"):
        if event.said:
            parts.text(event.said, "quote-words", tag="blockquote")
        recorded = bool(event.details.get("recorded"))
        words = "case_said_by_on" if recorded else "case_by"
        parts.text(say(words, who=event.who, time=time), tag="figcaption")


def show_history(visit: Visit, case: CaseDetail) -> None:
    """Every act, in order."""
    say = visit.say
    with parts.box("history", "ol"):
        for event in case.history:
            with parts.box("event", "li"):
                time = times.day_clock(event.at, visit.now(), visit.zone, say)
                parts.text(time, "event-at", tag="time")
                with parts.box("event-what"):
                    parts.text(_event_words(visit, event), "event-words")
                    parts.text(event.who, "event-who")
                if event.said:
                    parts.text(event.said, "event-why", tag="p")


def _event_words(visit: Visit, event: CaseEventView) -> str:
    say = visit.say
    if event.act in (CaseAct.DECIDE, CaseAct.RULE):
        outcome = say.of("outcome", str(event.details["outcome"]))
        return say.of("case_event", event.act, outcome=outcome)
    if event.act is CaseAct.NAME:
        person = event.details.get("person") or say("case_nobody")
        return say.of("case_event", event.act, person=person)
    if event.details.get("recorded"):
        return say.of("case_event", f"{event.act.value}_recorded")
    return say.of("case_event", event.act)


def show_person(visit: Visit, case: CaseDetail) -> None:
    """Whom it concerns, and whether it happened before."""
    say = visit.say
    if case.person_name is None:
        parts.text(say("case_nobody"), "dossier-nobody", tag="p")
        parts.text(say("case_do_nobody"), "card-note", tag="p")
        return
    with parts.box("person is-holder"):
        parts.icon("person")
        parts.text(case.person_name, "person-name")
        parts.text(case.person_number or "", "person-number")
    if case.priors:
        _repeat(visit, case)
    parts.text(say("case_person_note"), "card-note", tag="p")


def _repeat(visit: Visit, case: CaseDetail) -> None:
    """The repeat rule: counted here, decided by a person."""
    say, n = visit.say, len(case.priors) + 1
    confirmed = case.outcome is Outcome.CONFIRMED
    if case.outcome is not None and not confirmed:
        return
    with parts.box("repeat"):
        parts.icon("warning")
        parts.text(say("case_repeat", n=n) if confirmed else say("case_repeat_if", n=n))
    with parts.box("repeat-list", "ul"):
        for prior in case.priors:
            date = times.day(prior.conduct_at, visit.now(), visit.zone, say)
            rules = say("name_comma").join(say.known("rule", rule) for rule in prior.rules)
            words = say("case_prior", number=prior.number, date=date, rules=rules)
            with parts.box("", "li"):
                parts.link(words, f"/cases/{prior.id}")
    parts.text(say("case_repeat_note"), "card-note", tag="p")


def show_terms(visit: Visit, case: CaseDetail) -> None:
    """Every term of the case that has begun."""
    say = visit.say
    pairs = [
        (say.of("due", kind), last_day(visit, at))
        for kind, at in (
            ("statement", case.statement_due),
            ("decision", case.decision_due),
            ("appeal", case.appeal_due),
            ("ruling", case.ruling_due),
        )
        if at is not None
    ]
    parts.facts(pairs)
