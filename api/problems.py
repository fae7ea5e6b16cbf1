"""Errors as application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)


class ProblemError(Exception):
    """Answer a request with this problem. `code` ends the problem's type."""

    def __init__(
        self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers


class FieldProblem(BaseModel):
    """One thing to mend in a request. `where` is a path such as body.began.wall."""

    where: str
    why: str


class Problem(BaseModel):
    """A problem as RFC 9457 describes it."""

    type: str = Field(examples=["urn:hallwatch:problem:not-found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no alert '0'"])
    instance: str = Field(examples=["/api/v1/alerts/0"])
    errors: list[FieldProblem] | None = None


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """The answer itself; `more` are further members, such as a list of errors."""
    body = {
        "type": f"urn:hallwatch:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        **more,
    }
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def answer_with_problems(app: FastAPI, known: Mapping[type[Exception], tuple[int, str]]) -> None:
    """Turn every error into a problem. `known`: named errors -> status and code; their text is
    shown. Anything else is a 500 that shows nothing."""

    def named(request: Request, error: Exception) -> JSONResponse:
        status, code = next(known[kind] for kind in type(error).__mro__ if kind in known)
        return problem(request, status, code, str(error))

    for kind in known:
        app.add_exception_handler(kind, named)
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, _no_database)
    app.add_exception_handler(Exception, _unexpected)


def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)
    headers = dict(error.headers or {})
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(request, error.status, error.code, error.detail, headers)


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).name.lower().replace("_", "-")
    return problem(request, error.status_code, code, str(error.detail), error.headers)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    """What does not validate; the values themselves are not repeated."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"where": ".".join(str(part) for part in e["loc"]), "why": str(e["msg"])}
        for e in error.errors()[:50]
    ]
    detail = "; ".join(f"{e['where']}: {e['why']}" for e in errors[:3])
    return problem(request, 422, "invalid", detail, errors=errors)


def _no_database(request: Request, error: Exception) -> JSONResponse:
    _log.error("the database does not answer: %s", error)
    return problem(
        request, 503, "database", "the database does not answer; try again", {"Retry-After": "5"}
    )


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _log.error("unexpected error at %s", request.url.path, exc_info=error)
    return problem(request, 500, "unexpected", "something went wrong here; it has been logged")
