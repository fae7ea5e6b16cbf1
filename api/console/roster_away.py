"""Who is away, and why: leaves, errands, meetings, trainings (去向)."""

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
from api.console.roster_words import span_words
from api.roster.editing import LeaveWanted, RosterEditor
from api.roster.tables import LeaveKind
from api.roster.views import Between, LeaveView, leaves_of


def build(visit: Visit, _beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _AwayPage(visit, visit.hall.id)


class _AwayPage(SpanPage[LeaveView]):
    name = "away"

    def read(self, session: Session, between: Between) -> Sequence[LeaveView]:
        return leaves_of(session, self.hall, between)

    def span(self, entry: LeaveView) -> Span:
        return Span(entry.starts_at, entry.ends_at)

    def columns(self) -> list[parts.Column]:
        keys = ("change_person", "change_kind", "change_when", "change_note")
        return [parts.Column(self.visit.say(key)) for key in keys]

    def cells(self, entry: LeaveView) -> list[parts.Cell]:
        say = self.visit.say
        return [
            say("person_number", name=entry.name, number=entry.number),
            partial(parts.badge, say.of("leave_kind", entry.kind), "info"),
            span_words(self.visit, entry.starts_at, entry.ends_at),
            entry.note,
        ]

    def about(self, entry: LeaveView) -> str:
        when = span_words(self.visit, entry.starts_at, entry.ends_at)
        return f"{entry.name} · {self.visit.say.of('leave_kind', entry.kind)} · {when}"

    def draw_form(self, entry: LeaveView | None) -> None:
        say = self.visit.say
        people = [
            (p.number, say("person_number", name=p.name, number=p.number)) for p in self.staff
        ]
        self.who = Choice(say("change_person"), people, entry.number if entry else "")
        kinds = [(kind, say.of("leave_kind", kind)) for kind in LeaveKind]
        self.kind = Choice(say("change_kind"), kinds, entry.kind if entry else LeaveKind.LEAVE)

    def draw_note(self, entry: LeaveView | None) -> None:
        value = entry.note if entry else ""
        self.note = Field(self.visit.say("change_note"), value=value, maxlength="200")

    def complete(self) -> bool:
        return True

    def write(self, roster: RosterEditor, entry: LeaveView | None, span: Span) -> None:
        wanted = LeaveWanted(
            LeaveKind(self.kind.value),
            self.who.value,
            span.starts_at,
            span.ends_at,
            self.note.value.strip()[:200],
        )
        roster.put_leave(wanted, None if entry is None else entry.id)

    def drop(self, roster: RosterEditor, entry: LeaveView) -> None:
        roster.drop_leave(entry.id)
