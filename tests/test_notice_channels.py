"""Channels as they are set up: their secrets, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.audit.record import AccessBy
from api.database import Database
from api.notices.channels import (
    ChannelRefusedError,
    Wanted,
    add_channel,
    change_channel,
    channel_rows,
)
from api.notices.tables import ChannelKind
from api.vault import Vault, VaultKeyError, key_in
from tests.halls import NOON, put_hall

ZHOU = AccessBy(None, "周主任")


def test_secrets_are_sealed_and_stay_when_a_change_leaves_them_out(
    database: Database, tmp_path: Any
) -> None:
    key = key_in(tmp_path / "secrets.key")
    assert key_in(tmp_path / "secrets.key") == key
    assert (tmp_path / "secrets.key").stat().st_mode & 0o077 == 0
    vault = Vault(key)
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=very-secret"
    with database.session() as session:
        put_hall(session)
        wanted = Wanted(ChannelKind.WECOM, "群", secret={"url": address})
        row = add_channel(session, "demo", wanted, vault, ZHOU, NOON)
        assert "very-secret" not in row.secret
        change_channel(
            session, "demo", row.id, replace(wanted, name="新群", secret={}), vault, ZHOU, NOON
        )
        assert address in vault.opened(row.secret)
        assert row.settings == {"host": "qyapi.weixin.qq.com", "signed": False}
        with pytest.raises(VaultKeyError):
            Vault(b"A" * 43 + b"=").opened(row.secret)


MAIL = {"host": "mail.gov.cn", "sender": "hall@gov.cn", "to": ["zhou@gov.cn"]}

REFUSED: list[tuple[str, Wanted]] = [
    ("name", Wanted(ChannelKind.WEBHOOK, " ", secret={"url": "http://x/"})),
    ("url", Wanted(ChannelKind.WECOM, "群")),
    ("url", Wanted(ChannelKind.WEBHOOK, "群", secret={"url": "file:///etc/passwd"})),
    ("url", Wanted(ChannelKind.WEBHOOK, "群", secret={"url": "http://x/\r\nHost: y"})),
    ("service", Wanted(ChannelKind.OTHER, "群", secret={"url": "nothing://x"})),
    ("host", Wanted(ChannelKind.MAIL, "邮件", settings=MAIL | {"host": ""})),
    ("sender", Wanted(ChannelKind.MAIL, "邮件", settings=MAIL | {"sender": "hall"})),
    ("to", Wanted(ChannelKind.MAIL, "邮件", settings=MAIL | {"to": []})),
    ("to", Wanted(ChannelKind.MAIL, "邮件", settings=MAIL | {"to": ["a@b\r\nBcc: c@d"]})),
    ("port", Wanted(ChannelKind.MAIL, "邮件", settings=MAIL | {"port": 0})),
    ("security", Wanted(ChannelKind.MAIL, "邮件", settings=MAIL | {"security": "maybe"})),
]


@pytest.mark.parametrize(("field", "wanted"), REFUSED)
def test_channels_that_cannot_work_are_refused(
    database: Database, field: str, wanted: Wanted
) -> None:
    with database.session() as session:
        put_hall(session)
        with pytest.raises(ChannelRefusedError) as caught:
            add_channel(session, "demo", wanted, Vault(), ZHOU, NOON)
        assert caught.value.field == field
        assert channel_rows(session, "demo") == []
