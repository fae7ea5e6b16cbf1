"""What a cell says: dates, times, posts and names as offices write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from api.roster.sheet import Cell
from api.roster.tables import Post

EXCEL_EPOCH = datetime(1899, 12, 30)
"""Day 0 of a spreadsheet's serial numbers, as Excel counts from March 1900 on."""

DAY = timedelta(days=1)

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2})\s*[:点时]\s*(?:(\d{1,2})\s*分?)?(?::(\d{2}))?")
_COMPACT_TIME = re.compile(r"(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}")
_SERIAL_MOMENT = re.compile(r"\d{5}\.\d+")
_BREAKS = re.compile(r"[\r\n\t]+")  # spreadsheet cells may hold line breaks
_DAY_SHARE = re.compile(r"0?\.\d+|0|1")


class CellError(ValueError):
    """A cell that says nothing we may use; `code` is a key of `problems.TEXTS`."""

    def __init__(self, code: str, value: str = "", known: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.value = value
        self.known = known


def text_of(cell: Cell, most: int = 200) -> str:
    """A cell as plain text: full-width forms made narrow, spaces trimmed, "" for a blank."""
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell))
    text = _BREAKS.sub(" ", text).strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise CellError("control")
    if len(text) > most:
        raise CellError("too_long_text", known=str(most))
    return text


def date_of(cell: Cell) -> date:
    """A day: a spreadsheet date or serial, 2026-11-23, 2026/11/23, 2026年11月23日, 20261123.
    A date without a year, or with the year last, is refused: it could mean several."""
    if isinstance(cell, datetime):
        if cell.time() != time(0):
            raise CellError("date", str(cell))
        return _near(cell.date(), cell)
    if isinstance(cell, date):
        return _near(cell, cell)
    text = text_of(cell)
    if _SERIAL.fullmatch(text):
        return date_of(EXCEL_EPOCH + timedelta(days=int(text)))
    found = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if not found:
        raise CellError("blank" if not text else "date", text)
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise CellError("date", text) from error
    return _near(day, text)


def _near(day: date, cell: object) -> date:
    if not 2000 <= day.year <= 2099:
        raise CellError("far_date", str(cell))
    return day


def clock_of(cell: Cell) -> timedelta:
    """A time of day as time since midnight, at most 24:00: a spreadsheet time or share of a day,
    09:00, 9:00:00, 9点30分, 0900."""
    if isinstance(cell, datetime):  # a time that a spreadsheet put on its day 0
        if cell.date() > date(1900, 1, 1):
            raise CellError("time", str(cell))
        cell = cell.time()
    if isinstance(cell, time):
        return _within_day(
            timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second), cell
        )
    if isinstance(cell, timedelta):
        return _within_day(cell, cell)
    text = text_of(cell)
    if _DAY_SHARE.fullmatch(text):
        return _within_day(timedelta(seconds=round(float(text) * 86400)), text)
    found = _TIME.fullmatch(text) or _COMPACT_TIME.fullmatch(text)
    if not found:
        raise CellError("blank" if not text else "time", text)
    hour, minute, second = (int(part or 0) for part in (*found.groups(), "0")[:3])
    if minute > 59 or second > 59:
        raise CellError("time", text)
    return _within_day(timedelta(hours=hour, minutes=minute, seconds=second), text)


def _within_day(clock: timedelta, cell: object) -> timedelta:
    if not timedelta(0) <= clock <= DAY:
        raise CellError("time", str(cell))
    return clock


def moment_of(cell: Cell, *, end: bool) -> tuple[date, timedelta]:
    """A day and time. A day alone is its beginning, or its end where `end` is asked for."""
    text = text_of(cell) if isinstance(cell, str | float) else ""
    if _SERIAL_MOMENT.fullmatch(text):
        cell = EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86400))
    if isinstance(cell, datetime) and cell.time() != time(0):
        return _near(cell.date(), cell), clock_of(cell.time())
    day, _, clock = text.replace("T", " ").partition(" ")
    if clock:
        return date_of(day), clock_of(clock)
    return date_of(cell), DAY if end else timedelta(0)


def utc_of(day: date, clock: timedelta, zone: ZoneInfo, *, end: bool) -> datetime:
    """That local time in UTC. Where clocks go back and it comes twice, a start is the first and
    an end the second; where they go forward over it, it is refused."""
    naive = datetime.combine(day, time(0)) + clock
    local = naive.replace(tzinfo=zone, fold=1 if end else 0)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise CellError("no_such_time", f"{naive:%Y-%m-%d %H:%M}")
    return local.astimezone(UTC)


def post_of(cell: Cell) -> Post:
    """A or B, also written A岗, B角."""
    text = text_of(cell)
    letter = text.upper().removesuffix("岗").removesuffix("角").strip()
    if letter not in ("A", "B"):
        raise CellError("blank" if not text else "post", text)
    return Post(letter)
