"""The live page's pictures and states over one socket a viewer, made once for all viewers.

A text message holds the tiles that changed, a binary one a picture: the length of the camera's id
(one byte), the id, the JPEG. Whoever is slow skips pictures: what is sent is always the latest.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from datetime import tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from api.audit.record import AccessBy, record_view
from api.audit.tables import Access
from api.console.door import Viewer
from api.console.live_tiles import tile_of
from api.console.page import Console
from api.console.strings import LANGUAGES, Say
from api.halls.reading import hall_row
from api.live import Shown
from api.site import address_of
from api.users.permissions import Permission

LOOK_EVERY_S = 0.1
SIGNED_IN_EVERY_S = 10.0
NOT_SIGNED_IN, NOT_YOURS = 4401, 4403
"""Codes with which the socket is closed."""

Key = tuple[str, str, str]


@dataclass(slots=True)
class TileMaker:
    """Each camera's tile as JSON, made once for all who read the same language."""

    _made: dict[Key, tuple[tuple[object, ...], str]] = field(default_factory=dict)

    def tile(self, shown: Shown, say: Say, zone: tzinfo) -> str:
        state = (shown.view, shown.version, shown.stale, shown.replay)
        key = (shown.camera, say.language, str(zone))
        known = self._made.get(key)
        if known is None or known[0] != state:
            text = json.dumps(tile_of(shown, say, zone), ensure_ascii=False, separators=(",", ":"))
            known = self._made[key] = (state, text)
        return known[1]


def framed(camera: str, jpeg: bytes) -> bytes:
    """A picture as it goes over the socket."""
    name = camera.encode()
    return bytes([len(name)]) + name + jpeg


def feed_router(console: Console) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    maker = TileMaker()

    @router.websocket("/console/live-feed")
    async def feed(socket: WebSocket, language: str = "zh") -> None:
        await socket.accept()
        secret = socket.cookies.get(console.door.cookie, "")
        viewer = await asyncio.to_thread(_whose, console, secret)
        if viewer is None or not _may_see(console, viewer) or _from_elsewhere(socket):
            await socket.close(NOT_SIGNED_IN if viewer is None else NOT_YOURS)
            return
        say = Say(next((known for known in LANGUAGES if known == language), "zh"))
        by = AccessBy(viewer.user_id, viewer.full_name, address_of(socket))
        zone = await asyncio.to_thread(_begin, console, by)
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await _Watching(console, maker, socket, secret, say, zone).run()

    return router


def _whose(console: Console, secret: str) -> Viewer | None:
    return console.door.whose(secret, console.now()) if secret else None


def _from_elsewhere(socket: WebSocket) -> bool:
    """Whether a page of another site opened this: browsers send cookies along all the same."""
    origin = socket.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != socket.headers.get("host", "")


def _may_see(console: Console, viewer: Viewer) -> bool:
    return Permission.EVIDENCE_VIEW in viewer.permissions and console.live.hall in viewer.halls


def _begin(console: Console, by: AccessBy) -> ZoneInfo:
    """Write down that somebody watches; the zone of the hall's clock."""
    hall = console.live.hall
    with console.database.session() as session:
        zone = hall_row(session, hall).timezone
        what = f"hall/{hall}"
        record_view(session, by, Access.VIEW_LIVE, what, console.now(), hall=hall)
    return ZoneInfo(zone)


@dataclass(slots=True)
class _Watching:
    """One viewer's socket, and what was sent over it last."""

    console: Console
    maker: TileMaker
    socket: WebSocket
    secret: str
    say: Say
    zone: tzinfo
    tiles: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    stretch: str = ""

    async def run(self) -> None:
        """Until the viewer goes (WebSocketDisconnect) or is signed out."""
        looks = 0
        while True:
            await self._send_news()
            await asyncio.sleep(LOOK_EVERY_S)
            looks += 1
            if looks * LOOK_EVERY_S >= SIGNED_IN_EVERY_S:
                looks = 0
                viewer = await asyncio.to_thread(_whose, self.console, self.secret)
                if viewer is None or not _may_see(self.console, viewer):
                    await self.socket.close(NOT_SIGNED_IN)
                    return

    async def _send_news(self) -> None:
        views = self.console.live.views()
        tiles = {name: self.maker.tile(shown, self.say, self.zone) for name, shown in views.items()}
        fresh = [text for name, text in tiles.items() if self.tiles.get(name) != text]
        stretch = f"{self.console.live.stretch:.2f}"
        if fresh or set(tiles) != set(self.tiles) or stretch != self.stretch:
            names = json.dumps(list(tiles))
            head = f'{{"cameras":{names},"stretch":{stretch},"tiles":['
            await self.socket.send_text(head + ",".join(fresh) + "]}")
            self.tiles, self.stretch = tiles, stretch
        for name, shown in views.items():
            if shown.picture is not None and self.pictures.get(name) != shown.version:
                jpeg = shown.picture.coded
                if jpeg is None:
                    jpeg = await asyncio.to_thread(shown.picture.jpeg)
                await self.socket.send_bytes(framed(name, jpeg))
                self.pictures[name] = shown.version
