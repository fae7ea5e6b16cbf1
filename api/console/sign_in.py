"""Signing in and out, and what a person prefers: plain pages that need no socket."""

from __future__ import annotations

import math
import re
from pathlib import Path

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader

from api.console.door import SignInRefusedError
from api.console.page import (
    APPEARANCE_COOKIE,
    HALL_COOKIE,
    LANGUAGE_COOKIE,
    Console,
    console_of,
    is_dark,
    language_of,
    visit_of,
)
from api.console.strings import LANGUAGES, Say
from api.fields import SLUG
from api.site import address_of
from api.users.preferences import prefer

YEAR_S = 365 * 86_400
APPEARANCES = ("light", "dark")

_templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


def safe_next(path: str) -> str:
    """Where to go after signing in: only ever a path of our own."""
    strange = "\\" in path or any(ord(c) < 33 for c in path)
    return path if path.startswith("/") and not path.startswith("//") and not strange else "/"


def router(console: Console) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sign-in")
    def ask(request: Request, next: str = "/", office: str = "") -> Response:
        if visit_of(request) is not None:
            return RedirectResponse(safe_next(next), 303)
        error = Say(language_of(request))("sign_in_office_failed") if office == "failed" else ""
        return _form(request, next, error=error)

    @routes.post("/sign-in")
    def enter(
        request: Request, name: str = Form(""), password: str = Form(""), next: str = Form("/")
    ) -> Response:
        say = Say(language_of(request))
        if not name.strip() or not password:
            return _form(request, next, name, say("sign_in_blank"), 422)
        try:
            secret = console.door.sign_in(
                name.strip(), password, console.now(), address_of(request)
            )
        except SignInRefusedError as error:
            return _form(request, next, name, _why(error, say), 401)
        response = RedirectResponse(safe_next(next), 303)
        response.set_cookie(
            console.door.cookie,
            secret,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    @routes.post("/sign-out")
    def leave(request: Request) -> Response:
        secret = request.cookies.get(console.door.cookie, "")
        if secret:
            console.door.sign_out(secret, console.now(), address_of(request))
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(console.door.cookie)
        return response

    @routes.get("/console/preferences")
    def choose(
        request: Request, next: str = "/", language: str = "", appearance: str = "", hall: str = ""
    ) -> Response:
        """Remembered with the person who is signed in, and in this browser for the door."""
        response = RedirectResponse(safe_next(next), 303)
        chosen = {}
        for cookie, name, value, known in (
            (LANGUAGE_COOKIE, "language", language, LANGUAGES),
            (APPEARANCE_COOKIE, "appearance", appearance, APPEARANCES),
        ):
            if value in known:
                chosen[name] = value
                response.set_cookie(cookie, value, max_age=YEAR_S, samesite="lax")
        if re.fullmatch(SLUG, hall):
            response.set_cookie(HALL_COOKIE, hall, max_age=YEAR_S, samesite="lax")
        visit = visit_of(request)
        if visit is not None and chosen:
            with console.database.session() as session:
                prefer(session, visit.viewer.user_id, **chosen)
        return response

    return routes


def _why(error: SignInRefusedError, say: Say) -> str:
    if error.locked_s is None:
        return say("sign_in_wrong")
    return say("sign_in_locked", minutes=max(1, math.ceil(error.locked_s / 60)))


def _form(
    request: Request, next_path: str, name: str = "", error: str = "", status: int = 200
) -> HTMLResponse:
    say = Say(language_of(request))
    page = _templates.get_template("sign_in.html").render(
        say=say, dark=is_dark(request), next=safe_next(next_path), name=name, error=error,
        office=console_of(request).door.office,
    )  # fmt: skip
    return HTMLResponse(page, status)
