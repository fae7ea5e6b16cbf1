"""Which footage is a complaint's own."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from api.alerts.evidence import UnknownEvidenceError
from api.complaints.tables import ComplaintFootageRow, ComplaintRow
from api.footage.tables import FootageRow
from api.halls.reach import Halls
from api.privacy.showing import Film, footage_film

OWN_FOOTAGE = and_(
    FootageRow.id == ComplaintFootageRow.footage_id,
    FootageRow.hall_id == ComplaintRow.hall_id,
    FootageRow.cut_at <= ComplaintRow.gathered_at,
)
"""A row of footage is what was cut for the complaint. One may be deleted when its own time is over,
and its id given to later footage, which is none of theirs."""


def footage_of(which: ColumnElement[bool]) -> Select[FootageRow]:
    """Of such complaints, what is still there, in the order in which it was cut."""
    return (
        select(FootageRow)
        .distinct()
        .join(ComplaintFootageRow, ComplaintFootageRow.footage_id == FootageRow.id)
        .join(ComplaintRow, ComplaintRow.id == ComplaintFootageRow.complaint_id)
        .where(OWN_FOOTAGE, which)
        .order_by(FootageRow.id)
    )


def own_film(
    session: Session, root: Path, footage_id: int, halls: Halls, which: ColumnElement[bool]
) -> Film:
    """Footage to be shown with such complaints. Raises UnknownEvidenceError where it is none of
    theirs, and what `footage_film` raises."""
    if session.scalar(footage_of(which & (FootageRow.id == footage_id))) is None:
        raise UnknownEvidenceError(f"there is no such footage here: {footage_id}")
    return footage_film(session, root, footage_id, halls)
