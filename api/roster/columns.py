"""Find the header of a schedule file and read its rows by heading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from api.roster.cells import CellError, text_of
from api.roster.problems import Problem
from api.roster.sheet import Cell, Row, refused

T = TypeVar("T")

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "date": ("日期", "date", "day"),
    "window": ("窗口", "window", "窗口号", "窗口名称"),
    "post": ("岗位", "post", "a/b岗", "ab岗", "a/b"),
    "number": ("工号", "staff_no", "staff no", "员工编号", "number"),
    "name": ("姓名", "name", "人员", "员工"),
    "start": ("开始", "start", "开始时间", "上班", "上班时间", "开始日期", "from"),
    "end": ("结束", "end", "结束时间", "下班", "下班时间", "结束日期", "to"),
    "note": ("事由", "note", "备注", "reason", "原因"),
}
"""Field -> the headings that it goes by; the first two are those of the template."""

SEARCHED_ROWS = 10
"""A title may stand above the header; further down nobody puts one."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the fields stand: field -> column index and heading as written."""

    row: int
    places: Mapping[str, tuple[int, str]]


def find_header(rows: Sequence[Row], required: Sequence[str]) -> Header:
    """The first row that has all required headings. Raises ScheduleRefusedError."""
    best: dict[str, tuple[int, str]] = {}
    for row in rows[:SEARCHED_ROWS]:
        places = _places(row)
        if all(name in places for name in required):
            return Header(row.number, places)
        best = max(best, places, key=len)
    missing = [HEADINGS[name][0] for name in required if name not in best]
    raise refused("no_header", ", ".join(missing))


def _places(row: Row) -> dict[str, tuple[int, str]]:
    places: dict[str, tuple[int, str]] = {}
    for index, cell in enumerate(row.cells):
        if not isinstance(cell, str):
            continue
        heading = cell.strip().lower()
        for name, known in HEADINGS.items():
            if heading in known:
                if name in places:
                    raise refused("double_header", cell)
                places[name] = (index, cell)
    return places


@dataclass(slots=True)
class RowReader:
    """Reads one row's fields; what cannot be read becomes a problem and gives None."""

    row: Row
    header: Header
    problems: list[Problem]
    good: bool = field(default=True)

    def cell(self, name: str) -> Cell:
        """The cell of a field; None where the column or the cell is missing."""
        index, _ = self.header.places.get(name, (len(self.row.cells), ""))
        return self.row.cells[index] if index < len(self.row.cells) else None

    def read(self, name: str, meaning: Callable[[Cell], T]) -> T | None:
        try:
            return meaning(self.cell(name))
        except CellError as error:
            self.refuse(name, error.code, error.value, error.known)
            return None

    def text(self, name: str, most: int = 80) -> str:
        return self.read(name, lambda cell: text_of(cell, most)) or ""

    def refuse(self, name: str, code: str, value: str = "", known: str = "") -> None:
        """Note a problem with this field, or with the row where `name` is empty."""
        self.good = False
        heading = self.header.places[name][1] if name in self.header.places else ""
        self.problems.append(Problem(self.row.number, heading, code, value, known))
