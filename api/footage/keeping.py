"""Cut a past moment out of the recordings and keep it with the evidence.

Recordings expire; what was cut out stays as long as evidence does.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.evidence import evidence_file
from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.database import Database
from api.footage.tables import FootageRow
from api.halls.reach import EVERY_HALL, Halls
from api.halls.tables import CameraRow

LONGEST = timedelta(minutes=15)


class NoFootageError(LookupError):
    """Nothing is recorded of that moment; the message says what there is."""


class NotRecordingError(RuntimeError):
    """Nobody here records this hall."""


class SpanError(ValueError):
    """A span that ends before it begins, lies in the future or is too long."""


class UnknownCameraError(LookupError):
    """No such camera in this hall."""


class UnknownFootageError(LookupError):
    """No such footage, or it is of another hall."""


class FootageDiskError(OSError):
    """The clip could not be written."""


@dataclass(frozen=True, slots=True)
class CutOut:
    """A clip that was written: where, and the span that it shows."""

    path: Path
    sha256: str
    covers_from: datetime
    covers_to: datetime
    lacking: str


Cutter: TypeAlias = Callable[[str, datetime, datetime, Path], CutOut]
"""cut(camera, from, to, path): write what the camera recorded between two aware moments (the
suffix of `path` may change). Raises NoFootageError, FootageDiskError."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which moment is wanted, and what for."""

    hall_id: str
    camera_id: str
    begins: datetime
    ends: datetime
    purpose: str


def keep_footage(
    database: Database,
    cutters: Mapping[str, Cutter],
    evidence_root: Path,
    wanted: Wanted,
    by: AccessBy,
    now: datetime,
) -> FootageRow:
    """Cut the moment out, keep it with the evidence, and return its row (detached); that it was
    done is in the access log. The database
    is not held while the clip is written. Raises the named errors of this module."""
    span = wanted.ends - wanted.begins
    if not timedelta() < span <= LONGEST:
        raise SpanError(f"ask for a span of at most {LONGEST.seconds // 60} minutes")
    if wanted.begins >= now:
        raise SpanError("that moment is still to come")
    with database.reading() as session:
        if session.get(CameraRow, (wanted.hall_id, wanted.camera_id)) is None:
            raise UnknownCameraError(f"hall {wanted.hall_id} has no camera {wanted.camera_id}")
    cutter = cutters.get(wanted.hall_id)
    if cutter is None:
        raise NotRecordingError(
            "there are no recordings here: ask for them with a [recording] table in the hall file"
        )
    folder = evidence_root / "footage" / secrets.token_hex(16)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise FootageDiskError(f"the clip's folder cannot be made: {error.strerror}") from error
    try:
        cut = cutter(wanted.camera_id, wanted.begins, wanted.ends, folder / "clip.mp4")
        with database.session() as session:
            row = _row(wanted, cut, evidence_root, by.name, now)
            session.add(row)
            session.flush()
            record_access(
                session, by, Access.FIND_FOOTAGE, f"footage/{row.id}", now,
                hall=wanted.hall_id, purpose=wanted.purpose,
            )  # fmt: skip
            session.refresh(row)
            session.expunge(row)
    except BaseException:
        with suppress(OSError):
            shutil.rmtree(folder)
        raise
    return row


def footage_rows(session: Session, hall_id: str, *, newest: int = 100) -> Sequence[FootageRow]:
    """What was cut out of a hall's recordings, the last first."""
    find = select(FootageRow).where(FootageRow.hall_id == hall_id)
    return session.scalars(find.order_by(FootageRow.id.desc()).limit(newest)).all()


def footage_row(session: Session, footage_id: int, halls: Halls = EVERY_HALL) -> FootageRow:
    """Raises UnknownFootageError."""
    row = session.get(FootageRow, footage_id)
    if row is None or row.hall_id not in halls:
        raise UnknownFootageError(f"there is no footage {footage_id}")
    return row


def footage_file(
    session: Session, evidence_root: Path, footage_id: int, halls: Halls = EVERY_HALL
) -> Path:
    """Where the clip lies. Raises UnknownFootageError, EvidenceMissingError."""
    row = footage_row(session, footage_id, halls)
    return evidence_file(evidence_root, "footage", footage_id, row.path)


def _row(wanted: Wanted, cut: CutOut, evidence_root: Path, who: str, now: datetime) -> FootageRow:
    return FootageRow(
        hall_id=wanted.hall_id,
        camera_id=wanted.camera_id,
        path=cut.path.relative_to(evidence_root).as_posix(),
        sha256=cut.sha256,
        asked_from=wanted.begins,
        asked_to=wanted.ends,
        covers_from=cut.covers_from,
        covers_to=cut.covers_to,
        lacking=cut.lacking,
        purpose=wanted.purpose,
        cut_by=who,
        cut_at=now,
    )
