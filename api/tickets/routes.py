"""The ticket system's side, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from api.fields import HallPath
from api.openapi import problems
from api.site import NeedsInHall, Now, Writing, WritingRoute
from api.tickets.taking import TicketConflictError, TicketsIn, TicketTimeError, take_tickets
from api.users.permissions import Permission

routes = APIRouter(tags=["tickets"], route_class=WritingRoute)

KNOWN: dict[type[Exception], tuple[int, str]] = {
    TicketTimeError: (422, "ticket-time"),
    TicketConflictError: (409, "ticket-conflict"),
}
"""Named errors, as HTTP says them."""


@routes.post(
    "/halls/{hall}/tickets",
    status_code=204,
    dependencies=[Depends(NeedsInHall(Permission.TICKETS_SEND))],
    responses=problems(401, 403, 404, 409, 413, 422),
)
def send_tickets(hall: HallPath, tickets: TicketsIn, session: Writing, now: Now) -> None:
    """How the windows stand in the ticket system: serving, idle, paused or closed. Send every
    change, and each minute all windows anew: after five minutes of silence a window's state counts
    as not known. Sending the same again is harmless."""
    take_tickets(session, hall, tickets, now)
