"""Read an office's CSV or XLSX file into rows of cells, without guessing."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from openpyxl import load_workbook
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.worksheet.worksheet import Worksheet

from api.roster.problems import Problem, ScheduleRefusedError

MOST_ROWS = 20_000
MOST_COLUMNS = 64
MOST_UNPACKED_BYTES = 100_000_000
"""A workbook is a zip: this is what all its parts together may unpack to."""

NOTES = ("说明", "readme", "notes")
"""Sheets by these names are for people and are not read."""

Cell: TypeAlias = str | int | float | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` counts from 1 as the spreadsheet shows it."""

    number: int
    cells: tuple[Cell, ...]


def read_sheet(content: bytes) -> tuple[Row, ...]:
    """The rows that hold anything. The kind of file is told by its bytes, not by its name.
    Raises ScheduleRefusedError."""
    if not content.strip():
        raise refused("empty_file")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused("old_excel")
    rows = _xlsx(content) if content.startswith(b"PK\x03\x04") else _csv(_decoded(content))
    filled = []
    for row in rows:
        if any(cell is not None and cell != "" for cell in row.cells):
            filled.append(row)
        if len(filled) > MOST_ROWS:
            raise refused("too_big", str(MOST_ROWS))
    if not filled:
        raise refused("empty_file")
    return tuple(filled)


def refused(code: str, value: str = "") -> ScheduleRefusedError:
    """The refusal of a file as a whole."""
    return ScheduleRefusedError([Problem(0, "", code, value)])


def _decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one (Excel's "Unicode text"), else GB18030,
    which holds GBK and GB2312."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refused("encoding")


def _csv(text: str) -> Iterable[Row]:
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = max(",\t;，", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            yield Row(before + 1, tuple(cell.strip() for cell in cells[:MOST_COLUMNS]))
            before = reader.line_num  # a quoted cell may run over several lines
    except csv.Error as error:
        raise refused("csv", f"{error} ({reader.line_num})") from error


def _xlsx(content: bytes) -> Iterable[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise refused("too_big", str(MOST_ROWS))
        book = load_workbook(io.BytesIO(content), data_only=True)
    except ScheduleRefusedError:
        raise
    except Exception as error:  # openpyxl lets many kinds escape on a broken file
        raise refused("broken_xlsx") from error
    if book.epoch != WINDOWS_EPOCH:
        raise refused("epoch_1904")
    sheets = [
        sheet
        for sheet in book.worksheets
        if sheet.sheet_state == "visible" and sheet.title.strip().lower() not in NOTES
    ]
    if len(filled := [s for s in sheets if s.max_row > 1 or s["A1"].value is not None]) > 1:
        raise refused("many_sheets", ", ".join(sheet.title for sheet in filled))
    return _sheet_rows(filled[0]) if filled else ()


def _sheet_rows(sheet: Worksheet) -> Iterable[Row]:
    if sheet.max_row > 5 * MOST_ROWS:
        raise refused("too_big", str(MOST_ROWS))
    columns = min(sheet.max_column, MOST_COLUMNS)
    for number, values in enumerate(sheet.iter_rows(max_col=columns, values_only=True), 1):
        yield Row(number, tuple(_plain(value) for value in values))


def _plain(value: object) -> Cell:
    """A cell's value; a number that is whole becomes an int, so that 1001.0 reads 1001."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime):  # a spreadsheet's floating seconds are off by microseconds
        return (value + timedelta(milliseconds=500)).replace(microsecond=0)
    if isinstance(value, int | float | date | time | timedelta):
        return value
    return str(value).strip()
