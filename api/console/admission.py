"""Register a page, and let in those who may see it."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from api.console import parts
from api.console.entry import Entry
from api.console.frame import frame, navigable
from api.console.page import ConsolePage, Visit, set_shell, sign_in_url, visit_of

OWN = "/account"
"""The page of one's own account: all that is open with a password that somebody else gave."""


def register(entry: Entry) -> None:
    """Answer the entry's path with what it builds into the frame."""

    @ConsolePage(entry.path)
    def show(request: Request) -> Response | None:
        visit = visit_of(request)
        if visit is None:
            return RedirectResponse(sign_in_url(request.url.path), 303)
        if visit.viewer.must_change and entry.path != OWN:
            return RedirectResponse(OWN, 303)
        if not visit.may(entry.needs) and entry.path == "/":
            return RedirectResponse(_first_page(visit), 303)
        set_shell(visit, visit.say.of("nav", entry.name))
        with frame(visit, entry.name) as beat:
            if visit.may(entry.needs):
                entry.build(visit, beat)
            else:
                _not_yours(visit)
        return None


def _first_page(visit: Visit) -> str:
    """Where somebody starts who may not see the live page."""
    return next((entry.path for entry in navigable(visit)), OWN)


def _not_yours(visit: Visit) -> None:
    ui.context.client.status_code = 403
    role = visit.say.of("role", visit.viewer.role)
    say = visit.say
    parts.hollow("person", say("not_yours"), say("not_yours_do", role=role), tag="h1")
