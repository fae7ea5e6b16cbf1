"""The live page: every camera's picture, its windows by state, and the newest alerts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from nicegui import ui

from api.alerts.listing import AlertFilter, list_alerts
from api.console import parts, times
from api.console.alert_rows import AlertList, row_of
from api.console.beat import Beat
from api.console.missing import no_hall
from api.console.page import Visit
from api.live import Corners, QueueView, Shown, WindowPhase, WindowView

NEWEST = 8

Tile = dict[str, Any]


class CameraTile(ui.element, component="static/camera_tile.js"):
    """One camera: picture, zones and labels over it, and the list of its windows below."""

    def __init__(self, tile: Tile) -> None:
        super().__init__()
        self.props["tile"] = tile

    def show(self, tile: Tile) -> None:
        if self.props["tile"] != tile:
            self.props["tile"] = tile
            self.update()


def build(visit: Visit, beat: Beat) -> None:
    _Wall(visit, beat)
    _rail(visit, beat)


class _Wall:
    """The grid of cameras. A camera that appears or goes changes the grid, others stay."""

    def __init__(self, visit: Visit, beat: Beat) -> None:
        self.visit = visit
        self.boxes = False
        self.tiles: dict[str, CameraTile] = {}
        with parts.box("wall-side", "section", aria_label=visit.say.of("nav", "live")):
            parts.text(visit.say.of("nav", "live"), "sr-only", tag="h1")
            with parts.box("wall-head"):
                self.tally = parts.box("tally", "ul", aria_label=visit.say("tally_windows"))
                self._boxes_switch()
            self.wall = parts.box("wall")
        self.refresh()
        beat.on_beat(self.refresh)

    def _boxes_switch(self) -> None:
        with parts.box("switch", "label"):
            tick = parts.box("", "input", type="checkbox")
            parts.text(self.visit.say("show_boxes"))
        tick.on("change", self._boxes, js_handler="(event) => emit(event.target.checked)")

    def _boxes(self, event: Any) -> None:
        self.boxes = bool(event.args)
        self.refresh()

    def refresh(self) -> None:
        views = self.visit.live_views()
        if set(views) != set(self.tiles) or not views:
            self._rebuild(list(views))
        for camera, shown in views.items():
            self.tiles[camera].show(tile_of(shown, self.visit, self.boxes))
        self._count(Counter(w.phase for s in views.values() for w in s.view.windows))

    def _rebuild(self, cameras: list[str]) -> None:
        if not cameras and self.wall.default_slot.children:
            return
        self.wall.clear()
        self.tiles.clear()
        with self.wall:
            for camera in cameras:
                self.tiles[camera] = CameraTile({"id": camera})
            if not cameras:
                _nothing_yet(self.visit)
        self.wall.props["data-cameras"] = str(min(len(cameras), 3))
        self.wall.update()

    def _count(self, phases: Counter[WindowPhase]) -> None:
        counts = [(p, phases[p]) for p in WindowPhase if phases[p] or p is not WindowPhase.CLOSED]
        key = str(counts)
        if self.tally.props.get("data-key") == key:
            return
        self.tally.props["data-key"] = key
        self.tally.clear()
        with self.tally:
            for phase, n in sorted(counts, key=lambda c: _ORDER.index(c[0])):
                with parts.box(f"tally-one phase-{phase} {'' if n else 'is-none'}", "li"):
                    parts.icon(f"phase-{phase}")
                    parts.text(str(n), "tally-n")
                    parts.text(self.visit.say.of("phase", phase))


_ORDER = (
    WindowPhase.ALERTED,
    WindowPhase.EMPTY,
    WindowPhase.PAUSED,
    WindowPhase.ATTENDED,
    WindowPhase.UNKNOWN,
    WindowPhase.CLOSED,
)


def _nothing_yet(visit: Visit) -> None:
    if visit.hall is None:
        no_hall(visit)
        return
    with parts.box("hollow"):
        parts.icon("live", "hollow-icon")
        parts.text(visit.say("no_cameras"), "hollow-title", tag="h1")
        parts.text(visit.say("no_cameras_do"), "hollow-do", tag="p")


def tile_of(shown: Shown, visit: Visit, boxes: bool) -> Tile:
    """What the tile's component draws; all words are already said."""
    view, say = shown.view, visit.say
    pictured = times.clock(shown.pictured, visit.zone) if shown.pictured else ""
    return {
        "id": shown.camera,
        "name": view.name,
        "width": view.width,
        "height": view.height,
        "src": f"/console/pictures/{shown.camera}.jpg?v={shown.version}" if shown.picture else "",
        "time": times.clock(view.wall, visit.zone),
        "stale": shown.stale,
        "veil": _veil(shown, pictured, visit),
        "ended": say("replay_ended_at", time=pictured) if shown.ended else "",
        "windows": [_window(w, shown, visit) for w in view.windows],
        "queues": [_queue(q, visit) for q in view.queues],
        "boxes": [{"xyxy": b.xyxy, "label": b.label} for b in view.boxes] if boxes else [],
    }


def _veil(shown: Shown, pictured: str, visit: Visit) -> list[str]:
    """The lines that lie over a picture that must not be taken for the present."""
    say = visit.say
    if shown.picture is None:
        lines = [say("no_picture")]
    elif shown.stale or shown.view.blind:
        lines = [say("stopped_at", time=pictured)] if shown.stale else []
    else:
        return []
    if shown.view.blind:
        lines = [say.known("blind", shown.view.blind), *lines, say("blind_accuses_nobody")]
    return lines


def _window(window: WindowView, shown: Shown, visit: Visit) -> Tile:
    say = visit.say
    lasted = ""
    if window.since is not None:
        lasted = times.span((shown.view.wall - window.since).total_seconds(), say)
    citizens = say("citizens", n=window.citizens) if window.citizens else ""
    return {
        "id": window.id,
        "name": window.name,
        "phase": window.phase.value,
        "words": say.of("phase", window.phase),
        "lasted": lasted,
        "citizens": citizens,
        "staff": window.staff,
        "counter": window.counter,
        "at": _above(window.staff),
    }


def _queue(queue: QueueView, visit: Visit) -> Tile:
    say = visit.say
    known = queue.count is not None
    return {
        "id": queue.id,
        "name": queue.name,
        "words": say("queue_count", n=queue.count) if known else say("queue_unknown"),
        "limit": say("queue_promised", n=queue.promised) if queue.promised else "",
        "full": bool(known and queue.promised and (queue.count or 0) >= queue.promised),
        "zone": queue.zone,
        "at": _above(queue.zone),
    }


def _above(corners: Corners) -> tuple[float, float] | None:
    """Where a zone's label goes: the middle of its upper edge."""
    if not corners:
        return None
    xs = [x for x, _ in corners]
    return (min(xs) + max(xs)) / 2, min(y for _, y in corners)


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
