"""Keep the alerts' marks true: when an alert changes, and when an exemption is entered or taken
back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.alerts.tables import AlertRow
from api.events import AlertNews, What, announce
from api.exemptions.cover import RULES, Conduct, Exemption, covers
from api.exemptions.tables import AlertExemptionRow, ExemptionRow
from api.roster.tables import StaffRow


def conduct_of(alert: AlertRow) -> Conduct:
    holders = (alert.duty or {}).get("holders", [])
    return Conduct(
        rule=alert.rule,
        window=alert.subject,
        person=holders[0]["number"] if len(holders) == 1 else None,
        began=alert.began_at,
        until=alert.ended_at or alert.at,
    )


def exemption_of(row: ExemptionRow, number: str | None) -> Exemption:
    """`number`: of the row's person."""
    return Exemption(row.kind, number, row.window_id, row.starts_at, row.ends_at)


def mark_alert(session: Session, alert: AlertRow, now: datetime) -> None:
    """Mark one alert by every exemption in force that covers it, and unmark it by the others."""
    conduct = conduct_of(alert)
    rows = session.execute(
        select(ExemptionRow, StaffRow.number)
        .outerjoin(StaffRow, StaffRow.id == ExemptionRow.staff_id)
        .where(
            ExemptionRow.hall_id == alert.hall_id,
            ExemptionRow.revoked_at.is_(None),
            ExemptionRow.starts_at <= conduct.began,
            ExemptionRow.ends_at >= conduct.until,
        )
    ).all()
    fitting = {row.id for row, number in rows if covers(exemption_of(row, number), conduct)}
    of_alert = AlertExemptionRow.alert_uid == alert.uid
    marked = set(session.scalars(select(AlertExemptionRow.exemption_id).where(of_alert)))
    if gone := marked - fitting:
        session.execute(
            delete(AlertExemptionRow).where(of_alert, AlertExemptionRow.exemption_id.in_(gone))
        )
    session.add_all(
        AlertExemptionRow(alert_uid=alert.uid, exemption_id=id_, marked_at=now)
        for id_ in sorted(fitting - marked)
    )
    session.flush()


def mark_covered(session: Session, row: ExemptionRow, now: datetime) -> None:
    """Mark every alert that a new exemption covers."""
    number = None
    if row.staff_id is not None:
        number = session.get_one(StaffRow, row.staff_id).number
    exemption = exemption_of(row, number)
    candidates = select(AlertRow).where(
        AlertRow.hall_id == row.hall_id,
        AlertRow.rule.in_(RULES[row.kind]),
        AlertRow.began_at >= row.starts_at,
        AlertRow.began_at <= row.ends_at,
    )
    if row.window_id is not None:
        candidates = candidates.where(AlertRow.subject == row.window_id)
    covered = [a for a in session.scalars(candidates) if covers(exemption, conduct_of(a))]
    for alert in covered:
        session.add(AlertExemptionRow(alert_uid=alert.uid, exemption_id=row.id, marked_at=now))
        announce(session, AlertNews(alert.uid, alert.hall_id, What.ACTED))
    session.flush()


def unmark(session: Session, row: ExemptionRow) -> None:
    """The exemption was taken back: what it covered counts again."""
    of_it = AlertExemptionRow.exemption_id == row.id
    for uid in session.scalars(select(AlertExemptionRow.alert_uid).where(of_it)).all():
        announce(session, AlertNews(uid, row.hall_id, What.ACTED))
    session.execute(delete(AlertExemptionRow).where(of_it))


def is_exempt(uid: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The condition of a query: this alert is covered by an exemption."""
    return select(AlertExemptionRow.alert_uid).where(AlertExemptionRow.alert_uid == uid).exists()


def exempting(session: Session, uids: Collection[str]) -> dict[str, Sequence[ExemptionRow]]:
    """The exemptions that cover these alerts, by uid; alerts that none covers are left out."""
    rows = session.execute(
        select(AlertExemptionRow.alert_uid, ExemptionRow)
        .join(ExemptionRow, ExemptionRow.id == AlertExemptionRow.exemption_id)
        .where(AlertExemptionRow.alert_uid.in_(uids))
        .order_by(ExemptionRow.starts_at, ExemptionRow.id)
    )
    found: dict[str, list[ExemptionRow]] = {}
    for uid, row in rows:
        found.setdefault(uid, []).append(row)
    return dict(found)
