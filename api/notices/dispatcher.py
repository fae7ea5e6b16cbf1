"""The thread that plans messages and sends them, as long as the product runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.database import Database
from api.events import AlertNews
from api.halls.reading import hall_rows
from api.notices.channels import opened
from api.notices.making import due_in, make_due
from api.notices.policies import wishes_of
from api.notices.queue import claim, mark_failed, mark_sent, release
from api.notices.senders import Channel, NotSentError, Outgoing, Why
from api.notices.tables import ChannelRow, NoticeRow
from api.trouble import Trouble
from api.vault import Vault, VaultKeyError
from vision.records import Severity

_log = logging.getLogger(__name__)

TICK_S = 2.0
AT_ONCE = 8
"""So many channels are spoken to at a time: one that hangs holds up no other."""

Send = Callable[[Channel, Outgoing], None]
Remind = Callable[[Session, str, datetime], object]
REMIND_EVERY = timedelta(minutes=1)


class Dispatcher:
    """send: hands a message over or raises NotSentError. now: gives the aware current time.
    pool: runs one channel's messages; by default a few threads of its own. remind: posts what
    another part of the product has to say in a hall by now, with `post_notice`."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        send: Send,
        now: Callable[[], datetime],
        pool: Executor | None = None,
        remind: Remind = lambda session, hall_id, now: None,
    ) -> None:
        self.database = database
        self.vault = vault
        self.send = send
        self.now = now
        self.remind = remind
        self._reminded_at: datetime | None = None
        self._trouble = Trouble(_log, "messages are sent again")
        self._pool = pool or ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notices")
        self._busy: set[int] = set()
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        self._unsubscribe = database.bus.subscribe(self._told)

    def start(self) -> Dispatcher:
        self._thread.start()
        return self

    def close(self, drain_s: float = 5.0) -> None:
        """What is being sent may finish; what waits is kept for the next start."""
        self._closing.set()
        self._news.set()
        self._unsubscribe()
        if self._thread.is_alive():
            self._thread.join(drain_s)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _told(self, _news: AlertNews) -> None:
        self._news.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._news.wait(TICK_S)
            self._news.clear()
            if self._closing.is_set():
                return
            try:
                self.tick()
            except Exception as error:  # whatever it is, later messages are sent
                self._trouble.met("messages wait, and are tried again", error)
            else:
                self._trouble.over()

    def tick(self) -> None:
        """Write down what is due in every hall, and let what waits be sent."""
        self.plan()
        self.send_due()

    def plan(self) -> None:
        now = self.now()
        with self.database.reading() as session:
            halls = [hall.id for hall in hall_rows(session)]
            due = [hall for hall in halls if due_in(session, hall, now)[0]]
        for hall in due:
            with self.database.session() as session:
                make_due(session, hall, now)
        if self._reminded_at is None or now - self._reminded_at >= REMIND_EVERY:
            for hall in halls:
                with self.database.session() as session:
                    self.remind(session, hall, now)
            self._reminded_at = now

    def send_due(self) -> None:
        with self._lock:
            busy = tuple(self._busy)
        now = self.now()
        with self.database.session() as session:
            ids = claim(session, now, busy)
            rows = session.scalars(select(NoticeRow).where(NoticeRow.id.in_(ids)))
            by_channel: dict[int, list[int]] = {}
            for row in sorted(rows, key=lambda row: row.id):
                by_channel.setdefault(row.channel_id or 0, []).append(row.id)
        with self._lock:
            self._busy |= by_channel.keys()
        for channel_id, notice_ids in by_channel.items():
            self._pool.submit(self._one_channel, channel_id, notice_ids)

    def _one_channel(self, channel_id: int, notice_ids: Sequence[int]) -> None:
        """One after the other, as long as the channel takes them."""
        try:
            for place, notice_id in enumerate(notice_ids):
                if not self._one(channel_id, notice_id):
                    with self.database.session() as session:
                        release(session, notice_ids[place + 1 :])
                    return
        except SQLAlchemyError:
            _log.exception("channel %s waits: the database does not answer", channel_id)
        finally:
            with self._lock:
                self._busy.discard(channel_id)

    def _one(self, channel_id: int, notice_id: int) -> bool:
        """Whether the channel may be given more."""
        with self.database.reading() as session:
            row = session.get_one(ChannelRow, channel_id)
            console_url = wishes_of(session, row.hall_id).console_url
            message = outgoing(session.get_one(NoticeRow, notice_id), console_url)
        try:
            self.send(opened(row, self.vault), message)
        except VaultKeyError:
            return self._failed(notice_id, NotSentError(Why.KEY, lasting=True))
        except NotSentError as error:
            return self._failed(notice_id, error)
        except Exception as error:
            _log.exception("message %s could not be sent", notice_id)
            return self._failed(notice_id, NotSentError(Why.FAULT, type(error).__name__))
        with self.database.session() as session:
            mark_sent(session, notice_id, self.now())
        return True

    def _failed(self, notice_id: int, error: NotSentError) -> bool:
        with self.database.session() as session:
            mark_failed(session, notice_id, error, self.now())
        return error.lasting


def outgoing(row: NoticeRow, console_url: str) -> Outgoing:
    link = f"{console_url.rstrip('/')}{row.path}" if console_url and row.path else ""
    return Outgoing(
        key=row.key,
        kind=row.kind,
        severity=Severity(row.severity),
        title=row.title,
        body=row.body,
        link=link,
        alert=row.alert_uid,
        at=row.created_at,
    )
