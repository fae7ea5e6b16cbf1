"""The queue of messages in the database: claimed, sent and marked, or given up where all can see.

A claim is a lease: who dies between sending and marking has it sent again, with the same key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, aliased

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.notices.senders import NotSentError
from api.notices.tables import NoticeRow, NoticeState

LEASE = timedelta(minutes=2)
PAUSES_S = (10.0, 30.0, 60.0, 300.0)
"""After each failed attempt; the last one from then on."""
GIVEN_UP_AFTER = timedelta(hours=24)


class UnknownNoticeError(LookupError):
    def __init__(self, notice_id: int) -> None:
        super().__init__(f"there is no message {notice_id}")


class NotFailedError(ValueError):
    """Only what was given up can be sent once more."""

    def __init__(self) -> None:
        super().__init__("this message was not given up; it needs no second try")


def claim(session: Session, now: datetime, busy: Sequence[int] = (), most: int = 50) -> list[int]:
    """The ids of messages to send now, the oldest first; ours until the lease is over. Behind one
    that waits for its next attempt, all of its channel wait; behind one that waits for the end of
    quiet hours, none. `busy`: channels to leave alone."""
    ahead = aliased(NoticeRow)
    held_up = (
        select(ahead.id)
        .where(
            ahead.channel_id == NoticeRow.channel_id,
            ahead.id < NoticeRow.id,
            ahead.state == NoticeState.WAITING,
            ahead.next_at > now,
            ahead.attempts > 0,
        )
        .exists()
    )
    due = or_(
        (NoticeRow.state == NoticeState.WAITING) & (NoticeRow.next_at <= now),
        (NoticeRow.state == NoticeState.SENDING) & (NoticeRow.claimed_until <= now),
    )
    rows = session.scalars(
        select(NoticeRow)
        .where(due, NoticeRow.channel_id.is_not(None), NoticeRow.channel_id.not_in(busy), ~held_up)
        .order_by(NoticeRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.state, row.claimed_until = NoticeState.SENDING, now + LEASE
        row.attempts += 1
    session.flush()
    return [row.id for row in rows]


def mark_sent(session: Session, notice_id: int, now: datetime) -> None:
    row = session.get_one(NoticeRow, notice_id)
    row.state, row.sent_at, row.claimed_until, row.error = NoticeState.SENT, now, None, ""


def mark_failed(session: Session, notice_id: int, error: NotSentError, now: datetime) -> None:
    """Try again later, or give up where that cannot help or the news is old."""
    row = session.get_one(NoticeRow, notice_id)
    row.error, row.claimed_until = str(error)[:300], None
    if error.lasting or now - row.created_at > GIVEN_UP_AFTER:
        row.state = NoticeState.FAILED
        return
    pause_s = error.wait_s or PAUSES_S[min(row.attempts, len(PAUSES_S)) - 1]
    row.state, row.next_at = NoticeState.WAITING, now + timedelta(seconds=pause_s)


def release(session: Session, notice_ids: Sequence[int]) -> None:
    """Give back claims that were not used."""
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.id.in_(notice_ids), NoticeRow.state == NoticeState.SENDING)
        .values(state=NoticeState.WAITING, claimed_until=None, attempts=NoticeRow.attempts - 1)
    )


def send_again(
    session: Session, hall_id: str, notice_id: int, by: AccessBy, now: datetime
) -> NoticeRow:
    """A person wants a message that was given up to be tried anew.

    Raises UnknownNoticeError, NotFailedError.
    """
    row = session.get(NoticeRow, notice_id)
    if row is None or row.hall_id != hall_id:
        raise UnknownNoticeError(notice_id)
    if row.state is not NoticeState.FAILED:
        raise NotFailedError
    row.state, row.next_at, row.attempts = NoticeState.WAITING, now, 0
    session.flush()
    record_access(
        session, by, Access.EDIT_NOTICES, f"notice/{notice_id}", now,
        hall=hall_id, details={"act": "again"},
    )  # fmt: skip
    return row
