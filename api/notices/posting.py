"""Messages that another part of the product wants people to get: reminders, deadlines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.console.strings import LANGUAGES, Language, Say
from api.notices.making import notice_row
from api.notices.plan import Due, Policy, Route, Target
from api.notices.policies import policy_of, reaching, wishes_of, zone_of
from api.notices.tables import ChannelRow, NoticeKind, NoticeRow
from api.notices.wording import Wording
from api.users.tables import Role
from vision.records import Severity

Words: TypeAlias = Callable[[Say], tuple[str, str]]
"""Title and body in one language."""


def post_notice(
    session: Session,
    hall_id: str,
    *,
    key: str,
    to: Role | int,
    words: Words,
    path: str = "",
    severity: Severity = Severity.NOTICE,
    now: datetime,
) -> bool:
    """Tell everybody of a role, or the person of an account, on the console and on their own
    channels, each in its language; to channels not before quiet hours are over. `path` is the
    console's page that it leads to. Said once for each `key`, however often it is asked for;
    returns whether this was the first time."""
    target = Target(role=to) if isinstance(to, Role) else Target(user=to)
    told = False
    quiet_until = _policy(session, hall_id).quiet_until(severity, now)
    said = {language: words(Say(language)) for language in LANGUAGES}
    for route in reaching(session, hall_id, [Route(target)]):
        place = f"posted:{key}:{route.target.key}"[:160]
        due = Due(place, NoticeKind.POSTED, route.target, severity)
        known = select(NoticeRow.id).where(NoticeRow.key == due.key)
        if session.scalar(known) is None:
            title, body = said[_language(session, route.target)]
            row = notice_row(hall_id, due, Wording(title[:200], body, path), now)
            row.wordings = {language: [t[:200], b] for language, (t, b) in said.items()}
            if quiet_until is not None and not route.target.in_console:
                row.next_at = quiet_until
            session.add(row)
            told = True
    session.flush()
    return told


def _policy(session: Session, hall_id: str) -> Policy:
    return policy_of(wishes_of(session, hall_id), zone_of(session, hall_id))


def _language(session: Session, target: Target) -> Language:
    """A channel's own; Chinese on the console, until somebody reads it there in theirs."""
    channel = None if target.channel is None else session.get(ChannelRow, target.channel)
    return "en" if channel is not None and channel.language == "en" else "zh"
