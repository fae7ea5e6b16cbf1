"""Write a roster to a file that `import_schedule` takes back unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Font
from sqlalchemy.orm import Session

from api.halls.reading import hall_row
from api.roster.columns import HEADINGS
from api.roster.importing import ScheduleKind
from api.roster.template import FIELDS
from api.roster.views import Between, leaves_of, staff_of
from api.roster.week import entries_of

Form = Literal["csv", "xlsx"]
Line = tuple[str, ...]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would run what begins so; an apostrophe before it keeps it a text."""


def export_schedule(
    session: Session, hall_id: str, kind: ScheduleKind, between: Between, form: Form
) -> bytes:
    """Staff as they are; shifts that begin within the span, weekly ones day by day; leaves that
    touch it. Raises UnknownHallIdError."""
    zone = ZoneInfo(hall_row(session, hall_id).timezone)
    if kind is ScheduleKind.STAFF:
        lines = _staff(session, hall_id)
    elif kind is ScheduleKind.SHIFTS:
        lines = _shifts(session, hall_id, between, zone)
    else:
        lines = _leaves(session, hall_id, between, zone)
    heads = tuple(HEADINGS[name][0] for name in FIELDS[kind])
    return _csv(heads, lines) if form == "csv" else _xlsx(heads, lines)


def _staff(session: Session, hall_id: str) -> list[Line]:
    """A line for each standing post, or one for who has none."""
    lines: list[Line] = []
    for person in staff_of(session, hall_id):
        posts = [(p.window, p.post.value) for p in person.posts] or [("", "")]
        lines += [(person.number, person.name, *post) for post in posts]
    return lines


def _shifts(session: Session, hall_id: str, between: Between, zone: ZoneInfo) -> list[Line]:
    first = between.starts_at.astimezone(zone).date()
    last = (between.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    entries = entries_of(session, hall_id, first, (last - first).days + 1)
    return [
        (
            f"{e.starts_at.astimezone(zone):%Y-%m-%d}", e.window, e.post.value, e.number, e.name,
            f"{e.starts_at.astimezone(zone):%H:%M:%S}", f"{e.ends_at.astimezone(zone):%H:%M:%S}",
        )
        for e in entries
        if between.starts_at <= e.starts_at < between.ends_at
    ]  # fmt: skip


def _leaves(session: Session, hall_id: str, between: Between, zone: ZoneInfo) -> list[Line]:
    def moment(at: datetime, *, end: bool) -> str:
        """With its time always: a day alone would be the whole of it."""
        local = at.astimezone(zone)
        if end and (local.hour, local.minute, local.second) == (0, 0, 0):
            return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
        return f"{local:%Y-%m-%d %H:%M:%S}"

    return [
        (
            leave.number, leave.name, moment(leave.starts_at, end=False),
            moment(leave.ends_at, end=True), leave.note,
        )
        for leave in leaves_of(session, hall_id, between)
    ]  # fmt: skip


def _safe(lines: Iterable[Line]) -> list[Line]:
    return [tuple(f"'{c}" if c.startswith(FORMULA) else c for c in line) for line in lines]


def _csv(heads: Line, lines: list[Line]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows(_safe(lines))
    return text.getvalue().encode("utf-8-sig")


def _xlsx(heads: Line, lines: list[Line]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(heads)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for line in lines:
        sheet.append(line)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.number_format, cell.data_type = "@", "s"  # text: no formula is ever run
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
