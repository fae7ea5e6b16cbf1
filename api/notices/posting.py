"""Messages that another part of the product wants people to get: reminders, deadlines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.notices.making import notice_row
from api.notices.plan import Due, Route, Target
from api.notices.policies import reaching
from api.notices.tables import NoticeKind, NoticeRow
from api.notices.wording import Wording
from api.users.tables import Role
from vision.records import Severity


def post_notice(
    session: Session,
    hall_id: str,
    *,
    key: str,
    to: Role | int,
    title: str,
    body: str,
    path: str = "",
    severity: Severity = Severity.NOTICE,
    now: datetime,
) -> bool:
    """Tell everybody of a role, or the person of an account, on the console and on their own
    channels. `path` is the console's page that it leads to. Said once for each `key`, however
    often it is asked for; returns whether this was the first time."""
    target = Target(role=to) if isinstance(to, Role) else Target(user=to)
    told = False
    for route in reaching(session, hall_id, [Route(target)]):
        place = f"posted:{key}:{route.target.key}"[:160]
        due = Due(place, NoticeKind.POSTED, route.target, severity)
        known = select(NoticeRow.id).where(NoticeRow.key == due.key)
        if session.scalar(known) is None:
            words = Wording(title[:200], body, path)
            session.add(notice_row(hall_id, due, words, now))
            told = True
    session.flush()
    return told
