"""The inbox: all alerts of the hall, the latest first, kept fresh while it is open."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from api.alerts.acts import Act
from api.alerts.listing import MOST_PER_PAGE, AlertFilter, count_alerts, list_alerts
from api.alerts.tables import State
from api.console import parts
from api.console.acting import act_kindly, may_act
from api.console.alert_rows import AlertList, row_of
from api.console.beat import Beat
from api.console.page import Visit
from api.halls.reading import camera_rows, queue_rows, window_rows
from vision.records import Severity
from vision.rules import rulebook

PAGE = 50
DAYS = {"1": 1, "7": 7, "30": 30}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters ask for, as it stands in the address; empty is everything."""

    state: str = State.NEW.value
    rule: str = ""
    subject: str = ""
    severity: str = ""
    days: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: dict[str, str]) -> Wanted:
        """From an address; what it does not know it leaves at rest."""
        state = query.get("state", State.NEW.value)
        severity = query.get("severity", "")
        days = query.get("days", "")
        return cls(
            state=state if state in (*State, "") else State.NEW.value,
            rule=query.get("rule", ""),
            subject=query.get("subject", ""),
            severity=severity if severity in ("1", "2", "3") else "",
            days=days if days in DAYS else "",
            text=query.get("text", "")[:80],
        )

    def address(self) -> str:
        pairs = {
            name: value
            for name, value in (
                ("state", self.state),
                ("rule", self.rule),
                ("subject", self.subject),
                ("severity", self.severity),
                ("days", self.days),
                ("text", self.text),
            )
            if value or name == "state"
        }
        return "/alerts?" + urlencode(pairs)

    def filter(self, visit: Visit) -> AlertFilter:
        return AlertFilter(
            halls=visit.viewer.halls,
            hall=visit.hall.id if visit.hall else None,
            subject=self.subject or None,
            rule=self.rule or None,
            at_least=int(self.severity) if self.severity else None,
            states=(State(self.state),) if self.state else (),
            began_from=_days_ago(int(self.days), visit) if self.days else None,
            text=self.text,
        )

    @property
    def narrowed(self) -> bool:
        return self != Wanted(state=self.state)


def _heads(visit: Visit) -> tuple[str, ...]:
    say = visit.say
    return (
        say("head_rule"),
        say("head_place"),
        say("head_person"),
        say("head_when"),
        say("head_lasted"),
        say("head_state"),
    )


def _days_ago(days: int, visit: Visit) -> datetime:
    """The midnight in the hall at which the last `days` days, today included, began."""
    today = visit.now().astimezone(visit.zone).date()
    return datetime.combine(today - timedelta(days=days - 1), time(0), visit.zone)


def new_alerts(visit: Visit) -> int:
    """How many alerts nobody has looked at yet."""
    hall = visit.hall.id if visit.hall else None
    with visit.console.database.reading() as session:
        return count_alerts(session, AlertFilter(visit.viewer.halls, hall, states=(State.NEW,)))


def build(visit: Visit, beat: Beat) -> None:
    _Inbox(visit, beat)


class _Inbox:
    def __init__(self, visit: Visit, beat: Beat) -> None:
        self.visit = visit
        self.wanted = Wanted.of(visit.query)
        self.limit = PAGE
        parts.text(visit.say.of("nav", "alerts"), "sr-only", tag="h1")
        self.tabs: dict[str, tuple[Any, Any]] = {}
        with parts.box("states", "nav", aria_label=visit.say("filter_state")):
            for state in (*State, ""):
                self._tab(state)
        self._filters()
        takes = self._take if may_act(visit, Act.ACKNOWLEDGE) else None
        self.listing = AlertList(heads=_heads(visit), on_take=takes)
        self.nothing = parts.box("hollow")
        self.more = parts.button(visit.say("older"), self._older, "btn btn-quiet more")
        self.cut = parts.text(visit.say("only_newest", n=MOST_PER_PAGE), "keys", tag="p")
        parts.text(visit.say("keys"), "keys keys-keyboard", tag="p")
        self.refresh()
        beat.on_news(self.refresh)
        beat.every(30, self.refresh)

    def _tab(self, state: str) -> None:
        say = self.visit.say
        words = say.of("state", state) if state else say("state_all")
        with parts.box(f"state-tab state-tab-{state or 'all'}", "button", type="button") as tab:
            parts.text(words)
            count = parts.text("", "state-count")
        tab.on("click", lambda _, state=state: self._want(state=state), args=[])
        self.tabs[state] = (tab, count)

    def _filters(self) -> None:
        say, wanted = self.visit.say, self.wanted
        with parts.box("filters", "form", role="search") as form:
            form.on("submit", js_handler="(event) => event.preventDefault()")
            with parts.box("search", "label"):
                parts.icon("search")
                parts.text(say("search_label"), "sr-only")
                search = parts.box(
                    "", "input", type="search", placeholder=say("search"), maxlength="80"
                )
                search.props["value"] = wanted.text
                search.on(
                    "input",
                    lambda event: self._want(text=str(event.args)),
                    throttle=0.3,
                    leading_events=False,
                    js_handler="(event) => emit(event.target.value)",
                )
            rules = [(r, say.known("rule", r)) for r in rulebook()]
            self._choice("rule", say("filter_rule"), [("", say("any_rule")), *rules])
            self._choice("subject", say("filter_place"), [("", say("any_place")), *self._places()])
            severities = [
                (str(int(s)), say("at_least", severity=say.of("severity", s.name.lower())))
                for s in (Severity.WARNING, Severity.SERIOUS)
            ]
            self._choice(
                "severity", say("filter_severity"), [("", say("any_severity")), *severities]
            )
            days = [("1", say("today")), ("7", say("last_7")), ("30", say("last_30"))]
            self._choice("days", say("filter_days"), [("", say("any_day")), *days])

    def _choice(self, name: str, label: str, options: list[tuple[str, str]]) -> None:
        value = getattr(self.wanted, name)
        known = value if value in [key for key, _ in options] else ""
        if known != value:
            self.wanted = replace(self.wanted, **{name: ""})
        parts.select(label, options, known, lambda chosen: self._want(**{name: chosen}))

    def _places(self) -> list[tuple[str, str]]:
        if self.visit.hall is None:
            return []
        with self.visit.console.database.reading() as session:
            hall = self.visit.hall.id
            return [
                (row.id, row.name or row.id)
                for rows in (window_rows, queue_rows, camera_rows)
                for row in rows(session, hall)
            ]

    def _want(self, **changes: str) -> None:
        self.wanted = replace(self.wanted, **changes)
        self.limit = PAGE
        address = json.dumps(self.wanted.address())
        ui.run_javascript(f"history.replaceState(history.state, '', {address})")
        self.refresh()

    def _older(self) -> None:
        self.limit = min(self.limit + PAGE, MOST_PER_PAGE)
        self.refresh()

    def _take(self, uid: str) -> None:
        act_kindly(self.visit, uid, Act.ACKNOWLEDGE)
        self.refresh()

    def refresh(self) -> None:
        visit, wanted = self.visit, self.wanted.filter(self.visit)
        with visit.console.database.reading() as session:
            page = list_alerts(session, wanted, limit=self.limit)
            counts = {
                state: count_alerts(session, replace(wanted, states=(State(state),)))
                for state in State
            }
        self.listing.show([row_of(alert, visit) for alert in page.items])
        for state, (tab, count) in self.tabs.items():
            n = counts[State(state)] if state else sum(counts.values())
            count.set_text(str(n))
            pressed = "true" if state == self.wanted.state else "false"
            if tab.props.get("aria-pressed") != pressed:
                tab.props["aria-pressed"] = pressed
                tab.update()
        self.more.set_visibility(page.next is not None and self.limit < MOST_PER_PAGE)
        self.cut.set_visibility(page.next is not None and self.limit >= MOST_PER_PAGE)
        self._say_nothing(bool(page.items))

    def _say_nothing(self, some: bool) -> None:
        """An empty list says why it is empty and what to do."""
        say = self.visit.say
        self.nothing.set_visibility(not some)
        self.listing.set_visibility(some)
        kind = "narrowed" if self.wanted.narrowed else self.wanted.state
        if some or self.nothing.props.get("data-kind") == kind:
            return
        self.nothing.props["data-kind"] = kind
        self.nothing.clear()
        with self.nothing:
            if self.wanted.narrowed:
                parts.icon("search", "hollow-icon")
                parts.text(say("none_match"), "hollow-title", tag="h2")
                parts.text(say("none_match_do"), "hollow-do", tag="p")
                parts.link(say("clear_filters"), "/alerts?state=", "btn")
            elif self.wanted.state == State.NEW:
                parts.icon("check", "hollow-icon")
                parts.text(say("all_done"), "hollow-title", tag="h2")
                parts.text(say("all_done_do"), "hollow-do", tag="p")
                parts.link(say("see_live"), "/", "btn")
            else:
                parts.icon("bell", "hollow-icon")
                parts.text(say("none_here"), "hollow-title", tag="h2")
                parts.text(say("none_here_do"), "hollow-do", tag="p")
