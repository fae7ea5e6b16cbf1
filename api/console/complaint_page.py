"""The page of one complaint."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from api.alerts.views import AlertSummary
from api.audit.record import AccessBy, record_access, record_view
from api.audit.tables import Access
from api.complaints.acting import UnknownComplaintError, answer, opine, refer
from api.complaints.gathering import Archive, gather
from api.complaints.reading import ComplaintDetail, complainant_of, complaint_detail
from api.complaints.tables import ComplaintAct, ComplaintRow, ComplaintState
from api.console import parts, times
from api.console.alert_facts import person_line
from api.console.beat import Beat, signed_out
from api.console.case_words import due_words, last_day
from api.console.complaint_sheet import ComplaintSheet
from api.console.complaint_words import correction_lines, kindly, refusal_beside, state_badge
from api.console.drafts import DraftField
from api.console.exemptions_page import span_words
from api.console.forms import form
from api.console.missing import nothing_here
from api.console.page import Visit
from api.console.sheets import Sheet, ask
from api.users.permissions import Permission
from api.workdays.reading import calendar_of

MOST_WORDS = 2000


def build(visit: Visit, beat: Beat) -> None:
    name = visit.names["complaint_id"]
    complaint = None
    if name.isdecimal() and len(name) <= 9:
        complaint = _seen(visit, int(name))
    if complaint is None:
        nothing_here(visit)
        return
    page = _ComplaintPage(visit, complaint)
    beat.every(20, page.refresh)


def _seen(visit: Visit, complaint_id: int) -> ComplaintDetail | None:
    """The complaint, if this person may see it; the look is written down."""
    now = visit.now()
    try:
        with visit.console.database.session() as session:
            complaint = complaint_detail(session, complaint_id, visit.viewer, now)
            record_view(
                session,
                AccessBy.of(visit.viewer),
                Access.VIEW_COMPLAINT,
                f"complaint/{complaint_id}",
                now,
                hall=complaint.hall,
            )
    except UnknownComplaintError:
        return None
    return complaint


class _ComplaintPage:
    def __init__(self, visit: Visit, complaint: ComplaintDetail) -> None:
        self.visit, self.complaint = visit, complaint
        self.gathering = False
        say = visit.say
        with parts.box("page dossier") as self.page:
            parts.link(say.of("nav", "complaints"), "/complaints", "case-back")
            self.head = parts.box("dossier-head", "header")
            with parts.box("dossier-columns"):
                with parts.box("dossier-main"):
                    self.next = parts.box("card next", "section")
                    self.sheets = parts.box("apart")
                    with parts.card(say("complaint_about")):
                        self.about = parts.box("quote")
                    self.found = parts.box("dossier-main")
                    with parts.card(say("complaint_history")):
                        self.history = parts.box()
                with parts.box("dossier-side"):
                    with parts.card(say("complaint_who")):
                        self.who = parts.box()
                    with parts.card(say("complaint_terms")):
                        self.terms = parts.box()
                    with parts.card(say("complaint_case")) as self.case_card:
                        self.case = parts.box()
        self._draw()

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            complaint = complaint_detail(
                session, self.complaint.id, self.visit.viewer, self.visit.now()
            )
        if complaint != self.complaint:
            self.complaint = complaint
            self._draw()

    def _draw(self) -> None:
        self._draw_next()
        for place, draw in (
            (self.head, self._head),
            (self.about, self._about),
            (self.who, self._who),
            (self.found, self._found),
            (self.history, self._history),
            (self.terms, self._terms),
            (self.case, self._case),
        ):
            place.clear()
            with place:
                draw()
        self.case_card.set_visibility(self.complaint.case_id is not None)

    def _draw_next(self) -> None:
        self.next.clear()
        self.next.props["aria-busy"] = str(self.gathering).lower()
        with self.next:
            self._next()

    def _head(self) -> None:
        visit, complaint, say = self.visit, self.complaint, self.visit.say
        with parts.box("dossier-title"):
            parts.text(say("complaint_title", number=complaint.number), tag="h1")
            state_badge(say, complaint.state)
            if complaint.due is not None:
                with visit.console.database.reading() as session:
                    calendar = calendar_of(session, complaint.hall)
                parts.badge(*due_words(visit, complaint.due, calendar))
        place = complaint.window_name or say("complaint_no_window")
        when = span_words(visit, complaint.happened_from, complaint.happened_to)
        parts.text(f"{place} · {when}", "complaint-when", tag="p")
        time = times.day_clock(complaint.received_at, visit.now(), visit.zone, say)
        channel = say.of("channel_of", complaint.channel)
        parts.text(say("complaint_came", channel=channel, time=time), "dossier-when", tag="p")

    def _about(self) -> None:
        parts.text(self.complaint.about, "quote-words", tag="blockquote")

    def _next(self) -> None:
        say, complaint = self.visit.say, self.complaint
        acts = self._acts()
        parts.text(say("complaint_next"), "next-title", tag="h2")
        if self.gathering:
            parts.text(say("complaint_gathering"), "next-about", tag="p", role="status")
            return
        if not acts:
            over = complaint.state is ComplaintState.ANSWERED
            words = say("complaint_over") if over else say("complaint_nothing")
            parts.text(words, "next-about", tag="p")
            return
        if complaint.gathered_at is None:
            parts.text(say("complaint_gather_about"), "next-about", tag="p")
        with parts.box("next-acts"):
            for n, (act, words, drawing) in enumerate(acts):
                classes = "btn btn-main" if n == 0 else "btn"
                pressed = self._gather if act is ComplaintAct.GATHER else partial(self._press, act)
                parts.button(words, pressed, classes, drawing=drawing, data_act=act.value)

    def _acts(self) -> list[tuple[ComplaintAct, str, str]]:
        """What this person may do now: act, words, drawing; the first is what it waits for."""
        visit, complaint, say = self.visit, self.complaint, self.visit.say
        if complaint.state is ComplaintState.ANSWERED:
            return []
        acts: list[tuple[ComplaintAct, str, str]] = []
        gathered = complaint.gathered_at is not None
        if visit.may(Permission.FOOTAGE_FIND) and complaint.window is not None:
            words = say("complaint_gather_again") if gathered else say("complaint_gather")
            acts.append((ComplaintAct.GATHER, words, "search"))
        if visit.may(Permission.COMPLAINTS_ANSWER):
            if complaint.state is ComplaintState.REGISTERED:
                acts.append((ComplaintAct.OPINE, say("complaint_opine"), "check"))
            acts.append((ComplaintAct.ANSWER, say("complaint_answer"), "message"))
        if visit.may(Permission.CASES_OPEN) and complaint.case_id is None:
            acts.append((ComplaintAct.REFER, say("complaint_refer"), "case"))
        acts.sort(key=lambda a: gathered and a[0] is ComplaintAct.GATHER)
        if visit.may(Permission.COMPLAINTS_REGISTER):
            acts.append((ComplaintAct.CORRECT, say("complaint_correct"), "edit"))
        return acts

    def _press(self, act: ComplaintAct) -> None:
        if act is ComplaintAct.CORRECT:
            with self.sheets:
                ComplaintSheet(self.visit, self.complaint.hall, self.refresh, self.complaint)
        else:
            with self.sheets:
                _WordsSheet(self.visit, self.complaint, act, self.refresh)

    async def _gather(self) -> None:
        """Footage is cut beside the page: it answers meanwhile, to everybody."""
        visit, complaint = self.visit, self.complaint
        if self.gathering or signed_out(visit):
            return
        archive = Archive(visit.console.database, visit.console.cutters, visit.console.evidence)
        act = partial(gather, archive, complaint.id, visit.viewer, complaint.version, visit.now())
        self.gathering = True
        self._draw_next()
        refusal = ""
        try:
            refusal = await refusal_beside(visit, act)
        finally:
            self.gathering = False
            if not self.page.is_deleted:  # they may have left meanwhile
                self._gathered(refusal)

    def _gathered(self, refusal: str) -> None:
        with self.page:  # the button that asked for it is gone by now
            self._draw_next()
            self.refresh()
            if refusal:
                parts.tell(refusal, "warning")

    def _found(self) -> None:
        say, complaint = self.visit.say, self.complaint
        if complaint.gathered_at is None:
            return
        with parts.card(say("complaint_on_duty")):
            self._duty()
        with parts.card(say("complaint_alerts")):
            if not complaint.alerts:
                parts.text(say("complaint_no_alerts"), "card-note", tag="p")
            with parts.box("seen-list", "ul"):
                for alert in complaint.alerts:
                    self._alert(alert)
        with parts.card(say("complaint_footage")):
            if not complaint.footage:
                words = "complaint_no_room" if _lacked_room(complaint) else "complaint_no_footage"
                parts.text(say(words), "card-note", tag="p")
            films = f"/api/v1/complaints/{complaint.id}/footage"
            for footage in complaint.footage:
                parts.box(
                    "seen-film", "video", src=f"{films}/{footage}", controls="",
                    preload="none", playsinline="", aria_label=say("complaint_footage"),
                )  # fmt: skip

    def _duty(self) -> None:
        say, duty = self.visit.say, self.complaint.duty
        if duty is None:
            return
        parts.text(say.of("duty_says", duty.state), f"duty-says duty-{duty.state}", tag="p")
        with parts.box("people", "ul"):
            for person in duty.holders:
                person_line(person, say("duty_holder", post=duty.post or "A"), "is-holder")
            for person in duty.absent:
                person_line(person, say("duty_absent"), "is-absent")

    def _alert(self, alert: AlertSummary) -> None:
        visit, say = self.visit, self.visit.say
        time = times.day_clock(alert.began, visit.now(), visit.zone, say)
        words = say("complaint_see_alert", time=time, rule=say.known("rule", alert.rule))
        with parts.box("", "li"):
            parts.link(words, f"/alerts/{alert.uid}", "seen-link")

    def _history(self) -> None:
        visit, say = self.visit, self.visit.say
        with parts.box("history", "ol"):
            for event in self.complaint.history:
                with parts.box("event", "li"):
                    time = times.day_clock(event.at, visit.now(), visit.zone, say)
                    parts.text(time, "event-at", tag="time")
                    n = len(event.details.get("alerts", ()))
                    with parts.box("event-what"):
                        parts.text(say.of("complaint_event", event.act, n=n), "event-words")
                        parts.text(event.who, "event-who")
                    if event.said:
                        parts.text(event.said, "event-why", tag="p")
                    if event.act is ComplaintAct.CORRECT:
                        for words in correction_lines(visit, self.complaint.hall, event.details):
                            parts.text(words, "event-was", tag="p")

    def _terms(self) -> None:
        say, complaint = self.visit.say, self.complaint
        parts.facts(
            (say.of("complaint_due", what), last_day(self.visit, due))
            for what, due in (
                ("opinion", complaint.opinion_due),
                ("answer", complaint.answer_due),
            )
        )

    def _case(self) -> None:
        if self.complaint.case_id is None:
            return
        say = self.visit.say
        if self.visit.may(Permission.CASES_ALL):
            parts.link(say("complaint_see_case"), f"/cases/{self.complaint.case_id}", "btn")
        else:
            parts.text(say.of("complaint_event", ComplaintAct.REFER, n=""), tag="p")

    def _who(self) -> None:
        """Masked; in clear only on asking, with a purpose."""
        visit, complaint, say = self.visit, self.complaint, self.visit.say
        parts.text(complaint.complainant or say("complaint_who_none"), "person-name", tag="p")
        parts.text(complaint.contact, "person-number", tag="p")
        if visit.may(Permission.COMPLAINTS_ANSWER) and (complaint.complainant or complaint.contact):
            parts.button(say("complaint_see"), self._ask, "btn btn-quiet", drawing="eye")

    def _ask(self) -> None:
        say = self.visit.say
        ask(
            self.visit, say("complaint_see"), say("complaint_see_about"), say("complaint_see"),
            self._show, reason="must", hint=say("complaint_see_hint"), drawing="eye",
        )  # fmt: skip

    def _show(self, purpose: str) -> None:
        visit, complaint = self.visit, self.complaint
        if signed_out(visit) or not visit.may(Permission.COMPLAINTS_ANSWER):
            return
        with visit.console.database.session() as session:
            found = complainant_of(session, complaint.id, visit.viewer.halls)
            record_access(
                session,
                AccessBy.of(visit.viewer),
                Access.VIEW_COMPLAINT,
                f"complaint/{complaint.id}/complainant",
                visit.now(),
                hall=complaint.hall,
                purpose=purpose,
            )
        say = visit.say
        with Sheet(say("complaint_who")) as sheet:
            parts.facts(
                [
                    (say("complaint_name"), found.complainant),
                    (say("complaint_contact"), found.contact),
                ]
            )
            for earlier in found.before:
                until = times.day_clock(earlier.until, visit.now(), visit.zone, say)
                parts.text(say("complaint_until", until=until), "card-sub", tag="h3")
                parts.facts(
                    [
                        (say("complaint_name"), earlier.complainant),
                        (say("complaint_contact"), earlier.contact),
                    ]
                )
            with parts.box("sheet-buttons"):
                parts.button(say("complaint_close"), sheet.close)


def _lacked_room(complaint: ComplaintDetail) -> bool:
    """Whether the disk was full when it was gathered last."""
    gathered = [e.details for e in complaint.history if e.act is ComplaintAct.GATHER]
    return bool(gathered and gathered[-1].get("no_room"))


DO: dict[ComplaintAct, Callable[..., ComplaintRow]] = {
    ComplaintAct.OPINE: opine,
    ComplaintAct.ANSWER: answer,
    ComplaintAct.REFER: refer,
}


class _WordsSheet:
    """An opinion, an answer, or what a case shall look into."""

    def __init__(
        self, visit: Visit, complaint: ComplaintDetail, act: ComplaintAct, done: Callable[[], None]
    ) -> None:
        self.visit, self.complaint, self.act, self.done = visit, complaint, act, done
        say = visit.say
        title, about, label = {
            ComplaintAct.OPINE: (
                say("complaint_opine"), say("complaint_opine_about"), say("complaint_opine_words"),
            ),
            ComplaintAct.ANSWER: (
                say("complaint_answer"), say("complaint_answer_about"),
                say("complaint_answer_words"),
            ),
            ComplaintAct.REFER: (
                say("complaint_refer"), say("complaint_refer_about"), say("complaint_refer_words"),
            ),
        }[act]  # fmt: skip
        with Sheet(title, about, "act-sheet") as self.sheet:
            with form():
                self.words = DraftField(
                    visit, f"complaint/{complaint.id}/{act.value}", label,
                    must=True, rows="5", maxlength=str(MOST_WORDS),
                )  # fmt: skip
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(title, self._sure, "btn btn-main", data_sure=act.value)

    def _sure(self) -> None:
        said = self.words.value.strip()[:MOST_WORDS]
        if not said:
            self.words.complain(self.visit.say("complaint_words_missing"))
            return
        if kindly(self.visit, lambda: self._do(said)):
            self.words.sent()
            self.sheet.close()
            parts.tell(self.visit.say("complaint_done"), "positive")
        self.done()

    def _do(self, said: str) -> None:
        visit, complaint = self.visit, self.complaint
        with visit.console.database.session() as session:
            DO[self.act](session, complaint.id, visit.viewer, complaint.version, said, visit.now())
