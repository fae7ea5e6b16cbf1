"""The few building blocks of every page. Text goes in as text: markup in it is never markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

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
                text(words, tag="option", value=key)
    element.props["value"] = value
    element.on(
        "change",
        lambda event: on_change(str(event.args)),
        js_handler="(event) => emit(event.target.value)",
    )
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
