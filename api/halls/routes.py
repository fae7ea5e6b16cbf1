"""Halls over HTTP."""

from __future__ import annotations

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat

from api.audit.asking import By
from api.audit.record import record_access
from api.audit.tables import Access
from api.fields import HallPath, Name, Sha, Slug
from api.halls.reading import camera_rows, hall_row, hall_rows, queue_rows, window_rows, zone_rows
from api.halls.sync import CameraRecord, HallRecord, PlaceRecord, sync_hall
from api.halls.tables import QueueRow, WindowRow, ZoneKind
from api.openapi import problems
from api.problems import ProblemError
from api.site import Needs, NeedsInHall, Now, Reading, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["halls"], route_class=WritingRoute)

Reader = Annotated[Principal, Depends(Needs(Permission.HALLS_READ))]
READS = [Depends(NeedsInHall(Permission.HALLS_READ))]
SYNCS = [Depends(NeedsInHall(Permission.HALLS_SYNC))]


_zones = cache(available_timezones)
"""To find them takes longer than a request does."""


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("is no time zone; write for example Asia/Shanghai")
    return name


Corner = tuple[FiniteFloat, FiniteFloat]
Corners = Annotated[tuple[Corner, ...], Field(min_length=3, max_length=200)]


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CameraShown(_Shown):
    id: Slug
    name: Name
    width: int = Field(ge=1, le=16384)
    height: int = Field(ge=1, le=16384)


class PlaceShown(_Shown):
    """A window or queue. Corners are pixels of its camera's picture."""

    id: Slug
    name: Name
    camera: Slug
    zones: dict[ZoneKind, Corners]

    def record(self) -> PlaceRecord:
        return PlaceRecord(self.id, self.name, self.camera, dict(self.zones))


class HallNamed(_Shown):
    id: Slug
    name: Name
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(examples=["Asia/Shanghai"])


class HallShown(HallNamed):
    """A hall as its hall file has it; `sha` is the SHA-256 of that file."""

    sha: Sha
    cameras: tuple[CameraShown, ...] = Field(max_length=1000)
    windows: tuple[PlaceShown, ...] = Field((), max_length=1000)
    queues: tuple[PlaceShown, ...] = Field((), max_length=1000)

    def record(self) -> HallRecord:
        return HallRecord(
            id=self.id,
            name=self.name,
            timezone=self.timezone,
            sha=self.sha,
            cameras=tuple(CameraRecord(c.id, c.name, c.width, c.height) for c in self.cameras),
            windows=tuple(w.record() for w in self.windows),
            queues=tuple(q.record() for q in self.queues),
        )


def shown(session: Reading, hall_id: str) -> HallShown:
    """The hall as it is now, without what was retired."""
    hall = hall_row(session, hall_id)
    zones: dict[str, dict[ZoneKind, Corners]] = {}
    for zone in zone_rows(session, hall_id):
        corners = tuple((float(x), float(y)) for x, y in zone.corners)
        zones.setdefault(zone.owner, {})[zone.kind] = corners

    def place(row: WindowRow | QueueRow) -> PlaceShown:
        return PlaceShown(
            id=row.id, name=row.name, camera=row.camera_id, zones=zones.get(row.id, {})
        )

    return HallShown(
        id=hall.id,
        name=hall.name,
        timezone=hall.timezone,
        sha=hall.sha,
        cameras=tuple(
            CameraShown(id=c.id, name=c.name, width=c.width, height=c.height)
            for c in camera_rows(session, hall_id)
        ),
        windows=tuple(place(w) for w in window_rows(session, hall_id)),
        queues=tuple(place(q) for q in queue_rows(session, hall_id)),
    )


@routes.get("/halls", responses=problems(401, 403))
def list_halls(who: Reader, session: Reading) -> tuple[HallNamed, ...]:
    """The sender's halls."""
    return tuple(
        HallNamed(id=h.id, name=h.name, timezone=h.timezone) for h in hall_rows(session, who.halls)
    )


@routes.get("/halls/{hall}", dependencies=READS, responses=problems(401, 403, 404, 422))
def read_hall(hall: HallPath, session: Reading) -> HallShown:
    """A hall with its cameras, windows, queues and zones."""
    return shown(session, hall)


@routes.put("/halls/{hall}", dependencies=SYNCS, responses=problems(401, 403, 404, 413, 422))
def put_hall(hall: HallPath, body: HallShown, by: By, session: Writing, now: Now) -> HallShown:
    """Bring a hall in line with its hall file. What is no longer named is retired, not deleted."""
    if body.id != hall:
        raise ProblemError(422, "invalid", f"the body is about hall {body.id!r}, the path is not")
    known = {camera.id for camera in body.cameras}
    strangers = [p.camera for p in (*body.windows, *body.queues) if p.camera not in known]
    if strangers:
        raise ProblemError(422, "invalid", f"there is no camera {strangers[0]!r} in this hall")
    sync_hall(session, body.record(), now)
    details = {"hall_sha": body.sha}
    record_access(session, by, Access.EDIT_HALL, f"hall/{hall}", now, hall=hall, details=details)
    return shown(session, hall)
