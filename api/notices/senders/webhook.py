"""Our own signed webhook, for the intranet's other systems; described in docs/notices.md."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

from api.notices.senders.posting import post
from api.notices.senders.sending import Channel, Outgoing


def send_webhook(channel: Channel, message: Outgoing) -> None:
    body = json.dumps(
        {
            "key": message.key,
            "kind": message.kind.value,
            "severity": message.severity.name.lower(),
            "title": message.title,
            "body": message.body,
            "link": message.link,
            "alert": message.alert,
            "at": message.at.isoformat(),
        },
        ensure_ascii=False,
    ).encode()
    at_s = str(int(time.time()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": message.key,
        "X-Hallwatch-Timestamp": at_s,
    }
    key = channel.secret.get("key", "")
    if key:
        headers["X-Hallwatch-Signature"] = signature(key, at_s, body)
    post(channel.secret["url"], body, headers, channel.timeout_s)


def signature(key: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the hexadecimal HMAC-SHA256 of the timestamp, a full stop, and the body."""
    signed = hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"
