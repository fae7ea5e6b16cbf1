"""Keys of a page: they work where nobody types, and "?" lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nicegui import ui

from api.console.page import Visit


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys (as a browser names them), what they do in words, and either where they lead or which
    element of the page they press."""

    keys: tuple[str, ...]
    words: str
    href: str = ""
    presses: str = ""  # a CSS selector


class Shortcuts(ui.element, component="static/shortcuts.js"):
    """A small button that says which keys there are, and the keys themselves."""

    def __init__(self, visit: Visit, shortcuts: Iterable[Shortcut]) -> None:
        super().__init__()
        say = visit.say
        self.props["words"] = {"title": say("keys_title"), "close": say("keys_close")}
        self.show(shortcuts)

    def show(self, shortcuts: Iterable[Shortcut]) -> None:
        listed = [
            {"keys": s.keys, "words": s.words, "href": s.href, "presses": s.presses}
            for s in shortcuts
        ]
        if self.props.get("shortcuts") != listed:
            self.props["shortcuts"] = listed
            self.update()
