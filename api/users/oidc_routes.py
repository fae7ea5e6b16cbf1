"""The way to the office's own sign-in and back, for browsers."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.problems import ProblemError
from api.site import SESSION_COOKIE, Now, Site, SiteHere, address_of
from api.users.oidc import Errand, OidcError, OidcProvider, finish, start
from api.users.signing_in import SignInRefusedError, sign_in_vouched

ERRAND_COOKIE = "hallwatch_errand"
ERRAND_S = 600
START, RETURN = "/sign-in/office", "/sign-in/office/return"

routes = APIRouter(include_in_schema=False)
_log = logging.getLogger(__name__)


def _provider(site: Site) -> OidcProvider:
    if site.settings.oidc is None:
        raise ProblemError(404, "not-found", "there is nothing at this path")
    return site.settings.oidc


def _return_to(request: Request) -> str:
    return str(request.url.replace(path=RETURN, query=""))


@routes.get(START)
def go(request: Request, site: SiteHere) -> Response:
    """To the office's provider."""
    try:
        url, errand = start(_provider(site), _return_to(request))
    except OidcError as error:
        _log.warning("single sign-on failed: %s", error)
        return RedirectResponse("/sign-in?office=failed", 303)
    answer = RedirectResponse(url, 303)
    answer.set_cookie(
        ERRAND_COOKIE, errand.text(), max_age=ERRAND_S, path=START,
        httponly=True, samesite="lax", secure=site.settings.secure_cookie,
    )  # fmt: skip
    return answer


@routes.get(RETURN)
def come_back(request: Request, site: SiteHere, now: Now) -> Response:
    """Back from there: signed in, or at the door again."""
    provider = _provider(site)
    try:
        errand = Errand.of_text(request.cookies.get(ERRAND_COOKIE, ""))
        name = finish(provider, _return_to(request), dict(request.query_params), errand, now)
        secret = sign_in_vouched(site.database, site.settings, name, now, address_of(request))
    except (OidcError, SignInRefusedError) as error:
        _log.warning("single sign-on failed: %s", error)
        answer = RedirectResponse("/sign-in?office=failed", 303)
    else:
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            SESSION_COOKIE, secret, max_age=site.settings.session_s,
            httponly=True, samesite="lax", secure=site.settings.secure_cookie,
        )  # fmt: skip
    answer.delete_cookie(ERRAND_COOKIE, path=START)
    return answer
