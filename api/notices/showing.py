"""What a person's console has to show them: messages to them or their role, until they closed them.

Alerts have a list where they wait; their messages are news for a while only. A reminder or a digest
was perhaps written at night, while nobody looked: it is kept until its reader looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from api.alerts.tables import AlertRow, State
from api.console import times
from api.console.strings import Say
from api.halls.reach import Halls
from api.notices.policies import wishes_of, zone_of
from api.notices.reading import folded_in, told_of
from api.notices.tables import NoticeKind, NoticeRow, NoticeSeenRow, NoticeState
from api.notices.wording import Wording, Writer
from api.users.tables import Role
from vision.records import Severity

FRESH = timedelta(minutes=30)
"""What lies longer back makes no noise; if it is about one alert, it is found in the lists."""
KEPT = timedelta(days=10)
"""How long a reminder or digest waits for its reader: longer than the longest public holiday."""
FOLDED_WITHIN = timedelta(days=2)
"""A digest is made at most so long after what it tells."""
KEPT_KINDS = (NoticeKind.POSTED, NoticeKind.DIGEST)
MOST_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as its reader sees it. `fresh`: it came just now, and may sound."""

    id: int
    severity: Severity
    title: str
    body: str
    path: str
    level: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Reader:
    user_id: int
    role: Role
    halls: Halls


def to_show(session: Session, reader: Reader, after: int, say: Say, now: datetime) -> list[Shown]:
    """Messages to this person that came after the one with id `after`, which they closed last, and
    are not settled by now: the latest few, the oldest first, in their language."""
    mine = or_(NoticeRow.user_id == reader.user_id, NoticeRow.role == reader.role)
    query = (
        select(NoticeRow)
        .outerjoin(AlertRow, AlertRow.uid == NoticeRow.alert_uid)
        .where(
            NoticeRow.id > after,
            mine,
            reader.halls.hold(NoticeRow.hall_id),
            NoticeRow.state == NoticeState.SENT,
            NoticeRow.created_at >= now - KEPT,
            or_(NoticeRow.created_at >= now - FRESH, NoticeRow.kind.in_(KEPT_KINDS)),
            or_(AlertRow.uid.is_(None), AlertRow.state == State.NEW),
            or_(NoticeRow.kind != NoticeKind.DIGEST, _tells_of_new(now)),
        )
        .order_by(NoticeRow.id.desc())
        .limit(MOST_AT_ONCE)
    )
    return [_shown(session, row, say, now) for row in reversed(session.scalars(query).all())]


def _tells_of_new(now: datetime) -> ColumnElement[bool]:
    """Of a digest: one of its alerts still waits for somebody."""
    told = aliased(NoticeRow)
    return (
        select(told.id)
        .join(AlertRow, AlertRow.uid == told.alert_uid)
        .where(
            told.digest_id == NoticeRow.id,
            told.hall_id == NoticeRow.hall_id,
            told.created_at >= now - KEPT - FOLDED_WITHIN,
            AlertRow.state == State.NEW,
        )
        .correlate(NoticeRow)
        .exists()
    )


def _shown(session: Session, row: NoticeRow, say: Say, now: datetime) -> Shown:
    """One that waited for its reader says when it was written: "today" was that day."""
    words = in_language(session, row, say, now)
    fresh, body = row.created_at >= now - FRESH, words.body
    if not fresh:
        written = times.day_clock(row.created_at, now, zone_of(session, row.hall_id), say)
        body = f"{body}\n{written}"
    return Shown(row.id, Severity(row.severity), words.title, body, words.path, row.level, fresh)


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
    """The person closed, or had before them for a while, everything up to this message; what was
    not written yet cannot have been seen."""
    latest = session.scalar(select(func.max(NoticeRow.id))) or 0
    seen = min(notice_id, latest)
    row = session.get(NoticeSeenRow, user_id, with_for_update=True)
    if row is None:
        try:
            with session.begin_nested():
                session.add(NoticeSeenRow(user_id=user_id, notice_id=seen))
            return
        except IntegrityError:  # another page of the same person was first
            row = session.get_one(NoticeSeenRow, user_id, with_for_update=True)
    row.notice_id = max(row.notice_id, seen)
    session.flush()
