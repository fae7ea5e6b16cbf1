"""The thresholds beside the zones: of the whole hall, or of the window or queue that is chosen."""

from __future__ import annotations

from collections.abc import Callable

from api.console import parts
from api.console.forms import Field, Tick
from api.console.page import Visit
from api.console.zones_draft import Draft, Place, PlaceKind

Value = float | int | bool


class Thresholds:
    """A fold per rule, a field per threshold; what is typed goes into the draft."""

    def __init__(self, visit: Visit, draft: Draft, on_change: Callable[[], None]) -> None:
        self.visit, self.draft, self.on_change = visit, draft, on_change
        self.shown: str | None = None
        self.card = parts.box("card thresholds", "section")

    def show(self, place: Place | None) -> None:
        """Those of this place; None or an area: the whole hall's."""
        owner = "" if place is None or place.kind is PlaceKind.AREA else place.id
        key = f"{owner}@{id(self.draft)}"
        if key == self.shown:
            return
        self.shown = key
        say = self.visit.say
        self.card.clear()
        with self.card:
            whose = place.name or place.id if owner and place else say("thresholds_hall")
            parts.text(say("thresholds_title", whose=whose), "card-title", tag="h2")
            for rule, values in self.draft.values(owner).items():
                with parts.box("fold", "details"):
                    parts.text(say.known("rule", rule), "fold-head", tag="summary")
                    for name, value in values.items():
                        self._threshold(owner, rule, name, value)
            parts.text(say("thresholds_note"), "card-note", tag="p")

    def _threshold(self, owner: str, rule: str, name: str, value: Value) -> None:
        words = self.visit.say.known("policy", name)
        if isinstance(value, bool):
            Tick(words, value, lambda yes: self._set(owner, rule, name, yes))
            return
        whole = isinstance(value, int)

        def typed(text: str) -> None:
            number = number_of(text, whole=whole)
            if number is None:
                field.complain(self.visit.say("thresholds_number"))
            else:
                self._set(owner, rule, name, number)

        step = "1" if whole else "any"
        field = Field(words, "number", value=f"{value:g}", on_change=typed, min="0", step=step)

    def _set(self, owner: str, rule: str, name: str, value: Value) -> None:
        self.draft.thresholds[owner, rule, name] = value
        self.on_change()


def number_of(text: str, *, whole: bool) -> float | int | None:
    """A number that is not negative; None where the text is none."""
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        return None
    return number if 0 <= number < 1e6 else None
