"""Reports: how the windows stood, what became of alerts, when people queued; to print and save."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta

from nicegui import run, ui
from nicegui.element import Element

from api.audit.record import AccessBy, record_view
from api.audit.tables import Access
from api.console import parts, times
from api.console.beat import Beat
from api.console.forms import DateRange
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.report_cards import (
    cover_card,
    groups_card,
    key_figures,
    rules_card,
    standing_card,
)
from api.console.report_trends import days_card, months_card, queues_card, waits_card
from api.reports.figures import LONGEST_DAYS, Period, PeriodError, report_of
from api.reports.groups import GroupMonth, group_months
from api.reports.terms import min_group_of
from api.reports.views import Report


def build(visit: Visit, beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _ReportsPage(visit, visit.hall.id)


@dataclass(frozen=True, slots=True)
class _Told:
    """least: of how many people a group is told."""

    report: Report
    months: tuple[GroupMonth, ...]
    least: int


class _ReportsPage:
    def __init__(self, visit: Visit, hall: str) -> None:
        self.visit, self.hall = visit, hall
        say = visit.say
        today = self._today()
        self.last = _day(visit.query.get("last", "")) or today
        self.first = _day(visit.query.get("first", "")) or self.last.replace(day=1)
        with parts.box("page reports") as self.page:
            with parts.heading(say.of("nav", "reports"), say("reports_about")):
                self.files = parts.box("report-files")
                words = say("report_print")
                parts.button(words, lambda: ui.run_javascript("print()"), drawing="print")
            with parts.box("report-period"):
                with parts.box("report-months"):
                    parts.button(say("report_month"), self._this_month, "btn btn-quiet")
                    parts.button(say("report_last_month"), self._last_month, "btn btn-quiet")
                    parts.button(say("report_year"), self._year, "btn btn-quiet")
                DateRange(visit, self.first, self.last, self._chosen)
            self.place = parts.box("report")
        self.adding_up: asyncio.Task[_Told | None] | None = None
        self.refresh()

    def _today(self) -> date:
        return self.visit.now().astimezone(self.visit.zone).date()

    def _this_month(self) -> None:
        self._chosen(self._today().replace(day=1), self._today())

    def _last_month(self) -> None:
        last = self._today().replace(day=1) - timedelta(days=1)
        self._chosen(last.replace(day=1), last)

    def _year(self) -> None:
        self._chosen(self._today() - timedelta(days=LONGEST_DAYS - 2), self._today())

    def _chosen(self, first: date | None, last: date | None) -> None:
        if first is not None and last is not None:
            self.first, self.last = first, last
            self.refresh()

    def refresh(self) -> None:
        """Note who asks, and add up beside the page: it answers meanwhile, to everybody."""
        visit, period = self.visit, Period(self.first, self.last)
        try:
            period.checked()
        except PeriodError:
            parts.tell(visit.say("report_bad_period"), "warning")
            return
        with visit.console.database.session() as session:
            by, name = AccessBy.of(visit.viewer), f"report/{self.hall}"
            record_view(session, by, Access.VIEW_REPORT, name, visit.now(), hall=self.hall)
        self.files.clear()
        self.place.clear()
        self.place.props["aria-busy"] = "true"
        with self.place:
            parts.text(visit.say("report_counting"), "report-counting", tag="p")
        adding_up = asyncio.create_task(run.io_bound(self._added_up, period))
        self.adding_up = adding_up
        with self.page:  # the button that asked for it may be gone by then
            ui.timer(0, lambda: self._when_told(adding_up), once=True)

    def _added_up(self, period: Period) -> _Told:
        with self.visit.console.database.reading() as session:
            return _Told(
                report_of(session, self.hall, period, self.visit.now()),
                group_months(session, self.hall, period.first, period.last),
                min_group_of(session, self.hall),
            )

    async def _when_told(self, adding_up: asyncio.Task[_Told | None]) -> None:
        try:
            told = await adding_up
        except Exception:
            if adding_up is self.adding_up:
                self._failed()
            raise  # to the log; the page apologises
        if adding_up is not self.adding_up or told is None:
            return  # another period was chosen meanwhile, or the server stops
        with self.files:
            _files(self.visit, told.report)
        with self._cleared():
            _show(self.visit, told)

    def _failed(self) -> None:
        say = self.visit.say
        with self._cleared(), parts.box("report-failed"):
            parts.text(say("report_failed"), tag="p")
            parts.button(say("report_again"), self.refresh)

    def _cleared(self) -> Element:
        """The place of the report, empty again and no longer waited for."""
        self.place.clear()
        self.place.props["aria-busy"] = "false"
        return self.place


def _day(said: str) -> date | None:
    """A day in the page's address; None if it is none."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2099 else None


def _files(visit: Visit, report: Report) -> None:
    asked = f"first={report.first}&last={report.last}&language={visit.say.language}"
    for form in ("xlsx", "csv"):
        address = f"/api/v1/halls/{report.hall}/report/{form}?{asked}"
        with parts.box("btn", "a", href=address, download=""):
            parts.icon("download")
            parts.text(form.upper())


def _show(visit: Visit, told: _Told) -> None:
    say, report = visit.say, told.report
    now = visit.now()
    with parts.box("report-title"):
        with parts.box(tag="h2"):
            parts.text(f"{report.hall_name} · ")
            parts.text(say("report_period", first=report.first, last=report.last), "report-days")
        made = say("report_made", time=times.day_clock(now, now, visit.zone, say))
        until = say("report_until", time=times.day_clock(report.until, now, visit.zone, say))
        parts.text(f"{made} · {until}", "report-made", tag="p")
    key_figures(visit, report)
    standing_card(visit, report)
    rules_card(visit, report)
    cover_card(visit, report)
    waits_card(visit, report)
    queues_card(visit, report)
    months_card(visit, report)
    days_card(visit, report)
    groups_card(visit, told.months, told.least)
