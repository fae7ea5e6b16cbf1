"""Gather what belongs into a bundle: alerts as they stand, their evidence, what is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.evidence import EvidenceMissingError, EvidencePathError
from api.alerts.listing import alert_detail
from api.alerts.views import AlertDetail, ClipView, StillView
from api.bundle.pack import Entry
from api.complaints.footage import OWN_FOOTAGE
from api.complaints.tables import ComplaintFootageRow, ComplaintRow
from api.footage.tables import FootageRow
from api.halls.reach import Halls
from api.halls.reading import hall_row
from api.halls.tables import HallRow
from api.privacy.copies import BlurError, BlurredCopies
from api.privacy.showing import Film, Find, clip_film, footage_film, still_film

MOST_ALERTS = 200


class BundleRequestError(ValueError):
    """What was asked for makes no bundle."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be in it. case: a record to be carried along as it is, plain JSON values; hall:
    the case's, which may have no alert; complaints: ids of those that led to it, whose footage is
    evidence, too. originals: also the films as the camera made them, with citizens' faces."""

    uids: tuple[str, ...]
    halls: Halls
    purpose: str
    case: Mapping[str, Any] | None = None
    originals: bool = False
    hall: str | None = None
    complaints: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One clip or still of an alert, or footage of a complaint. `film` None: its file is gone.
    `entries` go into the bundle, below `folder`; `facts` into its record."""

    folder: str
    facts: dict[str, Any]
    film: Film | None
    entries: list[Entry] = field(default_factory=list)
    image: Path | None = None  # a blurred still, for the report


@dataclass(frozen=True, slots=True)
class Gathered:
    """Alerts of one hall, the earliest first, and their pieces."""

    hall: HallRow
    alerts: tuple[AlertDetail, ...]
    pieces: tuple[Piece, ...]


def gather(session: Session, root: Path, wanted: Wanted) -> Gathered:
    """Look everything up. Raises UnknownAlertError, BundleRequestError."""
    least = 1 if wanted.hall is None else 0
    if not least <= len(wanted.uids) <= MOST_ALERTS:
        raise BundleRequestError(f"a bundle holds 1 to {MOST_ALERTS} alerts")
    details = [alert_detail(session, uid, wanted.halls) for uid in dict.fromkeys(wanted.uids)]
    halls = {alert.hall for alert in details}
    if wanted.hall is not None:
        halls.add(wanted.hall)
    if len(halls) > 1:
        raise BundleRequestError("the alerts are of several halls; make a bundle for each")
    alerts = tuple(sorted(details, key=lambda alert: (alert.began, alert.uid)))
    pieces = [piece for alert in alerts for piece in _pieces(session, root, alert, wanted.halls)]
    pieces += _footage(session, root, wanted)
    return Gathered(hall_row(session, halls.pop()), alerts, tuple(pieces))


def _pieces(session: Session, root: Path, alert: AlertDetail, halls: Halls) -> Iterator[Piece]:
    sources: list[tuple[str, Find, ClipView | StillView]] = []
    sources += [("clip", clip_film, view) for view in alert.clips]
    sources += [("still", still_film, view) for view in alert.stills]
    for kind, find, view in sources:
        facts = {
            "alert": alert.uid,
            "kind": kind,
            "id": view.id,
            "recorded_sha256": view.sha256,
        }
        yield _found(session, root, f"alerts/{alert.uid}", facts, find, halls)


def _footage(session: Session, root: Path, wanted: Wanted) -> Iterator[Piece]:
    """What was cut out of the recordings for the complaints."""
    rows = session.execute(
        select(ComplaintRow.number, ComplaintFootageRow.footage_id, FootageRow)
        .select_from(ComplaintFootageRow)
        .join(ComplaintRow)
        .outerjoin(FootageRow, OWN_FOOTAGE)
        .where(ComplaintRow.id.in_(wanted.complaints), wanted.halls.hold(ComplaintRow.hall_id))
        .order_by(ComplaintRow.id, ComplaintFootageRow.footage_id)
    )
    for number, footage_id, row in rows:
        folder = f"complaints/{number}"
        facts = {"complaint": number, "kind": "footage", "id": footage_id, "recorded_sha256": None}
        if row is None:
            yield Piece(folder, facts | {"state": "missing"}, None)
            continue
        facts |= {
            "recorded_sha256": row.sha256,
            "camera": row.camera_id,
            "covers_from": row.covers_from.isoformat(),
            "covers_to": row.covers_to.isoformat(),
            "lacking": row.lacking,
        }
        yield _found(session, root, folder, facts, footage_film, wanted.halls)


def _found(
    session: Session, root: Path, folder: str, facts: dict[str, Any], find: Find, halls: Halls
) -> Piece:
    try:
        film = find(session, root, facts["id"], halls)
    except (EvidenceMissingError, EvidencePathError):
        return Piece(folder, facts | {"state": "missing"}, None)
    return Piece(folder, facts, film)


def furnish(
    pieces: Sequence[Piece], copies: BlurredCopies, *, originals: bool
) -> tuple[Piece, ...]:
    """Make the blurred copies and check the originals; takes long, needs no database."""
    return tuple(
        piece if piece.film is None else _furnished(piece, piece.film, copies, originals)
        for piece in pieces
    )


def _furnished(piece: Piece, film: Film, copies: BlurredCopies, originals: bool) -> Piece:
    """state: whole, or altered where the file is not the one that was recorded."""
    kind, number = piece.facts["kind"], piece.facts["id"]
    name = f"{piece.folder}/{kind}-{number}"
    sha = _sha_of(film.original)
    state = "whole" if sha == piece.facts["recorded_sha256"] else "altered"
    facts = piece.facts | {"sha256": sha, "state": state}
    entries, image = [], None
    if originals:
        facts["original"] = f"{name}-original{film.original.suffix}"
        entries.append(Entry(facts["original"], film.original))
    try:
        copy = film.blurred(copies)
    except BlurError as error:
        facts["no_blurred_copy"] = str(error)
    else:
        facts["blurred"] = f"{name}{copy.suffix}"
        entries.append(Entry(facts["blurred"], copy))
        image = copy if kind == "still" else None
    return Piece(piece.folder, facts, film, entries, image)


def record_of(
    gathered: Gathered, pieces: Sequence[Piece], wanted: Wanted, by: str, now: datetime
) -> dict[str, Any]:
    """The machine-readable record: alerts with rule, thresholds, model, hall file, duty and
    history, and what is known of every piece of evidence."""
    hall = gathered.hall
    return {
        "made_at": now.isoformat(),
        "made_by": by,
        "purpose": wanted.purpose,
        "hall": {"id": hall.id, "name": hall.name, "timezone": hall.timezone},
        "alerts": [alert.model_dump(mode="json") for alert in gathered.alerts],
        "evidence": [piece.facts for piece in pieces],
        "case": None if wanted.case is None else dict(wanted.case),
    }


def _sha_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
