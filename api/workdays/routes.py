"""A hall's working days over HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.fields import HallPath, Words
from api.halls.reading import hall_row
from api.openapi import problems
from api.roster.editing_routes import Roster
from api.site import NeedsInHall, Reading, WritingRoute
from api.users.permissions import Permission
from api.workdays.calendar import holiday_name, is_announced
from api.workdays.reading import calendar_of, own_days

routes = APIRouter(tags=["roster"], route_class=WritingRoute)

READS = [Depends(NeedsInHall(Permission.ROSTER_READ))]
DayPath = Annotated[date, Path(ge=date(2000, 1, 1), le=date(2099, 12, 31), examples=["2027-02-14"])]


class OwnDayIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    works: bool
    note: Words = Field("", max_length=200, examples=["春节值班"])


class DayOut(BaseModel):
    """`own`: the hall's own word. `holiday`: the public holiday's name."""

    day: date
    works: bool
    own: bool
    holiday: str | None
    note: str


class YearOut(BaseModel):
    """A year's days. `announced`: its make-up workdays are known to the library."""

    year: int
    announced: bool
    days: tuple[DayOut, ...]


@routes.get("/halls/{hall}/workdays", dependencies=READS, responses=problems(401, 403, 404, 422))
def read_year(
    hall: HallPath, session: Reading, year: Annotated[int, Query(ge=2000, le=2099)]
) -> YearOut:
    """Every day of a year: whether the hall works, and why not."""
    calendar = calendar_of(session, hall_row(session, hall).id)
    notes = {row.day: row.note for row in own_days(session, hall, year)}
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    return YearOut(
        year=year,
        announced=is_announced(year),
        days=tuple(
            DayOut(
                day=day,
                works=calendar.is_working_day(day),
                own=day in calendar.own,
                holiday=holiday_name(day),
                note=notes.get(day, ""),
            )
            for day in days
        ),
    )


@routes.put("/halls/{hall}/workdays/{day}", status_code=204, responses=problems(401, 403, 404, 422))
def put_own_day(day: DayPath, given: OwnDayIn, roster: Roster) -> None:
    """Let the hall work or rest on a day, whatever the public calendar says."""
    roster.put_day(day, works=given.works, note=given.note)


@routes.delete(
    "/halls/{hall}/workdays/{day}", status_code=204, responses=problems(401, 403, 404, 422)
)
def delete_own_day(day: DayPath, roster: Roster) -> None:
    """Back to the public calendar."""
    roster.drop_day(day)
