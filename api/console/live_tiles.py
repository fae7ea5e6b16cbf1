"""What a tile of the live page says: one camera's picture, windows, queues and boxes in words."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from api.console import times
from api.console.strings import Say
from api.live import Corners, QueueView, Shown, WindowView

Tile = dict[str, Any]


def tile_of(shown: Shown, say: Say, zone: tzinfo) -> Tile:
    """What the tile's component draws; all words are already said. `picture` names the picture
    that belongs to it, 0 where there is none."""
    view = shown.view
    pictured = times.clock(shown.pictured, zone) if shown.pictured else ""
    return {
        "id": shown.camera,
        "name": view.name,
        "width": view.width,
        "height": view.height,
        "picture": shown.version if shown.picture else 0,
        "time": times.clock(view.wall, zone),
        "stale": shown.stale,
        "veil": _veil(shown, pictured, say),
        "ended": say("replay_ended_at", time=pictured) if shown.ended else "",
        "windows": [_window(w, shown, say) for w in view.windows],
        "queues": [_queue(q, say) for q in view.queues],
        "boxes": [{"xyxy": [round(v) for v in b.xyxy], "label": b.label} for b in view.boxes],
    }


def _veil(shown: Shown, pictured: str, say: Say) -> list[str]:
    """The lines that lie over a picture that must not be taken for the present."""
    if shown.picture is None:
        lines = [say("no_picture")]
    elif shown.stale or shown.view.blind:
        lines = [say("stopped_at", time=pictured)] if shown.stale else []
    else:
        return []
    if shown.view.blind:
        lines = [say.known("blind", shown.view.blind), *lines, say("blind_accuses_nobody")]
    return lines


def _window(window: WindowView, shown: Shown, say: Say) -> Tile:
    lasted = ""
    if window.since is not None:
        lasted = times.span((shown.view.wall - window.since).total_seconds(), say)
    return {
        "id": window.id,
        "name": window.name,
        "phase": window.phase.value,
        "words": say.of("phase", window.phase),
        "lasted": lasted,
        "citizens": say("citizens", n=window.citizens) if window.citizens else "",
        "staff": window.staff,
        "counter": window.counter,
        "at": _above(window.staff),
    }


def _queue(queue: QueueView, say: Say) -> Tile:
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
