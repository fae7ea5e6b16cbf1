"""Hours, breaks, the calendar, leaves and notes entered in a real browser; the history of it; a
note on an alert."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete, select

from api.database import Database
from api.roster.tables import LeaveRow, RosterNoteRow, ServiceTimeRow
from api.workdays.tables import HallDayRow
from tests.browser.conftest import Site
from tests.browser.test_console import opened

PHONE = {"width": 390, "height": 780}
HOSTILE = "检查组 <b>3</b> 人"


@pytest.fixture(autouse=True)
def _emptied(site: Site, page: Page) -> Iterator[None]:
    page.set_default_timeout(60_000)
    yield
    with site.world.database.session() as session:
        for table in (ServiceTimeRow, HallDayRow, RosterNoteRow):
            session.execute(delete(table))
        session.execute(delete(LeaveRow).where(LeaveRow.note == "测试"))


def sheet_of(page: Page) -> Locator:
    return page.locator(".sheet")


def moments(sheet: Locator) -> Locator:
    """From when, and to when."""
    return sheet.locator("input[type=datetime-local]")


def save(page: Page) -> None:
    sheet_of(page).get_by_role("button", name="保存").click()
    expect(sheet_of(page)).to_have_count(0)


def times(database: Database) -> list[ServiceTimeRow]:
    with database.reading() as session:
        return list(session.scalars(select(ServiceTimeRow).order_by(ServiceTimeRow.id)))


def test_hours_and_a_covered_break(site: Site, page: Page) -> None:
    opened(page, site, "/roster/hours")
    expect(page.locator(".hours")).to_contain_text("还没有填写服务时间")
    page.locator("[data-act=add-open]").click()
    save(page)
    row = page.locator(".hours tbody tr")
    expect(row).to_contain_text("整个大厅")
    expect(row).to_contain_text("周一至周五")
    expect(row).to_contain_text("09:00–17:00")

    page.locator("[data-act=add-break]").click()
    sheet = sheet_of(page)
    sheet.get_by_label("谁顶岗").select_option("1003")
    sheet.get_by_role("button", name="保存").click()
    expect(page.locator(".notice")).to_contain_text("请选定一个窗口")
    sheet.get_by_label("窗口").select_option("w1")
    expect(sheet).to_contain_text("这个窗口的 B 岗：李国强")
    for day in ("周一", "周二", "周三", "周四", "周五"):
        sheet.get_by_label(day).uncheck()
    sheet.get_by_role("button", name="保存").click()
    expect(sheet.locator("[role=alert]").filter(has_text="至少选一个")).to_be_visible()
    sheet.get_by_label("周三").check()
    sheet.get_by_label("结束").fill("")
    sheet.get_by_role("button", name="保存").click()
    expect(sheet).to_contain_text("请填写时间")
    sheet.get_by_label("结束").fill("11:30")
    expect(sheet).to_contain_text("算到第二天 11:30")
    sheet.get_by_label("结束").fill("13:00")
    save(page)
    expect(page.locator(".hours")).to_contain_text("王雪（1003）")
    hours, rest = times(site.world.database)
    assert (hours.window_id, hours.start_min, hours.weekdays) == (None, 540, 0b0011111)
    assert (rest.window_id, rest.end_min, rest.weekdays, rest.covered) == ("w1", 780, 0b100, True)


def test_hours_that_change_keep_what_was(site: Site, page: Page) -> None:
    opened(page, site, "/roster/hours")
    page.locator("[data-act=add-open]").click()
    sheet_of(page).get_by_label("从哪天起").fill("2026-01-05")
    save(page)
    page.locator(".hours").get_by_role("button", name="修改").click()
    sheet_of(page).get_by_label("开始").fill("08:30")
    save(page)
    before, now = times(site.world.database)
    today = datetime.now(UTC).astimezone().date()
    assert (before.start_min, before.first.isoformat()) == (540, "2026-01-05")
    assert before.last is not None
    assert now.start_min == 510
    assert abs((now.first - today).days) <= 1
    assert (now.first - before.last).days == 1

    page.locator("[data-act=undo]").click()
    expect(page.locator(".hours tbody tr")).to_have_count(1)
    (back,) = times(site.world.database)
    assert (back.start_min, back.last) == (540, None)

    page.locator(".hours").get_by_role("button", name="删除").click()
    expect(sheet_of(page)).to_contain_text("过去的提醒仍按当时的时间说明")
    sheet_of(page).get_by_label("怎么删").select_option("all")
    sheet_of(page).get_by_role("button", name="删除").click()
    expect(page.locator(".hours")).to_contain_text("还没有填写服务时间")
    page.locator("[data-act=undo]").click()
    expect(page.locator(".hours tbody tr")).to_have_count(1)


def test_the_halls_own_days(site: Site, page: Page) -> None:
    opened(page, site, "/roster/hours")
    year = datetime.now(UTC).year + 1
    page.locator(".days-bar").get_by_role("button", name=str(year)).click()
    expect(page.locator(".hall-days tbody tr").first).to_contain_text("元旦")
    page.locator("[data-act=add-day]").click()
    sheet = sheet_of(page)
    sheet.get_by_label("第一天").fill(f"{year}-06-06")
    sheet.get_by_label("最后一天").fill(f"{year}-06-01")
    sheet.get_by_role("button", name="保存").click()
    expect(sheet).to_contain_text("最后一天不早于第一天")
    sheet.get_by_label("最后一天").fill(f"{year}-06-07")
    sheet.get_by_label("大厅").select_option("works")
    sheet.get_by_label("说明").fill("搬家值班")
    save(page)
    own = page.locator(".hall-days tbody tr").filter(has_text="搬家值班")
    expect(own).to_have_count(2)
    own.first.get_by_role("button", name="恢复法定日历").click()
    sheet_of(page).get_by_role("button", name="恢复法定日历").click()
    expect(own).to_have_count(1)
    with site.world.database.reading() as session:
        (day,) = session.scalars(select(HallDayRow))
        assert (day.works, day.entered_by) == (True, "周主任")


def test_an_absence_by_keyboard_on_a_phone(site: Site, page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    opened(page, site, "/roster/away")
    page.locator("[data-act=add]").focus()
    page.keyboard.press("Enter")
    sheet = sheet_of(page)
    sheet.get_by_label("人员").select_option("1005")
    sheet.get_by_label("类别").select_option("meeting")
    moments(sheet).last.fill("2026-01-01T08:00")
    sheet.get_by_label("说明").fill("测试")
    sheet.get_by_label("说明").press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(sheet).to_contain_text("结束要晚于开始")
    sheet.get_by_text("整天").click()
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    sheet.get_by_label("第一天").fill(tomorrow)
    sheet.get_by_label("最后一天").fill(tomorrow)
    save(page)
    row = page.locator("tbody tr").filter(has_text="赵倩")
    expect(row).to_contain_text("开会")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "the page is wider than the phone"
    row.get_by_role("button", name="删除").click()
    expect(sheet_of(page)).to_contain_text("赵倩 · 开会")
    sheet_of(page).get_by_role("button", name="取消").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="删除").click()
    sheet_of(page).get_by_role("button", name="删除").click()
    expect(row).to_have_count(0)
    page.locator("[data-act=undo]").click()
    expect(row).to_have_count(1)


def test_a_note_stands_on_the_alert_and_in_the_history(site: Site, page: Page) -> None:
    now = datetime.now(UTC)
    alert = site.world.alert(now - timedelta(minutes=20), now, subject="w3", rule="gathering")
    opened(page, site, f"/alerts/{alert.uid}")
    expect(page.get_by_text("当时的来访与培训")).to_be_hidden()

    opened(page, site, "/roster/notes?window=w3")
    expect(page.locator(".hollow")).to_contain_text("没有来访或培训")
    page.locator("[data-act=add]").click()
    sheet = sheet_of(page)
    sheet.get_by_label("类别").select_option("training")
    expect(sheet.get_by_label("窗口")).to_have_value("w3")
    started = page.evaluate("document.querySelector('input[type=datetime-local]').value")
    early = datetime.fromisoformat(started) - timedelta(hours=1)
    moments(sheet).first.fill(early.isoformat(timespec="minutes"))
    sheet.get_by_role("button", name="保存").click()
    expect(sheet).to_contain_text("请写明是什么事")
    sheet.get_by_label("是什么事").fill(HOSTILE)
    save(page)
    expect(page.locator("tbody tr")).to_contain_text(HOSTILE)

    opened(page, site, f"/alerts/{alert.uid}")
    card = page.locator(".case-facts .card").filter(has_text="当时的来访与培训")
    expect(card).to_contain_text(HOSTILE)
    expect(card).to_contain_text("提醒之后才补登")
    expect(card).to_contain_text("按规定，有这样的事就不算违规")
    opened(page, site, "/alerts?state=")
    expect(page.locator(f'[data-uid="{alert.uid}"]')).to_contain_text("有来访或培训")

    opened(page, site, "/roster/changes?window=w3&what=note")
    line = page.locator(".change")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("周主任")
    expect(line).to_contain_text(HOSTILE)
    line.locator("[data-act=take-back]").click()
    sheet_of(page).get_by_role("button", name="撤销这次改动").click()
    expect(page.locator(".change")).to_have_count(2)
    page.locator(".change").last.locator("[data-act=take-back]").click()
    sheet_of(page).get_by_role("button", name="撤销这次改动").click()
    expect(page.locator(".notice")).to_contain_text("之后又有人改过")


def test_the_history_shows_before_and_after_and_is_filtered(site: Site, page: Page) -> None:
    opened(page, site, "/roster/away")
    page.locator("[data-act=add]").click()
    sheet_of(page).get_by_label("人员").select_option("1004")
    sheet_of(page).get_by_label("说明").fill("测试")
    save(page)
    row = page.locator("tbody tr").filter(has_text="陈立")
    row.get_by_role("button", name="修改").click()
    sheet_of(page).get_by_label("类别").select_option("out")
    save(page)

    opened(page, site, "/roster/changes")
    page.get_by_label("人员").select_option("1004")
    page.get_by_label("改了什么").select_option("leave")
    page.get_by_label("从", exact=True).fill("2026-01-01")
    page.get_by_role("button", name="查找").click()
    page.wait_for_url("**person=1004**")
    page.wait_for_function("window.did_handshake === true")
    first = page.locator(".change").first
    expect(first.locator("del")).to_have_text("请假")
    expect(first.locator("ins")).to_have_text("外出办事")
    opened(page, site, "/roster/changes?to=2020-01-01")
    expect(page.locator(".hollow")).to_contain_text("没有符合的变更")


def test_the_second_of_two_is_told(site: Site, page: Page) -> None:
    opened(page, site, "/roster/hours")
    page.locator("[data-act=add-open]").click()
    save(page)
    page.locator(".hours").get_by_role("button", name="修改").click()
    with site.world.database.session() as session:
        session.execute(delete(ServiceTimeRow))  # somebody else was faster
    sheet_of(page).get_by_role("button", name="保存").click()
    expect(page.locator(".notice")).to_contain_text("刚被别人改动")
    sheet_of(page).get_by_role("button", name="取消").click()
    expect(page.locator(".hours")).to_contain_text("还没有填写服务时间")


def test_a_shift_removed_by_key_comes_back(site: Site, page: Page) -> None:
    opened(page, site, "/roster/week?window=w1")
    blocks = page.locator(".week-block")
    count = blocks.count()
    blocks.first.focus()
    page.keyboard.press("Delete")
    expect(page.locator(".undo")).to_contain_text("已删除")
    page.locator("[data-act=undo]").click()
    expect(blocks).to_have_count(count)
