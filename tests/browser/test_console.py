"""What a supervisor does all day, in a real browser against the real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.alerts.acts import Act, act_on
from api.alerts.tables import State
from api.audit.record import AccessBy
from api.console.pages import PAGES
from api.users.permissions import may
from api.users.tables import Role
from tests.browser.conftest import PASSWORD, Site, Watch, sign_in
from tests.browser.test_accessibility import grave_faults
from vision.records import Alert

MARK = "window.sameDocument = true"
STILL = "window.sameDocument === true"
_minutes = count(1)


@pytest.fixture
def alert(site: Site) -> Iterator[Alert]:
    """A fresh alert with clip and still, that began some minutes ago."""
    now = datetime.now(UTC)
    alert = site.world.alert(now - timedelta(minutes=next(_minutes)), now)
    site.world.attach_evidence(alert)
    yield alert
    with site.world.database.session() as session:  # leave nothing new behind for the next test
        if site.world.state(alert) is not State.REFERRED:
            act_on(session, alert.uid, Act.REFER, AccessBy(None, "test"), now)


def row(page: Page, alert: Alert) -> str:
    return f'.main-alerts [data-uid="{alert.uid}"]'


def opened(page: Page, site: Site, path: str) -> Page:
    page.goto(site.url + path)
    page.wait_for_selector("main")
    page.wait_for_function("window.did_handshake === true")  # before that, nobody hears a click
    return page


def test_signing_in_shows_the_hall(chromium: Browser, site: Site, watch: Watch) -> None:
    watch.expected = ("401",)  # the browser's own words for the refused password
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    watch.follow(page)
    page.goto(site.url)
    assert page.url.endswith("/sign-in")
    sign_in(page, password="wrong-password")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
    assert grave_faults(page) == []
    sign_in(page)
    page.wait_for_url(f"{site.url}/")
    expect(page.locator(".hall-name")).to_have_text("示范政务大厅")
    tile = page.locator('.tile[data-camera="cam1"]')
    expect(tile.locator("h2")).to_have_text("大厅一号机")
    expect(tile.locator('[data-window="w1"]')).to_contain_text("空岗")
    expect(tile.locator('[data-window="w1"]')).to_contain_text(re.compile(r"2分\d\d秒"))
    expect(tile.locator('[data-window="w3"]')).to_contain_text("暂停服务")
    expect(tile.locator('[data-queue="q1"]')).to_contain_text("5 人")
    page.wait_for_function("document.querySelector('.tile img')?.naturalWidth === 960")
    context.close()


def test_the_picture_moves_on_and_says_when_it_does_not(site: Site, page: Page) -> None:
    opened(page, site, "/")
    page.evaluate(MARK)
    page.wait_for_selector(".tile img")
    first = page.get_attribute(".tile img", "src")
    site.show(step=9)
    page.wait_for_function(
        "(first) => document.querySelector('.tile img').getAttribute('src') !== first", arg=first
    )
    site.clock.ahead_s += 11
    expect(page.locator(".tile.is-stale .veil")).to_contain_text("画面停在")
    site.show(step=10)
    expect(page.locator(".tile.is-stale")).to_have_count(0)
    assert page.evaluate(STILL)


OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('.chip')].map((chip) => chip.getBoundingClientRect());
  const apart = (a, b) =>
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => !apart(a, b))).length;
}"""


@pytest.mark.parametrize("width", [1360, 900, 560])
def test_labels_on_a_picture_never_cover_each_other(site: Site, page: Page, width: int) -> None:
    page.goto(site.url)
    page.wait_for_function("document.querySelectorAll('.chip-name').length > 3")
    page.locator(".chip-name").evaluate_all(
        "names => names.forEach((name) => (name.textContent = '综合服务一号窗口'))"
    )
    page.set_viewport_size({"width": width, "height": 850})
    page.wait_for_timeout(500)
    assert page.evaluate(OVERLAPS) == 0


def test_an_alert_appears_without_a_reload(
    site: Site, page: Page, request: pytest.FixtureRequest
) -> None:
    opened(page, site, "/alerts")
    count = page.locator(".side .count:visible")
    before = int(count.inner_text()) if count.count() else 0  # of the files before this one
    page.evaluate(MARK)
    alert: Alert = request.getfixturevalue("alert")
    line = page.locator(row(page, alert))
    expect(line).to_contain_text("空岗")
    expect(line).to_contain_text("1号窗口")
    expect(line).to_contain_text("张敏（A岗）")
    expect(count).to_have_text(str(before + 1))
    assert page.evaluate(STILL)
    opened(page, site, "/")
    expect(page.locator(f'.rail [data-uid="{alert.uid}"]')).to_contain_text("进行中")


def test_the_clip_plays(site: Site, page: Page, watch: Watch, alert: Alert) -> None:
    opened(page, site, f"/alerts/{alert.uid}")
    page.wait_for_selector("video")
    page.evaluate("document.querySelector('video').play()")
    page.wait_for_function("document.querySelector('video').currentTime > 0.5")
    assert page.evaluate("document.querySelector('video').error") is None
    page.click(".mark-onset")
    page.wait_for_function("document.querySelector('video').currentTime >= 1.9")
    expect(page.locator(".mark-alert")).to_be_disabled()  # two minutes later: not in the clip
    expect(page.locator(".player-covers").first).to_contain_text("完整")
    page.wait_for_function("document.querySelector('.still img').naturalWidth > 0")
    expect(page.locator(".case-facts")).to_contain_text("标准规范（2021） 二(一)3")
    expect(page.locator(".case-facts")).to_contain_text("2分00秒")
    expect(page.locator(".person.is-holder")).to_contain_text("张敏")


def test_an_alert_is_worked_by_keyboard(site: Site, page: Page, alert: Alert) -> None:
    now = datetime.now(UTC)
    later = site.world.alert(now - timedelta(seconds=20), now, subject="w2")
    opened(page, site, f"/alerts/{later.uid}")
    page.keyboard.press("?")
    expect(page.locator(".shortcut-sheet")).to_be_visible()
    expect(page.locator(".shortcut-sheet")).to_contain_text("播放或暂停")
    page.keyboard.press("Escape")
    expect(page.locator(".shortcut-sheet")).to_be_hidden()
    page.keyboard.press("f")
    expect(page.locator(".sheet textarea")).to_be_focused()
    page.keyboard.type("ftj")  # keys are silent where somebody types
    page.locator(".sheet").get_by_role("button", name="误报").click()
    expect(page.locator(".event-mark_false .event-why")).to_have_text("ftj")
    expect(page.locator(".q-dialog")).to_have_count(0)
    page.keyboard.press("j")
    page.wait_for_url(f"**/alerts/{alert.uid}")
    page.wait_for_selector("video")
    expect(page.locator(".player-overlay polygon").first).to_be_attached()
    page.keyboard.press(" ")
    page.wait_for_function("document.querySelector('video').currentTime > 0.3")
    page.locator(".switch-zones input").uncheck()
    page.locator(".switch-boxes input").uncheck()
    expect(page.locator(".player-overlay")).to_have_count(0)


def test_acknowledging_is_seen_by_everybody_at_once(
    site: Site, context: BrowserContext, page: Page, watch: Watch, alert: Alert
) -> None:
    other = context.new_page()
    watch.follow(other)
    opened(page, site, f"/alerts/{alert.uid}")
    opened(other, site, "/alerts")
    expect(other.locator(row(other, alert))).to_be_visible()
    page.click('[data-act="acknowledge"]')
    expect(page.locator(".event-acknowledge")).to_contain_text("周主任")
    expect(page.locator(".case-title .alert-state")).to_have_text("已收到")
    expect(page.locator('[data-act="acknowledge"]')).to_have_count(0)
    expect(other.locator(row(other, alert))).to_have_count(0)


def test_excusing_asks_for_a_reason_and_markup_in_it_is_inert(
    site: Site, page: Page, alert: Alert
) -> None:
    hostile = '<img src=x onerror="window.hit=1"><b>陪同群众</b>'
    opened(page, site, f"/alerts/{alert.uid}")
    page.click('[data-act="excuse"]')
    sheet = page.locator(".sheet")
    sheet.get_by_role("button", name="情有可原").click()
    expect(sheet.locator(".field-error")).to_have_text("请写一句理由")
    assert site.world.state(alert) is State.NEW
    sheet.locator("textarea").fill(hostile)
    sheet.get_by_role("button", name="情有可原").click()
    expect(page.locator(".event-excuse .event-why")).to_have_text(hostile)
    assert page.evaluate("window.hit") is None
    assert site.world.state(alert) is State.EXCUSED


def test_the_second_of_two_deciders_is_told(
    site: Site, context: BrowserContext, page: Page, watch: Watch, alert: Alert
) -> None:
    opened(page, site, f"/alerts/{alert.uid}")
    page.click('[data-act="mark_false"]')
    sheet = page.locator(".sheet")
    expect(sheet).to_be_visible()
    with site.world.database.session() as session:
        act_on(session, alert.uid, Act.REFER, AccessBy(None, "王监督"), datetime.now(UTC))
    sheet.get_by_role("button", name="误报").click()
    expect(page.locator(".notice")).to_contain_text("有人先处理了这条提醒，现在是“已移交”")
    assert site.world.state(alert) is State.REFERRED


def test_the_inbox_is_worked_by_keyboard(site: Site, page: Page, alert: Alert) -> None:
    opened(page, site, "/alerts")
    link = page.locator(f"{row(page, alert)} .alert-link")
    link.focus()
    page.keyboard.press("a")
    expect(page.locator(".notice")).to_contain_text("已记为收到")
    assert site.world.state(alert) is State.ACKNOWLEDGED
    page.get_by_role("button", name="已收到").click()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/alerts/{alert.uid}?in=state*")


def test_filters_narrow_the_list_and_say_so_when_nothing_is_left(
    site: Site, page: Page, alert: Alert
) -> None:
    opened(page, site, "/alerts")
    expect(page.locator(row(page, alert))).to_be_visible()
    page.get_by_label("搜索").fill("张敏")
    page.wait_for_function("location.search.includes('text=')")
    expect(page.locator(row(page, alert))).to_be_visible()
    page.get_by_label("规则").select_option("eating")
    expect(page.locator(".hollow-title")).to_have_text("没有符合条件的提醒")
    page.wait_for_function("location.search.includes('rule=eating')")
    page.reload()
    expect(page.get_by_label("规则")).to_have_value("eating")
    expect(page.get_by_label("搜索")).to_have_value("张敏")


def test_english_and_dark_by_a_switch_that_is_remembered(site: Site, page: Page) -> None:
    opened(page, site, "/alerts")
    page.click(".tool-language")
    expect(page.locator('.side .tab[aria-current="page"]')).to_contain_text("Alerts")
    page.get_by_label("Dark appearance").click()
    page.wait_for_selector("body.body--dark")
    opened(page, site, "/")
    expect(page.locator('[data-window="w2"]')).to_contain_text("Attended")
    assert page.evaluate("document.documentElement.lang") == "en-US"
    assert page.locator("body.body--dark").count() == 1
    page.click(".tool-language")
    page.get_by_label("切换到浅色").click()
    expect(page.locator('[data-window="w2"]')).to_contain_text("在岗")


def test_a_bad_roster_file_is_refused_row_by_row_and_a_good_one_is_shown(
    site: Site, page: Page, watch: Watch
) -> None:
    watch.expected = ("422",)
    day = datetime.now(UTC).date() + timedelta(days=3)
    header = "日期,窗口,岗位,工号,开始,结束\n"
    bad = f"{header}{day},9号窗口,A,1001,09:00,17:00\n{day},1号窗口,C,7777,09:00,17:00\n"
    good = f"{header}{day},4号窗口,A,1005,09:00,17:00\n"
    opened(page, site, f"/roster?day={day}")
    chooser = page.locator('input[type="file"]')
    chooser.set_input_files({"name": "班次.csv", "mimeType": "text/csv", "buffer": bad.encode()})
    expect(page.locator(".import-bad")).to_contain_text("什么都没有导入：有 3 处要改")
    expect(page.locator(".import-errors")).to_contain_text("没有窗口“9号窗口”")
    expect(page.locator(".import-errors tbody tr").first.locator("td").first).to_have_text("2")
    chooser.set_input_files({"name": "班次.csv", "mimeType": "text/csv", "buffer": good.encode()})
    expect(page.locator(".import-good")).to_contain_text("新增 1 条")
    expect(page.locator('[data-window="w4"] .shift')).to_contain_text("赵倩")


def test_a_session_that_ended_leads_back_after_signing_in(
    chromium: Browser, site: Site, watch: Watch, alert: Alert
) -> None:
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    watch.follow(page)
    page.goto(f"{site.url}/alerts/{alert.uid}")
    sign_in(page)
    page.wait_for_url(f"**/alerts/{alert.uid}")
    secret = next(c["value"] for c in context.cookies() if c["name"] == "hallwatch_session")
    site.world.end_session(secret)
    page.click('[data-act="acknowledge"]')
    page.wait_for_url("**/sign-in?next=/alerts/*")
    assert site.world.state(alert) is State.NEW
    sign_in(page, password=PASSWORD)
    page.wait_for_url(f"**/alerts/{alert.uid}")
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_can_be_used_without_sideways_scrolling(
    site: Site, page: Page, alert: Alert, language: str
) -> None:
    """Every page of a supervisor, and the live page of a machine that does not keep up."""
    page.goto(f"{site.url}/console/preferences?language={language}")
    page.set_viewport_size({"width": 390, "height": 844})
    plain = [e.path for e in PAGES if "{" not in e.path and may(Role.SUPERVISOR, e.needs)]
    site.world.board.stretched(4.2)
    for path in (*plain, f"/alerts/{alert.uid}"):
        opened(page, site, path)
        page.wait_for_selector(".wall-head .badge" if path == "/" else ".tabs")
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, path
    site.world.board.stretched(1.0)
    page.goto(f"{site.url}/console/preferences?language=zh")
