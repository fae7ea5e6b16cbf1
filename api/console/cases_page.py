"""The list of cases, and the hall's rules of review."""

from __future__ import annotations

from api.audit.record import AccessBy
from api.cases.due import RIGHTS
from api.cases.law import CaseAct
from api.cases.reading import CaseFilter, list_cases
from api.cases.terms import ReviewTerms, set_terms, terms_of
from api.cases.views import CaseSummary
from api.console import parts
from api.console.beat import Beat, signed_out
from api.console.case_words import about_words, due_words, last_day, outcome_badge, state_badge
from api.console.forms import Field, Tick, form
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.sheets import Sheet
from api.users.permissions import Permission
from api.workdays.calendar import WorkCalendar
from api.workdays.reading import calendar_of

PAGE = 50
DUTIES = frozenset(
    {
        CaseAct.NOTIFY,
        CaseAct.DECIDE,
        CaseAct.APPROVE,
        CaseAct.SERVE,
        CaseAct.RULE,
        CaseAct.CLOSE,
    }
)
"""Acts that a case waits for; the others are only possible."""
MOST = {"statement": 60, "decision": 120, "appeal": 60}


def waiting(visit: Visit) -> int:
    """How many cases wait for this person."""
    if visit.hall is None:
        return 0
    with visit.console.database.reading() as session:
        wanted = CaseFilter(visit.hall.id, is_open=True, limit=200)
        cases = list_cases(session, visit.viewer, wanted, visit.now())
    return sum(waits_for(case) for case in cases)


def waits_for(case: CaseSummary) -> bool:
    """Whether something is to be done by the person who reads it; a term that still runs for
    somebody else is waited out."""
    if case.due is not None and case.due.kind in RIGHTS:
        return False
    return bool(DUTIES & set(case.acts))


def build(visit: Visit, beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _CasesPage(visit, beat, visit.hall.id)


class _CasesPage:
    def __init__(self, visit: Visit, beat: Beat, hall: str) -> None:
        self.visit, self.hall = visit, hall
        self.limit = PAGE
        say = visit.say
        with parts.box("page"):
            with parts.heading(say.of("nav", "cases"), say("cases_about")):
                if visit.may(Permission.CASES_APPROVE):
                    parts.button(say("terms"), self._terms, drawing="settings")
            self.tabs = parts.Tabs(
                say("cases_which"),
                [
                    ("mine", say("cases_mine")),
                    ("open", say("cases_open")),
                    ("closed", say("cases_closed")),
                ],
                "mine",
                lambda _: self.refresh(),
            )
            self.place = parts.box("dossiers")
            self.more = parts.button(say("cases_older"), self._older, "btn btn-quiet more")
        self.refresh()
        beat.on_news(self.refresh)
        beat.every(60, self.refresh)

    def _older(self) -> None:
        self.limit += PAGE
        self.refresh()

    def refresh(self) -> None:
        visit, which = self.visit, self.tabs.value
        with visit.console.database.reading() as session:
            wanted = CaseFilter(self.hall, is_open=which != "closed", limit=self.limit)
            cases = list_cases(session, visit.viewer, wanted, visit.now())
            calendar = calendar_of(session, self.hall)
        self.more.set_visibility(len(cases) == self.limit)
        if which == "mine":
            cases = tuple(case for case in cases if waits_for(case))
        self.place.clear()
        with self.place:
            if not cases:
                parts.hollow("case", visit.say("cases_none"), visit.say("cases_none_do"))
                return
            _table(visit, cases, calendar)

    def _terms(self) -> None:
        with self.visit.console.database.reading() as session:
            terms = terms_of(session, self.hall)
        _TermsSheet(self.visit, self.hall, terms)


def _table(visit: Visit, cases: tuple[CaseSummary, ...], calendar: WorkCalendar) -> None:
    say = visit.say
    columns = [
        parts.Column(say(key))
        for key in ("case_number", "case_person", "case_about", "case_stage", "case_term")
    ]
    rows = [_cells(visit, case, calendar) for case in cases]
    parts.table(columns, rows, name=say.of("nav", "cases"))


def _cells(visit: Visit, case: CaseSummary, calendar: WorkCalendar) -> list[parts.Cell]:
    say = visit.say

    def stage() -> None:
        with parts.box("dossier-badges"):
            state_badge(say, case.state)
            if case.outcome is not None:
                outcome_badge(say, case.outcome)

    def term() -> None:
        if case.due is None:
            return
        is_right = case.due.kind in RIGHTS
        words, kind = due_words(visit, case.due.at, calendar, is_right=is_right)
        with parts.box("dossier-due"):
            parts.text(say.of("due", case.due.kind), "dossier-due-what")
            parts.text(last_day(visit, case.due.at), "dossier-due-day")
            parts.badge(words, kind)

    return [
        lambda: parts.link(case.number, f"/cases/{case.id}", data_case=str(case.id)),
        case.person_name or say("case_nobody"),
        about_words(say, case),
        stage,
        term,
    ]


class _TermsSheet:
    """The head of unit sets how long everything may take, and whether two must decide."""

    def __init__(self, visit: Visit, hall: str, terms: ReviewTerms) -> None:
        self.visit, self.hall = visit, hall
        say = visit.say
        with Sheet(say("terms"), say("terms_about")) as self.sheet, form():
            self.two = Tick(say("terms_two"), terms.two_decide)
            self.fields = {
                "statement": self._days(say("terms_statement"), terms.statement_days, "statement"),
                "decision": self._days(say("terms_decision"), terms.decision_days, "decision"),
                "appeal": self._days(say("terms_appeal"), terms.appeal_days, "appeal"),
            }
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(say("save"), self._save, "btn btn-main")

    def _days(self, words: str, days: int, kind: str) -> Field:
        return Field(words, "number", value=str(days), must=True, min="1", max=str(MOST[kind]))

    def _save(self) -> None:
        visit = self.visit
        days: dict[str, int] = {}
        for kind, field in self.fields.items():
            number = int(field.value) if field.value.isdecimal() else 0
            if not 1 <= number <= MOST[kind]:
                field.complain(visit.say("terms_number", least=1, most=MOST[kind]))
                return
            days[kind] = number
        if signed_out(visit):
            return
        terms = ReviewTerms(self.two.value, days["statement"], days["decision"], days["appeal"])
        with visit.console.database.session() as session:
            set_terms(session, self.hall, terms, AccessBy.of(visit.viewer), visit.now())
        self.sheet.close()
        parts.tell(visit.say("terms_saved"), "positive")
