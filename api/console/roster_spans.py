"""What the pages of leaves and of notes have in common: entries from one moment to another, those
to come or all of the last year; entered, changed and taken away."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from api.console import parts
from api.console.forms import form
from api.console.page import Visit
from api.console.roster_acting import RosterActs
from api.console.roster_fields import Span, SpanFields, is_whole_days
from api.console.roster_nav import roster_nav
from api.console.sheets import Sheet
from api.halls.reading import window_rows
from api.roster.editing import LONGEST_ENTRY, RosterEditor
from api.roster.views import Between, StaffView, staff_of
from api.users.permissions import Permission

E = TypeVar("E")
USUAL_LENGTH = timedelta(hours=2)


class SpanPage(ABC, Generic[E]):
    """A list with its forms. name: of the page among `ROSTER_PAGES`; its words begin with it."""

    name: str

    def __init__(self, visit: Visit, hall: str) -> None:
        self.visit, self.hall = visit, hall
        self.edits = visit.may(Permission.ROSTER_EDIT)
        say = visit.say
        with parts.box("page roster-entries"):
            roster_nav(visit, self.name)
            with parts.heading(say.of("roster_page", self.name), say.of("spans_about", self.name)):
                if self.edits:
                    parts.button(
                        say.of("spans_add", self.name), self._add, "btn btn-main",
                        drawing="plus", data_act="add",
                    )  # fmt: skip
            self.tabs = parts.Tabs(
                say("spans_which"),
                [("current", say("spans_current")), ("past", say("spans_past"))],
                "current",
                lambda _: self.refresh(),
            )
            self.place = parts.box("spans")
            self.acts = RosterActs(visit, hall, self.refresh)
        self.refresh()

    def refresh(self) -> None:
        visit, say, now = self.visit, self.visit.say, self.visit.now()
        current = self.tabs.value == "current"
        ends = (now, now + LONGEST_ENTRY) if current else (now - LONGEST_ENTRY, now)
        with visit.console.database.reading() as session:
            self.windows = {w.id: w.name or w.id for w in window_rows(session, self.hall)}
            self.staff: tuple[StaffView, ...] = staff_of(session, self.hall)
            entries = [
                entry for entry in self.read(session, Between(*ends))
                if current or self.span(entry).ends_at <= now
            ]  # fmt: skip
        self.place.clear()
        with self.place:
            if not entries:
                key = self.name if current else "past"
                parts.hollow("calendar", say.of("spans_none", key), say.of("spans_none_do", key))
                return
            columns = [*self.columns(), parts.Column("", "acts")]
            rows = [[*self.cells(entry), partial(self._row_acts, entry)] for entry in entries]
            parts.table(columns, rows, name=say.of("roster_page", self.name))

    @abstractmethod
    def read(self, session: Session, between: Between) -> Sequence[E]: ...

    @abstractmethod
    def span(self, entry: E) -> Span: ...

    @abstractmethod
    def columns(self) -> list[parts.Column]: ...

    @abstractmethod
    def cells(self, entry: E) -> list[parts.Cell]: ...

    @abstractmethod
    def about(self, entry: E) -> str:
        """The entry in a few words, for the question before it is taken away."""

    @abstractmethod
    def draw_form(self, entry: E | None) -> None: ...

    @abstractmethod
    def write(self, roster: RosterEditor, entry: E | None, span: Span) -> None:
        """Write what stands in the form."""

    @abstractmethod
    def drop(self, roster: RosterEditor, entry: E) -> None: ...

    @abstractmethod
    def complete(self) -> bool:
        """Whether the form says all that is needed; complains where it does not."""

    def _row_acts(self, entry: E) -> None:
        say = self.visit.say
        if self.edits:
            parts.button(say("entry_change"), partial(self._open, entry), "btn btn-quiet")
            parts.button(say("shift_drop"), partial(self._ask_drop, entry), "btn btn-quiet")

    def _add(self) -> None:
        if not self.staff:
            parts.tell(self.visit.say("no_roster_do"), "warning")
            return
        start = self._next_quarter()
        self._sheet(None, Span(start, start + USUAL_LENGTH))

    def _open(self, entry: E) -> None:
        self._sheet(entry, self.span(entry))

    def _next_quarter(self) -> datetime:
        now = self.visit.now().astimezone(self.visit.zone)
        return now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)

    def _sheet(self, entry: E | None, was: Span) -> None:
        say = self.visit.say
        act = "spans_add" if entry is None else "spans_change"
        about = say.of("spans_sheet", self.name)
        title = say.of(act, self.name)
        with self.acts.apart, Sheet(title, about, "act-sheet") as sheet:
            with form():
                self.draw_form(entry)
                whole = entry is not None and is_whole_days(self.visit, was)
                fields = SpanFields(self.visit, was, whole_days=whole)
                self.draw_note(entry)
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), sheet.close)
                parts.button(
                    say("save"), lambda: self._save(sheet, entry, fields), "btn btn-main",
                    drawing="save",
                )  # fmt: skip

    @abstractmethod
    def draw_note(self, entry: E | None) -> None: ...

    def _save(self, sheet: Sheet, entry: E | None, fields: SpanFields) -> None:
        span = fields.read()
        if not self.complete() or span is None:
            return
        if self.acts.do(
            lambda roster: self.write(roster, entry, span), self.visit.say("entry_saved")
        ):
            sheet.close()

    def _ask_drop(self, entry: E) -> None:
        say = self.visit.say
        self.acts.ask(
            say.of("spans_drop", self.name),
            say.of("spans_drop_about", self.name, what=self.about(entry)),
            say("shift_drop"),
            lambda roster: self.drop(roster, entry),
            say("shift_dropped"),
            drawing="delete",
            danger=True,
        )
