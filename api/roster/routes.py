"""The roster over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.alerts.views import DutyView
from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.fields import HallPath, Moment, WindowPath
from api.halls.reading import hall_row, window_row
from api.openapi import binary, problems
from api.problems import ProblemError, problem
from api.roster.changes import Editor
from api.roster.exporting import export_schedule
from api.roster.importing import ScheduleFile, ScheduleKind, import_schedule
from api.roster.problems import ScheduleRefusedError
from api.roster.reading import duty_at, duty_snapshot
from api.roster.template import template
from api.roster.views import (
    Between,
    LeaveView,
    ShiftView,
    StaffView,
    leaves_of,
    shifts_of,
    staff_of,
)
from api.site import Needs, NeedsInHall, Now, Reading, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["roster"], route_class=WritingRoute)

READS = [Depends(NeedsInHall(Permission.ROSTER_READ))]
Reader = Annotated[Principal, Depends(NeedsInHall(Permission.ROSTER_READ))]
Importer = Annotated[Principal, Depends(NeedsInHall(Permission.ROSTER_IMPORT))]

LONGEST_SPAN = timedelta(days=400)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def between(
    start: Annotated[Moment, Query(alias="from", examples=["2026-11-23T00:00:00+08:00"])],
    end: Annotated[Moment, Query(alias="to", examples=["2026-11-30T00:00:00+08:00"])],
) -> Between:
    if not timedelta(0) < end - start <= LONGEST_SPAN:
        raise ProblemError(422, "invalid", "from must lie before to, by 400 days at most")
    return Between(start, end)


Span = Annotated[Between, Depends(between)]


MOST_PROBLEMS_SHOWN = 500


def schedule_refused(request: Request, error: Exception) -> JSONResponse:
    """Every bad cell with its row, its column and what to do, in the language asked for."""
    assert isinstance(error, ScheduleRefusedError)
    language = "en" if request.headers.get("accept-language", "zh").startswith("en") else "zh"
    errors = [
        {"row": p.row, "column": p.column, "code": p.code, "why": p.text(language)}
        for p in error.problems[:MOST_PROBLEMS_SHOWN]
    ]
    count = len(error.problems)
    detail = f"nothing was imported: {count} problem{'s' if count > 1 else ''}"
    return problem(request, 422, "schedule-refused", detail, errors=errors)


class ImportedOut(BaseModel):
    """What an import did: rows added, rows that were there already, old entries removed."""

    import_id: int
    added: int
    unchanged: int
    removed: int


@routes.get("/halls/{hall}/staff", dependencies=READS, responses=problems(401, 403, 404, 422))
def list_staff(hall: HallPath, session: Reading) -> tuple[StaffView, ...]:
    """Everybody who works in the hall, with their standing posts."""
    return staff_of(session, hall_row(session, hall).id)


@routes.get("/halls/{hall}/shifts", dependencies=READS, responses=problems(401, 403, 404, 422))
def list_shifts(hall: HallPath, span: Span, session: Reading) -> tuple[ShiftView, ...]:
    """The shifts that touch a span of time."""
    return shifts_of(session, hall_row(session, hall).id, span)


@routes.get("/halls/{hall}/leaves", dependencies=READS, responses=problems(401, 403, 404, 422))
def list_leaves(hall: HallPath, span: Span, session: Reading) -> tuple[LeaveView, ...]:
    """The leaves that touch a span of time."""
    return leaves_of(session, hall_row(session, hall).id, span)


@routes.get(
    "/halls/{hall}/windows/{window}/duty",
    dependencies=READS,
    responses=problems(401, 403, 404, 422),
)
def read_duty(hall: HallPath, window: WindowPath, at: Moment, session: Reading) -> DutyView:
    """Who held the window at that instant by the roster as it stands now, and who was to cover."""
    row = window_row(session, hall, window)
    return DutyView.model_validate(duty_snapshot(duty_at(session, hall, row.id, at)))


@routes.post(
    "/halls/{hall}/schedule/{kind}", responses=problems(401, 403, 404, 413, 422), status_code=201
)
def upload_schedule(
    hall: HallPath,
    kind: ScheduleKind,
    file: UploadFile,
    who: Importer,
    session: Writing,
    now: Now,
    replace: bool = False,
) -> ImportedOut:
    """Import a CSV or XLSX file: all of it, or nothing and a list of every bad row.

    `replace` removes the shifts of the file's windows that begin on its days first.
    """
    content = file.file.read()
    schedule = ScheduleFile(kind, file.filename or "", content, Editor.of(who, now))
    done = import_schedule(session, hall, schedule, replace=replace)
    return ImportedOut(
        import_id=done.import_id,
        added=done.added,
        unchanged=done.unchanged,
        removed=done.removed,
    )


@routes.get(
    "/halls/{hall}/schedule/{kind}",
    response_class=Response,
    responses=binary(XLSX) | problems(401, 403, 404, 422),
)
def download_schedule(
    hall: HallPath,
    kind: ScheduleKind,
    span: Span,
    who: Reader,
    session: Writing,
    now: Now,
    form: Literal["xlsx", "csv"] = "xlsx",
) -> Response:
    """The roster of a span as a file that can be imported again. Weekly shifts stand in it day by
    day; `form`: xlsx or csv."""
    content = export_schedule(session, hall, kind, span, form)
    details = {"from": span.starts_at.isoformat(), "to": span.ends_at.isoformat(), "form": form}
    record_access(
        session,
        AccessBy.of(who),
        Access.EXPORT,
        f"schedule/{kind.value}",
        now,
        hall=hall,
        details=details,
    )
    media = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{kind.value}.{form}"'}
    return Response(content, media_type=media, headers=headers)


@routes.get(
    "/schedule-templates/{kind}",
    dependencies=[Depends(Needs(Permission.ROSTER_READ))],
    response_class=Response,
    responses=binary(XLSX) | problems(401, 403, 422),
)
def download_template(kind: ScheduleKind, language: Literal["zh", "en"] = "zh") -> Response:
    """A file with the right headings and an example, to be filled in and imported."""
    headers = {"Content-Disposition": f'attachment; filename="{kind.value}.xlsx"'}
    return Response(template(kind, language), media_type=XLSX, headers=headers)
