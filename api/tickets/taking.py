"""Take in what the ticket system says. Sent twice, it is kept once."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.fields import Moment, Name, Slug
from api.halls.reading import UnknownWindowError, hall_row
from api.halls.tables import WindowRow
from api.tickets.tables import TicketRow, TicketState

CLOCKS_DIFFER = timedelta(seconds=30)
"""So far the ticket system's clock may be ahead of ours."""


class TicketTimeError(ValueError):
    def __init__(self, window: str, at: datetime, now: datetime) -> None:
        super().__init__(
            f"window {window!r}: {at.isoformat()} lies in the future, here it is "
            f"{now.isoformat()}; set the clock of the ticket system"
        )


class TicketConflictError(ValueError):
    """What was said of a moment stays."""

    def __init__(self, window: str, at: datetime, known: TicketState) -> None:
        super().__init__(
            f"window {window!r} was {known.value} at {at.isoformat()}, as was said before; "
            "send a change with its own time"
        )


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TicketIn(_Strict):
    """How one window stands. `number`: may be sent along and is not kept."""

    window: Slug = Field(examples=["w1"])
    state: TicketState = Field(examples=[TicketState.PAUSED])
    at: Moment = Field(examples=["2026-11-23T10:02:00+08:00"])
    number: Name | None = Field(None, examples=["A023"])


class TicketsIn(_Strict):
    """How some windows or all stand: at every change, and each minute anew even without one."""

    windows: tuple[TicketIn, ...] = Field(min_length=1, max_length=500)


def take_tickets(session: Session, hall_id: str, given: TicketsIn, now: datetime) -> None:
    """All of it or nothing. Raises UnknownHallIdError, UnknownWindowError, TicketTimeError,
    TicketConflictError."""
    hall_row(session, hall_id)
    windows = set(session.scalars(select(WindowRow.id).where(WindowRow.hall_id == hall_id)))
    for ticket in given.windows:
        if ticket.window not in windows:
            raise UnknownWindowError(hall_id, ticket.window)
        if ticket.at > now + CLOCKS_DIFFER:
            raise TicketTimeError(ticket.window, ticket.at, now)
    for ticket in sorted(given.windows, key=lambda t: (t.window, t.at)):  # two senders never cross
        row = TicketRow(
            hall_id=hall_id,
            window_id=ticket.window,
            at=ticket.at,
            state=ticket.state,
            received_at=now,
        )
        known = _known_or_kept(session, row)
        if known is not ticket.state:
            raise TicketConflictError(ticket.window, ticket.at, known)


def _known_or_kept(session: Session, row: TicketRow) -> TicketState:
    """What is on record of that window and moment now."""
    key = (row.hall_id, row.window_id, row.at)
    known = session.get(TicketRow, key)
    if known is None:
        try:
            with session.begin_nested():
                session.add(row)
            return row.state
        except IntegrityError:  # the same, sent twice at once
            known = session.get_one(TicketRow, key, populate_existing=True)
    return known.state
