"""Citizens are blurred until a reviewer says why they must be seen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from api.audit.tables import Access, AccessRow
from tests.browser.conftest import Site, Watch, sign_in


def test_a_reviewer_sees_faces_for_a_reason_and_it_is_written_down(
    chromium: Browser, site: Site, watch: Watch
) -> None:
    now = datetime.now(UTC)
    alert = site.world.alert(now - timedelta(minutes=40), now)
    site.world.attach_evidence(alert)
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    watch.follow(page)
    page.goto(f"{site.url}/sign-in?next=/alerts/{alert.uid}")
    sign_in(page, "wang")
    expect(page.locator("video")).to_have_attribute("src", re.compile(r"/api/v1/clips/\d+$"))
    blurred = page.locator("video").element_handle()
    page.get_by_role("button", name="看原始画面").click()
    page.get_by_role("button", name="显示", exact=True).click()
    expect(page.get_by_text("请写一句理由")).to_be_visible()
    page.locator(".sheet textarea").fill("核对 3 号窗口 <身份>")
    page.get_by_role("button", name="显示", exact=True).click()
    expect(page.get_by_text("原始画面，未模糊")).to_be_visible()
    page.wait_for_function("() => document.querySelector('video').readyState > 1")
    blurred.dispatch_event("loadedmetadata")  # it comes when the player has been taken away
    assert "original=1" in (page.locator("video").get_attribute("src") or "")
    page.get_by_role("button", name="恢复模糊").click()
    expect(page.get_by_role("button", name="看原始画面")).to_be_visible()
    context.close()
    with site.world.database.reading() as session:
        rows = session.scalars(select(AccessRow).where(AccessRow.what == Access.UNBLUR)).all()
    assert [row.purpose for row in rows] == ["核对 3 号窗口 <身份>"]


def test_a_supervisor_is_not_offered_it(page: Page, site: Site) -> None:
    now = datetime.now(UTC)
    alert = site.world.alert(now - timedelta(minutes=41), now)
    site.world.attach_evidence(alert)
    page.goto(f"{site.url}/alerts/{alert.uid}")
    expect(page.locator("video")).to_be_visible()
    expect(page.get_by_role("button", name="看原始画面")).to_have_count(0)
