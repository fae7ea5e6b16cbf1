"""Alerts as lines of a list: of the inbox, and of the rail beside the live pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from api.alerts.tables import State
from api.alerts.views import AlertSummary, DutyView
from api.console import times
from api.console.page import Visit
from api.console.strings import Say
from api.console.wanted import Wanted
from vision.records import Step

Row = dict[str, Any]


def row_of(
    alert: AlertSummary,
    visit: Visit,
    wanted: Wanted | None = None,
    *,
    exempt: bool = False,
    noted: bool = False,
) -> Row:
    """What the list's component draws; all words are already said. `wanted`: the list that it
    stands in."""
    say, now, zone = visit.say, visit.now(), visit.zone
    ended = alert.ended
    over = alert.step is Step.ENDED and ended is not None
    lasted = times.span((ended - alert.began).total_seconds(), say) if ended else ""
    return {
        "uid": alert.uid,
        "href": (wanted or Wanted()).address_of(alert.uid),
        "unread": alert.state is State.NEW,
        "severity": alert.severity.name.lower(),
        "severityWords": say.of("severity", alert.severity.name.lower()),
        "rule": say.known("rule", alert.rule),
        "place": alert.subject_name,
        "person": person_words(alert.duty, say),
        "began": times.clock(alert.began, zone),
        "day": times.day(alert.began, now, zone, say),
        "ago": times.ago(alert.began, now, say),
        "lasted": lasted if over else say("going_on"),
        "ongoing": not over,
        "state": alert.state.value,
        "stateWords": say.of("state", alert.state),
        "exempt": say("exempt") if exempt else "",
        "noted": say("noted") if noted else "",
        "take": say("take"),
    }


def person_words(duty: DutyView | None, say: Say) -> str:
    """Who was on duty, in a few words: a name, or that there was none."""
    if duty is None:
        return ""
    names = say("name_comma").join(p.name for p in duty.holders)
    return say.of("duty", duty.state, names=names)


class AlertList(ui.element, component="static/alert_list.js"):
    """A list of alerts: arrow keys (or J and K) walk, Enter opens, A acknowledges."""

    def __init__(
        self,
        *,
        compact: bool = False,
        heads: tuple[str, ...] = (),
        nothing: str = "",
        on_take: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self.props["rows"] = []
        self.props["compact"] = compact
        self.props["heads"] = heads
        self.props["nothing"] = nothing
        self.props["takes"] = on_take is not None
        if on_take is not None:
            self.on("take", lambda event: on_take(str(event.args)))

    def show(self, rows: list[Row]) -> None:
        if self.props["rows"] != rows:
            self.props["rows"] = rows
            self.update()
