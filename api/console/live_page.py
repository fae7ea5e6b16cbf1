"""The live page: every camera's picture, its windows by state, and the newest alerts."""

from __future__ import annotations

from nicegui import ui

from api.alerts.listing import AlertFilter, list_alerts
from api.console import parts
from api.console.alert_rows import AlertList, row_of
from api.console.beat import Beat
from api.console.missing import no_hall
from api.console.page import Visit
from api.live import WindowPhase

NEWEST = 8


class LiveWall(ui.element, component="static/live_wall.js"):
    """The grid of cameras. It follows the live feed by itself and asks nothing of this page."""

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        say = visit.say
        self.props["language"] = say.language
        self.props["phases"] = [[p.value, say.of("phase", p)] for p in _ORDER]
        self.props["words"] = {
            "tally": say("tally_windows"),
            "boxes": say("show_boxes"),
            "lost": say("feed_lost"),
            "slow": say("machine_slow", n="{n}"),
        }


def build(visit: Visit, beat: Beat) -> None:
    _wall(visit, beat)
    _rail(visit, beat)


_ORDER = (
    WindowPhase.ALERTED,
    WindowPhase.EMPTY,
    WindowPhase.PAUSED,
    WindowPhase.ATTENDED,
    WindowPhase.UNKNOWN,
    WindowPhase.CLOSED,
)


def _wall(visit: Visit, beat: Beat) -> None:
    """The cameras' pictures; while there is none yet, what to do."""
    with parts.box("wall-side", "section", aria_label=visit.say.of("nav", "live")):
        parts.text(visit.say.of("nav", "live"), "sr-only", tag="h1")
        nothing = parts.box()
        with nothing:
            _nothing_yet(visit)
        watched = visit.hall is not None and visit.hall.id == visit.console.live.hall
        wall = LiveWall(visit) if watched else None

    def refresh() -> None:
        some = bool(visit.live_views())
        nothing.set_visibility(not some)
        if wall is not None:
            wall.set_visibility(some)

    refresh()
    beat.on_beat(refresh)


def _nothing_yet(visit: Visit) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    parts.hollow("live", visit.say("no_cameras"), visit.say("no_cameras_do"))


def _rail(visit: Visit, beat: Beat) -> None:
    """The newest alerts, beside the pictures."""
    with parts.box("rail", "aside", aria_label=visit.say("newest")):
        with parts.box("rail-head"):
            parts.text(visit.say("newest"), "rail-title", tag="h2")
            parts.link(visit.say("all_alerts"), "/alerts", "rail-all")
        listing = AlertList(compact=True, nothing=visit.say("quiet"))

    def refresh() -> None:
        wanted = AlertFilter(visit.viewer.halls, visit.hall.id if visit.hall else None)
        with visit.console.database.reading() as session:
            page = list_alerts(session, wanted, limit=NEWEST)
        listing.show([row_of(alert, visit) for alert in page.items])

    refresh()
    beat.on_news(refresh)
    beat.every(30, refresh)
