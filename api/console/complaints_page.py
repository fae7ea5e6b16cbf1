"""The list of complaints, and registering one."""

from __future__ import annotations

from api.complaints.reading import ComplaintSummary, list_complaints
from api.console import parts
from api.console.beat import Beat
from api.console.case_words import due_words, last_day
from api.console.complaint_sheet import ComplaintSheet
from api.console.complaint_words import state_badge
from api.console.exemptions_page import span_words
from api.console.missing import no_hall
from api.console.page import Visit
from api.users.permissions import Permission
from api.workdays.calendar import WorkCalendar
from api.workdays.reading import calendar_of

PAGE = 50


def build(visit: Visit, beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _ComplaintsPage(visit, beat, visit.hall.id)


def waiting(visit: Visit) -> int:
    """How many complaints wait for those who answer them."""
    if visit.hall is None or not visit.may(Permission.COMPLAINTS_ANSWER):
        return 0
    with visit.console.database.reading() as session:
        return len(
            list_complaints(
                session,
                visit.viewer.halls,
                visit.now(),
                hall=visit.hall.id,
                is_open=True,
                limit=200,
            )
        )


class _ComplaintsPage:
    def __init__(self, visit: Visit, beat: Beat, hall: str) -> None:
        self.visit, self.hall = visit, hall
        self.limit = PAGE
        say = visit.say
        with parts.box("page"):
            with parts.heading(say.of("nav", "complaints"), say("complaints_about")):
                if visit.may(Permission.COMPLAINTS_REGISTER):
                    words = say("complaint_register")
                    parts.button(words, self._register, "btn btn-main", drawing="plus")
            self.tabs = parts.Tabs(
                say("complaints_which"),
                [("open", say("complaints_open")), ("answered", say("complaints_answered"))],
                "open",
                lambda _: self.refresh(),
            )
            self.place = parts.box("dossiers")
            self.more = parts.button(say("complaints_older"), self._older, "btn btn-quiet more")
        self.refresh()
        beat.every(20, self.refresh)

    def _older(self) -> None:
        self.limit += PAGE
        self.refresh()

    def refresh(self) -> None:
        visit = self.visit
        with visit.console.database.reading() as session:
            rows = list_complaints(
                session,
                visit.viewer.halls,
                visit.now(),
                hall=self.hall,
                is_open=self.tabs.value == "open",
                limit=self.limit,
            )
            calendar = calendar_of(session, self.hall)
        self.more.set_visibility(len(rows) == self.limit)
        self.place.clear()
        with self.place:
            if not rows:
                title, do = visit.say("complaints_none"), visit.say("complaints_none_do")
                parts.hollow("complaint", title, do)
                return
            self._table(rows, calendar)

    def _table(self, rows: tuple[ComplaintSummary, ...], calendar: WorkCalendar) -> None:
        say = self.visit.say
        columns = [
            parts.Column(say(key))
            for key in (
                "complaint_number",
                "complaint_where",
                "complaint_when",
                "complaint_about",
                "complaint_stage",
                "complaint_term",
            )
        ]
        cells = [self._cells(row, calendar) for row in rows]
        parts.table(columns, cells, name=say.of("nav", "complaints"))

    def _cells(self, row: ComplaintSummary, calendar: WorkCalendar) -> list[parts.Cell]:
        visit, say = self.visit, self.visit.say

        def term() -> None:
            if row.due is not None:
                words, kind = due_words(visit, row.due, calendar)
                with parts.box("dossier-due"):
                    parts.text(last_day(visit, row.due), "dossier-due-day")
                    parts.badge(words, kind)

        return [
            lambda: parts.link(row.number, f"/complaints/{row.id}", data_complaint=str(row.id)),
            row.window_name or say("complaint_no_window"),
            span_words(visit, row.happened_from, row.happened_to),
            lambda: parts.text(row.about, "complaint-short", title=row.about),
            lambda: state_badge(say, row.state),
            term,
        ]

    def _register(self) -> None:
        ComplaintSheet(self.visit, self.hall, self.refresh)
