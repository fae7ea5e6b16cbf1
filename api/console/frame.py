"""The frame around every page: bar, navigation, clock, and the beat that keeps a page fresh."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import quote

from nicegui import ui

from api.alerts.listing import AlertFilter, count_alerts
from api.alerts.tables import State
from api.console import parts, times
from api.console.page import Visit, sign_in_url
from api.users.permissions import Permission

BEAT_S = 0.5
SESSION_CHECK_BEATS = 20
APOLOGY_S = 20.0


class Beat:
    """Calls what a page registered: on news (an alert came or changed), and on every beat."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self._seen = visit.console.news.count
        self._beats = 0
        self._on_news: list[Callable[[], None]] = []
        self._on_beat: list[Callable[[], None]] = []
        self._apologised_at: datetime | None = None
        ui.context.client.on_exception(self._apologise)
        ui.timer(BEAT_S, self._strike)

    def on_news(self, handler: Callable[[], None]) -> None:
        self._on_news.append(handler)

    def on_beat(self, handler: Callable[[], None]) -> None:
        self._on_beat.append(handler)

    def every(self, beats: int, handler: Callable[[], None]) -> None:
        """For what changes by time alone, such as "3 min ago"."""

        def sometimes() -> None:
            if self._beats % beats == 0:
                handler()

        self._on_beat.append(sometimes)

    def _apologise(self) -> None:
        """Something failed on this page (it is in the log): say so, but not at every beat."""
        now = self.visit.now()
        last = self._apologised_at
        if last is None or (now - last).total_seconds() > APOLOGY_S:
            self._apologised_at = now
            parts.tell(self.visit.say("went_wrong"), "warning")

    def _strike(self) -> None:
        self._beats += 1
        if self._beats % SESSION_CHECK_BEATS == 0 and not self.visit.still_signed_in():
            leave(self.visit)
            return
        count = self.visit.console.news.count
        if count != self._seen:
            self._seen = count
            for handler in self._on_news:
                handler()
        for handler in self._on_beat:
            handler()


def leave(visit: Visit) -> None:
    """The session is over: to the sign-in page, and back here afterwards."""
    ui.navigate.to(sign_in_url(visit.path))


@contextmanager
def frame(visit: Visit, current: str) -> Iterator[Beat]:
    """The bar on top and the page's own part below; `current` names the navigation's entry."""
    beat = Beat(visit)
    if visit.dark:  # before Quasar's script runs, so that nothing flashes
        ui.add_head_html("<script>document.documentElement.classList.add('dark')</script>")
    parts.link(visit.say("skip"), "#main", "skip")
    with parts.box("top", "header"):
        _brand(visit)
        _navigation(visit, current, beat)
        with parts.box("top-right"):
            _replay(visit, beat)
            _clock(visit, beat)
            _preferences(visit)
            _account(visit)
    with parts.box(f"main main-{current}", id="main", tabindex="-1"):  # inside NiceGUI's <main>
        yield beat


def _brand(visit: Visit) -> None:
    with parts.box("brand", "a", href="/"):
        parts.icon("brand", "brand-mark")
        parts.text(visit.say("brand"), "brand-name")
    if visit.hall is not None:
        parts.text(visit.hall.name, "hall-name", tag="p")


def _navigation(visit: Visit, current: str, beat: Beat) -> None:
    say = visit.say
    with parts.box("tabs", "nav", aria_label=say("nav_label")):
        for name, href, drawing, words, needs in (
            ("live", "/", "live", say("nav_live"), Permission.EVIDENCE_VIEW),
            ("alerts", "/alerts", "bell", say("nav_alerts"), Permission.ALERTS_READ),
            ("roster", "/roster", "calendar", say("nav_roster"), Permission.ROSTER_READ),
        ):
            if not visit.may(needs):
                continue
            with parts.box("tab", "a", href=href) as tab:
                if name == current:
                    tab.props["aria-current"] = "page"
                parts.icon(drawing)
                parts.text(words)
                if name == "alerts":
                    _badge(visit, beat)


def _badge(visit: Visit, beat: Beat) -> None:
    """How many alerts nobody has looked at yet."""
    badge = parts.text("", "badge")

    def refresh() -> None:
        new = new_alerts(visit)
        badge.set_text("99+" if new > 99 else str(new))
        badge.set_visibility(new > 0)
        badge.props["aria-label"] = visit.say("new_count", n=new)

    refresh()
    beat.on_news(refresh)


def new_alerts(visit: Visit) -> int:
    hall = visit.hall.id if visit.hall else None
    with visit.console.database.reading() as session:
        return count_alerts(session, AlertFilter(hall=hall, states=(State.NEW,)))


def _replay(visit: Visit, beat: Beat) -> None:
    """Says that recordings are being watched, how far they are and how fast they go."""
    with parts.box("replay", role="status") as badge:
        parts.icon("replay")
        words = parts.text("")
        with parts.box("replay-bar", aria_hidden="true"):
            bar = parts.box("replay-done")

    def refresh() -> None:
        replays = [s.replay for s in visit.console.live.views().values() if s.replay]
        badge.set_visibility(bool(replays))
        if not replays:
            return
        fraction = sum(r.fraction for r in replays) / len(replays)
        key = "replay_over" if fraction >= 1 else "replay_running"
        speed = sum(r.speed for r in replays) / len(replays)
        words.set_text(visit.say(key, percent=int(100 * fraction), speed=f"{speed:.1f}"))
        bar.style(f"width: {100 * fraction:.1f}%")

    refresh()
    beat.on_beat(refresh)


def _clock(visit: Visit, beat: Beat) -> None:
    with parts.box("clock", title=visit.say("hall_time", zone=visit.zone.key)):
        date = parts.text("", "clock-date")
        time = parts.text("", "clock-time")

    def refresh() -> None:
        now = visit.now()
        local = now.astimezone(visit.zone)
        weekday = times.weekday(now, visit.zone, visit.say)
        words = visit.say("month_day", month=local.month, day=local.day, short=f"{local:%d %b}")
        date.set_text(visit.say("date_and_day", date=words, day=weekday))
        time.set_text(f"{local:%H:%M:%S}")

    refresh()
    beat.on_beat(refresh)


def _preferences(visit: Visit) -> None:
    say, back = visit.say, quote(visit.path, safe="/")
    other = "en" if say.language == "zh" else "zh"
    parts.link(
        say("to_other_language"),
        f"/console/preferences?language={other}&next={back}",
        "tool tool-language",
        lang="en" if other == "en" else "zh-CN",
    )
    words = say("to_light") if visit.dark else say("to_dark")
    look = "light" if visit.dark else "dark"
    with parts.box(
        "tool",
        "a",
        href=f"/console/preferences?appearance={look}&next={back}",
        title=words,
        aria_label=words,
    ):
        parts.icon("sun" if visit.dark else "moon")


def _account(visit: Visit) -> None:
    viewer, say = visit.viewer, visit.say
    with parts.box("account", "details"):
        with parts.box("tool", "summary", aria_label=say("account"), title=viewer.full_name):
            parts.icon("person")
            parts.text(viewer.full_name, "account-name")
        with parts.box("account-menu"):
            parts.text(viewer.full_name, "account-full", tag="p")
            parts.text(say.of("role", viewer.role), "account-role", tag="p")
            with (
                parts.box("", "form", method="post", action="/sign-out"),
                parts.box("btn btn-quiet", "button", type="submit"),
            ):
                parts.icon("leave")
                parts.text(say("sign_out"))
