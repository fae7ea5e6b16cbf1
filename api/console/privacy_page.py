"""What is kept of whom, where and for how long; and, for those who answer for it, the setting."""

from __future__ import annotations

from functools import partial

from api.audit.record import AccessBy
from api.console import parts, times
from api.console.beat import Beat, signed_out
from api.console.forms import Field
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.sheets import ask
from api.fields import SHORTEST_REASON
from api.halls.tables import HallRow
from api.reports.terms import (
    LEAST_GROUP,
    MOST_GROUP,
    GroupSizeError,
    min_group_of,
    set_min_group,
)
from api.retention.inventory import STORES
from api.retention.kinds import DEFAULT_DAYS, LEAST_DAYS, MOST_DAYS, Kind
from api.retention.tables import HoldRow
from api.retention.terms import (
    DaysError,
    UnknownHoldError,
    days_of,
    holds_of,
    lay_hold,
    lift_hold,
    set_days,
)
from api.users.permissions import Permission

PARAGRAPHS = ("privacy_seen", "privacy_blur", "privacy_who", "privacy_where", "privacy_rights")


def build(visit: Visit, _beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    say = visit.say
    with parts.box("page"):
        with parts.heading(say("nav.privacy"), say("privacy_about")):
            pass
        with parts.card(say("privacy_what")):
            for paragraph in PARAGRAPHS:
                parts.text(say(paragraph), "privacy-text", tag="p")
        with parts.card(say("privacy_terms")):
            _Terms(visit, visit.hall)
        with parts.card(say("privacy_groups")):
            _GroupSize(visit, visit.hall)
        with parts.card(say("privacy_inventory")):
            _inventory(visit, visit.hall)
        if visit.may(Permission.RETENTION_MANAGE):
            with parts.card(say("holds_title")):
                _Holds(visit, visit.hall)


class _Terms:
    """The days in force, kind by kind; fields for those who may change them."""

    def __init__(self, visit: Visit, hall: HallRow) -> None:
        self.visit = visit
        self.hall = hall
        self.list = parts.box("privacy-terms")
        self.refresh()

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            days = days_of(session, self.hall.id)
        self.list.clear()
        with self.list:
            for kind in Kind:
                self._term(kind, days[kind])

    def _term(self, kind: Kind, days: int) -> None:
        say = self.visit.say
        with parts.box("privacy-term"):
            with parts.box():
                parts.text(say.of("kept", kind), tag="h3")
                parts.text(say.of("kept_how", kind), "privacy-note", tag="p")
            with parts.box("privacy-days"):
                if self._may_change(kind):
                    field = Field(
                        say("privacy_days"), "number", value=str(days),
                        min=str(LEAST_DAYS[kind]), max=str(MOST_DAYS),
                    )  # fmt: skip
                    parts.button(say("privacy_save"), partial(self._save, kind, field))
                else:
                    parts.text(say("privacy_n_days", n=days))

    def _may_change(self, kind: Kind) -> bool:
        everywhere = kind is not Kind.ACCESS_LOG or self.visit.viewer.halls.everywhere
        return everywhere and self.visit.may(Permission.RETENTION_MANAGE)

    def _save(self, kind: Kind, field: Field) -> None:
        visit, say = self.visit, self.visit.say
        days = _number(field.value)
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                set_days(session, self.hall.id, kind, days, AccessBy.of(visit.viewer), visit.now())
        except DaysError:
            field.complain(say("privacy_limits", least=LEAST_DAYS[kind], most=MOST_DAYS))
            return
        parts.tell(say("privacy_saved", default=DEFAULT_DAYS[kind]), "positive")


class _GroupSize:
    """How many people a group must have before a report shows figures of it."""

    def __init__(self, visit: Visit, hall: HallRow) -> None:
        self.visit, self.hall = visit, hall
        say = visit.say
        with visit.console.database.reading() as session:
            people = min_group_of(session, hall.id)
        parts.text(say("privacy_groups_about"), "privacy-text", tag="p")
        with parts.box("privacy-days"):
            if visit.may(Permission.RETENTION_MANAGE):
                self.field = Field(
                    say("privacy_people"), "number", value=str(people),
                    min=str(LEAST_GROUP), max=str(MOST_GROUP),
                )  # fmt: skip
                parts.button(say("privacy_save"), self._save)
            else:
                parts.text(say("privacy_n_people", n=people))

    def _save(self) -> None:
        visit, say = self.visit, self.visit.say
        people = _number(self.field.value)
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                by = AccessBy.of(visit.viewer)
                set_min_group(session, self.hall.id, people, by, visit.now())
        except GroupSizeError:
            self.field.complain(say("privacy_people_limits", least=LEAST_GROUP, most=MOST_GROUP))
            return
        parts.tell(say("privacy_people_saved"), "positive")


def _number(typed: str) -> int:
    """0 for whatever is none."""
    typed = typed.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


def _inventory(visit: Visit, hall: HallRow) -> None:
    """Every table and folder, by why it is kept."""
    say = visit.say
    parts.text(say("privacy_inventory_about"), "privacy-text", tag="p")
    with visit.console.database.reading() as session:
        days = days_of(session, hall.id)
    heads = (say("privacy_kept"), say("privacy_long"), say("privacy_where_it_lies"))
    rows: list[list[parts.Cell]] = []
    for why, store in STORES.items():
        places = " · ".join((*store.folders, *store.tables))
        if isinstance(why, Kind):
            rows.append([say.of("kept", why), say("privacy_n_days", n=days[why]), places])
        else:
            rows.append([say.of("stays", why), say.of("stays_how", why), places])
    columns = [parts.Column(head) for head in heads]
    parts.table(columns, rows, name=say("privacy_inventory"), classes="privacy-inventory")


class _Holds:
    """What must not be deleted."""

    def __init__(self, visit: Visit, hall: HallRow) -> None:
        self.visit = visit
        self.hall = hall
        say = visit.say
        parts.text(say("holds_about"), "privacy-text", tag="p")
        self.object = Field(
            say("holds_object"), hint=say("holds_object_hint"), maxlength="80", must=True
        )
        self.reason = Field(say("holds_reason"), maxlength="500", must=True)
        parts.button(say("holds_lay"), self._lay, "btn btn-main")
        self.list = parts.box("privacy-terms")
        self.refresh()

    def refresh(self) -> None:
        with self.visit.console.database.reading() as session:
            holds = holds_of(session, self.hall.id)
        self.list.clear()
        with self.list:
            for hold in holds:
                self._hold(hold)

    def _hold(self, hold: HoldRow) -> None:
        visit, say = self.visit, self.visit.say
        since = times.day_clock(hold.laid_at, visit.now(), visit.zone, say)
        with parts.box("privacy-term"):
            with parts.box():
                parts.text(hold.object, tag="h3")
                parts.text(f"{hold.reason} · {hold.laid_by} · {since}", "privacy-note", tag="p")
            parts.button(say("holds_lift"), partial(self._ask_to_lift, hold.id, hold.object))

    def _lay(self) -> None:
        visit, say = self.visit, self.visit.say
        if signed_out(visit):
            return
        reason = self.reason.value.strip()
        if len(reason) < SHORTEST_REASON:
            self.reason.complain(say("reason_missing"))
            return
        try:
            with visit.console.database.session() as session:
                by = AccessBy.of(visit.viewer)
                thing = self.object.value.strip()
                lay_hold(session, self.hall.id, thing, reason, by, visit.now())
        except UnknownHoldError:
            self.object.complain(say("holds_nothing"))
            return
        parts.tell(say("holds_laid"), "positive")
        self.refresh()

    def _ask_to_lift(self, hold_id: int, thing: str) -> None:
        say = self.visit.say
        ask(
            self.visit, say("holds_lift_ask", thing=thing), say("holds_lift_about"),
            say("holds_lift"), partial(self._lift, hold_id), reason="must", danger=True,
        )  # fmt: skip

    def _lift(self, hold_id: int, reason: str) -> None:
        visit = self.visit
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                by = AccessBy.of(visit.viewer)
                lift_hold(session, hold_id, visit.viewer.halls, reason, by, visit.now())
        except UnknownHoldError:
            parts.tell(visit.say("holds_gone"), "warning")
        self.refresh()
