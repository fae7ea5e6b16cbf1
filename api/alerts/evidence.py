"""Clips and stills of alerts: rows that name files under one evidence folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.acts import UnknownAlertError
from api.alerts.tables import AlertRow, ClipRow, StillRow
from api.alerts.views import BoxSeen, LookView
from api.events import AlertNews, What, announce
from api.halls.reach import EVERY_HALL, Halls


class EvidencePathError(ValueError):
    """A path that does not lead to a file inside the evidence folder."""


class UnknownEvidenceError(LookupError):
    """No such clip or still in the database."""


class EvidenceMissingError(LookupError):
    """The database knows the clip or still, but its file is gone from the disk."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one wall-clock moment to another, both aware."""

    starts_at: datetime
    ends_at: datetime


def attach_clip(
    session: Session,
    uid: str,
    path: str,
    sha256: str,
    *,
    asked: Span,
    covers: Span,
    complete: bool,
    looks: Sequence[Sequence[Any]] = (),
    people: Sequence[Sequence[Any]] = (),
) -> int:
    """Tie a clip to its alert and return its id. `path` is relative to the evidence folder, with
    '/'. `asked` is the span that was wanted, `covers` the one that the file really holds.
    `looks`, `people`: what was seen over it, see `ClipRow`. Attaching the same path again updates
    it. Raises UnknownAlertError, EvidencePathError."""
    alert = _alert(session, uid)
    known = select(ClipRow).where(ClipRow.alert_uid == uid, ClipRow.path == checked_path(path))
    row = session.scalar(known) or ClipRow(alert_uid=uid, path=checked_path(path))
    row.sha256 = sha256
    row.asked_from, row.asked_to = asked.starts_at, asked.ends_at
    row.covers_from, row.covers_to = covers.starts_at, covers.ends_at
    row.complete = complete
    row.looks = list(looks)
    row.people = list(people)
    return _attached(session, alert, row)


def attach_still(
    session: Session,
    uid: str,
    path: str,
    sha256: str,
    at: datetime,
    boxes: Sequence[Mapping[str, Any]] = (),
    people: Sequence[Sequence[Any]] = (),
) -> int:
    """Tie a still to its alert and return its id; see `attach_clip`. `boxes`: what the model saw in
    it, as {"label", "score", "xyxy"} in pixels of the camera's picture. `people`: see `ClipRow`, at
    second 0."""
    alert = _alert(session, uid)
    known = select(StillRow).where(StillRow.alert_uid == uid, StillRow.path == checked_path(path))
    row = session.scalar(known) or StillRow(alert_uid=uid, path=checked_path(path))
    row.sha256 = sha256
    row.at = at
    row.boxes = [dict(box) for box in boxes]
    row.people = list(people)
    return _attached(session, alert, row)


def clip_file(
    session: Session, evidence_root: Path, clip_id: int, halls: Halls = EVERY_HALL
) -> Path:
    """Where the clip lies, if it is of one of these halls. Raises UnknownEvidenceError,
    EvidenceMissingError."""
    find = select(ClipRow.path).join(AlertRow).where(ClipRow.id == clip_id)
    path = session.scalar(find.where(halls.hold(AlertRow.hall_id)))
    return evidence_file(evidence_root, "clip", clip_id, path)


def looks_over(session: Session, clip_id: int) -> tuple[LookView, ...]:
    """What was seen over a clip, in the order of time; nothing of a clip that is not known."""
    rows = session.scalar(select(ClipRow.looks).where(ClipRow.id == clip_id)) or ()
    return tuple(
        LookView(
            at_s=at_s,
            boxes=tuple(BoxSeen(label=b[0], score=b[1], xyxy=tuple(b[2:])) for b in boxes),
        )
        for at_s, boxes in rows
    )


def still_file(
    session: Session, evidence_root: Path, still_id: int, halls: Halls = EVERY_HALL
) -> Path:
    """Where the still lies; see `clip_file`."""
    find = select(StillRow.path).join(AlertRow).where(StillRow.id == still_id)
    path = session.scalar(find.where(halls.hold(AlertRow.hall_id)))
    return evidence_file(evidence_root, "still", still_id, path)


def latest_clips(
    session: Session, evidence_root: Path, hall_id: str, camera_id: str, most: int
) -> list[tuple[Path, datetime]]:
    """The clips of a camera's latest alerts that are still on the disk: where each lies, and when
    its first picture was taken."""
    query = (
        select(ClipRow)
        .join(AlertRow, AlertRow.uid == ClipRow.alert_uid)
        .where(AlertRow.hall_id == hall_id, AlertRow.camera_id == camera_id)
        .order_by(AlertRow.began_at.desc())
        .limit(most)
    )
    found: list[tuple[Path, datetime]] = []
    for row in session.scalars(query):
        with suppress(EvidenceMissingError):
            found.append((evidence_file(evidence_root, "clip", row.id, row.path), row.covers_from))
    return found


def checked_path(path: str) -> str:
    """The path, if it can only lead into the evidence folder; raises EvidencePathError."""
    pure = PurePosixPath(path)
    strange = "\\" in path or ":" in path or any(ord(c) < 32 for c in path)
    if strange or not pure.parts or pure.is_absolute() or ".." in pure.parts or len(path) > 300:
        raise EvidencePathError(
            f"{path!r} is no path inside the evidence folder; give it relative to that folder"
        )
    return str(pure)


def _alert(session: Session, uid: str) -> AlertRow:
    alert = session.get(AlertRow, uid)
    if alert is None:
        raise UnknownAlertError(uid)
    return alert


def _attached(session: Session, alert: AlertRow, row: ClipRow | StillRow) -> int:
    session.add(row)
    session.flush()
    announce(session, AlertNews(alert.uid, alert.hall_id, What.EVIDENCE))
    return row.id


def evidence_file(evidence_root: Path, kind: str, row_id: int, path: str | None) -> Path:
    """Where a file lies whose path below the evidence folder the database gives; None: the
    database knows of none. Raises UnknownEvidenceError, EvidenceMissingError."""
    if path is None:
        raise UnknownEvidenceError(f"there is no {kind} {row_id}")
    root = evidence_root.resolve()
    file = (root / checked_path(path)).resolve()  # also follows links, which may lead out
    if not file.is_relative_to(root) or not file.is_file():
        raise EvidenceMissingError(f"the file of {kind} {row_id} is not on the disk any more")
    return file
