"""What the plan needs to know, read from the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertEventRow, AlertRow, State
from api.halls.tables import CameraRow, HallRow, QueueRow, WindowRow
from api.notices.plan import STALE_AFTER, AlertNow, Said, Target
from api.notices.tables import NoticeKind, NoticeRow, NoticeState
from api.users.tables import Role, UserRow
from vision.records import Severity

REMEMBERED = STALE_AFTER + timedelta(hours=1)
"""How far back messages matter that are not open any more."""


@dataclass(frozen=True, slots=True)
class AlertTold:
    """An alert with everything that a message may say of it."""

    now: AlertNow
    hall_name: str
    place: str
    began: datetime
    duty: dict[str, Any] | None
    taker: str = ""
    taker_role: Role | None = None


def alerts_told(session: Session, hall_id: str, now: datetime) -> list[AlertTold]:
    """Alerts that may need a message: received lately, or whose end is still to be told."""
    open_uids = select(NoticeRow.alert_uid).where(
        NoticeRow.hall_id == hall_id, NoticeRow.open, NoticeRow.alert_uid.is_not(None)
    )
    wanted = or_(
        and_(AlertRow.began_at >= now - STALE_AFTER, AlertRow.received_at >= now - STALE_AFTER),
        AlertRow.uid.in_(open_uids),
    )
    return _told(session, hall_id, wanted)


def told_of(session: Session, hall_id: str, uids: Iterable[str]) -> list[AlertTold]:
    """These alerts, the earliest first."""
    return _told(session, hall_id, AlertRow.uid.in_(sorted(set(uids))))


def _told(session: Session, hall_id: str, wanted: Any) -> list[AlertTold]:
    name = func.coalesce(WindowRow.name, QueueRow.name, CameraRow.name)
    query = select(AlertRow, HallRow.name, name).join(HallRow, HallRow.id == AlertRow.hall_id)
    for table in (WindowRow, QueueRow, CameraRow):
        same = and_(table.hall_id == AlertRow.hall_id, table.id == AlertRow.subject)
        query = query.outerjoin(table, same)
    query = query.where(AlertRow.hall_id == hall_id, wanted).order_by(AlertRow.began_at)
    rows = session.execute(query).all()
    takers = _takers(session, [row.uid for row, _, _ in rows if row.state is not State.NEW])
    return [_one(row, hall, place, takers.get(row.uid)) for row, hall, place in rows]


Taker = tuple[datetime, str, Role | None]


def _takers(session: Session, uids: Sequence[str]) -> dict[str, Taker]:
    """Who first did something about each alert, and when."""
    rows = session.execute(
        select(AlertEventRow, UserRow.role)
        .outerjoin(UserRow, UserRow.id == AlertEventRow.user_id)
        .where(AlertEventRow.alert_uid.in_(uids), AlertEventRow.who != "")
        .order_by(AlertEventRow.id.desc())
    )
    return {event.alert_uid: (event.at, event.who, role) for event, role in rows}


def _one(row: AlertRow, hall: str, place: str | None, taker: Taker | None) -> AlertTold:
    at, who, role = taker or (row.received_at, "", None)
    return AlertTold(
        now=AlertNow(
            uid=row.uid,
            rule=row.rule,
            subject=row.subject,
            severity=Severity(row.severity),
            received=row.received_at,
            ended=row.ended_at,
            taken=None if row.state is State.NEW else at,
        ),
        hall_name=hall,
        place=place or row.subject,
        began=row.began_at,
        duty=row.duty,
        taker=who,
        taker_role=role,
    )


def said_so_far(session: Session, hall_id: str, now: datetime) -> list[Said]:
    """Every message that the plan may still have to think of."""
    wanted = or_(
        NoticeRow.created_at >= now - REMEMBERED,
        NoticeRow.open,
        and_(NoticeRow.state == NoticeState.FOLDED, NoticeRow.digest_id.is_(None)),
    )
    rows = session.scalars(
        select(NoticeRow).where(
            NoticeRow.hall_id == hall_id,
            NoticeRow.kind.not_in((NoticeKind.POSTED, NoticeKind.TEST)),
            wanted,
        )
    )
    return [
        Said(
            id=row.id,
            target=target_of(row),
            kind=row.kind,
            at=row.created_at,
            alert=row.alert_uid,
            level=row.level,
            severity=Severity(row.severity),
            folded=row.state is NoticeState.FOLDED,
            told_by=row.digest_id,
            open=row.open,
        )
        for row in rows
    ]


def folded_in(session: Session, digest: int) -> list[str]:
    """The uids of the alerts that this digest told."""
    uids = session.scalars(select(NoticeRow.alert_uid).where(NoticeRow.digest_id == digest))
    return [uid for uid in uids if uid is not None]


def target_of(row: NoticeRow) -> Target:
    return Target(row.channel_id, row.role, row.user_id)
