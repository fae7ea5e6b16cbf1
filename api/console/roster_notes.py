"""Visitors, trainings and handovers: why somebody more, or several together, were right to be
there. Alerts show them to whoever judges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy.orm import Session

from api.console import parts
from api.console.beat import Beat
from api.console.forms import Choice, Field
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.roster_fields import Span
from api.console.roster_spans import SpanPage
from api.console.roster_words import entered_words, span_words
from api.roster.editing import NoteWanted, RosterEditor
from api.roster.tables import NoteKind, RosterNoteRow
from api.roster.views import Between, live_notes


def build(visit: Visit, _beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _NotesPage(visit, visit.hall.id)


class _NotesPage(SpanPage[RosterNoteRow]):
    name = "notes"

    def read(self, session: Session, between: Between) -> Sequence[RosterNoteRow]:
        return live_notes(session, self.hall, between)

    def span(self, entry: RosterNoteRow) -> Span:
        return Span(entry.starts_at, entry.ends_at)

    def columns(self) -> list[parts.Column]:
        keys = ("change_kind", "change_window", "change_when", "change_note", "note_entered")
        return [parts.Column(self.visit.say(key)) for key in keys]

    def cells(self, entry: RosterNoteRow) -> list[parts.Cell]:
        return [
            partial(parts.badge, self.visit.say.of("note_kind", entry.kind), "info"),
            self._window(entry),
            span_words(self.visit, entry.starts_at, entry.ends_at),
            entry.note,
            entered_words(self.visit, entry.entered_by, entry.entered_at),
        ]

    def _window(self, entry: RosterNoteRow) -> str:
        window = entry.window_id
        return self.visit.say("whole_hall") if window is None else self.windows.get(window, window)

    def about(self, entry: RosterNoteRow) -> str:
        kind = self.visit.say.of("note_kind", entry.kind)
        when = span_words(self.visit, entry.starts_at, entry.ends_at)
        return f"{kind} · {self._window(entry)} · {when}"

    def draw_form(self, entry: RosterNoteRow | None) -> None:
        say = self.visit.say
        kinds = [(kind, say.of("note_kind", kind)) for kind in NoteKind]
        self.kind = Choice(say("change_kind"), kinds, entry.kind if entry else NoteKind.VISITOR)
        windows = [("", say("whole_hall")), *self.windows.items()]
        window = (entry.window_id or "") if entry else self.visit.query.get("window", "")
        self.window = Choice(say("change_window"), windows, window)

    def draw_note(self, entry: RosterNoteRow | None) -> None:
        say = self.visit.say
        self.note = Field(
            say("note_what"), value=entry.note if entry else "", hint=say("note_what_hint"),
            must=True, maxlength="200",
        )  # fmt: skip

    def complete(self) -> bool:
        if not self.note.value.strip():
            self.note.complain(self.visit.say("note_what_missing"))
            return False
        return True

    def write(self, roster: RosterEditor, entry: RosterNoteRow | None, span: Span) -> None:
        wanted = NoteWanted(
            NoteKind(self.kind.value),
            self.window.value or None,
            span.starts_at,
            span.ends_at,
            self.note.value.strip()[:200],
        )
        roster.put_note(wanted, None if entry is None else entry.id)

    def drop(self, roster: RosterEditor, entry: RosterNoteRow) -> None:
        roster.drop_note(entry.id)
