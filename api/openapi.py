"""The description of the API: problems as they are really sent, and how to sign in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, TypeAlias

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE, FieldProblem, Problem
from api.site import SESSION_COOKIE

ABOUT = """Alerts of a service hall, who was on duty, and what people did about them.

Times in requests need a zone; times in answers are UTC. Errors are problem+json (RFC 9457)."""

TAGS = [
    {"name": "alerts", "description": "What the rules saw, and what people did about it"},
    {"name": "audit", "description": "Who looked at what, and why"},
    {"name": "retention", "description": "How long what is kept, and legal holds"},
    {"name": "bundles", "description": "Alerts and cases as one signed file"},
    {"name": "evidence", "description": "Clips and stills of alerts"},
    {"name": "footage", "description": "A past moment, cut out of the continuous recordings"},
    {"name": "halls", "description": "Halls, windows, cameras, queues and zones"},
    {"name": "roster", "description": "Who works when, at which window; files in, who was on duty"},
    {"name": "exemptions", "description": "What was allowed; alerts it covers do not count"},
    {"name": "cases", "description": "Review: notice, statement, decision, appeal"},
    {"name": "complaints", "description": "Citizens' complaints, up to their answer"},
    {"name": "reports", "description": "Figures of a hall, window by window"},
    {"name": "tickets", "description": "What the hall's ticket system says of its windows"},
    {"name": "sign-in", "description": "Sessions of people"},
    {"name": "accounts", "description": "People's accounts and machines' tokens"},
    {"name": "notices", "description": "How alerts reach people, and what was sent"},
    {"name": "health", "description": "For whoever watches the watcher"},
]

_REFERENCE = {"schema": {"$ref": "#/components/schemas/Problem"}}


Answers: TypeAlias = dict[int | str, dict[str, Any]]


def binary(media_type: str, *, ranges: bool = False) -> Answers:
    """The answer of a route that sends a file, for its description."""
    whole: dict[str, Any] = {
        "content": {media_type: {"schema": {"type": "string", "format": "binary"}}}
    }
    answers: Answers = {200: whole}
    if ranges:
        answers[206] = whole | {"description": "The part that a Range header asked for"}
    return answers


def problems(*statuses: int) -> Answers:
    """The error answers of a route, for its description."""
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: _REFERENCE}}
        for status in statuses
    }


OPEN_TO_ALL: dict[str, Any] = {"security": []}
"""Further description of a route that needs no sign-in."""


def describe(app: FastAPI) -> None:
    """Let `app.openapi()` give the whole description, made once."""
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(_description(app))
        return made

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _description(app: FastAPI) -> dict[str, Any]:
    table = get_openapi(
        title=app.title,
        version=app.version,
        description=ABOUT,
        routes=app.routes,
        tags=TAGS,
    )
    components = table.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    reference = "#/components/schemas/{model}"
    for model in (Problem, FieldProblem):
        schema = model.model_json_schema(ref_template=reference)
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
        "token": {"type": "http", "scheme": "bearer"},
    }
    table["security"] = [{"session": []}, {"token": []}]
    return table
