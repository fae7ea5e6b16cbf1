"""Finding a past moment of a camera, in a real browser."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import HALL_ZONE, Site


def test_a_moment_is_found_kept_and_played(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/recordings")
    page.get_by_role("button", name="查找并保存").click()
    expect(page.get_by_text("请写明用途")).to_be_visible()
    sooner = (site.recorded_from - timedelta(seconds=20)).astimezone(HALL_ZONE)
    page.get_by_label("从（大厅当地时间）").fill(f"{sooner:%Y-%m-%dT%H:%M:%S}")
    page.get_by_label("时长").select_option("1")
    page.get_by_label("用途").fill("核实投诉 <b>17</b> 号")
    page.get_by_role("button", name="查找并保存").click()
    video = page.locator("video")
    expect(video).to_be_visible()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
    expect(page.get_by_text("没有录全")).to_be_visible()
    page.get_by_role("button", name="关闭").click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("核实投诉 <b>17</b> 号")
    expect(row).to_contain_text("周主任")


def test_a_moment_that_is_not_there_says_so(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/recordings")
    page.get_by_label("用途").fill("核实投诉")
    page.get_by_label("从（大厅当地时间）").fill("2026-01-05T10:00:00")
    page.get_by_role("button", name="查找并保存").click()
    expect(page.get_by_text("这段时间没有录像")).to_be_visible()
