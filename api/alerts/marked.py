"""Alerts on which people have given their word: it happened, or it did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow, ClipRow, State
from api.cases.law import Outcome
from api.cases.tables import CaseAlertRow, CaseRow


@dataclass(frozen=True, slots=True)
class Marked:
    """One alert with a verdict. happened: the conduct was really there, excused or not.
    clip: its path below the evidence folder; covers_from: the clip's first moment."""

    uid: str
    hall: str
    camera: str
    window: str
    rule: str
    began: datetime
    until: datetime
    min_score: float
    happened: bool
    clip: str
    covers_from: datetime


def marked_alerts(session: Session, rules: frozenset[str]) -> list[Marked]:
    """Alerts of these rules that have a clip and a verdict, the oldest first. Marked false in the
    console: it did not happen. Excused there, or confirmed or excused by a case's decision: it did.
    A case found unfounded says too little about the picture to learn from."""
    found = session.execute(
        select(AlertRow, ClipRow, CaseRow.outcome)
        .join(ClipRow, ClipRow.alert_uid == AlertRow.uid)
        .outerjoin(CaseAlertRow, CaseAlertRow.alert_uid == AlertRow.uid)
        .outerjoin(CaseRow, CaseRow.id == CaseAlertRow.case_id)
        .where(AlertRow.rule.in_(rules))
        .order_by(AlertRow.began_at, AlertRow.uid)
    )
    marked = []
    for alert, clip, outcome in found:
        happened = _happened(alert.state, outcome)
        if happened is not None:
            marked.append(
                Marked(
                    alert.uid, alert.hall_id, alert.camera_id, alert.subject, alert.rule,
                    alert.began_at, alert.ended_at or alert.at,
                    float(alert.policy.get("min_score", 0.0)), happened, clip.path,
                    clip.covers_from,
                )
            )  # fmt: skip
    return marked


def _happened(state: State, outcome: Outcome | None) -> bool | None:
    if state is State.FALSE:
        return False
    if state is State.EXCUSED or outcome in (Outcome.CONFIRMED, Outcome.EXCUSED):
        return True
    return None
