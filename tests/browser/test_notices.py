"""Messages in a real browser: the bell that rings once, the page of channels and routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, func, select, update

from api.notices.dispatcher import Dispatcher
from api.notices.posting import post_notice
from api.notices.senders import send
from api.notices.showing import mark_seen
from api.notices.tables import ChannelRow, NoticePolicyRow, NoticeRow, NoticeSeenRow, RouteRow
from api.users.tables import Role, UserRow
from api.vault import Vault
from tests.browser.conftest import Site
from tests.receivers import http_receiver


@pytest.fixture
def dispatcher(site: Site) -> Iterator[Dispatcher]:
    """Everybody has seen what is told of the alerts that the files before this one left, an hour
    ago: they are no part of a storm now."""
    dispatcher = Dispatcher(site.world.database, Vault(), send, lambda: datetime.now(UTC))
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    for _ in range(2):  # what was folded the first time is told in a digest the second
        dispatcher.tick()
        with site.world.database.session() as session:
            session.execute(update(NoticeRow).values(created_at=hour_ago))
            newest = session.scalar(select(func.max(NoticeRow.id))) or 0
            for user_id in session.scalars(select(UserRow.id)).all():
                mark_seen(session, user_id, newest)
    yield dispatcher
    dispatcher.close()
    with site.world.database.session() as session:
        for table in (NoticeSeenRow, NoticeRow, RouteRow, NoticePolicyRow, ChannelRow):
            session.execute(delete(table))


def test_a_message_rings_once_and_stays_until_it_is_closed(
    page: Page, site: Site, dispatcher: Dispatcher
) -> None:
    page.goto(f"{site.url}/alerts")
    bell = page.locator(".bell")
    page.locator(".bell-switch").click()
    expect(page.locator(".bell-switch")).to_have_attribute("aria-pressed", "true")
    now = datetime.now(UTC)
    site.world.alert(now - timedelta(minutes=2), now, subject="w2")
    dispatcher.tick()
    card = page.locator(".bell-card", has_text="2号窗口")
    expect(card).to_contain_text("【警告】空岗 · 2号窗口")
    expect(bell).to_have_attribute("data-rung", "1")
    page.reload()
    expect(card).to_be_visible()
    expect(bell).to_have_attribute("data-rung", "0")
    for _ in range(page.locator(".bell-close").count()):
        page.locator(".bell-close").first.click()
    expect(page.locator(".bell-card")).to_have_count(0)
    page.reload()
    page.wait_for_selector(".bell-switch")
    page.wait_for_timeout(1200)
    expect(page.locator(".bell-card")).to_have_count(0)


def remind_of_hours_ago(site: Site, path: str) -> None:
    with site.world.database.session() as session:
        post_notice(
            session, "demo", key="case:1:due", to=Role.SUPERVISOR,
            words=lambda say: ("快到期：案件 1", "请办理。"), path=path,
            now=datetime.now(UTC) - timedelta(hours=9),
        )  # fmt: skip


def test_a_reminder_of_hours_ago_is_shown_until_it_is_closed(
    page: Page, site: Site, dispatcher: Dispatcher
) -> None:
    remind_of_hours_ago(site, "/cases/1")
    for _ in range(2):
        page.goto(f"{site.url}/alerts")
        card = page.locator(".bell-card", has_text="快到期：案件 1")
        expect(card).to_be_visible()
    card.locator(".bell-close").click()
    expect(card).to_have_count(0)
    page.reload()
    page.wait_for_selector(".bell-switch")
    page.wait_for_timeout(1200)
    expect(card).to_have_count(0)


@pytest.mark.parametrize("way", [".bell-close", ".bell-title"])
def test_a_message_is_closed_although_the_page_is_left_at_once(
    page: Page, site: Site, dispatcher: Dispatcher, way: str
) -> None:
    remind_of_hours_ago(site, "/roster")
    page.route_web_socket(re.compile("socket.io"), lambda socket: None)  # it never connects
    page.goto(f"{site.url}/alerts")
    card = page.locator(".bell-card", has_text="快到期：案件 1")
    card.locator(way).click()
    expect(card).to_have_count(0)  # closed, or the page that it tells of is open
    for _ in range(50):
        with site.world.database.reading() as session:
            if session.scalars(select(NoticeSeenRow)).all():
                break
        page.wait_for_timeout(100)
    page.goto(f"{site.url}/alerts")
    page.wait_for_selector(".bell-switch")
    page.wait_for_timeout(1200)
    expect(card).to_have_count(0)


def test_what_is_open_is_not_told_beside_itself(
    page: Page, site: Site, dispatcher: Dispatcher
) -> None:
    now = datetime.now(UTC)
    alert = site.world.alert(now - timedelta(minutes=3), now, subject="w3")
    dispatcher.tick()
    page.goto(f"{site.url}/alerts")
    card = page.locator(".bell-card", has_text="3号窗口")
    expect(card).to_be_visible()
    page.goto(f"{site.url}/alerts/{alert.uid}")
    page.wait_for_function("window.did_handshake === true")
    page.wait_for_timeout(2500)  # it asks every two seconds
    expect(card).to_have_count(0)


def test_a_channel_is_added_tried_and_mended(
    page: Page, site: Site, dispatcher: Dispatcher
) -> None:
    refuses = (200, {"errcode": 93000, "errmsg": "invalid webhook url"})
    with http_receiver(refuses, (200, {"errcode": 0})) as receiver:
        page.goto(f"{site.url}/notices")
        page.get_by_role("button", name="添加渠道").click()
        sheet = page.locator(".sheet")
        sheet.get_by_role("button", name="保存").click()
        expect(sheet).to_contain_text("请填写名称")
        sheet.get_by_label("名称").fill("值班群")
        sheet.get_by_label("地址").fill(f"{receiver.url}/send?key=k")
        sheet.get_by_role("button", name="保存").click()
        channel = page.locator(".channel", has_text="值班群")
        expect(channel).to_contain_text("127.0.0.1")
        expect(sheet).to_have_count(0)
        channel.get_by_role("button", name="试发").click()
        expect(page.locator(".notices-history")).to_contain_text("【测试】大厅守望")
        dispatcher.tick()
        row = page.locator(".notices-history tr", has_text="【测试】")
        expect(row).to_contain_text("对方拒收（93000 invalid webhook url）")
        row.get_by_role("button", name="再发一次").click()
        expect(row).to_contain_text("等待发送")
        dispatcher.tick()
        expect(row).to_contain_text("已送达")
        page.locator(".level").first.get_by_role("button", name="添加接收人").click()
        sheet.get_by_label("通知谁").select_option(label="企业微信 · 值班群")
        sheet.get_by_role("button", name="保存").click()
        expect(page.locator(".level").first).to_contain_text("企业微信 · 值班群")
        assert re.search(r"127\.0\.0\.1.*send", page.content()) is None  # the address stays secret
