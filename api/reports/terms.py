"""How many people a group must have before a report shows figures of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.halls.reading import hall_row
from api.reports.tables import ReportTermsRow

DEFAULT_GROUP, LEAST_GROUP, MOST_GROUP = 5, 3, 100
"""With two, each would know the other's figures from their own."""


class GroupSizeError(ValueError):
    def __init__(self) -> None:
        super().__init__(f"a group must have {LEAST_GROUP} to {MOST_GROUP} people")


def min_group_of(session: Session, hall_id: str) -> int:
    row = session.get(ReportTermsRow, hall_id)
    return DEFAULT_GROUP if row is None else row.min_group


def set_min_group(session: Session, hall_id: str, people: int, by: AccessBy, now: datetime) -> None:
    """For months that are still to be made. Raises UnknownHallIdError, GroupSizeError."""
    hall_row(session, hall_id)
    if not LEAST_GROUP <= people <= MOST_GROUP:
        raise GroupSizeError
    before = min_group_of(session, hall_id)
    session.merge(
        ReportTermsRow(hall_id=hall_id, min_group=people, changed_at=now, changed_by=by.name)
    )
    record_access(
        session, by, Access.EDIT_HALL, f"hall/{hall_id}/report-terms", now,
        hall=hall_id, details={"before": before, "min_group": people},
    )  # fmt: skip
