"""Retention and legal holds over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.audit.asking import By
from api.fields import HallPath, Reason, RowId
from api.halls.reading import hall_row
from api.openapi import problems
from api.problems import ProblemError
from api.retention.kinds import DEFAULT_DAYS, LEAST_DAYS, MOST_DAYS, Kind
from api.retention.tables import HoldRow
from api.retention.terms import days_of, holds_of, lay_hold, lift_hold, set_days
from api.site import Needs, NeedsInHall, Now, Reading, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["retention"], route_class=WritingRoute)

Keeper = Annotated[Principal, Depends(NeedsInHall(Permission.RETENTION_MANAGE))]
Lifter = Annotated[Principal, Depends(Needs(Permission.RETENTION_MANAGE))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Term(_Strict):
    """How long a kind of things is kept here."""

    kind: Kind
    days: int
    default: int
    least: int


class DaysIn(_Strict):
    kind: Kind
    days: int = Field(ge=1, le=MOST_DAYS)


class HoldIn(_Strict):
    object: str = Field(
        pattern=r"^(alert/[0-9a-f]{1,64}|(case|footage)/[0-9]{1,9})$", examples=["case/7"]
    )
    reason: Reason


class LiftIn(_Strict):
    reason: Reason


class HoldOut(_Strict):
    """Nothing of `object` is deleted until the hold is lifted."""

    id: int
    object: str
    reason: str
    laid_at: datetime
    laid_by: str
    lifted_at: datetime | None


def hold_out(row: HoldRow) -> HoldOut:
    return HoldOut(
        id=row.id,
        object=row.object,
        reason=row.reason,
        laid_at=row.laid_at,
        laid_by=row.laid_by,
        lifted_at=row.lifted_at,
    )


@routes.get("/halls/{hall}/retention", responses=problems(401, 403, 404, 422))
def read_terms(hall: HallPath, _who: Keeper, session: Reading) -> tuple[Term, ...]:
    """How long what is kept."""
    days = days_of(session, hall_row(session, hall).id)
    return tuple(
        Term(kind=kind, days=days[kind], default=DEFAULT_DAYS[kind], least=LEAST_DAYS[kind])
        for kind in Kind
    )


@routes.put("/halls/{hall}/retention", responses=problems(401, 403, 404, 422))
def change_terms(
    hall: HallPath, given: DaysIn, who: Keeper, by: By, session: Writing, now: Now
) -> tuple[Term, ...]:
    """Keep a kind longer or shorter. The access log's days are for all halls: only who belongs to
    all may change them."""
    hall_row(session, hall)
    if given.kind is Kind.ACCESS_LOG and not who.halls.everywhere:
        raise ProblemError(403, "not-allowed", "the access log is one for all halls")
    set_days(session, hall, given.kind, given.days, by, now)
    return read_terms(hall, who, session)


@routes.get("/halls/{hall}/holds", responses=problems(401, 403, 404, 422))
def list_holds(hall: HallPath, _who: Keeper, session: Reading) -> tuple[HoldOut, ...]:
    """The holds in force, the latest first."""
    return tuple(hold_out(row) for row in holds_of(session, hall_row(session, hall).id))


@routes.post("/halls/{hall}/holds", status_code=201, responses=problems(401, 403, 404, 422))
def hold(
    hall: HallPath, given: HoldIn, _who: Keeper, by: By, session: Writing, now: Now
) -> HoldOut:
    """Let nothing of an alert, a case or a piece of footage be deleted."""
    return hold_out(lay_hold(session, hall, given.object, given.reason, by, now))


@routes.post("/holds/{hold_id}/lift", responses=problems(401, 403, 404, 422))
def lift(hold_id: RowId, given: LiftIn, who: Lifter, by: By, session: Writing, now: Now) -> HoldOut:
    """Lift a hold; what is too old then is deleted at the next sweep."""
    return hold_out(lift_hold(session, hold_id, who.halls, given.reason, by, now))
