"""Allow something: who or where, from when to when, and who allowed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.alerts.views import AlertDetail
from api.audit.record import AccessBy
from api.console import parts
from api.console.beat import signed_out
from api.console.forms import Choice, Field, form
from api.console.moments import for_input, typed_moment
from api.console.page import Visit
from api.console.sheets import Sheet
from api.exemptions.cover import RULES
from api.exemptions.granting import (
    LATEST_ENTRY,
    LONGEST,
    Allowance,
    ExemptionRefusedError,
    OwnExemptionError,
    grant,
)
from api.exemptions.marking import exempting
from api.exemptions.tables import ExemptionKind
from api.halls.reading import UnknownWindowError, window_rows
from api.roster.views import staff_of

USUAL = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the sheet says at first. kinds: those that are offered. alert: the uid of the alert that
    shall be covered, where it is about one. person: a staff number, "" for anybody."""

    kinds: Sequence[ExemptionKind]
    starts_at: datetime
    ends_at: datetime
    person: str = ""
    window: str = ""
    alert: str = ""


def anew(now: datetime) -> Proposal:
    """For something that begins now."""
    return Proposal(tuple(ExemptionKind), now, now + USUAL)


def for_alert(alert: AlertDetail, now: datetime) -> Proposal | None:
    """What would cover this alert whole: its window, the one who held it, its time in full minutes;
    while it lasts, half an hour more. None where nothing excuses its rule."""
    kinds = tuple(kind for kind in ExemptionKind if alert.rule in RULES[kind])
    if not kinds or alert.duty is None:
        return None
    holders = alert.duty.holders
    until = alert.ended or now + USUAL
    return Proposal(
        kinds,
        alert.began.replace(second=0, microsecond=0),
        until.replace(second=0, microsecond=0) + MINUTE,
        holders[0].number if len(holders) == 1 else "",
        alert.subject,
        alert.uid,
    )


class ExemptionSheet:
    def __init__(
        self, visit: Visit, hall: str, done: Callable[[], None], said: Proposal | None = None
    ) -> None:
        self.visit, self.hall, self.done = visit, hall, done
        self.said = said or anew(visit.now())
        say = visit.say
        with visit.console.database.reading() as session:
            people = [(s.number, f"{s.name} {s.number}") for s in staff_of(session, hall)]
            windows = [(w.id, w.name) for w in window_rows(session, hall)]
        about = say("exempt_this_about") if self.said.alert else say("exemption_whole")
        with Sheet(say("exemption_enter"), about, "act-sheet") as self.sheet:
            with form():
                self.kind = Choice(
                    say("exemption_kind"),
                    [(k, say.of("allowed", k)) for k in self.said.kinds],
                    on_change=self._explain,
                )
                self.covers = parts.text("", "field-hint", tag="p")
                with parts.box("form-pair"):
                    self.person = Choice(
                        say("exemption_person"),
                        [("", say("exemption_anybody")), *people],
                        self.said.person,
                    )
                    self.window = Choice(
                        say("exemption_window"),
                        [("", say("exemption_anywhere")), *windows],
                        self.said.window,
                    )
                with parts.box("form-pair"):
                    self.starts = self._moment(say("exemption_from"), self.said.starts_at)
                    self.ends = self._moment(say("exemption_to"), self.said.ends_at)
                self.by = Field(
                    say("exemption_by"), value=visit.viewer.full_name, must=True, maxlength="80"
                )
                self.note = Field(say("exemption_note"), "textarea", rows="2", maxlength="500")
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(
                    say("save"), self._save, "btn btn-main", drawing="check", data_sure="exempt"
                )
        self._explain(self.kind.value)

    def _moment(self, words: str, moment: datetime) -> Field:
        value = for_input(moment, self.visit)
        return Field(words, "datetime-local", value=value, must=True)

    def _explain(self, kind: str) -> None:
        self.covers.set_text(self.visit.say.of("exemption_covers", kind))

    def _save(self) -> None:
        visit, say = self.visit, self.visit.say
        given = self._given()
        if given is None:
            return
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                grant(session, self.hall, given, AccessBy.of(visit.viewer), visit.now())
                covered = bool(exempting(session, [self.said.alert]))
        except (ExemptionRefusedError, UnknownWindowError):
            parts.tell(say("exemption_refused"), "warning")
            return
        except OwnExemptionError:
            parts.tell(say("exemption_own"), "warning")
            return
        self.sheet.close()
        if self.said.alert and not covered:
            parts.tell(say("exempt_not_whole"), "warning")
        else:
            parts.tell(say("exemption_entered"), "positive")
        self.done()

    def _given(self) -> Allowance | None:
        """What was entered; None, after saying so, where something is missing."""
        visit, say = self.visit, self.visit.say
        starts, ends = (typed_moment(f.value, visit) for f in (self.starts, self.ends))
        now = visit.now()
        if not self.person.value and not self.window.value:
            parts.tell(say("exemption_nobody"), "warning")
            return None
        if (
            starts is None
            or ends is None
            or not timedelta(0) < ends - starts <= LONGEST
            or now - ends > LATEST_ENTRY
        ):
            self.ends.complain(say("exemption_bad_time"))
            return None
        by = self.by.value.strip()[:80]
        if not by:
            self.by.complain(say("exemption_by_missing"))
            return None
        return Allowance(
            ExemptionKind(self.kind.value),
            self.person.value or None,
            self.window.value or None,
            starts,
            ends,
            by,
            self.note.value.strip()[:500],
        )
