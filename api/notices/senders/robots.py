"""The group robots of WeCom, DingTalk and Feishu.

All three answer HTTP 200 to what they refuse and say so in the body, which is why a message is
sent only once the body says so. Each takes the address as its app gives it to be copied; a gateway
of the intranet may stand in for the host.

WeCom: https://developer.work.weixin.qq.com/document/path/91770
DingTalk: https://open.dingtalk.com/document/robots/custom-robot-access
Feishu: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

import httpx

from api.notices.senders.posting import post_json
from api.notices.senders.sending import Channel, NotSentError, Outgoing, Why

WECOM_BYTES = 2048
DINGTALK_BYTES = 20_000
FEISHU_BYTES = 20_000

WECOM_LATER = {-1, 45009}  # busy; more than 20 messages a minute
DINGTALK_LATER = {-1, 130101, 430101}
FEISHU_LATER = {9499, 11232}
ASKED_TOO_OFTEN_S = 60.0


def send_wecom(channel: Channel, message: Outgoing) -> None:
    table = {"msgtype": "text", "text": {"content": cut(message.text, WECOM_BYTES)}}
    answer = post_json(channel.secret["url"], table, channel.timeout_s)
    _check(answer, "errcode", "errmsg", WECOM_LATER)


def send_dingtalk(channel: Channel, message: Outgoing) -> None:
    url = httpx.URL(channel.secret["url"])
    key = channel.secret.get("key", "")
    if key:
        url = url.copy_merge_params(dingtalk_signature(key, round(time.time() * 1000)))
    table = {"msgtype": "text", "text": {"content": cut(message.text, DINGTALK_BYTES)}}
    answer = post_json(str(url), table, channel.timeout_s)
    _check(answer, "errcode", "errmsg", DINGTALK_LATER)


def send_feishu(channel: Channel, message: Outgoing) -> None:
    text = cut(message.text, FEISHU_BYTES)
    table: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    key = channel.secret.get("key", "")
    if key:
        table |= feishu_signature(key, round(time.time()))
    answer = post_json(channel.secret["url"], table, channel.timeout_s)
    _check(answer, "code", "msg", FEISHU_LATER)


def dingtalk_signature(key: str, at_ms: int) -> dict[str, str]:
    """The two further parameters of the address, the HMAC's key being the robot's own."""
    signed = hmac.digest(key.encode(), f"{at_ms}\n{key}".encode(), hashlib.sha256)
    return {"timestamp": str(at_ms), "sign": base64.b64encode(signed).decode()}


def feishu_signature(key: str, at_s: int) -> dict[str, str]:
    """The two further members of the body; Feishu makes the HMAC's key of time and key, and signs
    nothing with it."""
    signed = hmac.digest(f"{at_s}\n{key}".encode(), b"", hashlib.sha256)
    return {"timestamp": str(at_s), "sign": base64.b64encode(signed).decode()}


def cut(text: str, most_bytes: int) -> str:
    """The beginning of the text that fits, cut between characters."""
    raw = text.encode()
    if len(raw) <= most_bytes:
        return text
    return raw[: most_bytes - 3].decode(errors="ignore") + "…"


def _check(answer: dict[str, Any], code: str, words: str, later: set[int]) -> None:
    said = answer.get(code, answer.get("StatusCode"))  # Feishu's older answers
    if said == 0:
        return
    detail = f"{said} {str(answer.get(words, ''))[:160]}".strip()
    if said in later:
        raise NotSentError(Why.REFUSED, detail, wait_s=ASKED_TOO_OFTEN_S)
    raise NotSentError(Why.REFUSED, detail, lasting=isinstance(said, int))
