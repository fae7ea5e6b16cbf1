"""What a person may do to a case: buttons, each with a sheet that asks for what it needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from api.alerts.tables import AlertRow
from api.cases.acting import MUST_SAY, Saying
from api.cases.law import CaseAct, CaseState, Finding, Measure, MeasureKind, Outcome
from api.cases.tables import CaseAlertRow
from api.cases.views import CaseDetail
from api.console import parts, times
from api.console.case_acting import do_kindly
from api.console.drafts import DraftField
from api.console.forms import Choice, Field, Tick, form
from api.console.page import Visit
from api.console.sheets import Sheet
from api.roster.views import staff_of

MAIN = (
    CaseAct.NOTIFY,
    CaseAct.APPROVE,
    CaseAct.SERVE,
    CaseAct.RULE,
    CaseAct.CLOSE,
    CaseAct.DECIDE,
)
"""The act that a case waits for is the first of these that is possible."""
DRAWINGS = {
    CaseAct.JOIN: "plus",
    CaseAct.NAME: "person",
    CaseAct.NOTIFY: "message",
    CaseAct.STATE: "copy",
    CaseAct.DECIDE: "check",
    CaseAct.APPROVE: "check",
    CaseAct.RETURN: "undo",
    CaseAct.SERVE: "forward",
    CaseAct.APPEAL: "copy",
    CaseAct.RULE: "check",
    CaseAct.CLOSE: "save",
}
FINDINGS = (CaseAct.DECIDE, CaseAct.RULE)
SPOKEN = (CaseAct.STATE, CaseAct.APPEAL)
JOINABLE_DAYS = 30


class CaseActs:
    """The card that says what to do next, and offers it."""

    def __init__(self, visit: Visit, done: Callable[[], None]) -> None:
        self.visit, self.done = visit, done
        self.drawn: tuple[object, ...] = ()
        self.case: CaseDetail | None = None
        self.card = parts.box("card next", "section", aria_label=visit.say("case_next"))
        self.sheets = parts.box("apart")  # apart from the card: it is drawn anew when somebody acts

    def show(self, case: CaseDetail) -> None:
        self.case = case
        if self.drawn == (case.state, case.acts, case.person_name):
            return
        self.drawn = (case.state, case.acts, case.person_name)
        say = self.visit.say
        self.card.clear()
        with self.card:
            if not case.acts:
                parts.text(say("case_wait"), "next-title", tag="h2")
                parts.text(say.of("case_wait_for", case.state), "next-about", tag="p")
                return
            parts.text(say("case_next"), "next-title", tag="h2")
            parts.text(self._about(case), "next-about", tag="p")
            main = next((act for act in MAIN if act in case.acts), None)
            with parts.box("next-acts", role="group", aria_label=say("case_next")):
                for act in sorted(case.acts, key=lambda act: act is not main):
                    parts.button(
                        say.of("case_act", act),
                        partial(self._press, act),
                        "btn btn-main" if act is main else "btn",
                        drawing=DRAWINGS[act],
                        data_act=act.value,
                    )

    def _about(self, case: CaseDetail) -> str:
        say = self.visit.say
        if case.state is CaseState.OPENED and case.person_name is None:
            return say("case_do_nobody")
        return say.of("case_do", case.state)

    def _press(self, act: CaseAct) -> None:
        if self.case is None:
            return
        with self.sheets:
            ActSheet(self.visit, self.case, act, self.done)


class ActSheet:
    """Asks for what an act needs, and does it to the case as it was seen when the sheet opened."""

    def __init__(
        self, visit: Visit, case: CaseDetail, act: CaseAct, done: Callable[[], None]
    ) -> None:
        self.visit, self.case, self.act, self.done = visit, case, act, done
        say = visit.say
        self.finding: _FindingFields | None = None
        self.choice: Choice | None = None
        self.said_on: Field | None = None
        with Sheet(say.of("case_act", act), say.of("case_ask", act), "act-sheet") as self.sheet:
            if act is CaseAct.JOIN and not (options := joinable(visit, case)):
                parts.text(say("case_no_alert"), "card-note", tag="p")
                parts.button(say("cancel"), self.sheet.close)
                return
            with form():
                if act is CaseAct.JOIN:
                    self.choice = Choice(say("case_which_alert"), options)
                elif act is CaseAct.NAME:
                    self.choice = Choice(say("case_person"), people(visit, case))
                elif act in FINDINGS:
                    self.finding = _FindingFields(visit, case)
                elif act in SPOKEN:
                    today = visit.now().astimezone(visit.zone).date().isoformat()
                    self.said_on = Field(say("case_said_on"), "date", value=today, max=today)
                self.words = DraftField(
                    visit,
                    f"case/{case.id}/{act.value}",
                    say.of("case_words", act),
                    must=act in MUST_SAY,
                    rows="4",
                    maxlength="2000",
                )
                if act is CaseAct.DECIDE and case.two_decide:
                    parts.text(say("case_two_note"), "card-note", tag="p")
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(
                    say.of("case_act", act),
                    self._sure,
                    "btn btn-main",
                    drawing=DRAWINGS[act],
                    data_sure=act.value,
                )

    def _sure(self) -> None:
        said = self.words.value.strip()[:2000]
        if self.act in MUST_SAY and not said:
            self.words.complain(self.visit.say("case_words_missing"))
            return
        if self.finding is not None and not self.finding.complete():
            return
        if do_kindly(self.visit, self.case, self.act, self._saying(said)):
            self.words.sent()
            self.sheet.close()
            words = self.visit.say("case_act_done", act=self.visit.say.of("case_act", self.act))
            parts.tell(words, "positive")
        self.done()

    def _saying(self, said: str) -> Saying:
        chosen = self.choice.value if self.choice else ""
        return Saying(
            said=said,
            finding=self.finding.value() if self.finding else None,
            number=(chosen or None) if self.act is CaseAct.NAME else None,
            alert=chosen if self.act is CaseAct.JOIN else None,
            said_on=_day(self.said_on.value) if self.said_on else None,
        )


class _FindingFields:
    """Outcome, and measures if it is confirmed. Nothing is chosen beforehand."""

    def __init__(self, visit: Visit, case: CaseDetail) -> None:
        self.visit = visit
        say = visit.say
        options = [("", say("case_choose"))]
        options += [
            (
                o,
                say(
                    "case_outcome_is",
                    outcome=say.of("outcome", o),
                    means=say.of("outcome_means", o),
                ),
            )
            for o in Outcome
        ]
        self.outcome = Choice(say("case_outcome"), options, on_change=self._chosen)
        with parts.box("measures", "fieldset") as self.measures:
            parts.text(say("case_measures"), "field-label", tag="legend")
            self.ticks = {
                kind: Tick(say.of("measure", kind), on_change=lambda _: self._ticked())
                for kind in MeasureKind
            }
            with parts.box() as self.points_box:
                self.points = Field(
                    say("case_points"), "number", min="0.5", max="100", step="0.5", value="1"
                )
        self.named = case.person_name is not None
        self._chosen(self.outcome.value)
        self._ticked()

    def _chosen(self, outcome: str) -> None:
        self.measures.set_visibility(outcome == Outcome.CONFIRMED and self.named)

    def _ticked(self) -> None:
        self.points_box.set_visibility(self.ticks[MeasureKind.POINTS].value)

    def complete(self) -> bool:
        """Whether an outcome was chosen and the points make sense; says so if not."""
        if not self.outcome.value:
            parts.tell(self.visit.say("case_choose"), "warning")
            return False
        if self.ticks[MeasureKind.POINTS].value and self._points() is None:
            self.points.complain(self.visit.say.of("refused", "points_missing"))
            return False
        return True

    def _points(self) -> float | None:
        try:
            points = float(self.points.value)
        except ValueError:
            return None
        return points if 0 < points <= 100 else None

    def value(self) -> Finding:
        outcome = Outcome(self.outcome.value)
        if outcome is not Outcome.CONFIRMED or not self.named:
            return Finding(outcome)
        return Finding(
            outcome,
            tuple(
                Measure(kind, self._points() if kind is MeasureKind.POINTS else None)
                for kind, tick in self.ticks.items()
                if tick.value
            ),
        )


def people(visit: Visit, case: CaseDetail) -> list[tuple[str, str]]:
    """Everybody of the hall by number, and nobody."""
    with visit.console.database.reading() as session:
        staff = staff_of(session, case.hall)
    return [("", visit.say("case_nobody"))] + [(s.number, f"{s.name} {s.number}") for s in staff]


def joinable(visit: Visit, case: CaseDetail) -> list[tuple[str, str]]:
    """Alerts of the same windows in the last days that are in no case yet, the latest first."""
    places = {alert.subject for alert in case.alerts}
    since = visit.now() - timedelta(days=JOINABLE_DAYS)
    with visit.console.database.reading() as session:
        rows = session.scalars(
            select(AlertRow)
            .outerjoin(CaseAlertRow, CaseAlertRow.alert_uid == AlertRow.uid)
            .where(
                AlertRow.hall_id == case.hall,
                AlertRow.subject.in_(places),
                AlertRow.began_at >= since,
                CaseAlertRow.case_id.is_(None),
            )
            .order_by(AlertRow.began_at.desc())
            .limit(50)
        ).all()
    say = visit.say
    return [
        (
            row.uid,
            f"{say.known('rule', row.rule)} · "
            f"{times.day_clock(row.began_at, visit.now(), visit.zone, say)}",
        )
        for row in rows
    ]


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
