"""Turn what is due into messages that wait in the database; each key once, whoever plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.console.strings import LANGUAGES, Say
from api.halls.tables import HallRow
from api.notices.plan import Due, plan
from api.notices.policies import Wishes, policy_of, reaching, routes_of, wishes_of, zone_of
from api.notices.reading import AlertTold, alerts_told, said_so_far, told_of
from api.notices.tables import ChannelRow, NoticeKind, NoticeRow, NoticeState
from api.notices.wording import Wording, Writer


def due_in(session: Session, hall_id: str, now: datetime) -> tuple[list[Due], list[AlertTold]]:
    """What the plan says for a hall, and the alerts that it speaks of."""
    told = alerts_told(session, hall_id, now)
    said = said_so_far(session, hall_id, now)
    if not told and not said:
        return [], []
    routes = reaching(session, hall_id, routes_of(session, hall_id))
    policy = policy_of(wishes_of(session, hall_id), zone_of(session, hall_id))
    return plan([t.now for t in told], said, routes, policy, now), told


def make_due(session: Session, hall_id: str, now: datetime) -> int:
    """Write down every message that is due in a hall. Returns how many were made."""
    session.execute(select(HallRow.id).where(HallRow.id == hall_id).with_for_update())
    due, told = due_in(session, hall_id, now)
    if not due:
        return 0
    known = set(
        session.scalars(select(NoticeRow.key).where(NoticeRow.key.in_([d.key for d in due])))
    )
    making = _Making(session, hall_id, {t.now.uid: t for t in told}, now)
    new = [d for d in due if d.key not in known]
    for one in new:
        making.make(one)
    return len(new)


class _Making:
    def __init__(
        self, session: Session, hall_id: str, told: Mapping[str, AlertTold], now: datetime
    ) -> None:
        self.session = session
        self.hall_id = hall_id
        self.told = told
        self.now = now
        self.wishes: Wishes = wishes_of(session, hall_id)
        zone = zone_of(session, hall_id)
        self.writers = {lang: Writer(Say(lang), zone, self.wishes, now) for lang in LANGUAGES}
        rows = session.execute(
            select(ChannelRow.id, ChannelRow.language).where(ChannelRow.hall_id == hall_id)
        )
        self.languages = {row.id: row.language for row in rows}

    def make(self, due: Due) -> None:
        words = self._words(due)
        row = notice_row(self.hall_id, due, words, self.now)
        self.session.add(row)
        self.session.flush()
        if due.folds:
            told = update(NoticeRow).where(NoticeRow.id.in_(due.folds))
            self.session.execute(told.values(digest_id=row.id))
        if due.closes:
            closed = update(NoticeRow).where(NoticeRow.id.in_(due.closes))
            self.session.execute(closed.values(open=False))

    def _words(self, due: Due) -> Wording:
        language = self.languages.get(due.target.channel or 0, "zh")
        writer = self.writers["en" if language == "en" else "zh"]
        if due.kind is not NoticeKind.DIGEST:
            return writer.about(due.kind, self.told[due.alert or ""])
        folded = NoticeRow.id.in_(due.folds)
        uids = self.session.scalars(select(NoticeRow.alert_uid).where(folded))
        alerts = told_of(self.session, self.hall_id, [uid for uid in uids if uid])
        return writer.digest(alerts, due.severity)


def notice_row(hall_id: str, due: Due, words: Wording, now: datetime) -> NoticeRow:
    """A message to a console is there once it is written; one to a channel waits to be sent."""
    state = NoticeState.WAITING
    if due.folded:
        state = NoticeState.FOLDED
    elif due.target.in_console:
        state = NoticeState.SENT
    return NoticeRow(
        hall_id=hall_id,
        key=due.key,
        kind=due.kind,
        alert_uid=due.alert,
        level=due.level,
        severity=int(due.severity),
        channel_id=due.target.channel,
        role=due.target.role,
        user_id=due.target.user,
        title=words.title,
        body=words.body,
        path=words.path,
        state=state,
        open=due.open,
        next_at=now,
        created_at=now,
        sent_at=now if state is NoticeState.SENT else None,
    )
