"""Register a page, and let in those who may see it."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from api.console import parts
from api.console.frame import Beat, frame
from api.console.page import ConsolePage, Visit, set_shell, sign_in_url, visit_of
from api.users.permissions import Permission

Build = Callable[[Visit, Beat], None]


def register(
    path: str, name: str, needs: Permission, title: Callable[[Visit], str], build: Build
) -> None:
    """Answer `path` with what `build` draws into the frame. `name` is the navigation's entry."""

    @ConsolePage(path)
    def show(request: Request) -> Response | None:
        visit = visit_of(request)
        if visit is None:
            return RedirectResponse(sign_in_url(request.url.path), 303)
        if not visit.may(needs) and path == "/":
            return RedirectResponse("/roster", 303)
        set_shell(visit, title(visit))
        with frame(visit, name) as beat:
            if visit.may(needs):
                build(visit, beat)
            else:
                _not_yours(visit)
        return None


def _not_yours(visit: Visit) -> None:
    ui.context.client.status_code = 403
    role = visit.say.of("role", visit.viewer.role)
    with parts.box("hollow"):
        parts.icon("person", "hollow-icon")
        parts.text(visit.say("not_yours"), "hollow-title", tag="h1")
        parts.text(visit.say("not_yours_do", role=role), "hollow-do", tag="p")
