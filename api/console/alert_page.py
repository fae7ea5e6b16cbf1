"""The page of one alert: what was seen, who was on duty, which rule, and what was done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nicegui import ui

from api.alerts.acts import UnknownAlertError
from api.alerts.evidence import EvidenceMissingError, clip_file
from api.alerts.listing import alert_detail
from api.alerts.views import AlertDetail, ClipView
from api.console import parts, times
from api.console.alert_acts import ActBar
from api.console.alert_facts import show_duty, show_history, show_origin, show_rule, show_seen
from api.console.beat import Beat
from api.console.missing import nothing_here
from api.console.page import Visit
from vision.records import Step

API = "/api/v1"


class ClipPlayer(ui.element, component="static/clip_player.js"):
    """The clip with its timeline: what the film shows when."""

    def __init__(self, film: dict[str, Any]) -> None:
        super().__init__()
        self.props["film"] = film

    def show(self, film: dict[str, Any]) -> None:
        if self.props["film"] != film:
            self.props["film"] = film
            self.update()


def build(visit: Visit, beat: Beat) -> None:
    page = _AlertPage(visit, visit.names["uid"])
    try:
        page.refresh()
    except UnknownAlertError:
        page.root.delete()
        nothing_here(visit)
        return
    beat.on_news(page.refresh)
    beat.every(60, page.refresh)


class _AlertPage:
    def __init__(self, visit: Visit, uid: str) -> None:
        self.visit = visit
        self.uid = uid
        self.drawn: dict[str, object] = {}
        self.player: ClipPlayer | None = None
        with parts.box("case") as self.root:
            parts.link(visit.say("back_to_alerts"), "/alerts", "case-back")
            self.head = parts.box("case-head", "header")
            with parts.box("case-columns"):
                with parts.box("case-film"):
                    self.film = parts.box("film")
                    self.stills = parts.box("stills")
                    self.history = parts.box("card", "section")
                with parts.box("case-facts"):
                    self.acts = ActBar(visit, uid, self.refresh)
                    self.duty = parts.box("card", "section")
                    self.seen = parts.box("card", "section")
                    self.rule = parts.box("card", "section")
                    self.origin = parts.box("card", "section")

    def refresh(self) -> None:
        """Draw anew what has changed since the last time; a film that plays goes on playing."""
        with self.visit.console.database.reading() as session:
            alert = alert_detail(session, self.uid, self.visit.viewer.halls)
        self._head(alert)
        self._film(alert)
        self._stills(alert)
        self.acts.show(alert)
        for place, draw, key in (
            (self.history, show_history, alert.history),
            (self.duty, show_duty, alert.duty),
            (self.seen, show_seen, (alert.why, alert.history)),
            (self.rule, show_rule, alert.policy),
            (self.origin, show_origin, (alert.model_sha, alert.clips)),
        ):
            if self._changed(draw.__name__, key):
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

    def _film(self, alert: AlertDetail) -> None:
        clip = alert.clips[-1] if alert.clips else None
        if clip is None or not self._on_disk(clip):
            if self._changed("film", clip is None):
                self._no_film(clip is None)
            return
        film = film_of(alert, clip, self.visit)
        if self._changed("film", clip.id) or self.player is None:
            self.film.clear()
            with self.film:
                self.player = ClipPlayer(film)
        self.player.show(film)

    def _on_disk(self, clip: ClipView) -> bool:
        console = self.visit.console
        try:
            with console.database.reading() as session:
                clip_file(session, console.evidence, clip.id)
        except EvidenceMissingError:
            return False
        return True

    def _no_film(self, yet: bool) -> None:
        """`yet`: it may still come; otherwise its file is gone."""
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


def film_of(alert: AlertDetail, clip: ClipView, visit: Visit) -> dict[str, Any]:
    """What the player shows; seconds count from the clip's first picture."""
    say, zone = visit.say, visit.zone

    def second(moment: datetime) -> float:
        return (moment - clip.covers_from).total_seconds()

    length_s = max(second(clip.covers_to), 0.1)
    moments = [("onset", say("mark_onset"), alert.began)]
    moments += [
        ("alert" if event.what == Step.RAISED else "grew", say.of("step", event.what), event.at)
        for event in alert.history
        if event.what in (Step.RAISED, Step.ESCALATED)
    ]
    if alert.ended is not None:
        moments.append(("end", say("mark_end"), alert.ended))
    marks = [
        {
            "kind": kind,
            "words": words,
            "clock": times.clock(moment, zone),
            "at": second(moment),
            "inside": -0.5 <= second(moment) <= length_s + 0.5,
        }
        for kind, words, moment in moments
    ]
    whole = say("clip_whole") if clip.complete else say("clip_part")
    until = alert.ended or clip.covers_to
    return {
        "src": f"{API}/clips/{clip.id}",
        "length": length_s,
        "starts": clip.covers_from.astimezone(zone).strftime("%H:%M:%S.%f")[:-3],
        "marks": marks,
        "from": min(max(second(alert.began), 0.0), length_s),
        "to": min(max(second(until), 0.0), length_s),
        "severity": alert.severity.name.lower(),
        "covers": say(
            "clip_covers",
            start=times.clock(clip.covers_from, zone),
            end=times.clock(clip.covers_to, zone),
        ),
        "whole": whole,
        "complete": clip.complete,
        "words": {
            "broken": say("clip_broken"),
            "timeline": say("timeline"),
            "outside": say("outside"),
            "speed": say("speed"),
            "save": say("save_clip"),
        },
    }
