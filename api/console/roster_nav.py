"""The pages of the roster, one beside the other."""

from __future__ import annotations

from datetime import date

from api.console import parts
from api.console.page import Visit

ROSTER_PAGES = (
    ("day", "/roster"),
    ("week", "/roster/week"),
    ("hours", "/roster/hours"),
    ("away", "/roster/away"),
    ("notes", "/roster/notes"),
    ("changes", "/roster/changes"),
)


OF_A_DAY = ("day", "week")


def roster_nav(visit: Visit, current: str, day: date | None = None) -> None:
    """`day`: which one is looked at, so that the day and its week follow each other."""
    say = visit.say
    with parts.box("roster-nav", "nav", aria_label=say("roster_pages")):
        for name, address in ROSTER_PAGES:
            if day is not None and name in OF_A_DAY:
                address = f"{address}?day={day}"
            link = parts.link(say.of("roster_page", name), address, "roster-nav-link")
            if name == current:
                link.props["aria-current"] = "page"
