"""What a schedule file asks for: every row read and checked, before anything is written.

Rules for shifts: an end that is not after the start means the next day; more than 16 hours is
refused. Nobody holds post A twice at a time, nor two posts of one window; standing in (post B) for
several windows, or beside one's own, is possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from api.roster.cells import DAY, CellError, clock_of, date_of, moment_of, post_of, text_of, utc_of
from api.roster.columns import RowReader, find_header
from api.roster.problems import Problem, ScheduleRefusedError
from api.roster.sheet import Cell, Row, refused
from api.roster.tables import Post

LONGEST_SHIFT = timedelta(hours=16)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What the file may speak of. `windows`: id -> name. `staff`: number -> name."""

    windows: Mapping[str, str]
    staff: Mapping[str, str]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class PlannedStaff:
    row: int
    number: str
    name: str
    window: str | None
    post: Post | None


@dataclass(frozen=True, slots=True)
class PlannedShift:
    row: int
    window: str
    post: Post
    number: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedLeave:
    row: int
    number: str
    starts_at: datetime
    ends_at: datetime
    note: str


def plan_staff(rows: Sequence[Row], known: Known) -> list[PlannedStaff]:
    """People, each with at most one post a row. Raises ScheduleRefusedError."""
    problems: list[Problem] = []
    planned = _rows(rows, ("number", "name"), problems, lambda r: _staff(r, known))
    names: dict[str, str] = {}
    posts: dict[tuple[str, Post], PlannedStaff] = {}
    seen: dict[tuple[str, str | None, Post | None], int] = {}
    for p in planned:
        if names.setdefault(p.number, p.name) != p.name:
            problems.append(Problem(p.row, "", "name_differs", p.name, names[p.number]))
        if (first := seen.setdefault((p.number, p.window, p.post), p.row)) != p.row:
            problems.append(Problem(p.row, "", "duplicate", str(first)))
        elif p.window is not None and p.post is not None:
            other = posts.setdefault((p.window, p.post), p)
            if other is not p:
                problems.append(Problem(p.row, "", "post_twice", str(other.row)))
    return _checked(planned, problems)


def plan_shifts(rows: Sequence[Row], known: Known) -> list[PlannedShift]:
    """Shifts that fit together. Raises ScheduleRefusedError."""
    required = ("date", "window", "post", "start", "end")
    problems: list[Problem] = []
    planned = _rows(rows, required, problems, lambda r: _shift(r, known), person=True)
    problems += _duplicates(planned)
    duplicates = {p.row for p in problems}
    problems += _overlaps([p for p in planned if p.row not in duplicates])
    return _checked(planned, problems)


def plan_leaves(rows: Sequence[Row], known: Known) -> list[PlannedLeave]:
    """Leaves: from one moment to another, whole days where no time is given, or a date with
    times. Raises ScheduleRefusedError."""
    problems: list[Problem] = []
    planned = _rows(rows, ("start", "end"), problems, lambda r: _leave(r, known), person=True)
    return _checked(planned, problems + _duplicates(planned))


def clash(a: PlannedShift, b: PlannedShift) -> bool:
    """Whether one person cannot hold both shifts."""
    together = a.starts_at < b.ends_at and b.starts_at < a.ends_at
    same_person = a.number == b.number
    return together and same_person and (a.window == b.window or a.post is b.post is Post.A)


def _rows(
    rows: Sequence[Row],
    required: tuple[str, ...],
    problems: list[Problem],
    meaning: Callable[[RowReader], T | None],
    *,
    person: bool = False,
) -> list[T]:
    """Every row below the header as `meaning` reads it. `person`: it must say whose it is."""
    header = find_header(rows, required)
    if person and not {"number", "name"} & set(header.places):
        raise refused("no_header", "工号/staff_no")
    below = [row for row in rows if row.number > header.row]
    if not below:
        raise refused("no_rows")
    readers = [RowReader(row, header, problems) for row in below]
    read = [(reader, meaning(reader)) for reader in readers]
    return [value for reader, value in read if value is not None and reader.good]


def _checked(planned: list[T], problems: list[Problem]) -> list[T]:
    if problems:
        raise ScheduleRefusedError(sorted(problems, key=lambda p: p.row))
    return planned


def _staff(row: RowReader, known: Known) -> PlannedStaff | None:
    number = row.read("number", lambda cell: _filled(cell, 32))
    name = row.read("name", lambda cell: _filled(cell, 80))
    window = post = None
    if row.text("window") or row.text("post"):
        window = row.read("window", lambda cell: _window(cell, known))
        post = row.read("post", post_of)
    if number is None or name is None:
        return None
    return PlannedStaff(row.row.number, number, name, window, post)


def _shift(row: RowReader, known: Known) -> PlannedShift | None:
    day = row.read("date", date_of)
    window = row.read("window", lambda cell: _window(cell, known))
    post = row.read("post", post_of)
    number = _number(row, known)
    start, end = row.read("start", clock_of), row.read("end", clock_of)
    if day is None or start is None or end is None:
        return None
    if end <= start:
        end += DAY
    starts_at = row.read("start", lambda _: utc_of(day, start, known.zone, end=False))
    ends_at = row.read("end", lambda _: utc_of(day, end, known.zone, end=True))
    if starts_at is not None and ends_at is not None and ends_at - starts_at > LONGEST_SHIFT:
        row.refuse("", "too_long", str(ends_at - starts_at))
    if window is None or post is None or number is None or starts_at is None or ends_at is None:
        return None
    return PlannedShift(row.row.number, window, post, number, starts_at, ends_at)


def _leave(row: RowReader, known: Known) -> PlannedLeave | None:
    number = _number(row, known)
    starts_at = row.read("start", lambda cell: _moment(row, cell, known, end=False))
    ends_at = row.read("end", lambda cell: _moment(row, cell, known, end=True))
    note = row.text("note", 200)
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        row.refuse("", "end_before_start")
    if number is None or starts_at is None or ends_at is None:
        return None
    return PlannedLeave(row.row.number, number, starts_at, ends_at, note)


def _moment(row: RowReader, cell: Cell, known: Known, *, end: bool) -> datetime:
    """Start or end of a leave. With a date column the cell is a time of that date, or blank for
    the whole day."""
    if "date" not in row.header.places:
        day, clock = moment_of(cell, end=end)
    else:
        day = date_of(row.cell("date"))
        whole = DAY if end else timedelta(0)
        clock = whole if cell is None or cell == "" else clock_of(cell)
    return utc_of(day, clock, known.zone, end=end)


def _filled(cell: Cell, most: int) -> str:
    text = text_of(cell, most)
    if not text:
        raise CellError("blank")
    return text


def _window(cell: Cell, known: Known) -> str:
    """The id of the window that the cell names by id or by name."""
    text = _filled(cell, 80)
    for window, name in known.windows.items():
        if text.lower() in (window, text_of(name).lower()):
            return window
    raise CellError("window", text, ", ".join(known.windows.values()))


def _number(row: RowReader, known: Known) -> str | None:
    """Whose row it is: by staff number, checked against the name; by a name that only one has."""
    number, name = row.text("number", 32), row.text("name")
    if number:
        if number not in known.staff:
            row.refuse("number", "staff", number)
            return None
        if name and text_of(known.staff[number]) != name:
            row.refuse("name", "name_differs", name, known.staff[number])
        return number
    if not name:
        row.refuse("number" if "number" in row.header.places else "name", "blank")
        return None
    called = [n for n, other in known.staff.items() if text_of(other) == name]
    if len(called) != 1:
        row.refuse("name", "two_of_name" if called else "staff_name", name)
        return None
    return called[0]


def _duplicates(planned: Sequence[PlannedShift] | Sequence[PlannedLeave]) -> list[Problem]:
    """Rows that say what an earlier one says."""
    first: dict[tuple[object, ...], int] = {}
    problems = []
    for p in planned:
        place = (p.window, p.post) if isinstance(p, PlannedShift) else ()
        earlier = first.setdefault((p.number, *place, p.starts_at, p.ends_at), p.row)
        if earlier != p.row:
            problems.append(Problem(p.row, "", "duplicate", str(earlier)))
    return problems


def _overlaps(planned: Sequence[PlannedShift]) -> list[Problem]:
    """Shifts that one person cannot hold both; the one that starts later is named."""
    problems = []
    held: dict[str, list[PlannedShift]] = {}  # number -> shifts still running, none clashing
    for p in sorted(planned, key=lambda p: (p.starts_at, p.row)):
        running = [q for q in held.get(p.number, []) if q.ends_at > p.starts_at]
        rival = next((q for q in running if clash(p, q)), None)
        if rival is None:
            running.append(p)
        else:
            problems.append(Problem(p.row, "", "overlap", str(rival.row)))
        held[p.number] = running
    return problems
