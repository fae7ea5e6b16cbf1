"""Reports over HTTP, and what cameras measure for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.audit.asking import By
from api.audit.record import record_access, record_view
from api.audit.tables import Access
from api.console.strings import Say
from api.fields import HallPath
from api.openapi import binary, problems
from api.reports.figures import Period, PeriodError, report_of
from api.reports.groups import GroupMonth, group_months
from api.reports.sheets import csv_of, windows_rows, xlsx
from api.reports.taking import MeasuredIn, take_measured
from api.reports.terms import LEAST_GROUP, MOST_GROUP, GroupSizeError, min_group_of, set_min_group
from api.reports.views import Report
from api.site import NeedsInHall, Now, Reading, SiteHere, Writing, WritingRoute
from api.users.permissions import Permission

routes = APIRouter(tags=["reports"], route_class=WritingRoute)

READS = [Depends(NeedsInHall(Permission.REPORTS_READ))]
SENDS = [Depends(NeedsInHall(Permission.ALERTS_SEND))]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
KNOWN: dict[type[Exception], tuple[int, str]] = {
    PeriodError: (422, "invalid"),
    GroupSizeError: (422, "invalid"),
}

Day = Annotated[date, Query(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


@dataclass(frozen=True, slots=True)
class PeriodWanted:
    """Local days of the hall, both counted."""

    first: Day
    last: Day

    def period(self) -> Period:
        return Period(self.first, self.last)


Asked = Annotated[PeriodWanted, Depends()]


@routes.post(
    "/halls/{hall}/measured",
    status_code=204,
    dependencies=SENDS,
    responses=problems(401, 403, 404, 413, 422),
)
def send_measured(hall: HallPath, measured: MeasuredIn, session: Writing) -> None:
    """Phases of windows, lengths of queues, stays at counters. Sending them again is harmless."""
    take_measured(session, hall, measured)


class ReportTerms(BaseModel):
    """How many people a group must have before figures of it are shown."""

    model_config = ConfigDict(extra="forbid")

    min_group: int = Field(ge=LEAST_GROUP, le=MOST_GROUP)


@routes.get(
    "/halls/{hall}/report-terms", dependencies=READS, responses=problems(401, 403, 404, 422)
)
def read_report_terms(hall: HallPath, session: Reading) -> ReportTerms:
    """The size that a group must have in the months to come."""
    return ReportTerms(min_group=min_group_of(session, hall))


@routes.put(
    "/halls/{hall}/report-terms",
    dependencies=[Depends(NeedsInHall(Permission.RETENTION_MANAGE))],
    responses=problems(401, 403, 404, 422),
)
def change_report_terms(
    hall: HallPath, given: ReportTerms, by: By, session: Writing, now: Now
) -> ReportTerms:
    """Months that are made already stay as they are."""
    set_min_group(session, hall, given.min_group, by, now)
    return given


@routes.get(
    "/halls/{hall}/report-groups", dependencies=READS, responses=problems(401, 403, 404, 422)
)
def read_groups(
    hall: HallPath, asked: Asked, by: By, site: SiteHere, session: Reading, now: Now
) -> tuple[GroupMonth, ...]:
    """The months that these days touch, by post and by shift. They name no persons, and no group
    that is too small. The look is in the access log."""
    asked.period().checked()
    found = group_months(session, hall, asked.first, asked.last)
    with site.database.session() as writing:
        record_view(writing, by, Access.VIEW_REPORT, f"report/{hall}", now, hall=hall)
    return found


@routes.get("/halls/{hall}/report", dependencies=READS, responses=problems(401, 403, 404, 422))
def read_report(
    hall: HallPath, asked: Asked, by: By, site: SiteHere, session: Reading, now: Now
) -> Report:
    """A hall's figures; they name no persons. The look is in the access log."""
    report = report_of(session, hall, asked.period(), now)
    with site.database.session() as writing:
        record_view(writing, by, Access.VIEW_REPORT, f"report/{hall}", now, hall=hall)
    return report


@routes.get(
    "/halls/{hall}/report/{form}",
    dependencies=READS,
    response_class=Response,
    responses=binary(XLSX) | problems(401, 403, 404, 422),
)
def download_report(
    hall: HallPath,
    form: Literal["xlsx", "csv"],
    asked: Asked,
    by: By,
    site: SiteHere,
    session: Reading,
    now: Now,
    language: Literal["zh", "en"] = "zh",
) -> Response:
    """The same for a spreadsheet: XLSX has all of it, CSV the windows."""
    report, say = report_of(session, hall, asked.period(), now), Say(language)
    if form == "xlsx":
        content = xlsx(report, group_months(session, hall, asked.first, asked.last), say)
    else:
        content = csv_of(windows_rows(report, say))
    name = f"hallwatch-{hall}-{asked.first}-{asked.last}.{form}"
    with site.database.session() as writing:
        record_access(writing, by, Access.EXPORT, f"report/{name}", now, hall=hall)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX if form == "xlsx" else CSV, headers=headers)
