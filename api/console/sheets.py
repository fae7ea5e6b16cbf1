"""Dialogs: a sheet with a page's own content, and the question before something is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Self

from nicegui import ui

from api.console import parts
from api.console.forms import Field
from api.console.page import Visit
from api.fields import SHORTEST_REASON

Wanted = Literal["none", "may", "must"]
"""Whether a reason is not asked for, welcome, or needed."""

MOST_REASON = 500


class Sheet:
    """A dialog. What is drawn inside `with sheet:` is its content; it is gone when closed."""

    def __init__(self, title: str, about: str = "", classes: str = "") -> None:
        with ui.dialog() as self._dialog, parts.box(f"sheet {classes}", role="document") as inside:
            parts.text(title, "sheet-title", tag="h2")
            if about:
                parts.text(about, "sheet-about", tag="p")
        self._inside = inside
        self._dialog.props["aria-label"] = title
        self._dialog.on("hide", self._dialog.delete)
        self._dialog.open()

    def __enter__(self) -> Self:
        self._inside.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._inside.__exit__(*error)

    def close(self) -> None:
        self._dialog.close()


def ask(
    visit: Visit,
    title: str,
    about: str,
    act: str,
    do: Callable[[str], Any],
    *,
    reason: Wanted = "none",
    hint: str = "",
    drawing: str = "",
    danger: bool = False,
) -> Sheet:
    """Ask before something is done. `act`: the words of the button that does it; `do` is given the
    reason ("" where none was). danger: it cannot be taken back, and looks it."""
    say = visit.say
    field: list[Field] = []

    def sure() -> None:
        given = field[0].value.strip()[:MOST_REASON] if field else ""
        if reason == "must" and len(given) < SHORTEST_REASON:
            field[0].complain(say("reason_missing"))
            return
        sheet.close()
        do(given)

    with Sheet(title, about) as sheet:
        if reason != "none":
            must = reason == "must"
            words = say("reason_must") if must else say("reason_may")
            question = Field(words, "textarea", must=must, rows="3", placeholder=hint)
            question.element.props["autofocus"] = True
            field.append(question)
        with parts.box("sheet-buttons"):
            parts.button(say("cancel"), sheet.close)
            classes = "btn btn-danger" if danger else "btn btn-main"
            parts.button(act, sure, classes, drawing=drawing)
    return sheet
