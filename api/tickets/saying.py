"""What the ticket system had said of a window by a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.tickets.tables import TicketRow, TicketState

SILENT_AFTER = timedelta(minutes=5)
"""It says how every window stands once a minute; after so long without a word nobody knows."""
LOOKED_BACK = timedelta(days=1)
"""No state is followed farther back than this."""


class TicketSaid(BaseModel):
    """state: None: it had never said anything of the window. since: it had said so without a
    change. heard: the last time. silent: that was too long before `at`; nobody knows."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    state: TicketState | None = None
    since: datetime | None = None
    heard: datetime | None = None
    silent: bool = False


class TicketsSaid(BaseModel):
    """By the beginning of an alert, and by the moment it was raised."""

    model_config = ConfigDict(frozen=True)

    began: TicketSaid
    raised: TicketSaid


def pause_said(state: TicketState, heard: datetime, at: datetime) -> bool | None:
    """Whether the window was paused at `at`; None: nobody knows, or it was signed off there."""
    if at - heard > SILENT_AFTER or state is TicketState.CLOSED:
        return None
    return state is TicketState.PAUSED


def tickets_said(
    session: Session, hall_id: str, window_id: str, *, began: datetime, raised: datetime
) -> TicketsSaid:
    return TicketsSaid(
        began=said_by(session, hall_id, window_id, began),
        raised=said_by(session, hall_id, window_id, raised),
    )


def said_since(
    session: Session, hall_id: str, window_id: str, then: TicketsSaid
) -> TicketsSaid | None:
    """What is known now of the same two moments, where that is something else: it was sent late.
    None also where what was said is not kept any more."""
    began, raised = then.began.at, then.raised.at
    now = tickets_said(session, hall_id, window_id, began=began, raised=raised)
    pairs = ((now.began, then.began), (now.raised, then.raised))
    gone = any(new.state is None and old.state is not None for new, old in pairs)
    same = all((new.state, new.silent) == (old.state, old.silent) for new, old in pairs)
    return None if gone or same else now


def last_word(session: Session, hall_id: str) -> datetime | None:
    """Of which moment the latest word is; None: no ticket system is connected."""
    return session.scalar(select(func.max(TicketRow.at)).where(TicketRow.hall_id == hall_id))


def said_by(session: Session, hall_id: str, window_id: str, at: datetime) -> TicketSaid:
    mine = (TicketRow.hall_id == hall_id, TicketRow.window_id == window_id)
    last = session.scalar(
        select(TicketRow).where(*mine, TicketRow.at <= at).order_by(TicketRow.at.desc()).limit(1)
    )
    if last is None:
        return TicketSaid(at=at)
    unbroken = (*mine, TicketRow.at >= last.at - LOOKED_BACK)
    other = session.scalar(
        select(func.max(TicketRow.at)).where(
            *unbroken, TicketRow.at < last.at, TicketRow.state != last.state
        )
    )
    if other is not None:
        unbroken = (*mine, TicketRow.at > other)
    since = session.scalar(select(func.min(TicketRow.at)).where(*unbroken))
    silent = at - last.at > SILENT_AFTER
    return TicketSaid(at=at, state=last.state, since=since, heard=last.at, silent=silent)
