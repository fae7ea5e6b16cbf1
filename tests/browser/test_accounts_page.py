"""Accounts in a real browser: an administrator makes one, its owner chooses a password; two
administrators at once; a session that ends while a form is open; the log says it all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from api.audit.record import AccessBy
from api.halls.reach import EVERY_HALL
from api.users.accounts import add_user, change_user, hash_of, note_account, user_named
from api.users.tables import Role, UserRow
from tests.browser.conftest import PASSWORD, Site, Watch, sign_in
from tests.browser.test_accessibility import grave_faults

NEW = "我自己的密码-2026"


@pytest.fixture
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser window of nobody yet."""
    context = chromium.new_context(viewport={"width": 1360, "height": 850}, locale="zh-CN")
    context.set_default_timeout(120_000)
    expect.set_options(timeout=60_000)
    yield context
    expect.set_options(timeout=5_000)
    context.close()


def enter(page: Page, site: Site, name: str, password: str = PASSWORD, to: str = "/") -> None:
    page.goto(f"{site.url}/sign-in?next={to}")
    sign_in(page, name, password)
    page.wait_for_function("window.did_handshake === true")


def ready(page: Page) -> None:
    page.wait_for_function("window.did_handshake === true")


def faults(page: Page) -> list[str]:
    """What axe finds, but for the bar that shows for a moment while something loads."""
    return [fault for fault in grave_faults(page) if "q-loading-bar" not in fault]


def test_an_account_from_its_making_to_its_end(
    window: BrowserContext, site: Site, watch: Watch, chromium: Browser
) -> None:
    page = window.new_page()
    watch.follow(page)
    enter(page, site, "admin", to="/accounts")
    assert faults(page) == []
    expect(page.locator(".side .tab[data-page=live]")).to_have_count(0)  # no pictures for them

    page.locator("[data-act=new-account]").click()
    sheet = page.locator(".sheet")
    sheet.get_by_label("用户名").fill("lin")
    sheet.get_by_label("姓名（显示用）").fill("林<b>主任</b>")
    sheet.get_by_label("角色").select_option("head")
    assert faults(page) == []
    sheet.locator("[data-sure=account]").click()
    password = page.locator(".secret").inner_text()
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", password)
    page.locator("[data-sure=secret]").click()
    line = page.locator(".accounts-rows tr", has_text="林<b>主任</b>")
    expect(line).to_contain_text("一次性密码还没有换")

    own = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    own.set_default_timeout(120_000)
    person = own.new_page()
    watch.follow(person)
    enter(person, site, "lin", password, to="/reports")
    expect(person).to_have_url(f"{site.url}/account")  # nothing else is open yet
    assert faults(person) == []
    person.get_by_label("现在的密码").fill(password)
    person.get_by_label("新密码", exact=False).first.fill(NEW)
    person.get_by_label("再输入一次新密码").fill("something else")
    person.locator("[data-act=own-password]").click()
    expect(person.locator(".own-account")).to_contain_text("两次输入不一样")
    person.get_by_label("再输入一次新密码").fill(NEW)
    person.locator("[data-act=own-password]").click()
    person.wait_for_url(f"{site.url}/")
    own.close()

    page.reload()
    ready(page)
    line.get_by_role("button", name="停用").click()
    page.locator(".sheet textarea").fill("调离大厅")
    page.locator(".sheet .btn-danger").click()
    expect(line).to_contain_text("已停用")

    page.goto(f"{site.url}/audit?what=edit_users&object=account/lin")
    rows = page.locator(".audit-rows tbody tr")
    expect(rows).to_have_count(3)  # made, own password, deactivated
    expect(rows.first).to_contain_text("调离大厅")
    ready(page)
    page.locator("[data-act=check]").click()
    expect(page.locator(".audit-verdict")).to_contain_text("行全部完整")
    assert faults(page) == []


def test_the_second_of_two_administrators_is_told(
    window: BrowserContext, site: Site, watch: Watch
) -> None:
    now = datetime.now(UTC)
    with site.world.database.session() as session:
        add_user(session, "he", "何主管", Role.SUPERVISOR, hash_of(PASSWORD), now, halls=EVERY_HALL)
    page = window.new_page()
    watch.follow(page)
    enter(page, site, "admin", to="/accounts")
    page.locator(".accounts-rows tr", has_text="何主管").get_by_role("button", name="修改").click()
    with site.world.database.session() as session:
        seen = user_named(session, "he")
        assert seen is not None
        changed = change_user(session, seen.id, now, role=Role.REVIEWER)
        note_account(session, AccessBy(None, "另一位管理员"), changed, ["role"], now)
    page.locator(".sheet").get_by_label("角色").select_option("head")
    page.locator("[data-sure=account]").click()
    expect(page.locator(".notice")).to_contain_text("另一位管理员")
    with site.world.database.reading() as session:
        role = session.scalar(select(UserRow.role).where(UserRow.name == "he"))
    assert role is Role.REVIEWER


def test_an_ended_session_changes_nothing_and_leads_back(
    window: BrowserContext, site: Site, watch: Watch
) -> None:
    page = window.new_page()
    watch.follow(page)
    enter(page, site, "admin", to="/accounts")
    page.locator("[data-act=new-token]").click()
    page.locator(".sheet").get_by_label("用途").fill("12345 热线")
    secret = next(c["value"] for c in window.cookies() if c["name"] == "hallwatch_session")
    site.world.end_session(secret)
    page.locator(".sheet").get_by_label("登记投诉").check()
    page.locator("[data-sure=token]").click()
    page.wait_for_url("**/sign-in?next=/accounts")
    sign_in(page, "admin")
    ready(page)
    expect(page.locator(".tokens")).to_contain_text("现在没有令牌")
    page.locator("[data-act=new-token]").click()
    page.locator(".sheet").get_by_label("用途").fill("12345 热线")
    page.locator("[data-sure=token]").click()
    expect(page.locator(".token-scopes")).to_contain_text("请至少勾一项")
    page.locator(".sheet").get_by_label("登记投诉").check()
    page.locator("[data-sure=token]").click()
    expect(page.locator(".secret")).to_have_text(re.compile(r"^[\w-]{40,}$"))
    page.locator("[data-sure=secret]").click()
    expect(page.locator(".token-rows")).to_contain_text("12345 热线")
    page.locator(".token-rows").get_by_role("button", name="撤销").click()
    page.locator(".sheet .btn-danger").click()
    expect(page.locator(".tokens")).to_contain_text("现在没有令牌")
