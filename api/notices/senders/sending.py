"""What every sender takes and says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from api.notices.tables import ChannelKind, NoticeKind
from vision.records import Severity


class Why(StrEnum):
    """Why a message was not taken."""

    SILENT = "silent"  # no answer in time
    AWAY = "away"  # nobody can be reached there
    HTTP = "http"  # an HTTP status that is no success
    REFUSED = "refused"  # the robot says no
    NONSENSE = "nonsense"  # the answer is not what the service gives
    ADDRESS = "address"  # no web address at all
    LOGIN = "login"  # the mail server refused name or password
    MAIL = "mail"  # the mail server says something else
    MAILBOX = "mailbox"  # every address was refused
    SOME_MAILBOXES = "some_mailboxes"  # others got it
    SERVICE = "service"  # Apprise says that it was not taken
    UNKNOWN_SERVICE = "unknown_service"  # Apprise does not know this address
    KEY = "key"  # the secret was sealed with another key
    FAULT = "fault"  # our own


class NotSentError(Exception):
    """The message was not taken. `lasting`: trying again will not help, a person must mend the
    channel. `wait_s`: the other side asked us to wait so long."""

    def __init__(
        self, why: Why, detail: str = "", *, lasting: bool = False, wait_s: float | None = None
    ) -> None:
        super().__init__(f"{why}: {detail}" if detail else why.value)
        self.lasting = lasting
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel ready to be used: `secret` is opened. `timeout_s`: how long the other side may take
    for all of its answer."""

    kind: ChannelKind
    name: str
    settings: Mapping[str, Any]
    secret: Mapping[str, str]
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. `key` is the same however often it is sent. `link`: the full address of the
    console's page, or "" where the hall has not said where its console is."""

    key: str
    kind: NoticeKind
    severity: Severity
    title: str
    body: str
    link: str
    alert: str | None
    at: datetime

    @property
    def text(self) -> str:
        """All of it as plain lines, for a chat."""
        return "\n".join(part for part in (self.title, self.body, self.link) if part)
