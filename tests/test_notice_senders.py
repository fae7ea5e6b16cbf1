"""Each kind of channel against a real receiver: what it gets, and what we make of its answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.notices.senders import Channel, NotSentError, Outgoing, send
from api.notices.senders.robots import cut
from api.notices.senders.webhook import signature
from api.notices.tables import ChannelKind, NoticeKind
from tests.receivers import HttpReceiver, Mailbox, http_receiver, mail_server
from vision.records import Severity

MESSAGE = Outgoing(
    key="abc:raised:1:c1",
    kind=NoticeKind.RAISED,
    severity=Severity.WARNING,
    title="【警告】空岗 · 1号窗口",
    body="10:02:14 开始，已持续 2分05秒\n大厅：示范政务大厅",
    link="http://hall.test/alerts/abc",
    alert="abc",
    at=datetime(2026, 11, 24, 2, 4, tzinfo=UTC),
)
TEXT = f"{MESSAGE.title}\n{MESSAGE.body}\n{MESSAGE.link}"
ROBOTS = (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU)
BY_HTTP = (*ROBOTS, ChannelKind.WEBHOOK)


def to(kind: ChannelKind, receiver: HttpReceiver, key: str = "", path: str = "/hook") -> Channel:
    return Channel(kind, "值班群", {}, {"url": receiver.url + path, "key": key}, timeout_s=0.5)


def refusal(channel: Channel) -> NotSentError:
    with pytest.raises(NotSentError) as caught:
        send(channel, MESSAGE)
    return caught.value


def test_wecom_gets_what_its_robots_take() -> None:
    with http_receiver() as receiver:
        send(to(ChannelKind.WECOM, receiver, path="/cgi-bin/webhook/send?key=k-1"), MESSAGE)
    (got,) = receiver.got
    assert got.path == "/cgi-bin/webhook/send?key=k-1"
    assert got.headers["content-type"].startswith("application/json")
    assert got.json == {"msgtype": "text", "text": {"content": TEXT}}


def test_dingtalk_gets_what_its_robots_take_signed_in_the_address() -> None:
    with http_receiver() as receiver:
        path = "/robot/send?access_token=t-1"
        send(to(ChannelKind.DINGTALK, receiver, "SECabc", path), MESSAGE)
    (got,) = receiver.got
    asked = {k: v[0] for k, v in parse_qs(urlsplit(got.path).query).items()}
    assert asked["access_token"] == "t-1"
    said = f"{asked['timestamp']}\nSECabc".encode()
    signed = hmac.new(b"SECabc", said, hashlib.sha256).digest()
    assert base64.b64decode(asked["sign"]) == signed
    assert len(asked["timestamp"]) == 13  # milliseconds
    assert got.json == {"msgtype": "text", "text": {"content": TEXT}}


def test_feishu_gets_what_its_robots_take_signed_in_the_body() -> None:
    with http_receiver() as receiver:
        send(to(ChannelKind.FEISHU, receiver, "s3cret"), MESSAGE)
    (got,) = receiver.got
    table = got.json
    keyed = f"{table.pop('timestamp')}\ns3cret".encode()
    signed = hmac.new(keyed, b"", hashlib.sha256).digest()
    assert base64.b64decode(table.pop("sign")) == signed
    assert table == {"msg_type": "text", "content": {"text": TEXT}}


def test_unsigned_robots_get_no_signature() -> None:
    with http_receiver() as receiver:
        send(to(ChannelKind.DINGTALK, receiver), MESSAGE)
        send(to(ChannelKind.FEISHU, receiver), MESSAGE)
    assert receiver.got[0].path == "/hook"
    assert set(receiver.got[1].json) == {"msg_type", "content"}


def test_a_webhook_is_signed_over_its_time_and_body_and_says_its_key() -> None:
    with http_receiver((204, b"")) as receiver:
        send(to(ChannelKind.WEBHOOK, receiver, "shared"), MESSAGE)
    (got,) = receiver.got
    at_s = got.headers["x-hallwatch-timestamp"]
    signed = hmac.new(b"shared", f"{at_s}.".encode() + got.body, hashlib.sha256).hexdigest()
    assert got.headers["x-hallwatch-signature"] == f"sha256={signed}"
    assert signature("shared", at_s, got.body + b" ") != f"sha256={signed}"
    assert got.headers["idempotency-key"] == MESSAGE.key
    assert got.json["key"] == MESSAGE.key
    assert got.json["severity"] == "warning"
    assert got.json["link"] == MESSAGE.link


ANSWERS: list[tuple[ChannelKind, int, Any, bool]] = [
    (ChannelKind.WECOM, 200, {"errcode": 93000, "errmsg": "invalid webhook url"}, True),
    (ChannelKind.WECOM, 200, {"errcode": 45009, "errmsg": "too often"}, False),
    (ChannelKind.DINGTALK, 200, {"errcode": 310000, "errmsg": "sign not match"}, True),
    (ChannelKind.DINGTALK, 200, {"errcode": 130101, "errmsg": "too often"}, False),
    (ChannelKind.FEISHU, 200, {"code": 19021, "msg": "sign match fail"}, True),
    (ChannelKind.FEISHU, 200, {"code": 11232, "msg": "too often"}, False),
    (ChannelKind.WECOM, 200, b"<html>sign in to the network</html>", False),
    (ChannelKind.WECOM, 200, [], False),
    *((kind, 500, b"oops", False) for kind in BY_HTTP),
    *((kind, 404, b"", True) for kind in BY_HTTP),
    *((kind, 302, b"", True) for kind in BY_HTTP),
    *((kind, 429, b"", False) for kind in BY_HTTP),
]
"""Kind, HTTP status and body of the answer, and whether trying again is in vain."""


@pytest.mark.parametrize(("kind", "status", "answer", "lasting"), ANSWERS)
def test_refusals_are_told_apart(
    kind: ChannelKind, status: int, answer: Any, lasting: bool
) -> None:
    with http_receiver((status, answer)) as receiver:
        assert refusal(to(kind, receiver)).lasting is lasting


@pytest.mark.parametrize("kind", BY_HTTP)
def test_a_receiver_that_hangs_is_left_and_one_that_is_gone_is_no_surprise(
    kind: ChannelKind,
) -> None:
    with http_receiver((0, b"")) as receiver:
        assert str(refusal(to(kind, receiver))) == "silent: 0.5 s"
    gone = refusal(to(kind, receiver))
    assert str(gone) == "away: ConnectError"
    assert not gone.lasting


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/", "hall", "http://"])
def test_only_web_addresses_are_called(url: str) -> None:
    channel = Channel(ChannelKind.WEBHOOK, "x", {}, {"url": url})
    assert refusal(channel).lasting


def by_mail(mailbox: Mailbox, **settings: Any) -> Channel:
    return Channel(
        ChannelKind.MAIL,
        "邮件",
        {
            "host": "127.0.0.1", "port": mailbox.port, "security": "none",
            "sender": "大厅守望 <hall@example.com>", "to": ["zhou@example.com", "wu@example.com"],
        } | settings,
        {},
        timeout_s=0.5,
    )  # fmt: skip


def test_mail_is_readable_and_the_same_mail_when_it_is_sent_twice() -> None:
    with mail_server() as mailbox:
        send(by_mail(mailbox), MESSAGE)
        send(by_mail(mailbox), MESSAGE)
    first, second = mailbox.mails
    assert first["Subject"] == MESSAGE.title
    assert first["To"] == "zhou@example.com, wu@example.com"
    assert first["Message-ID"] == second["Message-ID"]
    lines = first.get_content().split()
    assert lines == f"{MESSAGE.body}\n\n{MESSAGE.link}".split()


def test_a_mail_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not() -> None:
    with mail_server(Mailbox(busy=True)) as mailbox:
        assert not refusal(by_mail(mailbox)).lasting
    with mail_server(Mailbox(refuses={"zhou@example.com", "wu@example.com"})) as mailbox:
        assert refusal(by_mail(mailbox)).lasting
    with mail_server(Mailbox(refuses={"wu@example.com"})) as mailbox:
        assert str(refusal(by_mail(mailbox))) == "some_mailboxes: wu@example.com"
    assert len(mailbox.mails) == 1
    assert not refusal(by_mail(mailbox)).lasting  # it is gone by now


def test_a_mail_server_that_hangs_or_cannot_do_tls_is_left() -> None:
    with ExitStack() as stack:
        mailbox = stack.enter_context(mail_server())
        assert str(refusal(by_mail(mailbox, security="starttls"))).startswith("mail")
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = silent.getsockname()[1]
        assert str(refusal(by_mail(mailbox, port=port))) == "silent"


def test_line_breaks_in_a_title_make_no_header() -> None:
    with mail_server() as mailbox:
        send(by_mail(mailbox), replace(MESSAGE, title="空岗\r\nBcc: all@example.com"))
    assert mailbox.mails[0]["Bcc"] is None


def test_any_other_service_by_the_librarys_address() -> None:
    with http_receiver() as receiver:
        url = receiver.url.replace("http://", "json://")
        send(Channel(ChannelKind.OTHER, "x", {}, {"url": url}), MESSAGE)
        assert receiver.got[0].json["title"] == MESSAGE.title
    with http_receiver((500, b"")) as receiver:
        url = receiver.url.replace("http://", "json://")
        assert not refusal(Channel(ChannelKind.OTHER, "x", {}, {"url": url})).lasting
    assert refusal(Channel(ChannelKind.OTHER, "x", {}, {"url": "nothing://x"})).lasting


@pytest.mark.parametrize(("text", "fits"), [("空" * 10, "空" * 10), ("空" * 11, "空" * 9 + "…")])
def test_long_texts_are_cut_between_characters(text: str, fits: str) -> None:
    assert cut(text, 30) == fits
