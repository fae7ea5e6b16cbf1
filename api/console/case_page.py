"""The page of one case, for those who review it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.cases.acting import UnknownCaseError
from api.cases.due import RIGHTS
from api.cases.law import CaseAct
from api.cases.reading import case_detail
from api.cases.views import CaseDetail
from api.console import parts, times
from api.console.beat import Beat
from api.console.case_acts import CaseActs
from api.console.case_facts import (
    show_alerts,
    show_appeal,
    show_decision,
    show_history,
    show_person,
    show_statement,
    show_steps,
    show_terms,
)
from api.console.case_words import due_words, outcome_badge, state_badge
from api.console.exporting import ExportSheet
from api.console.missing import nothing_here
from api.console.page import Visit
from api.users.permissions import Permission
from api.workdays.reading import calendar_of


def _asked_case(visit: Visit) -> CaseDetail | None:
    """The case that the address names, if this person may see it; the look is written down."""
    name = visit.names["case_id"]
    if not name.isdecimal() or len(name) > 9:
        return None
    now = visit.now()
    try:
        with visit.console.database.session() as session:
            case = case_detail(session, int(name), visit.viewer, now)
            by = AccessBy.of(visit.viewer)
            record_access(session, by, Access.VIEW_CASE, f"case/{name}", now, hall=case.hall)
    except UnknownCaseError:
        return None
    return case


class Fresh(Protocol):
    """What draws itself anew when something may have changed."""

    def refresh(self) -> None: ...


def build_case(visit: Visit, beat: Beat, draw: Callable[[Visit, CaseDetail], Fresh]) -> None:
    """The page of the case that the address names, kept fresh while it is open."""
    case = _asked_case(visit)
    if case is None:
        nothing_here(visit)
        return
    page = draw(visit, case)
    beat.on_news(page.refresh)
    beat.every(20, page.refresh)


def build(visit: Visit, beat: Beat) -> None:
    build_case(visit, beat, _CasePage)


class _CasePage:
    def __init__(self, visit: Visit, case: CaseDetail) -> None:
        self.visit, self.case = visit, case
        say = visit.say
        with parts.box("page dossier"):
            with parts.box("dossier-top"):
                parts.link(say("case_back"), "/cases", "case-back")
                if visit.may(Permission.EVIDENCE_EXPORT):
                    parts.button(
                        say("export"), self._export, "btn btn-quiet", drawing="download",
                        data_act="export",
                    )  # fmt: skip
            self.sheets = parts.box("apart")
            self.head = parts.box("dossier-head", "header")
            with parts.box("dossier-columns"):
                with parts.box("dossier-main"):
                    self.acts = CaseActs(visit, self.refresh)
                    with parts.card(say("case_facts")):
                        self.alerts = parts.box()
                    with parts.card(say("case_statement")):
                        self.statement = parts.box()
                    with parts.card(say("case_decision")) as self.decision_card:
                        self.decision = parts.box()
                    with parts.card(say("case_appeal")) as self.appeal_card:
                        self.appeal = parts.box()
                    with parts.card(say("case_history")):
                        self.history = parts.box()
                        parts.text(say("case_history_note"), "card-note", tag="p")
                with parts.box("dossier-side"):
                    with parts.card(say("case_person")):
                        self.person = parts.box()
                    with parts.card(say("case_terms")):
                        self.terms = parts.box()
                    if case.complaints:
                        with parts.card(say("case_complaint")):
                            _complaints(visit, case)
        self._draw()

    def _export(self) -> None:
        case = self.case
        with self.sheets:
            address = f"/api/v1/cases/{case.id}/bundle"
            ExportSheet(self.visit, address, f"hallwatch-case-{case.number}.zip")

    def refresh(self) -> None:
        """Draw anew if somebody acted, or a term has ended."""
        with self.visit.console.database.reading() as session:
            case = case_detail(session, self.case.id, self.visit.viewer, self.visit.now())
        if case != self.case:
            self.case = case
            self._draw()

    def _draw(self) -> None:
        case = self.case
        for place, show in (
            (self.head, self._head),
            (self.alerts, show_alerts),
            (self.statement, show_statement),
            (self.decision, show_decision),
            (self.appeal, show_appeal),
            (self.history, show_history),
            (self.person, show_person),
            (self.terms, show_terms),
        ):
            place.clear()
            with place:
                show(self.visit, case)
        self.decision_card.set_visibility(case.outcome is not None)
        acts = {event.act for event in case.history}
        self.appeal_card.set_visibility(CaseAct.APPEAL in acts)
        self.acts.show(case)

    def _head(self, visit: Visit, case: CaseDetail) -> None:
        say = visit.say
        with parts.box("dossier-title"):
            parts.text(say("case_title", number=case.number), tag="h1")
            state_badge(say, case.state)
            if case.outcome is not None:
                outcome_badge(say, case.outcome)
            if case.due is not None:
                with visit.console.database.reading() as session:
                    calendar = calendar_of(session, case.hall)
                is_right = case.due.kind in RIGHTS
                words, kind = due_words(visit, case.due.at, calendar, is_right=is_right)
                parts.badge(f"{say.of('due', case.due.kind)} · {words}", kind)
        opened = times.day_clock(case.opened_at, visit.now(), visit.zone, say)
        parts.text(say("case_opened_at", time=opened), "dossier-when", tag="p")
        show_steps(visit, case)


def _complaints(visit: Visit, case: CaseDetail) -> None:
    for complaint in case.complaints:
        parts.link(complaint.number, f"/complaints/{complaint.id}", "dossier-complaint")
        parts.text(complaint.about, "dossier-complaint-about", tag="p")
