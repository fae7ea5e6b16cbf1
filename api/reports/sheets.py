"""A report as the office's spreadsheet opens it: XLSX with all of it, or CSV of the windows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from api.console.strings import Say
from api.reports.cover import IN_TIME, Filled
from api.reports.groups import GroupFigures, GroupMonth
from api.reports.minutes import Standing
from api.reports.views import CoverFigures, Report, RuleFigures, Spent

Cell: TypeAlias = str | int | float | None
Rows: TypeAlias = list[list[Cell]]

FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would take for a formula at the beginning of a cell."""
FATES = ("confirmed", "excused", "settled", "open", "false", "exempt")


def _plain(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _minutes(seconds: float) -> float:
    """To the second, as a part of a minute."""
    return round(seconds / 60, 4)


def _wait(seconds: float | None, say: Say) -> Cell:
    """An estimate is not given to the second."""
    return say("report_cannot_tell") if seconds is None else round(seconds / 60, 1)


def _spent_heads(say: Say) -> list[Cell]:
    return [say.of("standing_min", standing) for standing in Standing]


def _spent(spent: Spent) -> list[Cell]:
    return [_minutes(getattr(spent, f"{standing.value}_s")) for standing in Standing]


def windows_rows(report: Report, say: Say) -> Rows:
    rows: Rows = [
        [say("report_window"), *_spent_heads(say),
         say("report_counted"), *(say.of("outcome_of", fate) for fate in FATES)]
    ]  # fmt: skip
    for name, spent, rules in (
        *((window.name, window.spent, window.rules) for window in report.windows),
        (say("report_whole_hall"), report.spent, report.rules),
    ):
        rows.append(
            [
                name,
                *_spent(spent),
                sum(rule.counted for rule in rules),
                *(sum(getattr(rule, fate) for rule in rules) for fate in FATES),
            ]
        )
    return rows


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
        *(say.of("outcome_of", f) for f in FATES),
    ]


def _rule_cells(rule: RuleFigures) -> list[Cell]:
    return [rule.counted, _minutes(rule.lasted_s), *(getattr(rule, fate) for fate in FATES)]


def cover_rows(report: Report, say: Say) -> Rows:
    rows: Rows = [
        [say("report_window"), say("report_gap"), say("report_post"), say("report_gaps"),
         say("report_named"), *(say.of("filled", filled) for filled in Filled),
         say("report_in_time"), say("report_after_min")]
    ]  # fmt: skip
    for name, several in (
        *((window.name, window.cover) for window in report.windows),
        (say("report_whole_hall"), report.cover),
    ):
        rows += [[name, *_cover_cells(cover, say)] for cover in several]
    return rows


def _cover_cells(cover: CoverFigures, say: Say) -> list[Cell]:
    return [
        say.of("gap", cover.gap),
        say.of("post", cover.post),
        cover.count,
        cover.named,
        *(cover.filled[filled] for filled in Filled),
        sum(cover.filled[filled] for filled in IN_TIME),
        None if cover.mean_s is None else _minutes(cover.mean_s),
    ]


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


def waits_rows(report: Report, say: Say) -> Rows:
    rows: Rows = [
        [say("report_weekday"), say("report_hour"), say("report_served"), say("report_wait_min")]
    ]
    rows += [
        [say.of("weekday", str(w.weekday)), w.hour, w.served, _wait(w.wait_s, say)]
        for w in report.waits
    ]
    return rows


def days_rows(report: Report, say: Say) -> Rows:
    rows: Rows = [[say("report_day"), say("report_counted"), say("report_lasted_min")]]
    rows += [[d.day.isoformat(), d.counted, _minutes(d.lasted_s)] for d in report.days]
    return rows


def months_rows(report: Report, say: Say) -> Rows:
    rows: Rows = [
        [say("report_month_name"), *_spent_heads(say), say("report_counted"),
         *(say.of("outcome_of", fate) for fate in FATES), say("report_wait_min"),
         say("report_gaps"), say("report_in_time")]
    ]  # fmt: skip
    rows += [
        [f"{m.month:%Y-%m}", *_spent(m.spent), m.counted, *(getattr(m, fate) for fate in FATES),
         _wait(m.wait_s, say), m.gaps, m.in_time]
        for m in report.months
    ]  # fmt: skip
    return rows


def groups_rows(months: Sequence[GroupMonth], say: Say) -> Rows:
    rows: Rows = [
        [say("report_month_name"), say("report_group_by"), say("report_group"),
         say("report_people"), *_spent_heads(say), say("report_counted"),
         say.of("outcome_of", "confirmed")]
    ]  # fmt: skip
    for month in months:
        rows += [
            [f"{month.month:%Y-%m}", say.of("group_by", group.by), group_name(group, say),
             group.people, *_spent(group.spent), group.counted, group.confirmed]
            for group in month.groups
        ]  # fmt: skip
        if not month.groups:
            rows.append([f"{month.month:%Y-%m}", say("report_too_few", least=month.least)])
    return rows


def group_name(group: GroupFigures, say: Say) -> str:
    """The posts or shifts that it is made of, in words."""
    names = [
        say.of("post", name) if group.by == "post" else say.known("shift_of", name)
        for name in group.names
    ]
    return say("name_comma").join(names)


def xlsx(report: Report, months: Sequence[GroupMonth], say: Say) -> bytes:
    """The whole report."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in (
        (say("report_windows"), windows_rows(report, say)),
        (say("report_rules"), rules_rows(report, say)),
        (say("report_cover"), cover_rows(report, say)),
        (say("report_queues"), queues_rows(report, say)),
        (say("report_waits"), waits_rows(report, say)),
        (say("report_days"), days_rows(report, say)),
        (say("report_months"), months_rows(report, say)),
        (say("report_groups"), groups_rows(months, say)),
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
