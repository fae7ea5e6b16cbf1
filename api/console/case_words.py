"""A case's facts in words: terms, measures, what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from api.cases.law import CaseState, MeasureKind, Outcome
from api.cases.views import CaseSummary, MeasureView
from api.console import parts, times
from api.console.page import Visit
from api.console.strings import Say
from api.workdays.calendar import WorkCalendar

STATE_KINDS = {
    CaseState.OPENED: "warn",
    CaseState.NOTIFIED: "info",
    CaseState.STATED: "warn",
    CaseState.PROPOSED: "warn",
    CaseState.DECIDED: "warn",
    CaseState.SERVED: "info",
    CaseState.APPEALED: "warn",
    CaseState.RULED: "warn",
    CaseState.CLOSED: "calm",
}
OUTCOME_KINDS = {Outcome.CONFIRMED: "bad", Outcome.UNFOUNDED: "good", Outcome.EXCUSED: "info"}


def state_badge(say: Say, state: CaseState) -> None:
    parts.badge(say.of("case_state", state), STATE_KINDS[state])


def outcome_badge(say: Say, outcome: Outcome) -> None:
    parts.badge(say.of("outcome", outcome), OUTCOME_KINDS[outcome])


def last_day(visit: Visit, due: datetime) -> str:
    """The last day of a term that ends at the midnight `due`."""
    return times.day(due - timedelta(seconds=1), visit.now(), visit.zone, visit.say)


def due_words(
    visit: Visit, due: datetime, calendar: WorkCalendar, *, is_right: bool = False
) -> tuple[str, str]:
    """How much of a term is left, and the kind of badge that fits. A right lapses; it is never
    overdue."""
    say, now = visit.say, visit.now()
    if now >= due:
        return (say("due_ended"), "calm") if is_right else (say("due_over"), "bad")
    today = now.astimezone(visit.zone).date()
    if (due - timedelta(seconds=1)).astimezone(visit.zone).date() == today:
        return say("due_today"), "warn"
    left = calendar.left(now, due) - calendar.is_working_day(today)
    return say("due_left", n=left), "warn" if left <= 1 else "calm"


def measures_words(say: Say, measures: Sequence[MeasureView]) -> str:
    if not measures:
        return say("no_measures")
    return say("name_comma").join(
        say("measure_points", n=f"{m.points:g}")
        if m.kind is MeasureKind.POINTS and m.points is not None
        else say.of("measure", m.kind)
        for m in measures
    )


def about_words(say: Say, case: CaseSummary) -> str:
    """What a case is about, in a line."""
    if not case.about:
        return say("case_about_complaint")
    first = case.about[0]
    what = say("case_what_where", rule=say.known("rule", first.rule), place=first.place)
    n = len(case.about)
    return what if n == 1 else say("case_about_more", what=what, n=n)
