"""How each kind of channel takes a message: one file a kind, one line each in `SENDERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.notices.senders.mail import send_mail
from api.notices.senders.other import send_other
from api.notices.senders.robots import send_dingtalk, send_feishu, send_wecom
from api.notices.senders.sending import Channel, NotSentError, Outgoing, Why
from api.notices.senders.webhook import send_webhook
from api.notices.tables import ChannelKind

__all__ = ["SENDERS", "Channel", "NotSentError", "Outgoing", "Why", "send"]

SENDERS: Mapping[ChannelKind, Callable[[Channel, Outgoing], None]] = {
    ChannelKind.WECOM: send_wecom,
    ChannelKind.DINGTALK: send_dingtalk,
    ChannelKind.FEISHU: send_feishu,
    ChannelKind.MAIL: send_mail,
    ChannelKind.WEBHOOK: send_webhook,
    ChannelKind.OTHER: send_other,
}


def send(channel: Channel, message: Outgoing) -> None:
    """Hand the message over; returns once the other side has said that it took it.

    Raises NotSentError.
    """
    SENDERS[channel.kind](channel, message)
