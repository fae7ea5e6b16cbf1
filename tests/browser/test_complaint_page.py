"""The page of one complaint: what was registered wrongly is corrected, and the history says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from api.complaints.acting import Registration, register
from api.complaints.tables import Channel
from api.console.door import Viewer
from api.halls.reach import EVERY_HALL
from api.users.accounts import user_named
from tests.browser.conftest import Site
from tests.browser.test_accessibility import grave_faults
from tests.browser.test_console import opened

ABOUT = "<b>等了</b>四十分钟没有人"
_hours = count(1)


@pytest.fixture
def complaint(site: Site) -> int:
    """About window 2, some hours ago, by telephone."""
    now = datetime.now(UTC)
    began = now - timedelta(hours=next(_hours))
    said = Registration(
        Channel.PHONE, "w2", began, began + timedelta(minutes=30), ABOUT, "陈先生", "138 0013 8000"
    )
    with site.world.database.session() as session:
        row = user_named(session, "zhou")
        assert row is not None
        who = Viewer(row.id, row.name, row.full_name, row.role, EVERY_HALL)
        return register(session, "demo", said, who, now)[0].id


def test_a_correction_keeps_what_it_said_before(site: Site, page: Page, complaint: int) -> None:
    opened(page, site, f"/complaints/{complaint}")
    page.click('[data-act="correct"]')
    sheet = page.locator(".sheet")
    expect(sheet.get_by_label("反映的情况")).to_have_value(ABOUT)
    expect(sheet.get_by_label("窗口")).to_have_value("w2")
    for label in ("投诉人", "联系方式"):  # who complained is not shown to be corrected
        expect(sheet.get_by_label(label)).to_have_value("")
    assert grave_faults(page) == []
    sheet.get_by_label("窗口").select_option("w3")
    sheet.get_by_label("联系方式").fill("139 0013 9000")
    sheet.locator('[data-sure="complaint"]').click()
    expect(sheet.get_by_text("请写明内容")).to_be_visible()  # why it is corrected
    sheet.get_by_label("为什么更正").fill("登记时选错了窗口")
    sheet.locator('[data-sure="complaint"]').click()
    expect(sheet).to_have_count(0)
    expect(page.locator(".complaint-when")).to_contain_text("3号窗口")
    history = page.locator(".history")
    expect(history).to_contain_text("登记时选错了窗口")
    expect(history).to_contain_text("窗口：原为“2号窗口”，改为“3号窗口”")
    expect(history).to_contain_text("投诉人的信息有更正")
    assert "139 0013 9000" not in page.content()
    assert "反映的情况：原为" not in history.inner_text()


def test_a_correction_with_an_impossible_time_is_not_taken(
    site: Site, page: Page, complaint: int
) -> None:
    opened(page, site, f"/complaints/{complaint}")
    page.click('[data-act="correct"]')
    sheet = page.locator(".sheet")
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    sheet.locator("input[type=datetime-local]").last.fill(f"{tomorrow:%Y-%m-%dT%H:%M}")
    sheet.get_by_label("为什么更正").fill("时间记错了")
    sheet.locator('[data-sure="complaint"]').click()
    expect(sheet.get_by_text("请填写不晚于现在的时间")).to_be_visible()
    expect(page.locator(".history .event")).to_have_count(1)
