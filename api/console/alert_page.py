"""The page of one alert: what was seen, who was on duty, which rule, and what was done about it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from api.alerts.acts import Act, UnknownAlertError
from api.alerts.evidence import EvidenceMissingError, clip_file
from api.alerts.listing import alert_detail, neighbours, similar_alerts
from api.alerts.tables import AlertRow
from api.alerts.views import AlertDetail, ClipView, LookView
from api.audit.record import AccessBy, record_view
from api.audit.tables import Access
from api.console import parts, times
from api.console.acting import may_act
from api.console.alert_acts import ActBar
from api.console.alert_facts import (
    show_duty,
    show_exemptions,
    show_history,
    show_origin,
    show_rule,
    show_seen,
    show_similar,
)
from api.console.alert_film import API, ClipPlayer, film_of, looks_of
from api.console.alert_notes import show_notes
from api.console.beat import Beat
from api.console.missing import nothing_here
from api.console.page import Visit
from api.console.sheets import ask
from api.console.shortcuts import Shortcut, Shortcuts
from api.console.wanted import Wanted
from api.exemptions.marking import exempting
from api.roster.changes import duty_changed
from api.users.permissions import Permission

AWAITED = timedelta(days=1)
"""How long after an alert its clip may still come: a hall's box that is cut off keeps it for later.
Afterwards it was deleted on schedule, or there is none."""
ACT_KEYS = {"t": Act.ACKNOWLEDGE, "e": Act.EXCUSE, "f": Act.MARK_FALSE, "r": Act.REFER}


def build(visit: Visit, beat: Beat) -> None:
    page = _AlertPage(visit, visit.names["uid"])
    try:
        page.refresh()
    except UnknownAlertError:
        page.root.delete()
        nothing_here(visit)
        return
    _write_down(visit, page.uid)
    beat.on_news(page.refresh)
    beat.every(60, page.refresh)


def _write_down(visit: Visit, uid: str) -> None:
    """That this person looked at the alert."""
    with visit.console.database.session() as session:
        hall = session.get_one(AlertRow, uid).hall_id
        by, name = AccessBy.of(visit.viewer), f"alert/{uid}"
        record_view(session, by, Access.VIEW_ALERT, name, visit.now(), hall=hall)


class _AlertPage:
    def __init__(self, visit: Visit, uid: str) -> None:
        self.visit = visit
        self.uid = uid
        self.list = Wanted.within(visit)
        self.drawn: dict[str, object] = {}
        self.player: ClipPlayer | None = None
        self.looks: tuple[LookView, ...] = ()
        self.unblurred_for = ""
        with parts.box("case") as self.root:
            with parts.box("case-bar"):
                address = self.list.address()
                parts.link(visit.say("back_to_alerts"), address, "case-back")
                with parts.box("case-steps"):
                    self.steps = parts.box("case-steps")
                    self.keys = Shortcuts(visit, ())
            self.head = parts.box("case-head", "header")
            with parts.box("case-columns"):
                with parts.box("case-film"):
                    self.film = parts.box("film")
                    self.stills = parts.box("stills")
                    self.history = parts.box("card", "section")
                with parts.box("case-facts"):
                    self.acts = ActBar(visit, uid, self.refresh)
                    self.exemptions = parts.box("card", "section")
                    self.notes = parts.box("card", "section")
                    self.duty = parts.box("card", "section")
                    self.seen = parts.box("card", "section")
                    self.rule = parts.box("card", "section")
                    self.similar = parts.box("card", "section")
                    self.origin = parts.box("card", "section")

    def refresh(self) -> None:
        """Draw anew what has changed since the last time; a film that plays goes on playing."""
        with self.visit.console.database.reading() as session:
            alert = alert_detail(session, self.uid, self.visit.viewer.halls)
            around = neighbours(session, self.list.filter(self.visit), alert)
            similar = similar_alerts(session, alert)
            row = session.get_one(AlertRow, self.uid)
            duty_now = duty_changed(session, row)
            exemptions = exempting(session, [self.uid]).get(self.uid, ())
        self._head(alert)
        self._steps(around)
        self._film(alert)
        self._stills(alert)
        self.acts.show(alert, bool(exemptions))
        self.exemptions.set_visibility(bool(exemptions))
        self.notes.set_visibility(bool(alert.notes))
        for place, draw, key in (
            (
                self.exemptions,
                partial(show_exemptions, exemptions),
                tuple(e.id for e in exemptions),
            ),
            (self.notes, show_notes, alert.notes),
            (self.similar, partial(show_similar, similar), similar),
            (self.history, show_history, alert.history),
            (self.duty, partial(show_duty, duty_now), (alert.duty, duty_now)),
            (
                self.seen,
                show_seen,
                (alert.why, alert.stills, alert.tickets, alert.tickets_later),
            ),
            (self.rule, show_rule, alert.policy),
            (self.origin, show_origin, (alert.model_sha, alert.clips)),
        ):
            if self._changed(str(place.id), key):
                place.clear()
                with place:
                    draw(self.visit, alert)

    def _changed(self, name: str, key: object) -> bool:
        if name in self.drawn and self.drawn[name] == key:
            return False
        self.drawn[name] = key
        return True

    def _head(self, alert: AlertDetail) -> None:
        say, zone, now = self.visit.say, self.visit.zone, self.visit.now()
        ago = times.ago(alert.began, now, say)
        if not self._changed("head", (alert.state, alert.severity, alert.ended, ago)):
            return
        severity = alert.severity.name.lower()
        self.head.clear()
        with self.head:
            with parts.box(f"case-title severity-{severity}"):
                parts.icon(severity, "case-severity")
                words = f"{say.known('rule', alert.rule)} · {alert.subject_name}"
                parts.text(words, tag="h1")
                parts.text(say.of("severity", severity), "case-level")
                parts.text(say.of("state", alert.state), f"alert-state state-{alert.state}")
            with parts.box("case-when", "p"):
                parts.text(say("began_at", time=times.day_clock(alert.began, now, zone, say)))
                parts.text(ago, "case-ago")
                if alert.ended is not None:
                    lasted = times.span((alert.ended - alert.began).total_seconds(), say)
                    parts.text(say("lasted", span=lasted))
                else:
                    parts.text(say("going_on"), "alert-lasted is-ongoing")

    def _steps(self, around: tuple[str | None, str | None]) -> None:
        """To the alerts before and after this one in the list, by button and by key."""
        if not self._changed("steps", around):
            return
        say = self.visit.say
        later, earlier = (self.list.address_of(uid) if uid else "" for uid in around)
        self.steps.clear()
        with self.steps:
            for href, drawing, words in (
                (later, "back", say("alert_later")),
                (earlier, "forward", say("alert_earlier")),
            ):
                if href:
                    with parts.box("btn btn-quiet", "a", href=href):
                        parts.icon(drawing)
                        parts.text(words)
        known = [
            Shortcut(("j", "ArrowDown"), say("alert_earlier"), href=earlier),
            Shortcut(("k", "ArrowUp"), say("alert_later"), href=later),
            Shortcut((" ",), say("key_play"), presses=".player-play"),
            *(
                Shortcut((key,), say.of("act", act), presses=f'[data-act="{act}"]')
                for key, act in ACT_KEYS.items()
                if may_act(self.visit, act)
            ),
            *(
                [Shortcut(("x",), say("exempt_this"), presses='[data-act="exempt"]')]
                if self.visit.may(Permission.EXEMPTIONS_GRANT)
                else []
            ),
        ]
        self.keys.show(s for s in known if s.href or s.presses)

    def _film(self, alert: AlertDetail) -> None:
        clip = alert.clips[-1] if alert.clips else None
        if clip is None or not self._on_disk(clip):
            yet = clip is None and self.visit.now() - alert.received_at < AWAITED
            if self._changed("film", yet):
                self._no_film(yet)
            return
        if self._changed("looks", (clip.id, clip.sha256, len(alert.stills))):
            self.looks = looks_of(alert, clip, self.visit)
        film = film_of(alert, clip, self.looks, self.visit, self.unblurred_for)
        if self._changed("film", (clip.id, self.unblurred_for)) or self.player is None:
            self.film.clear()
            with self.film:
                self.player = ClipPlayer(film)
                if self.visit.may(Permission.EVIDENCE_UNBLUR):
                    self._unblur()
        self.player.show(film)

    def _unblur(self) -> None:
        """Who may see citizens' faces says why first; it stands in the access log."""
        say = self.visit.say

        def lift(reason: str) -> None:
            self.unblurred_for = reason
            self.refresh()

        with parts.box("film-veil"):
            if self.unblurred_for:
                parts.badge(say("unblurred"), "warn", "eye")
                parts.button(say("blur_again"), lambda: lift(""), "btn btn-quiet")
            else:
                parts.button(
                    say("unblur"),
                    lambda: ask(
                        self.visit, say("unblur"), say("unblur_about"), say("unblur_do"), lift,
                        reason="must",
                    ),
                    "btn btn-quiet",
                    drawing="eye",
                )  # fmt: skip

    def _on_disk(self, clip: ClipView) -> bool:
        console = self.visit.console
        try:
            with console.database.reading() as session:
                clip_file(session, console.evidence, clip.id)
        except EvidenceMissingError:
            return False
        return True

    def _no_film(self, yet: bool) -> None:
        """`yet`: it may still come; otherwise it is gone, or never came."""
        say = self.visit.say
        self.player = None
        self.film.clear()
        with self.film, parts.box("hollow film-none"):
            parts.icon("replay", "hollow-icon")
            parts.text(say("no_clip") if yet else say("clip_gone"), "hollow-title", tag="h2")
            parts.text(say("no_clip_do") if yet else say("clip_gone_do"), "hollow-do", tag="p")

    def _stills(self, alert: AlertDetail) -> None:
        if not self._changed("stills", alert.stills):
            return
        say, zone = self.visit.say, self.visit.zone
        self.stills.clear()
        with self.stills:
            for still in alert.stills:
                address = f"{API}/stills/{still.id}"
                words = say("still_at", time=times.clock(still.at, zone))
                with parts.box("still", "figure"):
                    with parts.box("", "a", href=address, target="_blank"):
                        parts.box("", "img", src=address, alt=words, loading="lazy")
                    parts.text(words, tag="figcaption")
