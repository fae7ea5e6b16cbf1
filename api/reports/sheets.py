"""A report as the office's spreadsheet opens it: XLSX with four sheets, or CSV of the windows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from api.console.strings import Say
from api.reports.figures import Report, RuleFigures

Cell: TypeAlias = str | int | float
Rows: TypeAlias = list[list[Cell]]

FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


def _plain(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 1)


def windows_rows(report: Report, say: Say) -> Rows:
    keys = ("attended", "paused", "unattended", "unknown")
    rows: Rows = [
        [say("report_window"), *(say.of("standing_min", key) for key in keys),
         say("report_counted"), *(say.of("outcome_of", fate) for fate in _FATES)]
    ]  # fmt: skip
    for window in report.windows:
        spent = (window.attended_s, window.paused_s, window.unattended_s, window.unknown_s)
        rows.append(
            [
                window.name,
                *(_minutes(seconds) for seconds in spent),
                sum(rule.counted for rule in window.rules),
                *(sum(getattr(rule, fate) for rule in window.rules) for fate in _FATES),
            ]
        )
    return rows


_FATES = ("confirmed", "excused", "settled", "open", "false", "exempt")


def rules_rows(report: Report, say: Say) -> Rows:
    rows: Rows = [[say("report_window"), say("report_rule"), *_rule_heads(say)]]
    for window in report.windows:
        rows += [
            [window.name, say.known("rule", rule.rule), *_rule_cells(rule)] for rule in window.rules
        ]
    rows += [
        [say("report_whole_hall"), say.known("rule", rule.rule), *_rule_cells(rule)]
        for rule in report.rules
    ]
    return rows


def _rule_heads(say: Say) -> list[Cell]:
    return [
        say("report_counted"),
        say("report_lasted_min"),
        *(say.of("outcome_of", f) for f in _FATES),
    ]


def _rule_cells(rule: RuleFigures) -> list[Cell]:
    return [rule.counted, _minutes(rule.lasted_s), *(getattr(rule, fate) for fate in _FATES)]


def queues_rows(report: Report, say: Say) -> Rows:
    rows: Rows = [
        [say("report_queue"), say("report_weekday"), say("report_hour"), say("report_mean"),
         say("report_most")]
    ]  # fmt: skip
    for queue in report.queues:
        rows += [
            [queue.name, say.of("weekday", str(h.weekday)), h.hour, round(h.mean, 1), h.most]
            for h in queue.hours
        ]
    return rows


def days_rows(report: Report, say: Say) -> Rows:
    rows: Rows = [[say("report_day"), say("report_counted"), say("report_lasted_min")]]
    rows += [[d.day.isoformat(), d.counted, _minutes(d.lasted_s)] for d in report.days]
    return rows


def xlsx(report: Report, say: Say) -> bytes:
    """The whole report."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in (
        (say("report_windows"), windows_rows(report, say)),
        (say("report_rules"), rules_rows(report, say)),
        (say("report_queues"), queues_rows(report, say)),
        (say("report_days"), days_rows(report, say)),
    ):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_plain(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for n in range(1, len(rows[0]) + 1):
            sheet.column_dimensions[get_column_letter(n)].width = 16
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_of(rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark, so that the office's spreadsheet reads Chinese."""
    text = io.StringIO()
    csv.writer(text).writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
