"""Reports: how the windows stood, what became of alerts, when people queued; to print and save."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from nicegui import ui

from api.console import parts, times
from api.console.beat import Beat
from api.console.forms import DateRange
from api.console.missing import no_hall
from api.console.page import Visit
from api.reports.figures import (
    Period,
    PeriodError,
    QueueFigures,
    Report,
    RuleFigures,
    WindowFigures,
    report_of,
)
from api.reports.minutes import Standing

FATES = ("confirmed", "excused", "settled", "open", "false", "exempt")
OPENING, CLOSING = 8, 18
"""The hours that the heat map shows at least."""


def build(visit: Visit, beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _ReportsPage(visit, visit.hall.id)


class _ReportsPage:
    def __init__(self, visit: Visit, hall: str) -> None:
        self.visit, self.hall = visit, hall
        say = visit.say
        today = visit.now().astimezone(visit.zone).date()
        self.first, self.last = today.replace(day=1), today
        with parts.box("page reports"):
            with parts.heading(say.of("nav", "reports"), say("reports_about")):
                self.files = parts.box("report-files")
                words = say("report_print")
                parts.button(words, lambda: ui.run_javascript("print()"), drawing="print")
            with parts.box("report-period"):
                with parts.box("report-months"):
                    parts.button(say("report_month"), self._this_month)
                    parts.button(say("report_last_month"), self._last_month)
                DateRange(visit, self.first, self.last, self._chosen)
            self.place = parts.box("report")
        self.refresh()

    def _this_month(self) -> None:
        today = self.visit.now().astimezone(self.visit.zone).date()
        self._chosen(today.replace(day=1), today)

    def _last_month(self) -> None:
        today = self.visit.now().astimezone(self.visit.zone).date()
        last = today.replace(day=1) - timedelta(days=1)
        self._chosen(last.replace(day=1), last)

    def _chosen(self, first: date | None, last: date | None) -> None:
        if first is not None and last is not None:
            self.first, self.last = first, last
            self.refresh()

    def refresh(self) -> None:
        visit = self.visit
        try:
            with visit.console.database.reading() as session:
                report = report_of(session, self.hall, Period(self.first, self.last))
        except PeriodError:
            parts.tell(visit.say("report_bad_period"), "warning")
            return
        self.files.clear()
        with self.files:
            _files(visit, report)
        self.place.clear()
        with self.place:
            _show(visit, report)


def _files(visit: Visit, report: Report) -> None:
    asked = f"first={report.first}&last={report.last}&language={visit.say.language}"
    for form in ("xlsx", "csv"):
        address = f"/api/v1/halls/{report.hall}/report/{form}?{asked}"
        with parts.box("btn", "a", href=address, download=""):
            parts.icon("download")
            parts.text(form.upper())


def _show(visit: Visit, report: Report) -> None:
    say = visit.say
    now = visit.now()
    with parts.box("report-title"):
        period = say("report_period", first=report.first, last=report.last)
        parts.text(f"{report.hall_name} · {period}", tag="h2")
        made = times.day_clock(now, now, visit.zone, say)
        parts.text(say("report_made", time=made), "report-made", tag="p")
    with parts.card(say("report_standing")):
        _legend(visit)
        for window in report.windows:
            _standing(visit, window)
    with parts.card(say("report_rules")):
        _alerts(visit, report)
    if any(window.cover for window in report.windows):
        with parts.card(say("report_cover")):
            _cover(visit, report.windows)
    with parts.card(say("report_queues")):
        if not any(queue.hours for queue in report.queues):
            parts.text(say("report_no_queue"), "card-note", tag="p")
        for queue in report.queues:
            if queue.hours:
                _heat_map(visit, queue)
    with parts.card(say("report_days")):
        _days(visit, report)


def _legend(visit: Visit) -> None:
    with parts.box("standing-legend", aria_hidden="true"):
        for standing in Standing:
            with parts.box(f"standing-key standing-{standing}", "span"):
                parts.text(visit.say.of("standing", standing))


def _standing(visit: Visit, window: WindowFigures) -> None:
    """A bar of the window's whole time, each part with its words."""
    say = visit.say
    spent = {s: float(getattr(window, f"{s.value}_s")) for s in Standing}
    whole_s = sum(spent.values())
    with parts.box("standing-row"):
        parts.text(window.name, "standing-name")
        if not whole_s:
            parts.text(say("report_no_time"), "standing-none")
            return
        with parts.box("standing-bar"):
            for standing, seconds in spent.items():
                if seconds:
                    share = 100 * seconds / whole_s
                    words = f"{say.of('standing', standing)} {times.span(seconds, say)}"
                    part = parts.box(f"standing-part standing-{standing}", title=words)
                    part.style(f"width: {share:.2f}%")
        with parts.box("standing-words"):
            for standing, seconds in spent.items():
                if seconds:
                    share_words = f"{times.span(seconds, say)} ({seconds / whole_s:.0%})"
                    name = say.of("standing", standing)
                    parts.text(say("report_share", name=name, share=share_words))


def _alerts(visit: Visit, report: Report) -> None:
    say = visit.say
    if not report.rules:
        parts.text(say("report_no_alerts"), "card-note", tag="p")
        return
    columns = [parts.Column(say("report_window")), parts.Column(say("report_rule"))]
    columns += [
        parts.Column(words, "number")
        for words in (
            say("report_counted"),
            say("report_lasted"),
            *(say.of("outcome_of", fate) for fate in FATES),
        )
    ]
    rows = [_cells(visit, w.name, rule) for w in report.windows for rule in w.rules]
    rows += [_cells(visit, say("report_whole_hall"), rule) for rule in report.rules]
    parts.table(columns, rows, name=say("report_rules"), classes="report-table")


def _cells(visit: Visit, place: str, rule: RuleFigures) -> list[parts.Cell]:
    say = visit.say
    return [
        place,
        say.known("rule", rule.rule),
        str(rule.counted),
        times.span(rule.lasted_s, say),
        *(str(getattr(rule, fate)) for fate in FATES),
    ]


def _cover(visit: Visit, windows: Iterable[WindowFigures]) -> None:
    say = visit.say
    parts.facts(
        (window.name, say("name_comma").join(f"{say.of('duty_says', s)} {n}" for s, n in counts))
        for window in windows
        if (counts := sorted(window.cover.items()))
    )


def _heat_map(visit: Visit, queue: QueueFigures) -> None:
    """Weekdays down, hours across; the number stands in the cell, its depth is only help."""
    say = visit.say
    cells = {(h.weekday, h.hour): h for h in queue.hours}
    busiest = max(h.mean for h in queue.hours) or 1.0
    hours = range(
        min(OPENING, *(h.hour for h in queue.hours), CLOSING),
        max(CLOSING, *(h.hour + 1 for h in queue.hours), OPENING),
    )
    parts.text(queue.name, "card-sub", tag="h3")
    with parts.box("heat-frame"), parts.box("heat", "table"):
        parts.text(queue.name, "sr-only", tag="caption")
        with parts.box("", "tr"):
            parts.text(say("report_weekday"), "sr-only", tag="th", scope="col")
            for hour in hours:
                parts.text(f"{hour:02d}", tag="th", scope="col")
        for weekday in range(7):
            with parts.box("", "tr"):
                day = say.of("weekday", str(weekday))
                parts.text(day, tag="th", scope="row")
                for hour in hours:
                    found = cells.get((weekday, hour))
                    if found is None:
                        parts.text("", "heat-none", tag="td")
                        continue
                    words = say(
                        "report_cell", day=day, hour=hour, mean=f"{found.mean:.1f}", most=found.most
                    )
                    cell = parts.text(f"{found.mean:.1f}", tag="td", title=words)
                    cell.style(f"--depth: {100 * found.mean / busiest:.0f}%")


def _days(visit: Visit, report: Report) -> None:
    """The trend: one bar a day, as high as its alerts are many."""
    say = visit.say
    most = max((day.counted for day in report.days), default=0) or 1
    with parts.box("days", "ol"):
        for day in report.days:
            span = times.span(day.lasted_s, say)
            words = say("report_day_bar", day=day.day, n=day.counted, span=span)
            with parts.box("day", "li", title=words):
                parts.text(str(day.counted) if day.counted else "", "day-count")
                parts.box("day-bar-fill").style(f"height: {90 * day.counted / most:.0f}px")
                parts.text(f"{day.day.day}", "day-number")
                parts.text(words, "sr-only")
