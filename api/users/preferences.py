"""What a person prefers on the console, wherever they sign in."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from api.database import Base


class PreferenceRow(Base):
    """None: never chosen."""

    __tablename__ = "preferences"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    language: Mapped[str | None] = mapped_column(String(8))  # zh, en
    appearance: Mapped[str | None] = mapped_column(String(8))  # light, dark


def preference_of(session: Session, user_id: int) -> PreferenceRow:
    """What the person chose so far."""
    return session.get(PreferenceRow, user_id) or PreferenceRow(user_id=user_id)


def prefer(
    session: Session, user_id: int, *, language: str | None = None, appearance: str | None = None
) -> None:
    """Remember what is given; the rest stays as it was."""
    row = preference_of(session, user_id)
    row.language = language or row.language
    row.appearance = appearance or row.appearance
    session.add(row)
