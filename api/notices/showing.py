"""What a person's console has to show them: messages to them or their role, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.alerts.tables import AlertRow, State
from api.console.strings import Say
from api.halls.reach import Halls
from api.notices.policies import wishes_of, zone_of
from api.notices.reading import folded_in, told_of
from api.notices.tables import NoticeKind, NoticeRow, NoticeSeenRow, NoticeState
from api.notices.wording import Wording, Writer
from api.users.tables import Role
from vision.records import Severity

FRESH = timedelta(minutes=30)
"""What lies longer back is found in the lists, and makes no noise."""
MOST_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Shown:
    id: int
    severity: Severity
    title: str
    body: str
    path: str
    level: int


@dataclass(frozen=True, slots=True)
class Reader:
    user_id: int
    role: Role
    halls: Halls


def to_show(session: Session, reader: Reader, after: int, say: Say, now: datetime) -> list[Shown]:
    """Messages to this person that came after the one with id `after` and are not settled by now,
    the latest few, the oldest first, in their language."""
    mine = or_(NoticeRow.user_id == reader.user_id, NoticeRow.role == reader.role)
    query = (
        select(NoticeRow)
        .outerjoin(AlertRow, AlertRow.uid == NoticeRow.alert_uid)
        .where(
            NoticeRow.id > after,
            mine,
            reader.halls.hold(NoticeRow.hall_id),
            NoticeRow.state == NoticeState.SENT,
            NoticeRow.created_at >= now - FRESH,
            or_(AlertRow.uid.is_(None), AlertRow.state == State.NEW),
        )
        .order_by(NoticeRow.id.desc())
        .limit(MOST_AT_ONCE)
    )
    return [_shown(session, row, say, now) for row in reversed(session.scalars(query).all())]


def _shown(session: Session, row: NoticeRow, say: Say, now: datetime) -> Shown:
    words = in_language(session, row, say, now)
    severity = Severity(row.severity)
    return Shown(row.id, severity, words.title, words.body, words.path, row.level)


def in_language(session: Session, row: NoticeRow, say: Say, now: datetime) -> Wording:
    """A message as it reads on the console in this language: what was posted as it was written in
    it, what is about alerts written anew."""
    if row.wordings is not None and say.language in row.wordings:
        title, body = row.wordings[say.language]
        return Wording(title, body, row.path)
    wishes = replace(wishes_of(session, row.hall_id), says_names=True)  # they may see them
    writer = Writer(say, zone_of(session, row.hall_id), wishes, now)
    if row.kind is NoticeKind.TEST:
        return Wording(say("notice_test"), row.body, row.path)
    if row.kind is NoticeKind.DIGEST:
        alerts = told_of(session, row.hall_id, folded_in(session, row.id))
        return writer.digest(alerts, Severity(row.severity))
    for alert in told_of(session, row.hall_id, [row.alert_uid] if row.alert_uid else []):
        return writer.about(row.kind, alert)
    return Wording(row.title, row.body, row.path)


def titles_in(
    session: Session, notice_ids: Iterable[int], say: Say, now: datetime
) -> dict[int, str]:
    """Notice -> its title in this language."""
    rows = session.scalars(select(NoticeRow).where(NoticeRow.id.in_(notice_ids)))
    return {row.id: in_language(session, row, say, now).title for row in rows}


def seen_up_to(session: Session, user_id: int) -> int:
    row = session.get(NoticeSeenRow, user_id)
    return 0 if row is None else row.notice_id


def mark_seen(session: Session, user_id: int, notice_id: int) -> None:
    """The console has shown the person everything up to this message."""
    row = session.get(NoticeSeenRow, user_id, with_for_update=True)
    if row is None:
        session.add(NoticeSeenRow(user_id=user_id, notice_id=notice_id))
    elif row.notice_id < notice_id:
        row.notice_id = notice_id
    session.flush()
