"""Cards of the reports page: key figures, how windows stood, alerts, cover, groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.console import drawn, parts, times
from api.console.page import Visit
from api.reports.cover import IN_TIME, Filled, Gap
from api.reports.groups import GroupMonth
from api.reports.minutes import LOOKED_AT, Standing
from api.reports.sheets import FATES, group_name
from api.reports.views import CoverFigures, Report, RuleFigures, Spent

IN_SERVICE = (*LOOKED_AT, Standing.NOT_LOOKED)
"""What the bar is made of; the rest stands beside it in words."""
MONTHS_SHOWN = 3
"""Of the groups, on the page; the spreadsheet has all."""


def seconds_in(spent: Spent, standing: Standing) -> float:
    return float(getattr(spent, f"{standing.value}_s"))


def attended_share(spent: Spent) -> str:
    return f"{spent.attended_s / spent.served_s:.0%}" if spent.served_s else "–"


def about_minutes(visit: Visit, seconds: float | None) -> str:
    """An estimate of waiting, as coarse as it is."""
    say = visit.say
    if seconds is None:
        return say("report_cannot_tell")
    return say("report_minutes", n=f"{seconds / 60:.0f}")


def in_time(visit: Visit, cover: Iterable[CoverFigures]) -> str:
    """So many of all gaps of which it can be told, and which somebody had to fill."""
    of, n = 0, 0
    for figures in cover:
        left_out = (Filled.CANNOT_TELL, Filled.PAUSED)
        of += sum(count for filled, count in figures.filled.items() if filled not in left_out)
        n += sum(figures.filled[filled] for filled in IN_TIME)
    return visit.say("report_in_time_of", n=n, of=of) if of else "–"


def key_figures(visit: Visit, report: Report) -> None:
    """The few numbers that are asked for first."""
    say = visit.say
    counted = sum(rule.counted for rule in report.rules)
    confirmed = sum(rule.confirmed for rule in report.rules)
    with parts.box("report-keys", "dl"):
        for name, value, more in (
            ("report_key_attended", attended_share(report.spent), say("report_of_service")),
            ("report_key_unattended", times.span(report.spent.unattended_s, say), ""),
            ("report_key_alerts", str(counted), say("report_key_confirmed", n=confirmed)),
            ("report_key_wait", about_minutes(visit, report.wait_s), ""),
            ("report_key_cover", in_time(visit, report.cover), ""),
        ):
            with parts.box("report-key"):
                parts.text(say(name), "report-key-name", tag="dt")
                with parts.box("", "dd"):
                    parts.text(value, "report-key-value")
                    if more:
                        parts.text(more, "report-key-more")


def standing_card(visit: Visit, report: Report) -> None:
    say = visit.say
    with parts.card(say("report_standing")):
        with parts.box("standing-legend", aria_hidden="true"):
            for standing in IN_SERVICE:
                with parts.box(f"standing-key standing-{standing}", "span"):
                    parts.text(say.of("standing", standing))
        for window in report.windows:
            _standing(visit, window.name, window.spent)
        if len(report.windows) > 1:
            _standing(visit, say("report_whole_hall"), report.spent, "standing-whole")
        parts.text(say("report_standing_note"), "card-note", tag="p")


def _standing(visit: Visit, name: str, spent: Spent, classes: str = "") -> None:
    """A bar of the hours of service, and each part of the whole time in words."""
    say = visit.say
    lasted = {s: seconds for s in Standing if (seconds := seconds_in(spent, s))}
    shares = {s: lasted[s] / spent.served_s for s in IN_SERVICE if s in lasted}
    words = []
    for standing, seconds in lasted.items():
        share = times.span(seconds, say)
        if standing in shares:
            share = f"{share} ({shares[standing]:.0%})"
        words.append(say("report_share", name=say.of("standing", standing), share=share))
    bar = [drawn.Part(standing.value, share) for standing, share in shares.items()]
    drawn.standing(drawn.StandingBar(name, bar, words, say("report_no_time")), classes)


def rules_card(visit: Visit, report: Report) -> None:
    """By rule for the hall, by window in all, and each window by rule once somebody opens it."""
    say = visit.say
    with parts.card(say("report_rules")):
        if not report.rules:
            parts.text(say("report_no_alerts"), "card-note", tag="p")
            return
        _rules(visit, "report_rule", [(say.known("rule", r.rule), [r]) for r in report.rules])
        _rules(visit, "report_window", [(w.name, w.rules) for w in report.windows])
        _unfolded(visit, report)


def _unfolded(visit: Visit, report: Report) -> None:
    say = visit.say
    with parts.box("report-more", "details") as details:
        parts.text(say("report_by_rule"), tag="summary")
        place = parts.box()

    def fill() -> None:
        if place.default_slot.children:
            return
        with place:
            for window in report.windows:
                if window.rules:
                    parts.text(window.name, "card-sub", tag="h3")
                    named = [(say.known("rule", r.rule), [r]) for r in window.rules]
                    _rules(visit, "report_rule", named)

    details.on("toggle", fill, args=[])


def _rules(visit: Visit, head: str, rows: Sequence[tuple[str, Sequence[RuleFigures]]]) -> None:
    say = visit.say
    names = [say("report_counted"), say("report_lasted")]
    names += [say.of("outcome_of", fate) for fate in FATES]
    columns = [parts.Column(say(head)), *(parts.Column(name, "number") for name in names)]
    cells: list[list[drawn.Cell]] = [
        [
            name,
            str(sum(rule.counted for rule in rules)),
            times.span(sum(rule.lasted_s for rule in rules), say),
            *(str(sum(getattr(rule, fate) for rule in rules)) for fate in FATES),
        ]
        for name, rules in rows
    ]
    drawn.table(say("report_rules"), columns, cells)


def cover_card(visit: Visit, report: Report) -> None:
    say = visit.say
    with parts.card(say("report_cover")):
        if not report.cover:
            parts.text(say("report_no_gap"), "card-note", tag="p")
            return
        _cover_of_hall(visit, report.cover)
        columns = [parts.Column(say("report_window"))]
        seen = [gap for gap in Gap if any(one.gap is gap for one in report.cover)]
        for gap in seen:
            kind = say.of("gap", gap)
            columns += [
                parts.Column(f"{kind} · {say('report_gaps')}", "number"),
                parts.Column(f"{kind} · {say('report_in_time')}", "number"),
                parts.Column(f"{kind} · {say('report_after')}", "number"),
            ]
        rows: list[list[drawn.Cell]] = [
            [window.name, *(cell for gap in seen for cell in _gap_cells(visit, window.cover, gap))]
            for window in report.windows
            if window.cover
        ]
        drawn.table(say("report_cover"), columns, rows)
        parts.text(say("report_cover_note"), "card-note", tag="p")


def _cover_of_hall(visit: Visit, cover: Sequence[CoverFigures]) -> None:
    """The whole hall by kind and post, with how soon somebody sat there."""
    say = visit.say
    heads = [say("report_gaps"), say("report_named"), *(say.of("filled", f) for f in Filled)]
    columns = [parts.Column(say("report_whole_hall")), *(parts.Column(h, "number") for h in heads)]
    rows: list[list[drawn.Cell]] = [
        [
            f"{say.of('gap', one.gap)} · {say.of('post', one.post)}",
            str(one.count),
            str(one.named),
            *(str(one.filled[filled]) for filled in Filled),
        ]
        for one in cover
    ]
    drawn.table(say("report_cover"), columns, rows)


def _gap_cells(visit: Visit, cover: Sequence[CoverFigures], gap: Gap) -> list[str]:
    mine = [one for one in cover if one.gap is gap]
    came = sum(n for one in mine for filled, n in one.filled.items() if filled.came)
    after_s = sum(
        (one.mean_s or 0.0) * sum(n for filled, n in one.filled.items() if filled.came)
        for one in mine
    )
    return [
        str(sum(one.count for one in mine)),
        in_time(visit, mine),
        times.span(after_s / came, visit.say) if came else "–",
    ]


def groups_card(visit: Visit, months: Sequence[GroupMonth], least: int) -> None:
    """The months of the period that are made, the latest first."""
    say = visit.say
    with parts.card(say("report_groups")):
        if not months:
            parts.text(say("report_no_groups"), "card-note", tag="p")
        for month in months[:MONTHS_SHOWN]:
            parts.text(f"{month.month:%Y-%m}", "card-sub", tag="h3")
            if month.groups:
                _groups(visit, month)
            else:
                parts.text(say("report_too_few", least=month.least), "card-note", tag="p")
        parts.text(say("report_groups_note", least=least), "card-note", tag="p")


def _groups(visit: Visit, month: GroupMonth) -> None:
    say = visit.say
    heads = [say("report_people"), say("report_attended_share")]
    heads += [say.of("standing", Standing.UNATTENDED), say("report_counted")]
    heads += [say.of("outcome_of", "confirmed")]
    columns = [parts.Column(say("report_group_by")), parts.Column(say("report_group"))]
    columns += [parts.Column(head, "number") for head in heads]
    rows: list[list[drawn.Cell]] = [
        [
            say.of("group_by", group.by),
            group_name(group, say),
            str(group.people),
            attended_share(group.spent),
            times.span(group.spent.unattended_s, say),
            str(group.counted),
            str(group.confirmed),
        ]
        for group in month.groups
    ]
    drawn.table(say("report_groups"), columns, rows)
