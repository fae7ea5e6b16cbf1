"""Take in alerts: however often, in whatever order, each step is kept once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.alerts.tables import AlertEventRow, AlertRow, State
from api.alerts.texts import text_id
from api.events import AlertNews, What, announce
from api.exemptions.marking import mark_alert
from api.halls.tables import CameraRow, HallRow, QueueRow, WindowRow
from api.roster.reading import duty_at, duty_snapshot
from api.tickets.saying import tickets_said
from vision.records import Alert, Stamp, Step

_ORDER = {Step.RAISED: 0, Step.ESCALATED: 1, Step.ENDED: 2}


class UnknownHallError(LookupError):
    """An alert of a hall that the database has never heard of."""

    def __init__(self, hall: str) -> None:
        super().__init__(f"there is no hall {hall!r} here; sync its hall file first")


class AlertConflictError(ValueError):
    """The uid is taken by another event: the sender's uid is wrong, nothing was stored."""

    def __init__(self, uid: str, fields: list[str]) -> None:
        super().__init__(f"alert {uid} is known with another {', '.join(fields)}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """`created`: the first of its uid. `changed`: it says something that was not known before."""

    created: bool
    changed: bool


def record_alert(session: Session, alert: Alert, now: datetime) -> Recorded:
    """Store one step of an alert. `now` is when it was received.

    Idempotent by uid, step and moment; monotonic: a late step joins the history and never takes
    the alert back. Raises UnknownHallError, AlertConflictError.
    """
    row, created = _found_or_made(session, alert, now)
    _same_event(row, alert)
    new_step = _append_step(session, row, alert)
    if not created and new_step:
        _advance(row, alert)
    if created or new_step:
        mark_alert(session, row, now)
        what = What.CREATED if created else What.CHANGED
        announce(session, AlertNews(alert.uid, alert.hall, what))
    session.flush()
    return Recorded(created, created or new_step)


def _found_or_made(session: Session, alert: Alert, now: datetime) -> tuple[AlertRow, bool]:
    """The row of this uid, locked where the database can; made if it is the first."""
    find = select(AlertRow).where(AlertRow.uid == alert.uid).with_for_update()
    row = session.scalar(find, execution_options={"populate_existing": True})
    if row is not None:
        return row, False
    if session.get(HallRow, alert.hall) is None:
        raise UnknownHallError(alert.hall)
    try:
        with session.begin_nested():
            row = _row(session, alert, now)
            session.add(row)
        return row, True
    except IntegrityError:  # another process was first between the look and the insert
        return session.scalars(find).one(), False


def _row(session: Session, alert: Alert, now: datetime) -> AlertRow:
    window = session.get(WindowRow, (alert.hall, alert.subject))
    duty: dict[str, Any] | None = None
    tickets: dict[str, Any] | None = None
    if window is not None:
        duty = dict(duty_snapshot(duty_at(session, alert.hall, window.id, alert.began.wall)))
        began, raised = alert.began.wall, alert.at.wall
        said = tickets_said(session, alert.hall, window.id, began=began, raised=raised)
        tickets = said.model_dump(mode="json")
    return AlertRow(
        uid=alert.uid,
        hall_id=alert.hall,
        camera_id=alert.camera,
        subject=alert.subject,
        rule=alert.rule,
        rule_version=alert.rule_version,
        step=alert.step,
        severity=int(alert.severity),
        began_at=alert.began.wall,
        began_s=alert.began.at_s,
        at=alert.at.wall,
        at_s=alert.at.at_s,
        ended_at=alert.ended.wall if alert.ended else None,
        ended_s=alert.ended.at_s if alert.ended else None,
        why=dict(alert.why),
        policy=dict(alert.policy),
        model_sha=alert.model_sha,
        hall_sha=alert.hall_sha,
        duty=duty,
        tickets=tickets,
        state=State.NEW,
        received_at=now,
        text_id=text_id(session, _search_text(session, alert, duty)),
    )


def _search_text(session: Session, alert: Alert, duty: dict[str, Any] | None) -> str:
    """What a person may remember of it: names of the place, of the people, the rule's id."""
    names = [alert.rule, alert.subject, alert.camera]
    key = (alert.hall, alert.subject)
    places = (session.get(WindowRow, key), session.get(QueueRow, key), session.get(CameraRow, key))
    names += [place.name for place in places if place is not None]
    for group in ("holders", "absent"):
        for person in (duty or {}).get(group, []):
            names += [person["name"], person["number"]]
    return " ".join(names).lower()


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _same_event(row: AlertRow, alert: Alert) -> None:
    known = (row.hall_id, row.camera_id, row.subject, row.rule, _milliseconds(row.began_at))
    sent = (
        alert.hall, alert.camera, alert.subject, alert.rule, _milliseconds(alert.began.wall)
    )  # fmt: skip
    names = ("hall", "camera", "subject", "rule", "began")
    different = [n for n, a, b in zip(names, known, sent, strict=True) if a != b]
    if different:
        raise AlertConflictError(alert.uid, different)


def _append_step(session: Session, row: AlertRow, alert: Alert) -> bool:
    """Add this step to the history, unless it is there. Returns whether it was new."""
    key = f"{alert.step.value}@{_milliseconds(alert.at.wall)}"
    known = select(AlertEventRow.id).where(
        AlertEventRow.alert_uid == row.uid, AlertEventRow.key == key
    )
    if session.scalar(known) is not None:
        return False
    session.add(
        AlertEventRow(
            alert_uid=row.uid,
            key=key,
            what=alert.step.value,
            at=alert.at.wall,
            user_id=None,
            who="",
            why="",
            details={
                "severity": int(alert.severity),
                "began": _stamp(alert.began),
                "at": _stamp(alert.at),
                "ended": _stamp(alert.ended) if alert.ended else None,
                "why": dict(alert.why),
                "policy": dict(alert.policy),
                "rule_version": alert.rule_version,
                "model_sha": alert.model_sha,
                "hall_sha": alert.hall_sha,
            },
        )
    )
    return True


def _stamp(stamp: Stamp) -> dict[str, Any]:
    return {"at_s": stamp.at_s, "wall": stamp.wall.isoformat()}


def _advance(row: AlertRow, alert: Alert) -> None:
    """Let the row say what its latest step said; severity never goes down."""
    row.severity = max(row.severity, int(alert.severity))
    if (_ORDER[alert.step], alert.at.wall) <= (_ORDER[row.step], row.at):
        return
    row.step = alert.step
    row.at, row.at_s = alert.at.wall, alert.at.at_s
    row.why, row.policy = dict(alert.why), dict(alert.policy)
    row.rule_version, row.model_sha = alert.rule_version, alert.model_sha
    row.hall_sha = alert.hall_sha
    if alert.ended is not None:
        row.ended_at, row.ended_s = alert.ended.wall, alert.ended.at_s
