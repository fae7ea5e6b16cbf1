"""Changing the roster from a page: the editor's refusals in kind words, and a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.console import parts
from api.console.beat import signed_out
from api.console.page import Visit
from api.console.sheets import ask
from api.halls.reading import UnknownWindowError
from api.roster.changes import Editor
from api.roster.editing import (
    EntryRefusedError,
    RosterEditor,
    UnknownEntryError,
    UnknownNumberError,
)
from api.roster.undoing import take_back

TROUBLES = (EntryRefusedError, UnknownEntryError, UnknownNumberError, UnknownWindowError)


class RosterActs:
    """Does what a page asks of the roster, and then offers to take it back.

    refresh: draws the page anew. apart: where the page's sheets are drawn, so that they outlive a
    row that is drawn anew. The offer stands at the foot of the page until it is taken,
    waved away, or followed by another change.
    """

    def __init__(self, visit: Visit, hall: str, refresh: Callable[[], None]) -> None:
        self.visit, self.hall = visit, hall
        self._refresh = refresh
        self.apart = parts.box("apart")
        self._offer = parts.box("undo", role="status")
        self._offer.set_visibility(False)

    def do(self, change: Callable[[RosterEditor], object], done: str) -> bool:
        """Change something, say `done`, and offer the way back. False, after saying why, where it
        cannot be."""
        changes = self._change(change)
        if changes is None:
            return False
        if changes:
            self._show_offer(done, changes)
        self._refresh()
        return True

    def ask(
        self,
        title: str,
        about: str,
        act: str,
        change: Callable[[RosterEditor], object],
        done: str,
        *,
        drawing: str = "",
        danger: bool = False,
    ) -> None:
        """Ask first. `act`: the words of the button that does it."""
        with self.apart:
            ask(
                self.visit, title, about, act, lambda _: self.do(change, done),
                drawing=drawing, danger=danger,
            )  # fmt: skip

    def _change(self, change: Callable[[RosterEditor], object]) -> list[int] | None:
        visit = self.visit
        if signed_out(visit):
            return None
        try:
            with visit.console.database.session() as session:
                editor = Editor.of(visit.viewer, visit.now())
                roster = RosterEditor(session, self.hall, editor)
                change(roster)
                return roster.changes
        except TROUBLES as error:
            _say_why(visit, error)
            self._refresh()
            return None

    def _show_offer(self, done: str, changes: Sequence[int]) -> None:
        say = self.visit.say
        self._offer.clear()
        with self._offer:
            parts.text(done, "undo-done")
            parts.button(
                say("undo"), lambda: self._undo(changes), "btn btn-quiet", drawing="undo",
                data_act="undo",
            )  # fmt: skip
            parts.icon_button("cross", say("undo_hide"), self._hide, "btn btn-quiet btn-icon")
        self._offer.set_visibility(True)

    def _hide(self) -> None:
        self._offer.set_visibility(False)

    def _undo(self, changes: Sequence[int]) -> None:
        self._hide()
        if self._change(lambda roster: take_back(roster, changes)) is not None:
            parts.tell(self.visit.say("undone"), "positive")
            self._refresh()


def _say_why(visit: Visit, error: Exception) -> None:
    if isinstance(error, EntryRefusedError):
        parts.tell(visit.say.of("entry_refused", error.code), "warning")
    else:
        parts.tell(visit.say("entry_gone"), "warning")
