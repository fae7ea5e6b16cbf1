"""A page of the console as its one table (`pages.py`) names it: for the router and for the
navigation alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from api.users.permissions import Permission

if TYPE_CHECKING:
    from api.console.beat import Beat
    from api.console.page import Visit


class Group(StrEnum):
    """The parts of the navigation, in this order."""

    WATCH = "watch"  # what goes on now
    REVIEW = "review"  # what is judged
    HALL = "hall"  # who works where, what is seen
    OVERSIGHT = "oversight"  # figures, and who did what


@dataclass(frozen=True, slots=True)
class Entry:
    """One page.

    path: as FastAPI writes it; `visit.names` holds its parts. name: of the navigation's entry that
    lights up, its words are `nav.<name>`, and the page's part is styled by `.main-<name>`.
    build: draws the page into the frame. group, icon: where it stands in the navigation and its
    drawing in `static/icons.svg`; a page below an entry (one alert) leaves both out.
    count: how many things wait there for this person, shown beside the entry.
    """

    path: str
    name: str
    needs: Permission
    build: Callable[[Visit, Beat], None]
    group: Group | None = None
    icon: str = ""
    count: Callable[[Visit], int] | None = None
