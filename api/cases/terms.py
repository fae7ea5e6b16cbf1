"""How long everything may take in a hall, and whether two must decide."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.database import Base, Utc


class ReviewTermsRow(Base):
    """Days are working days."""

    __tablename__ = "review_terms"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    two_decide: Mapped[bool]
    statement_days: Mapped[int]
    decision_days: Mapped[int]
    appeal_days: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Utc)
    changed_by: Mapped[str] = mapped_column(String(80))


@dataclass(frozen=True, slots=True)
class ReviewTerms:
    """two_decide: a decision needs the head's approval. Working days that the person has for their
    statement, the reviewer for a decision (and for one on an appeal), the person for an appeal."""

    two_decide: bool = False
    statement_days: int = 3
    decision_days: int = 15
    appeal_days: int = 10


def terms_of(session: Session, hall_id: str) -> ReviewTerms:
    row = session.get(ReviewTermsRow, hall_id)
    if row is None:
        return ReviewTerms()
    return ReviewTerms(row.two_decide, row.statement_days, row.decision_days, row.appeal_days)


def set_terms(
    session: Session, hall_id: str, terms: ReviewTerms, by: AccessBy, now: datetime
) -> None:
    """For cases opened from now on; those that run keep what held when they were opened."""
    session.merge(
        ReviewTermsRow(
            hall_id=hall_id,
            two_decide=terms.two_decide,
            statement_days=terms.statement_days,
            decision_days=terms.decision_days,
            appeal_days=terms.appeal_days,
            changed_at=now,
            changed_by=by.name,
        )
    )
    session.flush()
    record_access(
        session, by, Access.EDIT_HALL, f"hall/{hall_id}/review-terms", now,
        hall=hall_id, details=asdict(terms),
    )  # fmt: skip
