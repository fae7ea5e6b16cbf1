"""The pictures of the live page, for people who are signed in."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.audit.record import AccessBy, record_view
from api.audit.tables import Access
from api.console.page import Console, viewer_of
from api.users.permissions import Permission


def pictures_router(console: Console) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/console/pictures/{camera_id}.jpg")
    def picture(camera_id: str, request: Request) -> Response:
        """The camera's latest picture; the query names its version, so that none is shown twice."""
        viewer = viewer_of(request)
        if viewer is None or Permission.EVIDENCE_VIEW not in viewer.permissions:
            return Response(status_code=401 if viewer is None else 403)
        if console.live.hall not in viewer.halls:
            return Response(status_code=404)
        shown = console.live.view(camera_id)
        if shown is None or shown.picture is None:
            return Response(status_code=404)
        hall = console.live.hall
        with console.database.session() as session:
            record_view(
                session, AccessBy.of(viewer), Access.VIEW_LIVE, f"hall/{hall}", console.now(),
                hall=hall,
            )  # fmt: skip
        return Response(
            shown.picture.jpeg(),
            media_type="image/jpeg",
            headers={"Cache-Control": "private, max-age=60"},
        )

    return router
