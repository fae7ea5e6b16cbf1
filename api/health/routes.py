"""Health over HTTP: /healthz and /readyz for whoever restarts us, /metrics for Prometheus."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from api.health.metrics import metrics_text
from api.openapi import OPEN_TO_ALL, problems
from api.problems import ProblemError
from api.site import Needs, SiteHere
from api.users.permissions import Permission
from api.users.tokens import Principal

health = APIRouter(tags=["health"])


@health.get("/healthz", openapi_extra=OPEN_TO_ALL)
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@health.get("/readyz", openapi_extra=OPEN_TO_ALL, responses=problems(503))
def readyz(site: SiteHere) -> JSONResponse:
    """The database answers as well."""
    try:
        site.database.ping()
    except SQLAlchemyError as error:
        raise ProblemError(503, "database", "the database does not answer") from error
    return JSONResponse({"status": "ok"})


@health.get("/metrics", response_class=Response, responses=problems(401, 403))
def metrics(
    who: Annotated[Principal, Depends(Needs(Permission.HEALTH_READ))], site: SiteHere
) -> Response:
    """Counters of the process and its cameras in Prometheus' text form; a scraper sends a token."""
    text = metrics_text(lambda: () if site.health is None else site.health.cameras())
    return Response(text, media_type=CONTENT_TYPE_LATEST)
