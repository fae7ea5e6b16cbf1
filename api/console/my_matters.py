"""A clerk's own matters: what was seen, which rights they have and until when."""

from __future__ import annotations

from api.cases.acting import Saying
from api.cases.law import CaseAct, CaseState, Outcome
from api.cases.reading import CaseFilter, case_detail, list_cases
from api.cases.views import CaseDetail, CaseSummary
from api.console import parts
from api.console.beat import Beat
from api.console.case_acting import do_kindly
from api.console.case_facts import show_alerts, show_appeal, show_decision, show_statement
from api.console.case_page import build_case
from api.console.case_words import about_words, last_day, outcome_badge
from api.console.drafts import DraftField
from api.console.forms import form
from api.console.page import Visit
from api.console.sheets import ask


def asked_of(visit: Visit) -> int:
    """How many matters wait for the clerk's own view."""
    return sum(case.state is CaseState.NOTIFIED for case in _mine(visit))


def _mine(visit: Visit) -> tuple[CaseSummary, ...]:
    with visit.console.database.reading() as session:
        return list_cases(session, visit.viewer, CaseFilter(limit=200), visit.now())


def build(visit: Visit, beat: Beat) -> None:
    say = visit.say
    with parts.box("page matters"):
        with parts.heading(say.of("nav", "matters"), say("matters_about")):
            pass
        cases = _mine(visit)
        if not cases:
            parts.hollow("check", say("matters_none"), say("matters_none_do"))
        with parts.box("matter-list", "ul"):
            for case in cases:
                with parts.box("", "li"), parts.box("matter", "a", href=f"/my-matters/{case.id}"):
                    _line(visit, case)


def _line(visit: Visit, case: CaseSummary) -> None:
    say = visit.say
    with parts.box("matter-words"):
        parts.text(about_words(say, case), "matter-about")
        parts.text(say("case_title", number=case.number), "matter-number")
    _stage(visit, case)
    if case.due is not None and visit.now() < case.due.at:
        day = say("due_by", date=last_day(visit, case.due.at))
        parts.text(f"{say.of('due', case.due.kind)} {day}", "matter-due")


def _stage(visit: Visit, case: CaseSummary) -> None:
    say = visit.say
    kind = "warn" if case.state is CaseState.NOTIFIED else "info"
    with parts.box("dossier-badges"):
        parts.badge(say.of("matter_stage", case.state), kind)
        if case.outcome is not None:
            outcome_badge(say, case.outcome)


def build_one(visit: Visit, beat: Beat) -> None:
    build_case(visit, beat, _Matter)


class _Matter:
    def __init__(self, visit: Visit, case: CaseDetail) -> None:
        self.visit, self.case = visit, case
        say = visit.say
        self.asked: tuple[CaseAct, ...] | None = None
        with parts.box("page dossier"):
            parts.link(say("matter_back"), "/my-matters", "case-back")
            self.head = parts.box("dossier-head", "header")
            with parts.box("dossier-columns"):
                with parts.box("dossier-main"):
                    with parts.card(say("case_decision")) as self.decision_card:
                        self.decision = parts.box()
                    self.speaking = parts.box("card next", "section")
                    with parts.card(say("matter_seen")):
                        self.seen = parts.box()
                        parts.text(say("matter_seen_note"), "card-note", tag="p")
                    with parts.card(say("matter_speak")) as self.spoken_card:
                        self.spoken = parts.box()
                    with parts.card(say("case_appeal")) as self.appeal_card:
                        self.appeal = parts.box()
                with parts.box("dossier-side"), parts.card(say("matter_rights")):
                    _rights(visit)
        self._draw()

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            case = case_detail(session, self.case.id, self.visit.viewer, self.visit.now())
        if case != self.case:
            self.case = case
            self._draw()

    def _draw(self) -> None:
        visit, case, say = self.visit, self.case, self.visit.say
        self.head.clear()
        with self.head:
            with parts.box("dossier-title"):
                parts.text(say("matter_title"), tag="h1")
                _stage(visit, case)
            parts.text(say("case_title", number=case.number), "dossier-when", tag="p")
        for place in (self.decision, self.seen, self.spoken, self.appeal):
            place.clear()
        with self.seen:
            show_alerts(visit, case, own=True)
        with self.decision:
            show_decision(visit, case)
            if case.outcome is not None and case.outcome is not Outcome.CONFIRMED:
                parts.text(say("matter_decided_for"), "card-note", tag="p")
        with self.spoken:
            show_statement(visit, case)
        with self.appeal:
            show_appeal(visit, case)
        acts = {event.act for event in case.history}
        self.decision_card.set_visibility(case.outcome is not None)
        self.spoken_card.set_visibility(CaseAct.STATE in acts)
        self.appeal_card.set_visibility(CaseAct.APPEAL in acts)
        self._speak()

    def _speak(self) -> None:
        """The form for a statement or an appeal; drawn anew only when another one is due, so that
        nobody loses what they are writing."""
        if self.asked == self.case.acts:
            return
        self.asked = self.case.acts
        self.speaking.clear()
        self.speaking.set_visibility(bool(self.asked))
        with self.speaking:
            if CaseAct.STATE in self.asked:
                self._statement()
            elif CaseAct.APPEAL in self.asked:
                self._appeal()

    def _statement(self) -> None:
        visit, case, say = self.visit, self.case, self.visit.say
        parts.text(say("matter_speak"), "next-title", tag="h2")
        parts.text(self._speak_about(), "next-about", tag="p")
        with form():
            field = DraftField(
                visit, f"case/{case.id}/state", say("matter_speak_words"),
                must=True, rows="6", maxlength="2000",
            )  # fmt: skip
        with parts.box("next-acts"):
            parts.button(
                say("matter_speak_send"),
                lambda: self._send(CaseAct.STATE, field, say("matter_sent")),
                "btn btn-main",
                drawing="forward",
                data_act="state",
            )

    def _speak_about(self) -> str:
        say, due = self.visit.say, self.case.statement_due
        if due is None or self.visit.now() >= due:
            return say("matter_speak_late")
        date = last_day(self.visit, due)
        if self.case.stated_at is not None:
            return say("matter_speak_more", date=date)
        return say("matter_speak_about", date=date)

    def _appeal(self) -> None:
        visit, case, say = self.visit, self.case, self.visit.say
        assert case.appeal_due is not None, "an appeal is possible only within its term"
        parts.text(say("matter_appeal_send"), "next-title", tag="h2")
        about = say("matter_appeal_about", date=last_day(visit, case.appeal_due))
        parts.text(about, "next-about", tag="p")
        with form():
            field = DraftField(
                visit, f"case/{case.id}/appeal", say("matter_appeal_words"),
                must=True, rows="6", maxlength="2000",
            )  # fmt: skip
        with parts.box("next-acts"):
            parts.button(
                say("matter_appeal_send"),
                lambda: self._sure(field),
                drawing="forward",
                data_act="appeal",
            )

    def _sure(self, field: DraftField) -> None:
        say = self.visit.say
        if self._said(field):
            ask(
                self.visit, say("matter_appeal_send"), say("matter_appeal_sure"),
                say("matter_appeal_send"),
                lambda _: self._send(CaseAct.APPEAL, field, say("matter_appealed")),
                drawing="forward",
            )  # fmt: skip

    def _said(self, field: DraftField) -> str:
        """What was written; asks for it if nothing was."""
        said = field.value.strip()[:2000]
        if not said:
            field.complain(self.visit.say("case_words_missing"))
        return said

    def _send(self, act: CaseAct, field: DraftField, done: str) -> None:
        said = self._said(field)
        if said and do_kindly(self.visit, self.case, act, Saying(said)):
            field.sent()
            self.asked = None  # a fresh form, if more may be said
            parts.tell(done, "positive")
            self.refresh()


def _rights(visit: Visit) -> None:
    say = visit.say
    with parts.box("rights", "ul"):
        for words in (
            say("matter_right_see"),
            say("matter_right_speak"),
            say("matter_right_other"),
            say("matter_right_appeal"),
            say("matter_right_worse"),
        ):
            with parts.box("right", "li"):
                parts.icon("check")
                parts.text(words)
