"""The list of complaints, and registering one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from api.complaints.acting import LONGEST, Registration, register
from api.complaints.reading import ComplaintSummary, list_complaints
from api.complaints.tables import Channel
from api.console import parts
from api.console.beat import Beat
from api.console.case_words import due_words, last_day
from api.console.complaint_words import kindly, state_badge
from api.console.drafts import DraftField
from api.console.exemptions_page import span_words
from api.console.forms import Choice, Field, form
from api.console.missing import no_hall
from api.console.moments import for_input, typed_moment
from api.console.page import Visit
from api.console.sheets import Sheet
from api.halls.reading import window_rows
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
        _RegisterSheet(self.visit, self.hall, self.refresh)


class _RegisterSheet:
    def __init__(self, visit: Visit, hall: str, done: Callable[[], None]) -> None:
        self.visit, self.hall, self.done = visit, hall, done
        say, now = visit.say, visit.now()
        with visit.console.database.reading() as session:
            windows = [(w.id, w.name) for w in window_rows(session, hall)]
        words, about = say("complaint_register"), say("complaint_register_about")
        with Sheet(words, about, "act-sheet") as self.sheet:
            with form():
                with parts.box("form-pair"):
                    self.channel = Choice(
                        say("complaint_channel"),
                        [(c, say.of("channel_of", c)) for c in Channel],
                        Channel.PHONE,
                    )
                    self.window = Choice(
                        say("complaint_window"), [("", say("complaint_no_window")), *windows]
                    )
                with parts.box("form-pair"):
                    a_while_ago = for_input(now - timedelta(minutes=30), visit)
                    self.starts = Field(
                        say("complaint_from"), "datetime-local", value=a_while_ago, must=True
                    )
                    self.ends = Field(
                        say("complaint_to"),
                        "datetime-local",
                        value=for_input(now, visit),
                        must=True,
                    )
                self.about = DraftField(
                    visit, "complaint/new", say("complaint_words"),
                    hint=say("complaint_words_hint"), must=True, rows="4", maxlength="2000",
                )  # fmt: skip
                with parts.box("form-pair"):
                    self.name = Field(say("complaint_name"), maxlength="80", autocomplete="off")
                    self.contact = Field(
                        say("complaint_contact"), hint=say("complaint_contact_hint"),
                        maxlength="120", autocomplete="off",
                    )  # fmt: skip
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(words, self._save, "btn btn-main", drawing="check")

    def _save(self) -> None:
        given = self._given()
        if given is not None and kindly(self.visit, lambda: self._do(given)):
            self.about.sent()
            self.sheet.close()
            self.done()

    def _do(self, given: Registration) -> None:
        visit = self.visit
        with visit.console.database.session() as session:
            row, _ = register(session, self.hall, given, visit.viewer, visit.now())
        parts.tell(visit.say("complaint_registered", number=row.number), "positive")

    def _given(self) -> Registration | None:
        """What was entered; None, after saying so, where something is missing."""
        visit, say = self.visit, self.visit.say
        starts, ends = (typed_moment(f.value, visit) for f in (self.starts, self.ends))
        about = self.about.value.strip()[:2000]
        if not about:
            self.about.complain(say("complaint_words_missing"))
            return None
        if (
            starts is None
            or ends is None
            or starts > visit.now()
            or not timedelta(0) <= ends - starts <= LONGEST
        ):
            self.ends.complain(say("complaint_bad_time"))
            return None
        return Registration(
            channel=Channel(self.channel.value),
            window=self.window.value or None,
            happened_from=starts,
            happened_to=ends,
            about=about,
            complainant=self.name.value.strip()[:80],
            contact=self.contact.value.strip()[:120],
        )
