"""Exemptions: what was allowed; entered and taken back here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.console import parts, times
from api.console.beat import Beat, leave
from api.console.forms import Choice, Field, form
from api.console.missing import no_hall
from api.console.moments import for_input, typed_moment
from api.console.page import Visit
from api.console.sheets import Sheet, ask
from api.exemptions.granting import (
    LATEST_ENTRY,
    LONGEST,
    Allowance,
    ExemptionRefusedError,
    ExemptionRevokedError,
    ExemptionView,
    UnknownExemptionError,
    exemptions_of,
    grant,
    revoke,
)
from api.exemptions.tables import ExemptionKind
from api.halls.reading import UnknownWindowError, window_rows
from api.roster.views import staff_of
from api.users.permissions import Permission


def build(visit: Visit, beat: Beat) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    _ExemptionsPage(visit, beat, visit.hall.id)


class _ExemptionsPage:
    def __init__(self, visit: Visit, beat: Beat, hall: str) -> None:
        self.visit, self.hall = visit, hall
        say = visit.say
        self.grants = visit.may(Permission.EXEMPTIONS_GRANT)
        with parts.box("page"):
            with parts.heading(say.of("nav", "exemptions"), say("exemptions_about")):
                if self.grants:
                    parts.button(
                        say("exemption_enter"), self._enter, "btn btn-main", drawing="plus"
                    )
            self.tabs = parts.Tabs(
                say("exemptions_which"),
                [("current", say("exemptions_current")), ("all", say("exemptions_all"))],
                "current",
                lambda _: self.refresh(),
            )
            self.place = parts.box("dossiers")
        self.refresh()
        beat.on_news(self.refresh)

    def refresh(self) -> None:
        visit = self.visit
        since = visit.now() if self.tabs.value == "current" else None
        with visit.console.database.reading() as session:
            rows = exemptions_of(session, self.hall, since)
        self.place.clear()
        with self.place:
            if not rows:
                parts.hollow(
                    "exempt", visit.say("exemptions_none"), visit.say("exemptions_none_do")
                )
                return
            self._table(rows)

    def _table(self, rows: tuple[ExemptionView, ...]) -> None:
        say = self.visit.say
        columns = [
            parts.Column(say(key))
            for key in ("exemption_kind", "exemption_who", "exemption_when", "exemption_by")
        ]
        columns += [parts.Column(say("exemption_alerts"), "number"), parts.Column("", "acts")]
        cells = [self._cells(row) for row in rows]
        parts.table(columns, cells, name=say.of("nav", "exemptions"))

    def _cells(self, row: ExemptionView) -> list[parts.Cell]:
        visit, say = self.visit, self.visit.say
        person = row.name or say("exemption_anybody")
        place = row.window_name or say("exemption_anywhere")

        def kind() -> None:
            with parts.box("exemption-kind"):
                parts.badge(say.of("allowed", row.kind), "info")
                if row.note:
                    parts.text(row.note, "exemption-note")

        def acts() -> None:
            if row.revoked_at is not None:
                words = say(
                    "exemption_revoked_by", who=row.revoked_by or "", why=row.revoked_why or ""
                )
                with parts.box("exemption-revoked", "span", title=words):
                    parts.badge(say("exemption_revoked"))
            elif self.grants:
                parts.button(say("exemption_revoke"), partial(self._revoke, row), "btn btn-quiet")

        return [
            kind,
            f"{person} · {place}",
            span_words(visit, row.starts_at, row.ends_at),
            row.allowed_by,
            str(row.alerts),
            acts,
        ]

    def _revoke(self, row: ExemptionView) -> None:
        say = self.visit.say
        ask(
            self.visit, say("exemption_revoke"), say("exemption_revoke_about", n=row.alerts),
            say("exemption_revoke"), partial(self._sure, row), reason="must", danger=True,
        )  # fmt: skip

    def _sure(self, row: ExemptionView, why: str) -> None:
        visit, say = self.visit, self.visit.say
        if not visit.still_signed_in():
            leave(visit)
            return
        try:
            with visit.console.database.session() as session:
                now = visit.now()
                revoke(session, row.id, why, visit.viewer.full_name, now, visit.viewer.halls)
                _written(visit, session, row.id, self.hall, "revoke")
        except ExemptionRevokedError as error:
            parts.tell(say("exemption_was_revoked", who=error.who), "warning")
        except UnknownExemptionError:
            parts.tell(say("exemption_gone"), "warning")
        else:
            parts.tell(say("exemption_revoked"), "positive")
        self.refresh()

    def _enter(self) -> None:
        _EnterSheet(self.visit, self.hall, self.refresh)


def span_words(visit: Visit, start: datetime, end: datetime) -> str:
    """From when to when, the day said once where it is the same."""
    say, zone, now = visit.say, visit.zone, visit.now()
    first, last = start.astimezone(zone), end.astimezone(zone)
    words = f"{times.day(start, now, zone, say)} {first:%H:%M}"
    if first == last:
        return words
    words += "–"
    if first.date() == last.date():
        return f"{words}{last:%H:%M}"
    return f"{words}{times.day(end, now, zone, say)} {last:%H:%M}"


def _written(visit: Visit, session: Session, exemption_id: int, hall: str, act: str) -> None:
    record_access(
        session,
        AccessBy.of(visit.viewer),
        Access.EDIT_EXEMPTION,
        f"exemption/{exemption_id}",
        visit.now(),
        hall=hall,
        details={"act": act},
    )


class _EnterSheet:
    """Who or where, from when to when, and who allowed it."""

    def __init__(self, visit: Visit, hall: str, done: Callable[[], None]) -> None:
        self.visit, self.hall, self.done = visit, hall, done
        say, now = visit.say, visit.now()
        with visit.console.database.reading() as session:
            people = [(s.number, f"{s.name} {s.number}") for s in staff_of(session, hall)]
            windows = [(w.id, w.name) for w in window_rows(session, hall)]
        with Sheet(say("exemption_enter"), say("exemption_whole"), "act-sheet") as self.sheet:
            with form():
                self.kind = Choice(
                    say("exemption_kind"),
                    [(k, say.of("allowed", k)) for k in ExemptionKind],
                    on_change=self._explain,
                )
                self.covers = parts.text("", "field-hint", tag="p")
                with parts.box("form-pair"):
                    self.person = Choice(
                        say("exemption_person"), [("", say("exemption_anybody")), *people]
                    )
                    self.window = Choice(
                        say("exemption_window"), [("", say("exemption_anywhere")), *windows]
                    )
                with parts.box("form-pair"):
                    self.starts = self._moment(say("exemption_from"), now)
                    self.ends = self._moment(say("exemption_to"), now + timedelta(minutes=30))
                self.by = Field(
                    say("exemption_by"), value=visit.viewer.full_name, must=True, maxlength="80"
                )
                self.note = Field(say("exemption_note"), "textarea", rows="2", maxlength="500")
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(say("save"), self._save, "btn btn-main", drawing="check")
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
        if not visit.still_signed_in():
            leave(visit)
            return
        try:
            with visit.console.database.session() as session:
                row = grant(session, self.hall, given, visit.viewer.full_name, visit.now())
                _written(visit, session, row, self.hall, "grant")
        except (ExemptionRefusedError, UnknownWindowError):
            parts.tell(say("exemption_refused"), "warning")
            return
        self.sheet.close()
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
