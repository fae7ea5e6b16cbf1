"""Paths that lead nowhere."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from nicegui import ui

from api.console import parts
from api.console.frame import frame
from api.console.page import ConsolePage, Visit, set_shell, sign_in_url, visit_of


def nothing_here(visit: Visit) -> None:
    """The body of a page that does not exist (404)."""
    ui.context.client.status_code = 404
    say = visit.say
    parts.hollow(
        "question", say("page_missing"), say("page_missing_do"), (say("to_live"), "/"), tag="h1"
    )


def no_hall(visit: Visit) -> None:
    """The body of a page while the database knows no hall."""
    parts.hollow("live", visit.say("no_hall"), visit.say("no_hall_do"), tag="h1")


def register_missing() -> None:
    """Answer whatever no route knows. Registered last; machines get problem+json."""

    @ConsolePage("/{path:path}")
    def missing(request: Request) -> Response | None:
        visit = visit_of(request)
        if request.url.path.startswith(("/api/", "/_nicegui", "/console/")):
            problem = {"type": "about:blank", "title": "Not Found", "status": 404}
            return JSONResponse(problem, 404, media_type="application/problem+json")
        if visit is None:
            return RedirectResponse(sign_in_url("/"), 303)
        set_shell(visit, visit.say("page_missing"))
        with frame(visit, "missing"):
            nothing_here(visit)
        return None
