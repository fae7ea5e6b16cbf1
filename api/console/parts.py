"""The building blocks of every page. Text goes in as text: markup in it is never markup.

| part | for |
|---|---|
| `box`, `text`, `link`, `icon` | an element that holds others; words; a link; a drawing |
| `button`, `icon_button` | something to press, with words or with a drawing and a spoken name |
| `heading` | a page's title with a line about it; what goes in its box stands to the right |
| `card` | a part of a page with a title of its own |
| `table` | rows and columns; on a phone each row becomes a small card |
| `badge` | a state in words, never in colour alone |
| `Tabs` | one of a few views |
| `facts` | names and values, one pair a line |
| `hollow` | a page or list with nothing in it: says why, and what to do |
| `tell` | a short line at the foot of the page |
| `forms.Field`, `.Choice`, `.Tick` | a labelled input with its hint and its complaint |
| `forms.DateRange` | from one day to another, with the usual spans a click away |
| `sheets.ask` | asks before something is done, for a reason if one is wanted |
| `sheets.Sheet` | a dialog with a page's own content |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

STATIC = "/console/static"


def box(classes: str = "", tag: str = "div", **attributes: str) -> ui.element:
    """An element that holds others. Underscores in attribute names become hyphens."""
    element = ui.element(tag).classes(classes)
    _attributes(element, attributes)
    return element


def text(value: str, /, classes: str = "", tag: str = "span", **attributes: str) -> TextElement:
    """An element that holds text."""
    element = TextElement(tag=tag, text=value)
    element.classes(classes)
    _attributes(element, attributes)
    return element


def link(value: str, href: str, classes: str = "", **attributes: str) -> TextElement:
    return text(value, classes, tag="a", href=href, **attributes)


def icon(name: str, classes: str = "") -> ui.element:
    """A drawing of `static/icons.svg`, silent to a screen reader: words stand beside it."""
    with box(f"icon {classes}", "svg", aria_hidden="true") as drawing:
        box("", "use", href=f"{STATIC}/icons.svg#{name}")
    return drawing


def button(
    label: str,
    on_click: Callable[[], Any],
    classes: str = "btn",
    *,
    drawing: str = "",
    **attributes: str,
) -> ui.element:
    """A real button, with a drawing before its label if one is named."""
    with box(classes, "button", type="button", **attributes) as element:
        if drawing:
            icon(drawing)
        if label:
            text(label)
    element.on("click", lambda _: on_click(), args=[])
    return element


def select(
    label: str, options: Iterable[tuple[str, str]], value: str, on_change: Callable[[str], None]
) -> ui.element:
    """The browser's own choice box: (value, text) pairs."""
    with box("choice", "label"):
        text(label, "sr-only")
        with box("", "select") as element:
            for key, words in options:
                option = text(words, tag="option", value=key)
                if key == value:
                    option.props["selected"] = True
    element.on(
        "change",
        lambda event: on_change(str(event.args)),
        js_handler="(event) => emit(event.target.value)",
    )
    return element


def icon_button(
    drawing: str, name: str, on_click: Callable[[], Any], classes: str = "btn btn-icon"
) -> ui.element:
    """A button that is only a drawing; `name` is spoken, and shown on hovering."""
    return button("", on_click, classes, drawing=drawing, aria_label=name, title=name)


@contextmanager
def heading(title: str, about: str = "") -> Iterator[ui.element]:
    """The page's title and a line about it; what is put inside stands to its right."""
    with box("heading", "header"):
        with box("heading-words"):
            text(title, "heading-title", tag="h1")
            if about:
                text(about, "heading-about", tag="p")
        with box("heading-acts") as acts:
            yield acts


@contextmanager
def card(title: str = "", classes: str = "") -> Iterator[ui.element]:
    """A part of a page, with a title of its own if one is given."""
    with box(f"card {classes}", "section") as element:
        if title:
            text(title, "card-title", tag="h2")
        yield element


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. kind: "" for words, "number" (to the right), "acts" (buttons)."""

    words: str
    kind: str = ""


Cell: TypeAlias = str | Callable[[], Any]
"""Words, or what draws into the cell."""


def table(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, name: str, classes: str = ""
) -> ui.element:
    """A table of `rows`; `name` says what it lists, to those who cannot see it."""
    with box(f"table-frame {classes}"), box("table", "table") as element:
        text(name, "sr-only", tag="caption")
        with box("", "thead"), box("", "tr"):
            for column in columns:
                text(column.words, f"cell-{column.kind or 'words'}", tag="th", scope="col")
        with box("", "tbody"):
            for row in rows:
                with box("", "tr"):
                    for column, cell in zip(columns, row, strict=True):
                        _cell(column, cell)
    return element


def _cell(column: Column, cell: Cell) -> None:
    classes = f"cell-{column.kind or 'words'}"
    if isinstance(cell, str):
        text(cell, classes, tag="td", data_head=column.words)
        return
    with box(classes, "td", data_head=column.words):
        cell()


def badge(words: str, kind: str = "calm", drawing: str = "") -> ui.element:
    """A state: its words, a drawing if named, and one of the kinds calm, good, info, warn, bad."""
    with box(f"badge badge-{kind}", "span") as element:
        if drawing:
            icon(drawing)
        text(words)
    return element


class Tabs:
    """A row of buttons, one of which is pressed. `on_change` is told the key that was chosen."""

    def __init__(
        self,
        label: str,
        options: Iterable[tuple[str, str]],
        value: str,
        on_change: Callable[[str], Any],
    ) -> None:
        self.value = value
        self.on_change = on_change
        self._buttons: dict[str, ui.element] = {}
        with box("choices", role="group", aria_label=label):
            for key, words in options:
                self._buttons[key] = button(words, partial(self._choose, key), "choice-tab")
        self._press()

    def _choose(self, key: str) -> None:
        self.value = key
        self._press()
        self.on_change(key)

    def _press(self) -> None:
        for key, element in self._buttons.items():
            element.props["aria-pressed"] = "true" if key == self.value else "false"


def facts(pairs: Iterable[tuple[str, str]], classes: str = "facts") -> None:
    """Names and values, one pair a line."""
    with box(classes, "dl"):
        for name, value in pairs:
            text(name, tag="dt")
            text(value, tag="dd")


def hollow(
    drawing: str, title: str, do: str, way: tuple[str, str] | None = None, *, tag: str = "h2"
) -> ui.element:
    """Nothing to show: why, what to do, and the (words, address) of a link that helps.
    `tag`: "h1" where this is the whole page."""
    with box("hollow") as element:
        icon(drawing, "hollow-icon")
        text(title, "hollow-title", tag=tag)
        text(do, "hollow-do", tag="p")
        if way is not None:
            link(way[0], way[1], "btn")
    return element


def tell(words: str, kind: str) -> None:
    """A short line at the foot of the page; text only."""
    ui.notify(
        words,
        position="bottom",
        classes=f"notice notice-{kind}",
        timeout=4000,
        html=False,
        attrs={"role": "status"},
    )


def _attributes(element: ui.element, attributes: dict[str, str]) -> None:
    for name, value in attributes.items():
        element.props[name.rstrip("_").replace("_", "-")] = value
