"""Cards of the reports page over time: heat maps by hour and weekday, months, days."""

from __future__ import annotations

from api.console import drawn, parts, times
from api.console.page import Visit
from api.console.report_cards import about_minutes, attended_share
from api.reports.views import HourFigures, QueueFigures, Report, WaitFigures


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
                    cells[w.weekday, w.hour] = drawn.Heat("–", words, None)
                    continue
                shown = f"{w.wait_s / 60:.0f}"
                words = say("report_cell_wait", wait=shown, served=w.served, **_when(visit, w))
                cells[w.weekday, w.hour] = drawn.Heat(shown, words, w.wait_s / (most_s or 1.0))
            drawn.heat_map(visit, say("report_waits"), cells)
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
        (h.weekday, h.hour): drawn.Heat(
            f"{h.mean:.1f}",
            say("report_cell", mean=f"{h.mean:.1f}", most=h.most, **_when(visit, h)),
            h.mean / (busiest.mean or 1.0),
        )
        for h in queue.hours
    }
    drawn.heat_map(visit, queue.name, cells)


def _said(words: str) -> None:
    parts.text(words, "heat-words", tag="p")


def _when(visit: Visit, at: HourFigures | WaitFigures) -> dict[str, object]:
    return {"day": visit.say.of("weekday", str(at.weekday)), "hour": at.hour}


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
    rows: list[list[drawn.Cell]] = [
        [
            f"{month.month:%Y-%m}",
            attended_share(month.spent),
            times.span(month.spent.unattended_s, say),
            drawn.Bar(month.counted, month.counted / most),
            *(str(n) for n in (month.confirmed, month.excused, month.false, month.open)),
            about_minutes(visit, month.wait_s),
            say("report_in_time_of", n=month.in_time, of=month.gaps) if month.gaps else "–",
        ]
        for month in report.months
    ]
    with parts.card(say("report_months")):
        drawn.table(say("report_months"), columns, rows)


def days_card(visit: Visit, report: Report) -> None:
    """One bar a day, as high as its alerts are many."""
    say = visit.say
    if not report.days:
        return
    most = max((day.counted for day in report.days), default=0) or 1
    bars = []
    for day in report.days:
        span = times.span(day.lasted_s, say)
        words = say("report_day_bar", day=day.day, n=day.counted, span=span)
        shown = str(day.counted) if day.counted else ""
        bars.append(drawn.DayBar(day.day.day, shown, words, day.counted / most))
    with parts.card(say("report_days")):
        drawn.days(bars)
