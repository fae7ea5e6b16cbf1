"""The beat that keeps an open page fresh."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from nicegui import ui

from api.console import parts
from api.console.page import Visit, sign_in_url

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


def signed_out(visit: Visit) -> bool:
    """Asked before every act: whether the session is over. The browser has left the page then."""
    if visit.still_signed_in():
        return False
    leave(visit)
    return True


def leave(visit: Visit) -> None:
    """The session is over: to the sign-in page, and back here afterwards."""
    ui.navigate.to(sign_in_url(visit.path))
