"""The page of cameras in a real browser: an administrator adds, changes and removes one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, Watch, sign_in


@pytest.fixture
def admin(chromium: Browser, site: Site, watch: Watch) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    watch.follow(page)
    page.goto(f"{site.url}/sign-in?next=/cameras")
    sign_in(page, "admin")
    page.wait_for_url(f"{site.url}/cameras")
    yield page
    context.close()


def test_a_camera_is_found_tried_added_renamed_and_removed(admin: Page) -> None:
    rows = admin.locator(".cameras tbody tr")
    expect(rows).to_have_count(1)
    assert "geheim" not in admin.content()
    expect(rows.first).to_contain_text("各项设置都合适")  # it was never checked: it is now
    expect(rows.first).to_contain_text("检查于")
    expect(admin.locator(".cameras")).to_contain_text("管理员不看画面")
    expect(admin.locator(".camera-picture")).to_have_count(0)

    admin.get_by_role("button", name="查找摄像机").click()
    sheet = admin.locator(".sheet-camera")
    sheet.get_by_label("用户名").fill("u")
    sheet.get_by_label("密码").fill("wrong")
    sheet.get_by_role("button", name="查找摄像机").click()
    sheet.get_by_role("button", name="列出视频").click()
    sheet.get_by_role("button", name="使用").click()

    expect(sheet.get_by_label("地址")).to_have_value("rtsp://10.0.0.7/main")
    sheet.get_by_role("button", name="试一试").click()
    expect(sheet.get_by_text("用户名或密码不对")).to_be_visible()
    tries = sheet.get_by_role("button", name="试一试")
    tries.evaluate("button => button.dataset.seen = 'yes'")
    sheet.get_by_label("密码").fill("s3cret")
    expect(sheet.get_by_text("用户名或密码不对")).to_be_hidden()  # the change was heard
    expect(tries).to_have_attribute("data-seen", "yes")  # and no press can fall between two buttons
    tries.click()
    expect(sheet.get_by_text("编码 h264：合适")).to_be_visible()
    sheet.get_by_role("button", name="保存").click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("各项设置都合适")
    assert "s3cret" not in admin.content()

    rows.nth(1).get_by_role("button", name="修改").click()
    sheet.get_by_label("名称").fill("北门")
    sheet.get_by_role("button", name="保存").click()  # no new address: nothing to try
    expect(rows.nth(1)).to_contain_text("北门")

    rows.nth(1).get_by_role("button", name="移除").click()
    admin.locator(".sheet").get_by_role("button", name="移除").click()
    expect(rows).to_have_count(1)


def test_the_last_camera_stays(admin: Page) -> None:
    admin.locator("[data-remove]").click()
    expect(admin.get_by_text("大厅至少要有一台摄像机")).to_be_visible()


def test_a_supervisor_reads_and_changes_nothing(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/cameras")
    expect(page.locator(".cameras tbody tr")).to_have_count(1)
    picture = page.locator(".camera-picture")
    expect(picture).to_have_attribute("alt", "一号机 现在的画面（已打码）")
    page.wait_for_function("document.querySelector('.camera-picture').naturalWidth > 0")
    expect(page.get_by_role("button", name="添加摄像机")).to_have_count(0)
    expect(page.locator("[data-check]")).to_have_count(0)
    expect(page.locator("[data-remove]")).to_have_count(0)
