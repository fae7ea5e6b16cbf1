"""Cards of the reports page over time: heat maps by hour and weekday, months, days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.console import parts, times
from api.console.page import Visit
from api.console.report_cards import about_minutes, attended_share, report_table
from api.reports.views import HourFigures, QueueFigures, Report, WaitFigures

OPENING, CLOSING = 8, 18
"""The hours that a heat map shows at least."""


@dataclass(frozen=True, slots=True)
class Heat:
    """One cell: what stands in it, what it says in words, how deep it is (0 to 1; None: it cannot
    be told)."""

    shown: str
    words: str
    depth: float | None


def waits_card(visit: Visit, report: Report) -> None:
    say = visit.say
    told = [(w, w.wait_s) for w in report.waits if w.wait_s is not None]
    with parts.card(say("report_waits")):
        if not told:
            parts.text(say("report_no_wait"), "card-note", tag="p")
        else:
            longest, most_s = max(told, key=lambda pair: pair[1])
            _said(say("report_longest", wait=f"{most_s / 60:.0f}", **_when(visit, longest)))
            cells = {}
            for w in report.waits:
                if w.wait_s is None:
                    words = say("report_cell_unknown", **_when(visit, w))
                    cells[w.weekday, w.hour] = Heat("–", words, None)
                    continue
                shown = f"{w.wait_s / 60:.0f}"
                words = say("report_cell_wait", wait=shown, served=w.served, **_when(visit, w))
                cells[w.weekday, w.hour] = Heat(shown, words, w.wait_s / (most_s or 1.0))
            heat_map(visit, say("report_waits"), cells)
        parts.text(say("report_wait_note"), "card-note", tag="p")


def queues_card(visit: Visit, report: Report) -> None:
    """One queue at a time, the first at first."""
    say = visit.say
    queues = {queue.queue: queue for queue in report.queues if queue.hours}
    with parts.card(say("report_queues")):
        if not queues:
            parts.text(say("report_no_queue"), "card-note", tag="p")
            return
        first = next(iter(queues))
        if len(queues) > 1:
            options = [(queue.queue, queue.name) for queue in queues.values()]
            parts.Tabs(say("report_queue"), options, first, lambda key: show(queues[key]))
        place = parts.box()

    def show(queue: QueueFigures) -> None:
        place.clear()
        with place:
            _queue(visit, queue)

    show(queues[first])


def _queue(visit: Visit, queue: QueueFigures) -> None:
    say = visit.say
    busiest = max(queue.hours, key=lambda h: h.mean)
    parts.text(queue.name, "card-sub", tag="h3")
    _said(say("report_busiest", mean=f"{busiest.mean:.1f}", **_when(visit, busiest)))
    cells = {
        (h.weekday, h.hour): Heat(
            f"{h.mean:.1f}",
            say("report_cell", mean=f"{h.mean:.1f}", most=h.most, **_when(visit, h)),
            h.mean / (busiest.mean or 1.0),
        )
        for h in queue.hours
    }
    heat_map(visit, queue.name, cells)


def _said(words: str) -> None:
    parts.text(words, "heat-words", tag="p")


def _when(visit: Visit, at: HourFigures | WaitFigures) -> dict[str, object]:
    return {"day": visit.say.of("weekday", str(at.weekday)), "hour": at.hour}


def heat_map(visit: Visit, name: str, cells: Mapping[tuple[int, int], Heat]) -> None:
    """Weekdays down, hours across; the number stands in the cell, its depth is only help."""
    say = visit.say
    hours = _hours(cells)
    frame = parts.box("heat-frame", tabindex="0", role="region", aria_label=name)
    with frame, parts.box("heat", "table"):
        parts.text(name, "sr-only", tag="caption")
        with parts.box("", "tr"):
            parts.text(say("report_weekday"), "sr-only", tag="th", scope="col")
            for hour in hours:
                parts.text(f"{hour:02d}", tag="th", scope="col")
        for weekday in range(7):
            with parts.box("", "tr"):
                parts.text(say.of("weekday", str(weekday)), tag="th", scope="row")
                for hour in hours:
                    _cell(cells.get((weekday, hour)))


def _hours(cells: Mapping[tuple[int, int], Heat]) -> range:
    """From opening to closing, and as far beyond as there is something to tell."""
    told = [hour for (_, hour), heat in cells.items() if heat.depth]
    return range(min([OPENING, *told]), max([CLOSING, *(hour + 1 for hour in told)]))


def _cell(heat: Heat | None) -> None:
    if heat is None:
        parts.text("", "heat-none", tag="td")
        return
    cell = parts.text(heat.shown, "" if heat.depth is not None else "heat-unknown", tag="td")
    cell.props["title"] = heat.words
    if heat.depth is not None:
        cell.style(f"--depth: {100 * heat.depth:.0f}%")


def months_card(visit: Visit, report: Report) -> None:
    """Twelve months side by side; a bar helps the eye, the number stands beside it."""
    say = visit.say
    if not report.months:
        return
    most = max(month.counted for month in report.months) or 1
    heads = [say("report_key_attended"), say.of("standing", "unattended"), say("report_counted")]
    heads += [say.of("outcome_of", fate) for fate in ("confirmed", "excused", "false", "open")]
    heads += [say("report_wait"), say("report_in_time")]
    columns = [parts.Column(say("report_month_name"))]
    columns += [parts.Column(head, "number") for head in heads]
    rows: list[list[parts.Cell]] = [
        [
            f"{month.month:%Y-%m}",
            attended_share(month.spent),
            times.span(month.spent.unattended_s, say),
            _bar(month.counted, month.counted / most),
            *(str(n) for n in (month.confirmed, month.excused, month.false, month.open)),
            about_minutes(visit, month.wait_s),
            say("report_in_time_of", n=month.in_time, of=month.gaps) if month.gaps else "–",
        ]
        for month in report.months
    ]
    with parts.card(say("report_months")):
        report_table(columns, rows, say("report_months"))


def _bar(number: int, share: float) -> Callable[[], None]:
    def draw() -> None:
        parts.box("month-bar", "span", aria_hidden="true").style(f"width: {48 * share:.0f}px")
        parts.text(str(number))

    return draw


def days_card(visit: Visit, report: Report) -> None:
    """One bar a day, as high as its alerts are many."""
    say = visit.say
    if not report.days:
        return
    most = max((day.counted for day in report.days), default=0) or 1
    with parts.card(say("report_days")), parts.box("days", "ol"):
        for day in report.days:
            span = times.span(day.lasted_s, say)
            words = say("report_day_bar", day=day.day, n=day.counted, span=span)
            with parts.box("day", "li", title=words):
                parts.text(str(day.counted) if day.counted else "", "day-count")
                parts.box("day-bar-fill").style(f"height: {90 * day.counted / most:.0f}px")
                parts.text(f"{day.day.day}", "day-number")
                parts.text(words, "sr-only")
