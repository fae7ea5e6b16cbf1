"""Who changed the roster, what it said before and afterwards; found by window, person and date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from urllib.parse import urlencode

from api.console import parts, times
from api.console.beat import Beat
from api.console.filter_form import filter_form
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.roster_acting import RosterActs
from api.console.roster_fields import day_of
from api.console.roster_nav import roster_nav
from api.console.roster_words import EntryWords
from api.halls.reading import window_rows
from api.roster.changes import ChangeFilter, RosterThing, act_of, change_rows
from api.roster.tables import RosterChangeRow
from api.roster.undoing import FOR_GOOD, take_back
from api.roster.views import staff_of
from api.users.permissions import Permission

PAGE = 40
BADGES = {"made": "good", "changed": "info", "dropped": "warn"}
ASKED = ("window", "person", "who", "what", "from", "to", "import")
LONGEST_NUMBER = 15


def build(visit: Visit, _beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _ChangesPage(visit, visit.hall.id)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    filter: ChangeFilter
    before: int | None


def asked_of(visit: Visit) -> Asked:
    query = visit.query
    what = next((thing for thing in RosterThing if thing == query.get("what")), None)
    return Asked(
        ChangeFilter(
            window=query.get("window", "")[:32] or None,
            number=query.get("person", "")[:32] or None,
            who=query.get("who", "")[:80],
            what=what,
            at_from=_midnight(visit, query.get("from", "")),
            at_to=_midnight(visit, query.get("to", ""), after_days=1),
            import_id=_number(query.get("import", "")),
        ),
        _number(query.get("before", "")),
    )


def _midnight(visit: Visit, value: str, after_days: int = 0) -> datetime | None:
    day = day_of(value)
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=after_days), time(0), visit.zone).astimezone(UTC)


def _number(value: str) -> int | None:
    return (
        int(value) if value.isascii() and value.isdigit() and len(value) < LONGEST_NUMBER else None
    )


class _ChangesPage:
    def __init__(self, visit: Visit, hall: str) -> None:
        self.visit, self.hall = visit, hall
        self.asked = asked_of(visit)
        say = visit.say
        with visit.console.database.reading() as session:
            windows = [(w.id, w.name or w.id) for w in window_rows(session, hall)]
            people = [
                (p.number, say("person_number", name=p.name, number=p.number))
                for p in staff_of(session, hall)
            ]
        self.words = EntryWords(visit, dict(windows))
        with parts.box("page roster-entries"):
            roster_nav(visit, "changes")
            with parts.heading(say.of("roster_page", "changes"), say("changes_about")):
                pass
            self._filters(windows, people)
            self.place = parts.box("changes")
            self.acts = RosterActs(visit, hall, self.refresh)
        self.refresh()

    def _filters(
        self, windows: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]]
    ) -> None:
        say = self.visit.say
        things = [(thing.value, say.of("roster_thing", thing)) for thing in RosterThing]
        filter_form(
            self.visit,
            "/roster/changes",
            [
                ("window", say("change_window"), windows),
                ("person", say("change_person"), people),
                ("what", say("change_what"), things),
            ],
            [
                ("who", "text", say("changes_who")),
                ("from", "date", say("audit_from")),
                ("to", "date", say("audit_to")),
            ],
        )

    def refresh(self) -> None:
        say = self.visit.say
        with self.visit.console.database.reading() as session:
            rows = change_rows(
                session, self.hall, self.asked.filter, before=self.asked.before, limit=PAGE + 1
            )
        self.place.clear()
        with self.place:
            if not rows:
                self._nothing()
                return
            with parts.box("change-list", "ol"):
                for row in rows[:PAGE]:
                    self._line(row)
            if len(rows) > PAGE:
                older = self._address(before=str(rows[PAGE - 1].id))
                parts.link(say("audit_older"), older, "btn audit-older")

    def _nothing(self) -> None:
        say = self.visit.say
        if self.asked.filter == ChangeFilter():
            parts.hollow("calendar", say("changes_never"), say("changes_never_do"))
        else:
            way = (say("changes_all"), "/roster/changes")
            parts.hollow("calendar", say("changes_none"), say("changes_none_do"), way)

    def _address(self, **more: str) -> str:
        kept = {k: v for k, v in self.visit.query.items() if k in ASKED and v}
        return f"/roster/changes?{urlencode(kept | more)}"

    def _line(self, row: RosterChangeRow) -> None:
        visit, say = self.visit, self.visit.say
        what, act = RosterThing(row.what), act_of(row.before, row.after)
        with parts.box("card change", "li", data_change=str(row.id)):
            with parts.box("change-head"):
                parts.badge(say.of("roster_act", act), BADGES[act])
                parts.text(say.of("roster_thing", what), "change-thing", tag="h2")
                when = times.day_clock(row.at, visit.now(), visit.zone, say)
                parts.text(say("case_by", who=row.who, time=when), "change-who")
            self._facts(what, row)
            with parts.box("change-foot"):
                if what is RosterThing.IMPORT:
                    address = f"/roster/changes?import={row.thing_id}"
                    parts.link(say("change_entries"), address, "btn btn-quiet")
                elif row.import_id is not None:
                    parts.text(say("change_by_file"), "card-note")
                elif what not in FOR_GOOD and visit.may(Permission.ROSTER_EDIT):
                    parts.button(
                        say("change_take_back"), partial(self._ask, row.id, act),
                        "btn btn-quiet", drawing="undo", data_act="take-back",
                    )  # fmt: skip

    def _facts(self, what: RosterThing, row: RosterChangeRow) -> None:
        """What it says; of a changed entry, each thing that differs: before and afterwards."""
        say = self.visit.say
        before = dict(self.words.facts(what, row.before)) if row.before else {}
        after = dict(self.words.facts(what, row.after)) if row.after else {}
        if not (before and after):
            parts.facts((before or after).items(), "facts change-facts")
            return
        with parts.box("facts change-facts", "dl"):
            for name in dict.fromkeys([*before, *after]):
                parts.text(name, tag="dt")
                was, now = before.get(name, ""), after.get(name, "")
                with parts.box("", "dd"):
                    if was == now:
                        parts.text(now, "change-same")
                        continue
                    parts.text(say("change_was"), "sr-only")
                    parts.text(was or say("change_nothing"), "change-was", tag="del")
                    parts.text(say("change_now"), "sr-only")
                    parts.text(now or say("change_nothing"), "change-now", tag="ins")

    def _ask(self, change_id: int, act: str) -> None:
        say = self.visit.say
        self.acts.ask(
            say("change_take_back"),
            say.of("take_back_about", act),
            say("change_take_back"),
            lambda roster: take_back(roster, [change_id]),
            say("undone"),
            drawing="undo",
        )
