"""The sheet that registers a complaint, and corrects what was registered wrongly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from api.complaints.acting import LONGEST, Registration, register
from api.complaints.correcting import Correction, correct
from api.complaints.reading import ComplaintDetail
from api.complaints.tables import Channel
from api.console import parts
from api.console.complaint_words import kindly
from api.console.drafts import DraftField
from api.console.forms import Choice, Field, form
from api.console.moments import for_input, typed_moment
from api.console.page import Visit
from api.console.sheets import Sheet
from api.halls.reading import window_rows


class ComplaintSheet:
    """`wrong`: the complaint that is corrected; None registers a new one. Who complained is not
    shown to be corrected: what is left empty stays as it is."""

    def __init__(
        self,
        visit: Visit,
        hall: str,
        done: Callable[[], None],
        wrong: ComplaintDetail | None = None,
    ) -> None:
        self.visit, self.hall, self.done, self.wrong = visit, hall, done, wrong
        say = visit.say
        words, about = say("complaint_register"), say("complaint_register_about")
        if wrong is not None:
            words, about = say("complaint_correct"), say("complaint_correct_about")
        with Sheet(words, about, "act-sheet") as self.sheet:
            with form():
                self._what()
                self._who()
                if wrong is not None:
                    self.why = Field(
                        say("complaint_correct_why"), hint=say("complaint_correct_why_hint"),
                        must=True, maxlength="500",
                    )  # fmt: skip
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(
                    words, self._save, "btn btn-main", drawing="check", data_sure="complaint"
                )

    def _what(self) -> None:
        visit, wrong, say = self.visit, self.wrong, self.visit.say
        now = visit.now()
        with visit.console.database.reading() as session:
            windows = [(w.id, w.name) for w in window_rows(session, self.hall)]
        starts, ends = now - timedelta(minutes=30), now
        if wrong is not None:
            starts, ends = wrong.happened_from, wrong.happened_to
        with parts.box("form-pair"):
            self.channel = Choice(
                say("complaint_channel"),
                [(c, say.of("channel_of", c)) for c in Channel],
                Channel.PHONE if wrong is None else wrong.channel,
            )
            self.window = Choice(
                say("complaint_window"),
                [("", say("complaint_no_window")), *windows],
                "" if wrong is None else wrong.window or "",
            )
        with parts.box("form-pair"):
            self.starts, self.ends = (
                Field(words, "datetime-local", value=for_input(moment, visit), must=True)
                for words, moment in ((say("complaint_from"), starts), (say("complaint_to"), ends))
            )
        draft = "complaint/new" if wrong is None else f"complaint/{wrong.id}/correct"
        self.about = DraftField(
            visit, draft, say("complaint_words"), hint=say("complaint_words_hint"),
            value="" if wrong is None else wrong.about, must=True, rows="4", maxlength="2000",
        )  # fmt: skip

    def _who(self) -> None:
        say = self.visit.say
        unchanged, hint = "", say("complaint_contact_hint")
        if self.wrong is not None:
            unchanged = hint = say("complaint_unchanged_hint")
        with parts.box("form-pair"):
            self.name = Field(
                say("complaint_name"), hint=unchanged, maxlength="80", autocomplete="off"
            )
            self.contact = Field(
                say("complaint_contact"), hint=hint, maxlength="120", autocomplete="off"
            )

    def _save(self) -> None:
        given = self._given()
        if given is not None and kindly(self.visit, lambda: self._do(given)):
            self.about.sent()
            self.sheet.close()
            self.done()

    def _do(self, given: Registration) -> None:
        visit, wrong, say = self.visit, self.wrong, self.visit.say
        with visit.console.database.session() as session:
            if wrong is None:
                row, _ = register(session, self.hall, given, visit.viewer, visit.now())
                said = say("complaint_registered", number=row.number)
            else:
                why = self.why.value.strip()[:500]
                correction = corrected(given, wrong, self.visit)
                correct(
                    session, wrong.id, visit.viewer, wrong.version, correction, why, visit.now()
                )
                said = say("complaint_corrected")
        parts.tell(said, "positive")

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
        if self.wrong is not None and not self.why.value.strip():
            self.why.complain(say("complaint_words_missing"))
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


def corrected(given: Registration, wrong: ComplaintDetail, visit: Visit) -> Correction:
    """What was typed as a correction. A time that reads as before, to the minute, is as before."""
    starts, ends = (
        old if for_input(new, visit) == for_input(old, visit) else new
        for new, old in (
            (given.happened_from, wrong.happened_from),
            (given.happened_to, wrong.happened_to),
        )
    )
    return Correction(
        channel=given.channel,
        window=given.window,
        happened_from=starts,
        happened_to=ends,
        about=given.about,
        complainant=given.complainant or None,
        contact=given.contact or None,
    )
