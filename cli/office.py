"""The backend as seen from the cameras: what the outbox hands over is written to the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.alerts.acts import UnknownAlertError
from api.alerts.evidence import EvidencePathError, Span, attach_clip, attach_still
from api.alerts.record import AlertConflictError, UnknownHallError, record_alert
from api.database import Database
from api.halls.reading import UnknownHallIdError
from api.outbox import Deliver, RefusedError
from api.reports.taking import MeasuredIn, take_measured
from cameras.evidence import Still
from cameras.ring import Clip
from cameras.sightings import Sighting, evenly
from vision.records import Alert, Detections, Label
from vision.wire import alert_from_table, stamp_from_table, stamp_table

SHOWN_SCORE = 0.3
"""What the model is less sure of is drawn for nobody."""
MOST_BOXES = 40
"""Of one look of a clip; the surest."""

NEVER = (
    UnknownHallError,
    UnknownHallIdError,
    UnknownAlertError,
    AlertConflictError,
    EvidencePathError,
    KeyError,
    TypeError,
    ValueError,
)
"""What the database will say again however often it is asked."""


def clip_item(
    alert: Alert, clip: Clip, root: Path, sightings: Sequence[Sighting] = ()
) -> dict[str, Any]:
    """A clip as an outbox item; its path relative to the evidence folder. sightings: what was seen
    over the clip."""
    covers = timedelta(seconds=clip.last_s - clip.first_s)
    asked_from = alert.at.back_to(clip.asked_from_s).wall
    return {
        "uid": alert.uid,
        "path": clip.path.relative_to(root).as_posix(),
        "sha256": clip.sha256,
        "asked_from": asked_from.isoformat(),
        "asked_to": (
            asked_from + timedelta(seconds=clip.asked_to_s - clip.asked_from_s)
        ).isoformat(),
        "covers_from": clip.began_wall.isoformat(),
        "covers_to": (clip.began_wall + covers).isoformat(),
        "complete": clip.complete,
        "looks": [look_of(sighting, clip.first_s) for sighting in evenly(sightings)],
        "people": people_over(sightings, clip.first_s),
    }


def look_of(sighting: Sighting, first_s: float) -> list[Any]:
    """One look as the office keeps it beside a clip that begins at `first_s`: the second of the
    clip, then for each box its label, score, and corners in whole pixels."""
    boxes = boxes_of(sighting.seen)
    surest = sorted(boxes, key=lambda box: box["score"], reverse=True)[:MOST_BOXES]
    seen = [[box["label"], box["score"], *box["xyxy"]] for box in surest]
    return [round(sighting.at_s - first_s, 3), seen]


def people_over(sightings: Sequence[Sighting], first_s: float) -> list[list[Any]]:
    """Where people were, as the office keeps it to blur a clip that begins at `first_s`; see
    `ClipRow.people`."""
    return [
        [
            round(sighting.at_s - first_s, 3),
            None if sighting.people is None else corners_of(sighting.people),
        ]
        for sighting in sightings
        if sighting.told
    ]


def corners_of(people: Detections) -> list[list[int]]:
    """Corners in whole pixels."""
    return [[round(float(corner)) for corner in box] for box in people.xyxy]


def still_item(alert: Alert, still: Still, root: Path) -> dict[str, Any]:
    """A still as an outbox item."""
    return {
        "uid": alert.uid,
        "path": still.path.relative_to(root).as_posix(),
        "sha256": still.sha256,
        "at": stamp_table(still.stamp),
        "boxes": boxes_of(still.detections),
        "people": [] if still.people is None else [[0.0, corners_of(still.people)]],
    }


def boxes_of(detections: Detections) -> list[dict[str, Any]]:
    """What was seen, as the office keeps it: label, score, corners in whole pixels."""
    return [
        {
            "label": Label(label).name.lower(),
            "score": round(float(score), 3),
            "xyxy": [round(float(corner)) for corner in box],
        }
        for box, score, label in zip(
            detections.xyxy, detections.score, detections.label, strict=True
        )
        if score >= SHOWN_SCORE
    ]


def deliver_to(database: Database) -> Deliver:
    """What the outbox calls for each item."""
    writers: dict[str, Callable[[Database, dict[str, Any]], None]] = {
        "alert": _alert,
        "clip": _clip,
        "still": _still,
        "measured": _measured,
    }

    def deliver(kind: str, body: dict[str, Any]) -> None:
        try:
            writers[kind](database, body)
        except NEVER as error:
            raise RefusedError(f"{type(error).__name__}: {error}") from error

    return deliver


def _alert(database: Database, body: dict[str, Any]) -> None:
    with database.session() as session:
        record_alert(session, alert_from_table(body), datetime.now(UTC))


def _clip(database: Database, body: dict[str, Any]) -> None:
    def span(kind: str) -> Span:
        return Span(
            datetime.fromisoformat(body[f"{kind}_from"]), datetime.fromisoformat(body[f"{kind}_to"])
        )

    with database.session() as session:
        attach_clip(
            session,
            body["uid"],
            body["path"],
            body["sha256"],
            asked=span("asked"),
            covers=span("covers"),
            complete=body["complete"],
            looks=body.get("looks", ()),
            people=body.get("people", ()),
        )


def _still(database: Database, body: dict[str, Any]) -> None:
    with database.session() as session:
        at = stamp_from_table(body["at"]).wall
        boxes = body.get("boxes", ())
        attach_still(
            session, body["uid"], body["path"], body["sha256"], at, boxes, body.get("people", ())
        )


def _measured(database: Database, body: dict[str, Any]) -> None:
    with database.session() as session:
        take_measured(session, body["hall"], MeasuredIn.model_validate(body["measured"]))
