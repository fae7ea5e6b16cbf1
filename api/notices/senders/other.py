"""Every other service, by the library Apprise: a channel is one of its addresses
(https://appriseit.com/services/)."""

from __future__ import annotations

from typing import Any

from api.notices.senders.sending import Channel, NotSentError, Outgoing, Why
from vision.records import Severity

KINDS = {Severity.NOTICE: "info", Severity.WARNING: "warning", Severity.SERIOUS: "failure"}


def send_other(channel: Channel, message: Outgoing) -> None:
    """The library only says whether it went."""
    service = service_at(channel.secret["url"])
    if service is None:
        raise NotSentError(Why.UNKNOWN_SERVICE, lasting=True)
    text = "\n".join(part for part in (message.body, message.link) if part)
    if not service.notify(body=text, title=message.title, notify_type=KINDS[message.severity]):
        raise NotSentError(Why.SERVICE)


def service_at(url: str) -> Any | None:
    """The library's service at this address; None where it knows none. It is loaded when the first
    such channel is used."""
    import apprise

    return apprise.Apprise.instantiate(url, suppress_exceptions=True)
