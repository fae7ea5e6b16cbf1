"""Empty schedule files with the right headings and an example, to be filled in."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Font

from api.roster.columns import HEADINGS
from api.roster.importing import ScheduleKind

FIELDS: dict[ScheduleKind, tuple[str, ...]] = {
    ScheduleKind.STAFF: ("number", "name", "window", "post"),
    ScheduleKind.SHIFTS: ("date", "window", "post", "number", "name", "start", "end"),
    ScheduleKind.LEAVES: ("number", "name", "start", "end", "note"),
}

_EXAMPLES: dict[ScheduleKind, tuple[tuple[str, ...], ...]] = {
    ScheduleKind.STAFF: (("1001", "张三", "1号窗口", "A"), ("1002", "李四", "1号窗口", "B")),
    ScheduleKind.SHIFTS: (
        ("2026-11-23", "1号窗口", "A", "1001", "张三", "09:00", "17:00"),
        ("2026-11-23", "1号窗口", "B", "1002", "李四", "09:00", "17:00"),
    ),
    ScheduleKind.LEAVES: (
        ("1001", "张三", "2026-11-24", "2026-11-25", "年假"),
        ("1002", "李四", "2026-11-26 14:00", "2026-11-26 16:00", "外出"),
    ),
}

_NOTES = (
    "请替换示例行。下班不晚于上班的班次按次日计算，最长 16 小时。",
    "An end that is not after the start means the next day; a shift lasts 16 hours at most.",
    "请假只写日期即为整天，结束日期当天也算。",
    "A leave with dates alone is whole days, the last one included.",
)


def template(kind: ScheduleKind, language: str = "zh") -> bytes:
    """An XLSX file that `import_schedule` takes once its examples are replaced."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = kind.value
    sheet.append([HEADINGS[name][0 if language == "zh" else 1] for name in FIELDS[kind]])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in _EXAMPLES[kind]:
        sheet.append(row)
    for column in sheet.columns:
        for cell in column:
            cell.number_format = "@"  # text, so that the office's spreadsheet changes nothing
    notes = book.create_sheet("说明")
    for line in _NOTES:
        notes.append([line])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
