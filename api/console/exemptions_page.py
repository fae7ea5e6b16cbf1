"""Exemptions: what was allowed; entered and taken back here."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from api.audit.record import AccessBy
from api.console import parts, times
from api.console.beat import Beat, signed_out
from api.console.exemption_sheet import ExemptionSheet
from api.console.missing import no_hall
from api.console.page import Visit
from api.console.sheets import ask
from api.exemptions.granting import (
    ExemptionRevokedError,
    ExemptionView,
    UnknownExemptionError,
    exemptions_of,
    revoke,
)
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
        if signed_out(visit):
            return
        try:
            with visit.console.database.session() as session:
                now = visit.now()
                by = AccessBy.of(visit.viewer)
                revoke(session, row.id, why, by, now, visit.viewer.halls)
        except ExemptionRevokedError as error:
            parts.tell(say("exemption_was_revoked", who=error.who), "warning")
        except UnknownExemptionError:
            parts.tell(say("exemption_gone"), "warning")
        else:
            parts.tell(say("exemption_revoked"), "positive")
        self.refresh()

    def _enter(self) -> None:
        ExemptionSheet(self.visit, self.hall, self.refresh)


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
