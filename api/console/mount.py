"""Put the console on a FastAPI application.

NiceGUI keeps one application, one event loop and one socket server per process. This is the one
place that knows: pages are registered there once and find their console in the request's scope, so
several applications may carry a console in one process, each with its own database. Two of them
may not *run* at the same time in different event loops; the second start is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from nicegui import core, ui
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api.console import sign_in
from api.console.admission import register
from api.console.door import Door
from api.console.live_feed import feed_router
from api.console.looks import FOLDER, head, looks_router
from api.console.missing import register_missing
from api.console.page import SCOPE_KEY, Console, NewsCount
from api.console.pages import PAGES
from api.console.parts import STATIC
from api.console.pictures import pictures_router
from api.database import Database
from api.footage.keeping import Cutter
from api.halls.filing import HallFile
from api.halls.rehearsal import Stage
from api.health.board import HealthBoard
from api.live import LiveBoard

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
        b"connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    ),
)
"""Vue compiles templates in the browser, hence 'unsafe-eval'; nothing is loaded from elsewhere."""


class ConsoleRunningError(RuntimeError):
    """Another console is running in this process in another event loop."""


class _Carry:
    """ASGI middleware: hands the console to the pages, and sends the security headers."""

    def __init__(self, app: ASGIApp, console: Console) -> None:
        self.app = app
        self.console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        scope[SCOPE_KEY] = self.console

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def mount_console(
    app: FastAPI,
    *,
    database: Database,
    live: LiveBoard,
    door: Door,
    evidence: Path,
    now: Callable[[], datetime],
    cutters: Mapping[str, Cutter] | None = None,
    health: HealthBoard | None = None,
    hall_file: HallFile | None = None,
    stage: Stage | None = None,
) -> Console:
    """Give `app` the console. Call it last: it answers every path that is not taken yet."""
    console = Console(
        database,
        live,
        NewsCount(),
        door,
        evidence,
        now,
        PAGES,
        cutters or {},
        health,
        hall_file,
        app.state.site.cameras,
        stage,
        app.state.site.settings.vault(),
    )
    database.bus.subscribe(console.news.told)
    app.add_middleware(_Carry, console=console)
    app.mount(STATIC, StaticFiles(directory=FOLDER), name="console-static")
    app.include_router(looks_router())
    app.include_router(sign_in.router(console))
    app.include_router(pictures_router(console))
    app.include_router(feed_router(console))
    _join_nicegui(app)
    return console


def _join_nicegui(app: FastAPI) -> None:
    """Mount NiceGUI's own application at the root of `app`, and let it start and stop with it."""
    if not core.app.config.has_run_config:
        _register_pages()
    core.app.middleware_stack = None  # run_with adds middleware, also when another app has run
    core.app.user_middleware.clear()
    ui.run_with(
        app,
        title="hallwatch",
        favicon=(FOLDER / "favicon.svg").read_text(encoding="utf-8"),
        dark=False,
        language="zh-CN",
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=20.0,
    )
    nicegui_lifespan = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(started: FastAPI) -> AsyncIterator[Any]:
        if core.app.is_started and core.loop is not asyncio.get_running_loop():
            raise ConsoleRunningError(
                "a console is already running in this process; stop it, or start another process"
            )
        async with nicegui_lifespan(started) as state:
            yield state

    app.router.lifespan_context = lifespan


def _register_pages() -> None:
    ui.add_head_html(head(), shared=True)
    for entry in PAGES:
        register(entry)
    register_missing()
