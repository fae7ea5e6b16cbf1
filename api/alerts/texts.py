"""What a text search looks through: the names around an alert, each different text kept once.

A hall's alerts share a few thousand texts (rule, place, who was on duty), so that a search first
finds the texts that hold all its words and then, by index, their alerts: the same among a million.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow, AlertTextRow


def text_id(session: Session, text: str) -> int:
    """The id of this text, which is made if it is new."""
    find = select(AlertTextRow.id).where(AlertTextRow.text == text)
    known = session.scalar(find)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            row = AlertTextRow(text=text)
            session.add(row)
            session.flush()
        return row.id
    except IntegrityError:  # somebody else was first between the look and the insert
        return session.scalars(find).one()


def texts_with(session: Session, words: Sequence[str]) -> Sequence[int]:
    """The ids of the texts that hold all these words, given in lower case."""
    holds = [AlertTextRow.text.contains(word, autoescape=True) for word in words]
    return session.scalars(select(AlertTextRow.id).where(*holds)).all()


def forget_unused_texts(session: Session) -> None:
    """After alerts were deleted: names that no alert needs any more go too."""
    used = select(AlertRow.text_id).where(AlertRow.text_id == AlertTextRow.id).exists()
    session.execute(delete(AlertTextRow).where(~used))
