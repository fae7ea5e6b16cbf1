"""What nobody presses, drawn as one piece of markup: hundreds of cells are one element to the
browser and to the server. Words go in as words, as everywhere (`drawn.html` escapes them)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment, FileSystemLoader
from nicegui import ui

from api.console import parts
from api.console.page import Visit

OPENING, CLOSING = 8, 18
"""The hours that a heat map shows at least."""

_parts = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True
).get_template("drawn.html").module  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with a bar beside it; share: of the longest one."""

    number: int
    share: float


@dataclass(frozen=True, slots=True)
class Heat:
    """One cell: what stands in it, what it says in words, how deep it is (0 to 1; None: it cannot
    be told)."""

    shown: str
    words: str
    depth: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """Of a bar of how a window stood; share: of the whole bar."""

    kind: str
    share: float


@dataclass(frozen=True, slots=True)
class StandingBar:
    """`nothing` is said where there are no words."""

    name: str
    parts: Sequence[Part]
    words: Sequence[str]
    nothing: str


@dataclass(frozen=True, slots=True)
class DayBar:
    """A day of the month; share: of the highest."""

    day: int
    shown: str
    words: str
    share: float


Cell: TypeAlias = str | Bar


def table(name: str, columns: Sequence[parts.Column], rows: Iterable[Sequence[Cell]]) -> None:
    """A table that the keyboard can move sideways where it is wider than the page."""
    pairs = [zip(columns, row, strict=True) for row in rows]
    _region(_draw("table", name, columns, pairs).classes("report-wide"), name)


def heat_map(visit: Visit, name: str, cells: Mapping[tuple[int, int], Heat]) -> None:
    """Weekdays down, hours across; the number stands in the cell, its depth is only help."""
    say, hours = visit.say, _hours(cells)
    rows = [
        (say.of("weekday", str(day)), [cells.get((day, hour)) for hour in hours])
        for day in range(7)
    ]
    _region(_draw("heat", name, say("report_weekday"), hours, rows).classes("heat-frame"), name)


def _hours(cells: Mapping[tuple[int, int], Heat]) -> range:
    """From opening to closing, and as far beyond as there is something to tell."""
    told = [hour for (_, hour), heat in cells.items() if heat.depth]
    return range(min([OPENING, *told]), max([CLOSING, *(hour + 1 for hour in told)]))


def standing(bar: StandingBar, classes: str = "") -> None:
    _draw("standing", bar).classes(f"standing-row {classes}")


def days(bars: Sequence[DayBar]) -> None:
    _draw("days", bars, tag="ol").classes("days")


def _region(frame: ui.html, name: str) -> None:
    frame.props["role"], frame.props["aria-label"], frame.props["tabindex"] = "region", name, "0"


def _draw(macro: str, *values: object, tag: str = "div") -> ui.html:
    return ui.html(str(getattr(_parts, macro)(*values)), sanitize=False, tag=tag)
