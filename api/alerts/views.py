"""An alert as people and machines read it: plain values, free of the database session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from api.alerts.acts import MAY, Act
from api.alerts.tables import AlertEventRow, AlertRow, ClipRow, State, StillRow
from api.fields import SeverityShown
from api.roster.notes import AlertNote
from api.tickets.saying import TicketsSaid
from vision.records import Severity, Step


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class PersonView(_View):
    number: str
    name: str


class DutyView(_View):
    """Who was on duty by the roster as it stood when the alert came in.

    `state`: on_duty, covered, away, nobody_on_schedule, break or closed.
    """

    state: str
    post: str | None
    holders: tuple[PersonView, ...]
    cover: PersonView | None
    absent: tuple[PersonView, ...]


class AlertSummary(_View):
    """One line of the inbox. Times are UTC."""

    uid: str
    hall: str
    hall_name: str
    camera: str
    subject: str
    subject_name: str
    rule: str
    severity: SeverityShown
    step: Step
    state: State
    began: datetime
    at: datetime
    ended: datetime | None
    duty: DutyView | None
    received_at: datetime


class ClipView(_View):
    id: int
    sha256: str
    asked_from: datetime
    asked_to: datetime
    covers_from: datetime
    covers_to: datetime
    complete: bool


class BoxSeen(_View):
    """One thing that the model saw: corners (x1, y1, x2, y2) in pixels of the camera's picture."""

    label: str
    score: float
    xyxy: tuple[float, float, float, float]


class LookView(_View):
    """What one look found, at this second of a clip."""

    at_s: float
    boxes: tuple[BoxSeen, ...]


class StillView(_View):
    id: int
    sha256: str
    at: datetime
    boxes: tuple[BoxSeen, ...] = ()


class EventView(_View):
    """One line of the history: a step of the rule (`who` empty) or an act of a person."""

    what: str
    at: datetime
    who: str
    why: str
    details: dict[str, Any]


class AlertDetail(AlertSummary):
    """Everything about one alert. `acts`: what can be done to it now. `notes`: what the roster
    notes of that time (a visitor, a training, a handover). `tickets`: what the ticket system had
    said of the window when the alert came in; `tickets_later`: what it says since of the same
    moments, where that is something else."""

    began_s: float
    at_s: float
    ended_s: float | None
    rule_version: int
    why: dict[str, Any]
    policy: dict[str, Any]
    model_sha: str
    hall_sha: str
    acts: tuple[Act, ...]
    clips: tuple[ClipView, ...]
    stills: tuple[StillView, ...]
    history: tuple[EventView, ...]
    notes: tuple[AlertNote, ...]
    tickets: TicketsSaid | None
    tickets_later: TicketsSaid | None


class AlertPage(_View):
    """`next` is the cursor of the following page, None on the last one."""

    items: tuple[AlertSummary, ...]
    next: str | None


def _summary_values(row: AlertRow, hall_name: str, subject_name: str | None) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "hall": row.hall_id,
        "hall_name": hall_name,
        "camera": row.camera_id,
        "subject": row.subject,
        "subject_name": subject_name or row.subject,
        "rule": row.rule,
        "severity": Severity(row.severity),
        "step": row.step,
        "state": row.state,
        "began": row.began_at,
        "at": row.at,
        "ended": row.ended_at,
        "duty": None if row.duty is None else DutyView.model_validate(row.duty),
        "received_at": row.received_at,
    }


def summary_of(row: AlertRow, hall_name: str, subject_name: str | None) -> AlertSummary:
    return AlertSummary(**_summary_values(row, hall_name, subject_name))


def detail_of(
    row: AlertRow,
    hall_name: str,
    subject_name: str | None,
    notes: tuple[AlertNote, ...],
    tickets_later: TicketsSaid | None,
) -> AlertDetail:
    return AlertDetail(
        **_summary_values(row, hall_name, subject_name),
        began_s=row.began_s,
        at_s=row.at_s,
        ended_s=row.ended_s,
        rule_version=row.rule_version,
        why=row.why,
        policy=row.policy,
        model_sha=row.model_sha,
        hall_sha=row.hall_sha,
        acts=MAY[row.state],
        clips=tuple(_clip(c) for c in row.clips),
        stills=tuple(_still(s) for s in row.stills),
        history=tuple(_event(e) for e in sorted(row.history, key=lambda e: (e.at, e.id))),
        notes=notes,
        tickets=None if row.tickets is None else TicketsSaid.model_validate(row.tickets),
        tickets_later=tickets_later,
    )


def _clip(row: ClipRow) -> ClipView:
    return ClipView(
        id=row.id,
        sha256=row.sha256,
        asked_from=row.asked_from,
        asked_to=row.asked_to,
        covers_from=row.covers_from,
        covers_to=row.covers_to,
        complete=row.complete,
    )


def _still(row: StillRow) -> StillView:
    return StillView(id=row.id, sha256=row.sha256, at=row.at, boxes=tuple(row.boxes))


def _event(row: AlertEventRow) -> EventView:
    return EventView(what=row.what, at=row.at, who=row.who, why=row.why, details=row.details)
