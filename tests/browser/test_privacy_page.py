"""The privacy page in a real browser: a session that ended while somebody wrote changes nothing,
and leads to the sign-in page and back."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from api.reports.terms import min_group_of
from api.retention.terms import days_of, holds_of
from tests.browser.conftest import Site, Watch, sign_in
from tests.browser.test_accounts_page import enter


def set_days(page: Page) -> None:
    page.get_by_label("天").first.fill("77")
    page.get_by_role("button", name="保存").first.click()


def set_people(page: Page) -> None:
    page.get_by_label("至少几人").fill("9")
    page.get_by_role("button", name="保存").last.click()


def lay_a_hold(page: Page) -> None:
    page.get_by_label("保留什么").fill("case/1")
    page.get_by_label("理由").fill("法院要求")
    page.get_by_role("button", name="设为保留").click()


def test_an_ended_session_changes_nothing_and_leads_back(
    chromium: Browser, site: Site, watch: Watch
) -> None:
    database = site.world.database
    with database.reading() as session:
        before = (days_of(session, "demo"), min_group_of(session, "demo"))
    context = chromium.new_context(locale="zh-CN")
    context.set_default_timeout(60_000)
    page = context.new_page()
    watch.follow(page)
    enter(page, site, "admin", to="/privacy")
    for act in (set_days, set_people, lay_a_hold):
        secret = next(c["value"] for c in context.cookies() if c["name"] == "hallwatch_session")
        site.world.end_session(secret)
        act(page)
        page.wait_for_url("**/sign-in?next=/privacy")
        sign_in(page, "admin")
        page.wait_for_url("**/privacy")
        page.wait_for_function("window.did_handshake === true")
    expect(page.get_by_text("已设为保留")).to_have_count(0)
    with database.reading() as session:
        assert (days_of(session, "demo"), min_group_of(session, "demo")) == before
        assert list(holds_of(session, "demo")) == []
    set_days(page)
    expect(page.locator(".notice")).to_contain_text("已保存")
    with database.reading() as session:
        assert 77 in days_of(session, "demo").values()
    context.close()
