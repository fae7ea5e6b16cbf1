"""Show a clip or a still: blurred, or as the camera saw it to who may lift the blur and says why.
Either way it is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from sqlalchemy.orm import Session

from api.alerts.evidence import clip_file, still_file
from api.alerts.tables import AlertRow, ClipRow, StillRow
from api.audit.record import AccessBy, record_view
from api.audit.tables import Access
from api.database import Database
from api.fields import SHORTEST_REASON
from api.footage.keeping import footage_file
from api.footage.tables import FootageRow
from api.halls.reach import Halls
from api.privacy.copies import BlurredCopies
from api.privacy.plan import SharpPlan, plan_during, plan_then


class UnblurReasonError(ValueError):
    def __init__(self) -> None:
        super().__init__("seeing citizens' faces needs a reason; say why in a sentence")


@dataclass(frozen=True, slots=True)
class Film:
    """A clip or a still on the disk: `object` is its name in the access log, `what` the look."""

    object: str
    what: Access
    hall: str
    original: Path
    plan: SharpPlan

    def blurred(self, copies: BlurredCopies) -> Path:
        """Raises BlurError."""
        make = copies.still if self.what is Access.VIEW_STILL else copies.clip
        return make(self.original, self.plan)


Find: TypeAlias = Callable[[Session, Path, int, Halls], Film]
"""(session, evidence folder, id, whose halls) -> film. Raises a LookupError that says what is
missing."""


def clip_film(session: Session, root: Path, clip_id: int, halls: Halls) -> Film:
    """Raises UnknownEvidenceError, EvidenceMissingError."""
    file = clip_file(session, root, clip_id, halls)
    row = session.get_one(ClipRow, clip_id)
    return _of_alert(session, f"clip/{clip_id}", Access.VIEW_CLIP, file, row)


def still_film(session: Session, root: Path, still_id: int, halls: Halls) -> Film:
    """Raises UnknownEvidenceError, EvidenceMissingError."""
    file = still_file(session, root, still_id, halls)
    row = session.get_one(StillRow, still_id)
    return _of_alert(session, f"still/{still_id}", Access.VIEW_STILL, file, row)


def footage_film(session: Session, root: Path, footage_id: int, halls: Halls) -> Film:
    """Raises what `footage_file` raises."""
    file = footage_file(session, root, footage_id, halls)
    row = session.get_one(FootageRow, footage_id)
    plan = plan_during(session, row.hall_id, row.camera_id, row.covers_from, row.covers_to)
    return Film(f"footage/{footage_id}", Access.VIEW_CLIP, row.hall_id, file, plan)


def _of_alert(
    session: Session, name: str, what: Access, file: Path, row: ClipRow | StillRow
) -> Film:
    alert = session.get_one(AlertRow, row.alert_uid)
    plan = plan_then(session, alert.hall_id, alert.hall_sha, alert.camera_id)
    return Film(name, what, alert.hall_id, file, plan.knowing(row.people, row.sha256))


def show_blurred(
    database: Database, copies: BlurredCopies, film: Film, by: AccessBy, now: datetime
) -> Path:
    """The file to show. Raises BlurError; the original is never shown instead."""
    file = film.blurred(copies)
    with database.session() as session:
        record_view(session, by, film.what, film.object, now, hall=film.hall)
    return file


def show_original(database: Database, film: Film, by: AccessBy, reason: str, now: datetime) -> Path:
    """The file as the camera made it; whoever asks must hold EVIDENCE_UNBLUR. Raises
    UnblurReasonError."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise UnblurReasonError
    with database.session() as session:
        record_view(
            session, by, Access.UNBLUR, film.object, now, hall=film.hall, purpose=reason.strip()
        )
    return film.original
