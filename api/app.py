"""Put the application together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.routing import compile_path

from api.alerts.acts import ActRefusedError, ReasonMissingError, UnknownAlertError
from api.alerts.evidence import EvidenceMissingError, EvidencePathError, UnknownEvidenceError
from api.alerts.listing import CursorError
from api.alerts.own import OwnAlertError
from api.alerts.record import AlertConflictError, UnknownHallError
from api.alerts.routes import routes as alert_routes
from api.audit.routes import routes as audit_routes
from api.bundle.gather import BundleRequestError
from api.bundle.keys import SigningKey
from api.bundle.routes import routes as bundle_routes
from api.cases.evidence import routes as own_evidence_routes
from api.cases.routes import KNOWN as CASE_PROBLEMS
from api.cases.routes import routes as case_routes
from api.complaints.routes import KNOWN as COMPLAINT_PROBLEMS
from api.complaints.routes import routes as complaint_routes
from api.database import Database
from api.exemptions.granting import (
    ExemptionRefusedError,
    ExemptionRevokedError,
    OwnExemptionError,
    UnknownExemptionError,
)
from api.exemptions.routes import routes as exemption_routes
from api.footage.keeping import (
    Cutter,
    FootageDiskError,
    NoFootageError,
    NotRecordingError,
    SpanError,
    UnknownCameraError,
    UnknownFootageError,
)
from api.footage.routes import routes as footage_routes
from api.halls.camera_routes import routes as camera_routes
from api.halls.cameras import (
    CameraInUseError,
    CameraThereError,
    LastCameraError,
    NoSuchCameraError,
)
from api.halls.filing import HallFileChangedError
from api.halls.reading import UnknownHallIdError, UnknownWindowError
from api.halls.routes import routes as hall_routes
from api.halls.setup import CameraSetup
from api.health.board import HealthBoard
from api.health.routes import health as health_routes
from api.limits import BodyLimit
from api.notices.channels import ChannelRefusedError, UnknownChannelError
from api.notices.policies import UnknownTargetError
from api.notices.queue import NotFailedError, UnknownNoticeError
from api.notices.routes import routes as notice_routes
from api.openapi import describe
from api.privacy.copies import BlurError, BlurredCopies
from api.privacy.routes import routes as privacy_routes
from api.privacy.showing import UnblurReasonError
from api.problems import ProblemError, answer_with_problems
from api.reports.routes import KNOWN as REPORT_PROBLEMS
from api.reports.routes import routes as report_routes
from api.retention.routes import routes as retention_routes
from api.retention.terms import DaysError, UnknownHoldError
from api.roster.editing import EntryRefusedError, UnknownEntryError, UnknownNumberError
from api.roster.editing_routes import editing_routes
from api.roster.problems import ScheduleRefusedError
from api.roster.routes import routes as roster_routes
from api.roster.routes import schedule_refused
from api.settings import Settings
from api.site import Site
from api.tickets.routes import KNOWN as TICKET_PROBLEMS
from api.tickets.routes import routes as ticket_routes
from api.users.accounts import (
    AccountChangedError,
    LastAdministratorError,
    NameTakenError,
    PasswordError,
    UnknownUserError,
)
from api.users.belonging import StaffTakenError, UnknownStaffError
from api.users.oidc_routes import routes as oidc_routes
from api.users.routes import routes as user_routes
from api.users.token_routes import routes as token_routes
from api.users.tokens import ExpiryError, ScopeError, UnknownTokenError
from api.workdays.routes import routes as workday_routes
from vision.hallfile import HallFileError
from vision.probe import RefusedError

PREFIX = "/api/v1"

KNOWN: dict[type[Exception], tuple[int, str]] = {
    UnknownAlertError: (404, "not-found"),
    UnknownEvidenceError: (404, "not-found"),
    EvidenceMissingError: (404, "evidence-missing"),
    EvidencePathError: (422, "invalid"),
    BlurError: (503, "blur"),
    DaysError: (422, "invalid"),
    UnknownHoldError: (404, "not-found"),
    BundleRequestError: (422, "invalid"),
    UnblurReasonError: (422, "reason-missing"),
    UnknownHallIdError: (404, "not-found"),
    UnknownWindowError: (404, "not-found"),
    NoSuchCameraError: (404, "not-found"),
    CameraThereError: (409, "camera-there"),
    CameraInUseError: (409, "camera-in-use"),
    LastCameraError: (409, "last-camera"),
    RefusedError: (422, "camera-refused"),
    HallFileError: (422, "hall-file"),
    HallFileChangedError: (409, "hall-file-changed"),
    UnknownUserError: (404, "not-found"),
    AccountChangedError: (409, "account-changed"),
    LastAdministratorError: (409, "last-administrator"),
    UnknownStaffError: (404, "not-found"),
    StaffTakenError: (409, "staff-taken"),
    UnknownTokenError: (404, "not-found"),
    ScopeError: (422, "invalid"),
    ExpiryError: (422, "invalid"),
    UnknownHallError: (422, "unknown-hall"),
    AlertConflictError: (409, "alert-conflict"),
    OwnAlertError: (403, "own-alert"),
    ActRefusedError: (409, "act-refused"),
    ReasonMissingError: (422, "reason-missing"),
    CursorError: (422, "cursor"),
    ExemptionRefusedError: (422, "exemption-refused"),
    OwnExemptionError: (403, "own-exemption"),
    ExemptionRevokedError: (409, "exemption-revoked"),
    UnknownExemptionError: (404, "not-found"),
    UnknownCameraError: (404, "not-found"),
    UnknownFootageError: (404, "not-found"),
    NoFootageError: (404, "no-footage"),
    NotRecordingError: (409, "not-recording"),
    SpanError: (422, "invalid"),
    FootageDiskError: (507, "disk"),
    NameTakenError: (409, "name-taken"),
    PasswordError: (422, "invalid"),
    EntryRefusedError: (422, "entry-refused"),
    UnknownEntryError: (404, "not-found"),
    UnknownNumberError: (422, "invalid"),
    ChannelRefusedError: (422, "channel-refused"),
    UnknownChannelError: (404, "not-found"),
    UnknownTargetError: (422, "invalid"),
    UnknownNoticeError: (404, "not-found"),
    NotFailedError: (409, "not-failed"),
    **CASE_PROBLEMS,
    **COMPLAINT_PROBLEMS,
    **REPORT_PROBLEMS,
    **TICKET_PROBLEMS,
}
"""Named errors of the services, as HTTP says them."""

API = (
    alert_routes,
    hall_routes,
    camera_routes,
    roster_routes,
    editing_routes,
    user_routes,
    token_routes,
    workday_routes,
    exemption_routes,
    footage_routes,
    privacy_routes,
    retention_routes,
    bundle_routes,
    audit_routes,
    case_routes,
    own_evidence_routes,
    complaint_routes,
    report_routes,
    ticket_routes,
    notice_routes,
)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    database: Database,
    evidence_root: Path,
    settings: Settings | None = None,
    now: Callable[[], datetime] = utc_now,
    cutters: Mapping[str, Cutter] | None = None,
    health: HealthBoard | None = None,
    signing_key: SigningKey | None = None,
    copies: BlurredCopies | None = None,
    cameras: CameraSetup | None = None,
) -> FastAPI:
    """The API on a migrated database; the console is mounted on what this returns.

    `evidence_root`: the folder that holds clips and stills. `now` gives the aware current time.
    `cutters`: hall id -> who cuts footage out of its recordings. `health`: of the cameras that are
    watched by this process, if any. `signing_key`: of evidence bundles; None: none are made.
    `copies`: to be shared with whoever makes them ahead of time.
    `cameras`: to set those up that are watched by this process.
    """
    settings = settings or Settings()
    app = FastAPI(
        title="hallwatch",
        version="1",
        docs_url=None,  # their pages load from the internet
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
    )
    app.state.site = Site(
        database,
        settings,
        evidence_root,
        now,
        {} if cutters is None else cutters,
        health,
        cameras=cameras,
        signing_key=signing_key,
        copies=copies or BlurredCopies(),
    )
    app.add_middleware(BodyLimit, settings=settings)
    answer_with_problems(app, KNOWN)
    app.add_exception_handler(ScheduleRefusedError, schedule_refused)
    app.router.routes.extend(_all_routes().routes)
    app.add_api_route("/api/{rest:path}", _unknown_path, methods=METHODS, include_in_schema=False)
    describe(app)
    return app


@cache
def _all_routes() -> APIRouter:
    """All routes, in order. FastAPI prepares included ones at their first request, 2 ms each: so
    they are included once, whatever number of apps a process makes."""
    whole = APIRouter()
    whole.include_router(health_routes)
    whole.include_router(oidc_routes)
    for routes in API:
        whole.include_router(routes, prefix=PREFIX)
    return whole


def _unknown_path(request: Request) -> None:
    """404, or 405 with the methods that the path does take. The console answers all other paths,
    so that nothing after us would."""
    allowed = ", ".join(sorted(_methods_at(request.url.path)))
    if allowed:
        detail = f"this path takes {allowed}"
        raise ProblemError(405, "method-not-allowed", detail, {"Allow": allowed})
    raise ProblemError(404, "not-found", "there is nothing at this path")


def _methods_at(path: str) -> set[str]:
    methods: set[str] = set()
    for routes in API:
        for route in routes.routes:
            if isinstance(route, APIRoute) and compile_path(PREFIX + route.path)[0].match(path):
                methods |= route.methods or set()
    return methods
