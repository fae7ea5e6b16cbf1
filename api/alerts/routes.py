"""Alerts over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict

from api.alerts.acts import Act, act_on
from api.alerts.listing import alert_detail, list_alerts
from api.alerts.record import UnknownHallError, record_alert
from api.alerts.requests import AlertIn, GivenReasonIn, ReasonIn, Wanted
from api.alerts.views import AlertDetail, AlertPage
from api.audit.asking import By
from api.audit.record import record_view
from api.audit.tables import Access
from api.cases.opening import refer_alert
from api.fields import UidPath
from api.openapi import Answers, problems
from api.site import Needs, Now, Reading, Writing, WritingRoute
from api.users.permissions import Permission
from api.users.tokens import Principal

routes = APIRouter(tags=["alerts"], route_class=WritingRoute)

Settler = Annotated[Principal, Depends(Needs(Permission.ALERTS_SETTLE))]
Referrer = Annotated[Principal, Depends(Needs(Permission.ALERTS_REFER))]
Machine = Annotated[Principal, Depends(Needs(Permission.ALERTS_SEND))]
Reader = Annotated[Principal, Depends(Needs(Permission.ALERTS_READ))]


class RecordedOut(BaseModel):
    """What came of an alert: the first of its uid; something that was not known before."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"created": True, "changed": True}]})

    created: bool
    changed: bool


KNOWN_ALREADY: Answers = {200: {"model": RecordedOut, "description": "Known already"}}


@routes.post(
    "/alerts",
    status_code=201,
    responses=KNOWN_ALREADY | problems(401, 403, 409, 413, 422),
)
def send_alert(
    alert: AlertIn, who: Machine, session: Writing, now: Now, response: Response
) -> RecordedOut:
    """Take in one step of an alert. Sending it again, or late, is harmless."""
    if alert.hall not in who.halls:
        raise UnknownHallError(alert.hall)
    recorded = record_alert(session, alert.alert(), now)
    response.status_code = 201 if recorded.created else 200
    return RecordedOut(created=recorded.created, changed=recorded.changed)


@routes.get("/alerts", responses=problems(401, 403, 422))
def find_alerts(who: Reader, session: Reading, wanted: Annotated[Wanted, Depends()]) -> AlertPage:
    """The alerts that match all filters, the latest beginning first."""
    return list_alerts(session, wanted.filter(who.halls), wanted.cursor, wanted.limit)


@routes.get("/alerts/{uid}", responses=problems(401, 403, 404, 422))
def read_alert(uid: UidPath, who: Reader, by: By, session: Writing, now: Now) -> AlertDetail:
    """Everything about one alert: facts, thresholds, duty, evidence, history."""
    alert = alert_detail(session, uid, who.halls)
    record_view(session, by, Access.VIEW_ALERT, f"alert/{uid}", now, hall=alert.hall)
    return alert


@routes.post("/alerts/{uid}/acknowledge", responses=problems(401, 403, 404, 409, 422))
def acknowledge(
    uid: UidPath, said: ReasonIn, who: Settler, by: By, session: Writing, now: Now
) -> AlertDetail:
    """Seen, and settled on the spot."""
    act_on(session, uid, Act.ACKNOWLEDGE, by, now, said.reason, who.halls)
    return alert_detail(session, uid)


@routes.post("/alerts/{uid}/excuse", responses=problems(401, 403, 404, 409, 422))
def excuse(
    uid: UidPath, said: GivenReasonIn, who: Settler, by: By, session: Writing, now: Now
) -> AlertDetail:
    """There was a good reason; it must be given."""
    act_on(session, uid, Act.EXCUSE, by, now, said.reason, who.halls)
    return alert_detail(session, uid)


@routes.post("/alerts/{uid}/mark-false", responses=problems(401, 403, 404, 409, 422))
def mark_false(
    uid: UidPath, said: ReasonIn, who: Settler, by: By, session: Writing, now: Now
) -> AlertDetail:
    """What the machine said did not happen."""
    act_on(session, uid, Act.MARK_FALSE, by, now, said.reason, who.halls)
    return alert_detail(session, uid)


@routes.post("/alerts/{uid}/refer", responses=problems(401, 403, 404, 409, 422))
def refer(uid: UidPath, said: ReasonIn, who: Referrer, session: Writing, now: Now) -> AlertDetail:
    """A reviewer shall look at it, also at what was excused or marked false: a case opens."""
    refer_alert(session, uid, who, now, said.reason)
    return alert_detail(session, uid)
