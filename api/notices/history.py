"""The messages that were due, as a page or a program reads them."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.fields import SeverityShown
from api.notices.tables import ChannelRow, NoticeKind, NoticeRow, NoticeState
from api.users.tables import Role, UserRow
from vision.records import Severity

MOST_PER_PAGE = 200


class NoticeView(BaseModel):
    """One message. `to` is the name of its channel, role or person. `text` is None for those who
    may not read alerts. `error`: why the last attempt failed (a `Why`), and after a colon what the
    other side said."""

    model_config = ConfigDict(frozen=True)

    id: int
    key: str
    kind: NoticeKind
    state: NoticeState
    severity: SeverityShown
    alert: str | None
    level: int
    channel: int | None
    role: Role | None
    to: str
    title: str | None
    text: str | None
    attempts: int
    error: str
    created_at: datetime
    next_at: datetime | None
    sent_at: datetime | None
    digest: int | None


def notices_of(
    session: Session,
    hall_id: str,
    *,
    states: tuple[NoticeState, ...] = (),
    channel: int | None = None,
    alert: str | None = None,
    before: int | None = None,
    limit: int = 50,
    with_text: bool = True,
) -> tuple[NoticeView, ...]:
    """The latest first. `before`: only those with a smaller id, for the next page."""
    query = (
        select(NoticeRow, ChannelRow.name, UserRow.full_name)
        .outerjoin(ChannelRow, ChannelRow.id == NoticeRow.channel_id)
        .outerjoin(UserRow, UserRow.id == NoticeRow.user_id)
        .where(NoticeRow.hall_id == hall_id)
        .order_by(NoticeRow.id.desc())
        .limit(min(limit, MOST_PER_PAGE))
    )
    if states:
        query = query.where(NoticeRow.state.in_(states))
    if channel is not None:
        query = query.where(NoticeRow.channel_id == channel)
    if alert is not None:
        query = query.where(NoticeRow.alert_uid == alert)
    if before is not None:
        query = query.where(NoticeRow.id < before)
    return tuple(
        _view(row, channel_name or full_name or str(row.role), with_text)
        for row, channel_name, full_name in session.execute(query)
    )


def _view(row: NoticeRow, to: str, with_text: bool) -> NoticeView:
    shown = with_text or row.alert_uid is None
    waits = row.state in (NoticeState.WAITING, NoticeState.SENDING)
    return NoticeView(
        id=row.id,
        key=row.key,
        kind=row.kind,
        state=row.state,
        severity=Severity(row.severity),
        alert=row.alert_uid,
        level=row.level,
        channel=row.channel_id,
        role=row.role,
        to=to,
        title=row.title if shown else None,
        text=row.body if shown else None,
        attempts=row.attempts,
        error=row.error,
        created_at=row.created_at,
        next_at=row.next_at if waits else None,
        sent_at=row.sent_at,
        digest=row.digest_id,
    )


def given_up(session: Session, hall_id: str) -> int:
    """How many messages wait for a person to mend their channel."""
    return (
        session.scalar(
            select(func.count(NoticeRow.id)).where(
                NoticeRow.hall_id == hall_id, NoticeRow.state == NoticeState.FAILED
            )
        )
        or 0
    )


def last_sent(session: Session, hall_id: str, now: datetime) -> dict[int, datetime]:
    """Channel -> when it last took a message, within a month."""
    rows = session.execute(
        select(NoticeRow.channel_id, func.max(NoticeRow.sent_at))
        .where(
            NoticeRow.hall_id == hall_id,
            NoticeRow.channel_id.is_not(None),
            NoticeRow.created_at >= now - timedelta(days=30),
            NoticeRow.sent_at.is_not(None),
        )
        .group_by(NoticeRow.channel_id)
    )
    return {channel: at for channel, at in rows if channel is not None and at is not None}
