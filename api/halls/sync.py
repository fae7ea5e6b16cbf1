"""Bring the database's halls in line with a hall file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.halls.tables import (
    CameraRow,
    HallRow,
    PlanInForceRow,
    QueueRow,
    WindowRow,
    ZoneKind,
    ZonePlanRow,
    ZoneRow,
)
from vision.hallfile import Hall

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class CameraRecord:
    id: str
    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A window or a queue, with its zones by kind (corners in pixels of the camera's picture)."""

    id: str
    name: str
    camera: str
    zones: dict[ZoneKind, Corners]


@dataclass(frozen=True, slots=True)
class HallRecord:
    """What the office needs to know of a hall file; `sha` is the SHA-256 of its bytes."""

    id: str
    name: str
    timezone: str
    sha: str
    cameras: tuple[CameraRecord, ...]
    windows: tuple[PlaceRecord, ...] = ()
    queues: tuple[PlaceRecord, ...] = ()


def hall_record(hall: Hall) -> HallRecord:
    """The record of a hall file that was read."""
    windows = []
    for window in hall.windows:
        zones = {ZoneKind.STAFF: window.staff.corners, ZoneKind.COUNTER: window.counter.corners}
        if window.sign is not None:
            zones[ZoneKind.SIGN] = window.sign.corners
        windows.append(PlaceRecord(window.id, window.name, window.camera, zones))
    return HallRecord(
        id=hall.id,
        name=hall.name,
        timezone=hall.timezone.key,
        sha=hall.sha,
        cameras=tuple(CameraRecord(c.id, c.name, c.width, c.height) for c in hall.cameras),
        windows=tuple(windows),
        queues=tuple(
            PlaceRecord(q.id, q.name, q.camera, {ZoneKind.QUEUE: q.zone.corners})
            for q in hall.queues
        ),
    )


def sync_hall(session: Session, hall: HallRecord, now: datetime) -> None:
    """Insert or update the hall, its cameras, windows, queues and zones. What the record no
    longer names is retired, not deleted: rosters and alerts speak of it."""
    session.merge(
        HallRow(id=hall.id, name=hall.name, timezone=hall.timezone, sha=hall.sha, synced_at=now)
    )
    session.flush()
    for camera in hall.cameras:
        session.merge(
            CameraRow(
                hall_id=hall.id,
                id=camera.id,
                name=camera.name,
                width=camera.width,
                height=camera.height,
                retired_at=None,
            )
        )
    session.flush()
    _places(session, hall.id, WindowRow, hall.windows)
    _places(session, hall.id, QueueRow, hall.queues)
    session.execute(delete(ZoneRow).where(ZoneRow.hall_id == hall.id))
    for place in (*hall.windows, *hall.queues):
        _zones(session, hall.id, place)
    session.merge(ZonePlanRow(hall_id=hall.id, sha=hall.sha, cameras=_plan(hall)))
    _enforce(session, hall, now)
    _retire(session, hall.id, CameraRow, {c.id for c in hall.cameras}, now)
    _retire(session, hall.id, WindowRow, {w.id for w in hall.windows}, now)
    _retire(session, hall.id, QueueRow, {q.id for q in hall.queues}, now)
    session.flush()


def _enforce(session: Session, hall: HallRecord, now: datetime) -> None:
    """From now on it goes by this version. A clock that was set back changes nothing that was."""
    find = select(PlanInForceRow).where(PlanInForceRow.hall_id == hall.id)
    last = session.scalar(find.order_by(PlanInForceRow.since.desc()).limit(1))
    if last is None or last.sha != hall.sha:
        since = now if last is None else max(now, last.since)
        session.merge(PlanInForceRow(hall_id=hall.id, since=since, sha=hall.sha))


def _plan(hall: HallRecord) -> dict[str, Any]:
    """The zones camera by camera, as `ZonePlanRow` keeps them."""
    plan: dict[str, Any] = {
        camera.id: {"size": [camera.width, camera.height], "zones": []} for camera in hall.cameras
    }
    for place in (*hall.windows, *hall.queues):
        plan[place.camera]["zones"] += [
            {"kind": kind.value, "owner": place.id, "corners": [[x, y] for x, y in corners]}
            for kind, corners in place.zones.items()
        ]
    return plan


def _places(
    session: Session,
    hall_id: str,
    table: type[WindowRow] | type[QueueRow],
    places: Iterable[PlaceRecord],
) -> None:
    for place in places:
        session.merge(
            table(
                hall_id=hall_id,
                id=place.id,
                name=place.name,
                camera_id=place.camera,
                retired_at=None,
            )
        )


def _zones(session: Session, hall_id: str, place: PlaceRecord) -> None:
    for kind, corners in place.zones.items():
        session.add(
            ZoneRow(
                hall_id=hall_id,
                kind=kind,
                owner=place.id,
                camera_id=place.camera,
                corners=[[x, y] for x, y in corners],
            )
        )


def _retire(
    session: Session,
    hall_id: str,
    table: type[CameraRow] | type[WindowRow] | type[QueueRow],
    kept: set[str],
    now: datetime,
) -> None:
    session.execute(
        update(table)
        .where(table.hall_id == hall_id, table.id.not_in(kept), table.retired_at.is_(None))
        .values(retired_at=now)
    )
