"""The inbox: all alerts of the hall, the latest first, kept fresh while it is open."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from nicegui import ui

from api.alerts.acts import Act
from api.alerts.listing import (
    MOST_COUNTED,
    AlertFilter,
    count_alerts,
    count_by_state,
    list_alerts,
)
from api.alerts.tables import State
from api.console import parts
from api.console.acting import act_kindly, may_act
from api.console.alert_rows import AlertList, row_of
from api.console.beat import Beat
from api.console.page import Visit
from api.console.wanted import DAYS, Wanted
from api.exemptions.marking import exempting
from api.halls.reading import camera_rows, queue_rows, window_rows
from api.roster.notes import noted
from vision.records import Severity
from vision.rules import rulebook

PAGE = 50


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
        self.cursors: list[str | None] = [None]
        self.next: str | None = None
        parts.text(visit.say.of("nav", "alerts"), "sr-only", tag="h1")
        self.tabs: dict[str, tuple[Any, Any]] = {}
        with parts.box("states", "nav", aria_label=visit.say("filter_state")):
            for state in (*State, ""):
                self._tab(state)
        self._filters()
        takes = self._take if may_act(visit, Act.ACKNOWLEDGE) else None
        self.listing = AlertList(heads=_heads(visit), on_take=takes)
        self.nothing = parts.box()
        self.said = ""
        with parts.box("pager"):
            self.newer = parts.button(visit.say("newer"), self._newer, drawing="back")
            self.older = parts.button(visit.say("older"), self._older, drawing="forward")
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
                search.props["defaultValue"] = wanted.text
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
            days = [(d, say("today") if d == "1" else say("last_days", n=d)) for d in DAYS]
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
        self.cursors = [None]
        address = json.dumps(self.wanted.address())
        ui.run_javascript(f"history.replaceState(history.state, '', {address})")
        self.refresh()

    def _older(self) -> None:
        self.cursors.append(self.next)
        self.refresh()

    def _newer(self) -> None:
        self.cursors.pop()
        self.refresh()

    def _take(self, uid: str) -> None:
        act_kindly(self.visit, uid, Act.ACKNOWLEDGE)
        self.refresh()

    def refresh(self) -> None:
        visit, wanted = self.visit, self.wanted.filter(self.visit)
        with visit.console.database.reading() as session:
            page = list_alerts(session, wanted, self.cursors[-1], PAGE)
            counts = count_by_state(session, wanted)
            uids = [alert.uid for alert in page.items]
            exempt, with_note = set(exempting(session, uids)), noted(session, uids)
        self.listing.show(
            [
                row_of(
                    alert,
                    visit,
                    self.wanted,
                    exempt=alert.uid in exempt,
                    noted=alert.uid in with_note,
                )
                for alert in page.items
            ]
        )
        self._count(counts)
        self.next = page.next
        self.older.set_visibility(page.next is not None)
        self.newer.set_visibility(len(self.cursors) > 1)
        self._say_nothing(bool(page.items))

    def _count(self, counts: dict[State, int]) -> None:
        for state, (tab, count) in self.tabs.items():
            n = counts[State(state)] if state else sum(counts.values())
            most = MOST_COUNTED if state or max(counts.values()) >= MOST_COUNTED else n + 1
            count.set_text(str(n) if n < most else f"{MOST_COUNTED - 1}+")
            pressed = "true" if state == self.wanted.state else "false"
            if tab.props.get("aria-pressed") != pressed:
                tab.props["aria-pressed"] = pressed

    def _say_nothing(self, some: bool) -> None:
        """An empty list says why it is empty and what to do."""
        say = self.visit.say
        self.nothing.set_visibility(not some)
        self.listing.set_visibility(some)
        kind = "narrowed" if self.wanted.narrowed else self.wanted.state
        if some or self.said == kind:
            return
        self.said = kind
        self.nothing.clear()
        with self.nothing:
            if self.wanted.narrowed:
                way = (say("clear_filters"), "/alerts?state=")
                parts.hollow("search", say("none_match"), say("none_match_do"), way)
            elif self.wanted.state == State.NEW:
                parts.hollow("check", say("all_done"), say("all_done_do"), (say("see_live"), "/"))
            else:
                parts.hollow("bell", say("none_here"), say("none_here_do"))
