"""News inside one process: what was just committed, for those who show it.

`announce` notes an event on the writing session; `Database.session` publishes it once the
transaction is committed, so nobody is ever told of something that was rolled back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy.orm import Session

_log = logging.getLogger(__name__)
_NEWS = "news"


class What(StrEnum):
    """What happened to an alert."""

    CREATED = "created"
    CHANGED = "changed"  # escalated, ended, or a late step joined its history
    ACTED = "acted"  # a person did something
    EVIDENCE = "evidence"  # a clip or still was attached


@dataclass(frozen=True, slots=True)
class AlertNews:
    """Alert `uid` of hall `hall` was recorded or changed."""

    uid: str
    hall: str
    what: What


Handler: TypeAlias = Callable[[AlertNews], None]


class Bus:
    """Thread-safe publish and subscribe. Handlers run on the publisher's thread: hand over, don't
    work there. A handler that raises is logged; the others and the publisher go on, because what
    it is told of is already committed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handlers: dict[int, Handler] = {}
        self._next_key = 0

    def subscribe(self, handler: Handler) -> Callable[[], None]:
        """Call `handler` for every event from now on. Returns the function that ends it."""
        with self._lock:
            key = self._next_key
            self._next_key += 1
            self._handlers[key] = handler

        def unsubscribe() -> None:
            with self._lock:
                self._handlers.pop(key, None)

        return unsubscribe

    def publish(self, news: AlertNews) -> None:
        with self._lock:
            handlers = list(self._handlers.values())
        for handler in handlers:
            try:
                handler(news)
            except Exception:
                _log.exception("a subscriber failed on %s", news)


def announce(session: Session, news: AlertNews) -> None:
    """Publish `news` when this session's transaction has been committed."""
    session.info.setdefault(_NEWS, []).append(news)


def take_news(session: Session) -> list[AlertNews]:
    """The announcements of this session, in order; they are handed out once."""
    news: list[AlertNews] = session.info.pop(_NEWS, [])
    return news
