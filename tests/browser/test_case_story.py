"""From an alert to a closed, appealed, exported and verified case, by five signed-in people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from api.audit.record import AccessBy
from api.bundle.keys import signing_key_in
from api.bundle.verify import verify_bundle
from api.cases.terms import ReviewTerms, set_terms
from api.site import SESSION_COOKIE
from api.users.accounts import hash_of
from api.users.tables import Role, UserRow
from api.users.tokens import open_session
from tests.browser.conftest import PASSWORD, Site, Watch, sign_in
from tests.browser.test_accessibility import grave_faults
from tests.review_office import add_people
from vision.records import Alert

PEOPLE = (
    ("sun", "孙纪检", Role.REVIEWER, None),
    ("qian", "钱纪检", Role.REVIEWER, None),
    ("wu", "吴局长", Role.HEAD, None),
    ("zhang", "张敏", Role.CLERK, "1001"),  # on duty at window 1
)
MARKUP = "<img src=x onerror=alert(1)>我去给老人复印材料"


@dataclass(slots=True)
class Stage:
    """Everybody in a browser window of their own."""

    site: Site
    chromium: Browser
    watch: Watch
    contexts: list[BrowserContext] = field(default_factory=list)

    def enter(self, name: str) -> Page:
        """By the front door."""
        page = self._window()
        page.goto(f"{self.site.url}/sign-in")
        sign_in(page, name)
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def slip_in(self, name: str) -> Page:
        """With a session that was opened before."""
        with self.site.world.database.session() as session:
            user = session.scalars(select(UserRow).where(UserRow.name == name)).one()
            secret = open_session(session, user, datetime.now(UTC), 3600)
        page = self._window()
        cookie = {"name": SESSION_COOKIE, "value": secret, "url": self.site.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    def _window(self) -> Page:
        context = self.chromium.new_context(
            viewport={"width": 1360, "height": 850}, locale="zh-CN", accept_downloads=True
        )
        context.set_default_timeout(40_000)
        self.contexts.append(context)
        page = context.new_page()
        self.watch.follow(page)
        return page

    def refer(self, page: Page, alert: Alert) -> None:
        self.open(page, f"/alerts/{alert.uid}")
        page.click('[data-act="refer"]')
        page.locator(".sheet textarea").fill("连续空岗，请核实")
        page.locator(".sheet .btn-main").click()
        expect(page.locator(".case-title")).to_contain_text("已移交")

    def open(self, page: Page, path: str) -> None:
        page.goto(self.site.url + path, wait_until="domcontentloaded")
        page.wait_for_function("window.did_handshake === true")


@pytest.fixture(scope="module")
def people(site: Site) -> None:
    now = datetime.now(UTC)
    with site.world.database.session() as session:
        add_people(session, PEOPLE, hash_of(PASSWORD), now)
        set_terms(session, "demo", ReviewTerms(two_decide=True), AccessBy(None, "吴局长"), now)


@pytest.fixture
def stage(people: None, site: Site, chromium: Browser, watch: Watch) -> Iterator[Stage]:
    expect.set_options(timeout=15_000)
    stage = Stage(site, chromium, watch)
    yield stage
    for context in stage.contexts:
        context.close()


def fresh_alert(site: Site, minutes: int) -> Alert:
    now = datetime.now(UTC)
    alert = site.world.alert(now - timedelta(minutes=minutes), now)
    site.world.attach_evidence(alert)
    return alert


def act(page: Page, name: str, words: str = "", **fields: str) -> None:
    """Press the act's button, fill its sheet, and press again."""
    page.click(f'[data-act="{name}"]')
    sheet = page.locator(".act-sheet")
    expect(sheet).to_be_visible()
    for label, value in fields.items():
        if label == "outcome":
            sheet.locator("select").first.select_option(value)
        else:
            sheet.get_by_label(label, exact=True).check()
    if words:
        sheet.locator("textarea").fill(words)
    page.click(f'[data-sure="{name}"]')
    expect(sheet).to_have_count(0)


def stands(page: Page, words: str) -> None:
    """What the case's head says now."""
    expect(page.locator(".dossier-title")).to_contain_text(words)


def test_the_whole_story(stage: Stage, tmp_path: Path) -> None:
    alert = fresh_alert(stage.site, 31)
    zhou, sun, zhang = stage.enter("zhou"), stage.enter("sun"), stage.enter("zhang")

    stage.refer(zhou, alert)

    stage.open(zhang, "/my-matters")
    expect(zhang.locator("main")).to_contain_text("没有与您有关的事项")  # not told yet
    assert grave_faults(zhang) == []

    stage.open(sun, "/cases")
    link = sun.locator("[data-case]").first
    case = link.get_attribute("data-case")
    link.click()
    stands(sun, "待告知")
    expect(sun.locator(".dossier-side")).to_contain_text("张敏")
    act(sun, "notify", "请说明当时的情况")
    stands(sun, "等待陈述")

    stage.open(zhang, f"/my-matters/{case}")
    expect(zhang.locator(".seen-film")).to_have_count(1)
    assert grave_faults(zhang) == []
    zhang.locator(".next textarea").fill(MARKUP)
    zhang.click('[data-act="state"]')
    expect(zhang.locator(".quote-words")).to_have_text(MARKUP)

    stands(sun, "待决定")  # by itself: the page hears of it
    expect(sun.locator(".quote-words").first).to_have_text(MARKUP)
    act(sun, "decide", "录像显示离岗，未放暂停牌", outcome="confirmed", 诫勉谈话="")
    stands(sun, "待审批")

    wu = stage.enter("wu")
    stage.open(wu, f"/cases/{case}")
    assert grave_faults(wu) == []
    act(wu, "approve", "同意")
    stands(sun, "待送达")
    act(sun, "serve", "当面告知")

    stage.open(zhang, f"/my-matters/{case}")
    expect(zhang.locator(".finding")).to_contain_text("诫勉谈话")
    zhang.locator(".next textarea").fill("当时有人顶岗")
    zhang.click('[data-act="appeal"]')
    zhang.locator(".sheet .btn-main").click()
    expect(zhang.locator(".dossier-title")).to_contain_text("申诉审查中")

    stands(sun, "申诉中")
    expect(sun.locator('[data-act="rule"]')).to_have_count(0)  # it was their decision
    qian = stage.enter("qian")
    stage.open(qian, f"/cases/{case}")
    act(qian, "rule", "顶岗属实", outcome="excused")
    act(qian, "close", "已告知本人")
    stands(qian, "已结案")

    qian.click('[data-act="export"]')
    qian.locator(".act-sheet textarea").fill("上级调阅")
    with qian.expect_download() as download:
        qian.click('[data-sure="export"]')
    bundle = tmp_path / "case.zip"
    download.value.save_as(bundle)
    key = signing_key_in(stage.site.world.evidence.parent).public
    verdict = verify_bundle(bundle, key)
    assert verdict.findings == ()

    stage.open(zhang, f"/my-matters/{case}")
    expect(zhang.locator(".dossier-title")).to_contain_text("情有可原")


def test_the_second_to_decide_is_told(stage: Stage) -> None:
    alert = fresh_alert(stage.site, 47)
    zhou, sun, qian = stage.slip_in("zhou"), stage.slip_in("sun"), stage.slip_in("qian")
    stage.refer(zhou, alert)
    stage.open(sun, "/cases")
    path = sun.locator("[data-case]").first.get_attribute("href") or ""
    for page in (sun, qian):
        stage.open(page, path)
    qian.click('[data-act="decide"]')  # has the sheet open while the other decides
    qian.locator(".act-sheet select").first.select_option("unfounded")
    qian.locator(".act-sheet textarea").fill("认错了窗口")
    act(sun, "decide", "有人顶岗", outcome="excused")
    stands(sun, "待审批")
    qian.click('[data-sure="decide"]')
    expect(qian.locator(".notice-warning")).to_contain_text("孙纪检 先一步处理了")
    stands(qian, "情有可原")


def test_an_expired_session_keeps_what_was_written(stage: Stage) -> None:
    alert = fresh_alert(stage.site, 53)
    zhou, sun, zhang = stage.slip_in("zhou"), stage.slip_in("sun"), stage.slip_in("zhang")
    stage.refer(zhou, alert)
    stage.open(sun, "/cases")
    sun.locator("[data-case]").first.click()
    act(sun, "notify")
    case = sun.url.rsplit("/", 1)[-1]
    stage.open(zhang, f"/my-matters/{case}")
    zhang.locator(".next textarea").fill("写了很久的说明")
    cookie = next(c for c in zhang.context.cookies() if c["name"] == SESSION_COOKIE)
    stage.site.world.end_session(cookie["value"])
    zhang.click('[data-act="state"]')
    zhang.wait_for_url("**/sign-in**")
    sign_in(zhang, "zhang")
    zhang.wait_for_url(f"**/my-matters/{case}")
    expect(zhang.locator(".next textarea")).to_have_value("写了很久的说明")
    zhang.click('[data-act="state"]')
    expect(zhang.locator(".quote-words")).to_have_text("写了很久的说明")
