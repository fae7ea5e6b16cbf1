"""Channels: made, changed, retired. What is secret goes in sealed and never comes out again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.console.strings import Say
from api.notices.making import notice_row
from api.notices.plan import Due, Target
from api.notices.policies import Wishes, reader_of, zone_of
from api.notices.senders.mail import Security
from api.notices.senders.other import service_at
from api.notices.senders.sending import Channel
from api.notices.tables import (
    ChannelKind,
    ChannelRow,
    NoticeKind,
    NoticeRow,
    NoticeState,
    RouteRow,
)
from api.notices.wording import Writer
from api.vault import Vault
from vision.records import Severity

ROBOTS = (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU)
MOST_ADDRESSES = 50


WHY = {
    "name": "give the channel a name",
    "url": "give the whole address, beginning with http:// or https://",
    "service": "Apprise does not know this address",
    "host": "name the mail server",
    "port": "a port is a number from 1 to 65535",
    "sender": "give the sender's e-mail address",
    "to": "give one to fifty e-mail addresses, one a line",
    "security": "choose tls, starttls or none",
}


class ChannelRefusedError(ValueError):
    """Something about a channel cannot be right; `field` is a key of `WHY`."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field}: {WHY[field]}")
        self.field = field


class UnknownChannelError(LookupError):
    def __init__(self, channel_id: int) -> None:
        super().__init__(f"there is no channel {channel_id}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel as a person describes it.

    settings: of mail: host, port, security (a `Security`), sender, to (addresses), user.
    secret: `url` (all but mail), `key` (to sign with), `password` (mail); on a change, what is
    left out stays as it is. owner: the account whose own channel it is.
    """

    kind: ChannelKind
    name: str
    language: str = "zh"
    settings: Mapping[str, Any] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)
    owner: int | None = None


def add_channel(
    session: Session, hall_id: str, wanted: Wanted, vault: Vault, by: AccessBy, now: datetime
) -> ChannelRow:
    """Raises ChannelRefusedError, UnknownTargetError."""
    if wanted.owner is not None:
        reader_of(session, hall_id, wanted.owner)
    secret = {k: v.strip() for k, v in wanted.secret.items() if v.strip()}
    row = ChannelRow(
        hall_id=hall_id,
        kind=wanted.kind,
        name=_named(wanted),
        language=wanted.language,
        settings=_settings(wanted, secret),
        secret=vault.sealed(json.dumps(secret)),
        owner_id=wanted.owner,
        created_at=now,
        created_by=by.name,
    )
    session.add(row)
    session.flush()
    _write_down(session, row, "added", by, now)
    return row


def change_channel(
    session: Session,
    hall_id: str,
    channel_id: int,
    wanted: Wanted,
    vault: Vault,
    by: AccessBy,
    now: datetime,
) -> ChannelRow:
    """Its kind stays. Raises UnknownChannelError, ChannelRefusedError, UnknownTargetError."""
    row = channel_row(session, hall_id, channel_id)
    wanted = replace(wanted, kind=row.kind)
    if wanted.owner is not None:
        reader_of(session, hall_id, wanted.owner)
    new = {k: v.strip() for k, v in wanted.secret.items() if v.strip()}
    secret = json.loads(vault.opened(row.secret)) | new
    row.name = _named(wanted)
    row.settings = _settings(wanted, secret)
    row.language, row.owner_id = wanted.language, wanted.owner
    row.secret = vault.sealed(json.dumps(secret))
    session.flush()
    _write_down(session, row, "changed", by, now)
    return row


def retire_channel(
    session: Session, hall_id: str, channel_id: int, by: AccessBy, now: datetime
) -> None:
    """Nothing more goes to it; what was sent stays in the history. Raises UnknownChannelError."""
    row = channel_row(session, hall_id, channel_id)
    row.retired_at = now
    row.secret = ""
    session.execute(delete(RouteRow).where(RouteRow.channel_id == channel_id))
    session.execute(
        update(NoticeRow)
        .where(
            NoticeRow.channel_id == channel_id,
            NoticeRow.state.in_((NoticeState.WAITING, NoticeState.FAILED, NoticeState.FOLDED)),
        )
        .values(state=NoticeState.DROPPED)
    )
    _write_down(session, row, "retired", by, now)
    session.execute(update(NoticeRow).where(NoticeRow.channel_id == channel_id).values(open=False))
    session.flush()


def channel_row(session: Session, hall_id: str, channel_id: int) -> ChannelRow:
    """Raises UnknownChannelError."""
    row = session.get(ChannelRow, channel_id)
    if row is None or row.hall_id != hall_id or row.retired_at is not None:
        raise UnknownChannelError(channel_id)
    return row


def channel_rows(session: Session, hall_id: str) -> Sequence[ChannelRow]:
    """Those in use, the oldest first."""
    return session.scalars(
        select(ChannelRow)
        .where(ChannelRow.hall_id == hall_id, ChannelRow.retired_at.is_(None))
        .order_by(ChannelRow.id)
    ).all()


def opened(row: ChannelRow, vault: Vault) -> Channel:
    """Ready to be used. Raises VaultKeyError."""
    secret = json.loads(vault.opened(row.secret)) if row.secret else {}
    return Channel(row.kind, row.name, row.settings, secret)


def send_test(session: Session, row: ChannelRow, by: AccessBy, now: datetime) -> NoticeRow:
    """A test message takes the way of all others: through the queue, with retries."""
    say = Say("en" if row.language == "en" else "zh")
    words = Writer(say, zone_of(session, row.hall_id), Wishes(), now).test(row.name, by.name)
    key = f"test:c{row.id}:{now.timestamp():.6f}"
    due = Due(key, NoticeKind.TEST, Target(channel=row.id), Severity.NOTICE)
    notice = notice_row(row.hall_id, due, words, now)
    session.add(notice)
    session.flush()
    _write_down(session, row, "tested", by, now)
    return notice


def _write_down(session: Session, row: ChannelRow, act: str, by: AccessBy, now: datetime) -> None:
    """Into the access log: never what is secret."""
    record_access(
        session, by, Access.EDIT_NOTICES, f"notice-channel/{row.id}", now,
        hall=row.hall_id, details={"act": act, "kind": row.kind.value, "name": row.name},
    )  # fmt: skip


def _named(wanted: Wanted) -> str:
    if not 1 <= len(wanted.name.strip()) <= 80:
        raise ChannelRefusedError("name")
    return wanted.name.strip()


def _settings(wanted: Wanted, secret: Mapping[str, str]) -> dict[str, Any]:
    """What may be shown again. `host` says where a secret address leads."""
    if wanted.kind is ChannelKind.MAIL:
        return _mail_settings(wanted.settings)
    url = secret.get("url", "")
    parts = urlsplit(url)
    if wanted.kind is ChannelKind.OTHER:
        if not url or service_at(url) is None:
            raise ChannelRefusedError("service")
        return {"host": parts.scheme}
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable():
        raise ChannelRefusedError("url")
    return {"host": parts.hostname, "signed": bool(secret.get("key"))}


def _mail_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    host, sender = str(given.get("host", "")).strip(), str(given.get("sender", "")).strip()
    to = [str(address).strip() for address in given.get("to", ()) if str(address).strip()]
    if not host or not host.isprintable() or " " in host:
        raise ChannelRefusedError("host")
    if not _is_address(sender):
        raise ChannelRefusedError("sender")
    if not 1 <= len(to) <= MOST_ADDRESSES or not all(_is_address(address) for address in to):
        raise ChannelRefusedError("to")
    if given.get("security", Security.STARTTLS) not in list(Security):
        raise ChannelRefusedError("security")
    port = given.get("port")
    if port is not None and not (isinstance(port, int) and 1 <= port <= 65535):
        raise ChannelRefusedError("port")
    return {
        "host": host,
        "port": port,
        "security": Security(given.get("security", Security.STARTTLS)).value,
        "sender": sender,
        "to": to,
        "user": str(given.get("user", "")).strip(),
    }


def _is_address(text: str) -> bool:
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    return bool(local and domain) and text.isprintable() and not any(c in ',;\\"' for c in name)
