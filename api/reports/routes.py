"""Reports over HTTP, and what cameras measure for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from api.console.strings import Say
from api.fields import HallPath
from api.openapi import binary, problems
from api.reports.figures import Period, PeriodError, Report, report_of
from api.reports.sheets import csv_of, windows_rows, xlsx
from api.reports.taking import MeasuredIn, take_measured
from api.site import NeedsInHall, Reading, Writing
from api.users.permissions import Permission

routes = APIRouter(tags=["reports"])

READS = [Depends(NeedsInHall(Permission.REPORTS_READ))]
SENDS = [Depends(NeedsInHall(Permission.ALERTS_SEND))]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
KNOWN: dict[type[Exception], tuple[int, str]] = {PeriodError: (422, "invalid")}

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
    """Phases of windows and lengths of queues. Sending them again is harmless."""
    take_measured(session, hall, measured)


@routes.get("/halls/{hall}/report", dependencies=READS, responses=problems(401, 403, 404, 422))
def read_report(hall: HallPath, asked: Asked, session: Reading) -> Report:
    """A hall's figures; they name no persons."""
    return report_of(session, hall, asked.period())


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
    session: Reading,
    language: Literal["zh", "en"] = "zh",
) -> Response:
    """The same for a spreadsheet: XLSX has all of it, CSV the windows."""
    report, say = report_of(session, hall, asked.period()), Say(language)
    content = xlsx(report, say) if form == "xlsx" else csv_of(windows_rows(report, say))
    name = f"hallwatch-{hall}-{asked.first}-{asked.last}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX if form == "xlsx" else CSV, headers=headers)
