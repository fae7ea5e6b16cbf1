"""Tell people of terms: what `due_reminders` finds, in words, once each."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.cases.reminders import Reminder, due_reminders
from api.console import times
from api.console.strings import Say
from api.halls.reading import hall_row
from api.notices.posting import post_notice
from vision.records import Severity


def post_reminders(session: Session, hall_id: str, now: datetime) -> None:
    """Remind the people of a hall; what they were told before is not said again."""
    zone = ZoneInfo(hall_row(session, hall_id).timezone)
    for reminder in due_reminders(session, hall_id, now):
        post_notice(
            session,
            hall_id,
            key=reminder.key,
            to=reminder.to,
            words=partial(_words, reminder, now, zone),
            path=reminder.path,
            severity=Severity.WARNING if reminder.overdue else Severity.NOTICE,
            now=now,
        )


def _words(reminder: Reminder, now: datetime, zone: ZoneInfo, say: Say) -> tuple[str, str]:
    what = say.of("reminder", reminder.what, number=reminder.number)
    date = times.day(reminder.due - timedelta(seconds=1), now, zone, say)
    if reminder.overdue:
        return say("reminder_overdue", what=what), say("reminder_overdue_since", date=date)
    return say("reminder_soon", what=what), say("reminder_until", date=date)
