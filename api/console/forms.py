"""Labelled inputs. The browser keeps what is typed; the server is told of every change.

An input is drawn with its *default* value: a page that is drawn anew while somebody types would
otherwise put the old value back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

from nicegui import ui

from api.console import parts
from api.console.page import Visit

SPANS_DAYS = (1, 7, 30)
_ids = count(1)


class Field:
    """One input with its label, a hint, and room for a complaint; `value` is what stands in it.

    kind: an input's type (text, date, time, datetime-local, number, password, email), or
    "textarea". must: cannot be left out, and says so. attributes: min, max, maxlength, ...
    """

    def __init__(
        self,
        label: str,
        kind: str = "text",
        *,
        value: str = "",
        hint: str = "",
        must: bool = False,
        on_change: Callable[[str], Any] | None = None,
        **attributes: str,
    ) -> None:
        self.value = value
        self._on_change = on_change
        name = f"field-{next(_ids)}"
        area = kind == "textarea"
        with parts.box("field"):
            with parts.box("field-label", "label", for_=name):
                parts.text(label)
                if must:
                    parts.text("*", "field-must", aria_hidden="true")
            attributes = {"maxlength": "500" if area else "200"} | attributes
            if not area:
                attributes["type"] = kind
            self.element = parts.box("", "textarea" if area else "input", id=name, **attributes)
            if hint:
                parts.text(hint, "field-hint", tag="p", id=f"{name}-hint")
            self._error = parts.text("", "field-error", tag="p", id=f"{name}-error", role="alert")
        self.element.props["defaultValue"] = value
        self.element.props["aria-describedby"] = f"{name}-hint {name}-error"
        if must:
            self.element.props["aria-required"] = "true"
        self.element.on(
            "input",
            lambda event: self._typed(str(event.args)),
            js_handler="(event) => emit(event.target.value)",
        )

    def _typed(self, value: str) -> None:
        self.value = value
        self.complain("")
        if self._on_change is not None:
            self._on_change(value)

    def complain(self, words: str) -> None:
        """Say under the input what is wrong with it; "" takes that back."""
        if self._error.text != words:
            self._error.set_text(words)
            self.element.props["aria-invalid"] = "true" if words else "false"


class Choice:
    """One of some (key, words) pairs; `value` is the key chosen."""

    def __init__(
        self,
        label: str,
        options: Iterable[tuple[str, str]],
        value: str = "",
        *,
        hint: str = "",
        on_change: Callable[[str], Any] | None = None,
    ) -> None:
        pairs = list(options)
        keys = [key for key, _ in pairs]
        self.value = value if value in keys else next(iter(keys), "")
        self._on_change = on_change
        name = f"field-{next(_ids)}"
        with parts.box("field"):
            parts.text(label, "field-label", tag="label", for_=name)
            with parts.box("", "select", id=name) as self.element:
                for key, words in pairs:
                    option = parts.text(words, tag="option", value=key)
                    if key == self.value:
                        option.props["selected"] = True
            if hint:
                parts.text(hint, "field-hint", tag="p")
        self.element.on(
            "change",
            lambda event: self._chosen(str(event.args)),
            js_handler="(event) => emit(event.target.value)",
        )

    def _chosen(self, key: str) -> None:
        self.value = key
        if self._on_change is not None:
            self._on_change(key)


class Tick:
    """Yes or no; `value` says which."""

    def __init__(
        self, label: str, value: bool = False, on_change: Callable[[bool], Any] | None = None
    ) -> None:
        self.value = value
        self._on_change = on_change
        with parts.box("switch", "label"):
            self.element = parts.box("", "input", type="checkbox")
            parts.text(label)
        self.element.props["defaultChecked"] = value
        self.element.on(
            "change",
            lambda event: self._ticked(bool(event.args)),
            js_handler="(event) => emit(event.target.checked)",
        )

    def _ticked(self, value: bool) -> None:
        self.value = value
        if self._on_change is not None:
            self._on_change(value)


class DateRange:
    """From one day to another, both counted, in the hall's zone; None: open on that side."""

    def __init__(
        self,
        visit: Visit,
        first: date | None,
        last: date | None,
        on_change: Callable[[date | None, date | None], Any],
    ) -> None:
        self.visit, self.first, self.last = visit, first, last
        self._on_change = on_change
        with parts.box("range", "fieldset"):
            parts.text(visit.say("range"), "sr-only", tag="legend")
            self._inputs = parts.box("range-days")
            with parts.box("range-spans"):
                for days in SPANS_DAYS:
                    words = visit.say("today") if days == 1 else visit.say("last_days", n=days)
                    parts.button(words, partial(self._span, days), "btn btn-quiet")
        self._draw()

    def _draw(self) -> None:
        say = self.visit.say
        self._inputs.clear()
        with self._inputs:
            for words, day, take in (
                (say("range_from"), self.first, self._from),
                (say("range_to"), self.last, self._to),
            ):
                Field(words, "date", value=day.isoformat() if day else "", on_change=take)

    def _span(self, days: int) -> None:
        self.last = self.visit.now().astimezone(self.visit.zone).date()
        self.first = self.last - timedelta(days=days - 1)
        self._draw()
        self._on_change(self.first, self.last)

    def _from(self, value: str) -> None:
        self.first = _day(value)
        self._on_change(self.first, self.last)

    def _to(self, value: str) -> None:
        self.last = _day(value)
        self._on_change(self.first, self.last)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def form(classes: str = "form") -> ui.element:
    """A form that is never sent by the browser itself."""
    element = parts.box(classes, "form")
    element.on("submit", js_handler="(event) => event.preventDefault()")
    return element
