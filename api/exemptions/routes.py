"""Exemptions over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.audit.asking import By
from api.exemptions.granting import Allowance, ExemptionView, exemptions_of, grant, revoke
from api.exemptions.tables import ExemptionKind
from api.fields import HallPath, Moment, Name, Reason, RowId, Slug, Words
from api.halls.reading import hall_row
from api.openapi import problems
from api.site import Needs, NeedsInHall, Now, Reading, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["exemptions"], route_class=WritingRoute)

READS = [Depends(NeedsInHall(Permission.EXEMPTIONS_READ))]
Granter = Annotated[Principal, Depends(NeedsInHall(Permission.EXEMPTIONS_GRANT))]
Revoker = Annotated[Principal, Depends(Needs(Permission.EXEMPTIONS_GRANT))]


class ExemptionIn(BaseModel):
    """A person (`number`), a window, or a person at a window; before or afterwards."""

    model_config = ConfigDict(extra="forbid")

    kind: ExemptionKind
    number: Name | None = Field(None, max_length=32, examples=["1001"])
    window: Slug | None = None
    starts_at: Moment
    ends_at: Moment
    allowed_by: Name = Field(examples=["王主任"])
    note: Words = Field("", max_length=500, examples=["给社保中心打电话核对"])

    def allowance(self) -> Allowance:
        return Allowance(
            self.kind,
            self.number,
            self.window,
            self.starts_at,
            self.ends_at,
            self.allowed_by,
            self.note,
        )


class RevokedIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Reason = Field(examples=["登记错了窗口"])


class GrantedOut(BaseModel):
    id: int


@routes.get("/halls/{hall}/exemptions", dependencies=READS, responses=problems(401, 403, 404, 422))
def list_exemptions(
    hall: HallPath,
    session: Reading,
    since: Annotated[Moment | None, Query(description="that end after this")] = None,
) -> tuple[ExemptionView, ...]:
    """The hall's exemptions, the latest first, 200 at most; also those taken back."""
    return exemptions_of(session, hall_row(session, hall).id, since)


@routes.post(
    "/halls/{hall}/exemptions", status_code=201, responses=problems(401, 403, 404, 413, 422)
)
def enter_exemption(
    hall: HallPath, given: ExemptionIn, _who: Granter, by: By, session: Writing, now: Now
) -> GrantedOut:
    """Allow something, before or after it happened; alerts that it covers do not count."""
    hall_id = hall_row(session, hall).id
    return GrantedOut(id=grant(session, hall_id, given.allowance(), by, now))


@routes.post(
    "/exemptions/{exemption_id}/revoke",
    status_code=204,
    responses=problems(401, 403, 404, 409, 422),
)
def revoke_exemption(
    exemption_id: RowId, said: RevokedIn, who: Revoker, by: By, session: Writing, now: Now
) -> None:
    """Take it back: the alerts that it covered count again."""
    revoke(session, exemption_id, said.reason, by, now, who.halls)
