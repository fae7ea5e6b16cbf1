"""The page of one alert: what was seen is drawn along the clip; what was allowed is entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from playwright.sync_api import Page, expect

from api.alerts.record import record_alert
from api.tickets.taking import TicketsIn, take_tickets
from tests.browser.conftest import HALL_ZONE, Site
from tests.browser.test_accessibility import grave_faults
from tests.browser.test_console import opened
from vision.records import Alert, Step

_windows = cycle(("w1", "w2", "w3"))


@pytest.fixture
def phone(site: Site) -> Alert:
    """Somebody with a phone an hour ago, each time at another window; with a clip."""
    now = datetime.now(UTC)
    began, window = now - timedelta(hours=1), next(_windows)
    alert = site.world.alert(began, now, subject=window, rule="phone_use", why={"best_score": 0.62})
    site.world.attach_evidence(alert)
    return alert


def at(page: Page, second: float) -> None:
    page.evaluate(f"document.querySelector('video').currentTime = {second}")
    page.wait_for_function(f"Math.abs(document.querySelector('video').currentTime - {second}) < .1")


def test_boxes_are_those_of_the_nearest_look_and_none_where_nobody_looked(
    site: Site, page: Page, phone: Alert
) -> None:
    opened(page, site, f"/alerts/{phone.uid}")
    page.wait_for_function("document.querySelector('video')?.readyState >= 1")
    boxes = page.locator(".player-overlay .over-box text")
    for second, words in (
        (0.2, ["人 91%"]),
        (1.9, ["人 91%"]),
        (2.2, ["人 88%", "手机 62%"]),
        (3.1, ["人 88%", "手机 62%"]),
        (3.5, []),  # a look that saw nothing
        (4.9, []),  # no look within a second
        (5.7, ["人 52%"]),
        (7.4, ["人 52%"]),
        (7.8, []),
    ):
        at(page, second)
        expect(boxes).to_have_text(words)
        expect(page.locator(".player-overlay polygon")).to_have_count(2)
    expect(page.locator(".player-drawn")).to_contain_text("不超过 1 秒")
    at(page, 2.2)
    page.locator(".switch-boxes input").uncheck()
    expect(boxes).to_have_count(0)
    expect(page.locator(".player-drawn")).to_have_count(0)
    expect(page.locator(".player-overlay polygon")).to_have_count(2)
    page.locator(".switch-zones input").uncheck()
    expect(page.locator(".player-overlay")).to_have_count(0)
    page.locator(".switch-boxes input").check()
    expect(boxes).to_have_count(2)
    assert "original" not in (page.locator("video").get_attribute("src") or "")  # still blurred


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_players_controls_stay_together(
    site: Site, page: Page, phone: Alert, language: str
) -> None:
    """Switches, speed and saving on one line, inside the player, however wide the screen is."""
    page.goto(f"{site.url}/console/preferences?language={language}")
    opened(page, site, f"/alerts/{phone.uid}")
    tools = page.locator(".legend-tools > *")
    expect(tools).to_have_count(4)
    for width in (1920, 1366, 1280, 820, 390, 360):
        page.set_viewport_size({"width": width, "height": 800})
        boxes = tools.evaluate_all("all => all.map((e) => e.getBoundingClientRect())")
        middles = [box["top"] + box["height"] / 2 for box in boxes]
        assert max(middles) - min(middles) < 3, width
        assert max(box["height"] for box in boxes) < 40, width
        player = page.locator(".player").bounding_box()
        assert player is not None
        assert max(box["right"] for box in boxes) <= player["x"] + player["width"], width
    page.goto(f"{site.url}/console/preferences?language=zh")


def test_what_was_allowed_is_entered_from_the_alert_and_it_counts_no_more(
    site: Site, page: Page, phone: Alert
) -> None:
    opened(page, site, f"/alerts/{phone.uid}")
    page.keyboard.press("x")
    sheet = page.locator(".sheet")
    expect(sheet).to_contain_text("标明“已报备”")
    assert sheet.locator("select").first.locator("option").all_text_contents() == ["工作电话"]
    assert grave_faults(page) == []
    sheet.get_by_label("谁允许的").fill("王主任")
    sheet.get_by_label("说明").fill("给社保中心打电话核对")
    sheet.locator('[data-sure="exempt"]').click()
    card = page.locator(".exemption")
    expect(card).to_contain_text("工作电话")
    expect(card).to_contain_text("王主任 同意，至")
    expect(card).to_contain_text("给社保中心打电话核对")
    expect(page.locator('[data-act="exempt"]')).to_have_count(0)
    opened(page, site, "/exemptions")
    expect(page.locator("tbody tr").first).to_contain_text("给社保中心打电话核对")
    assert grave_faults(page) == []
    opened(page, site, "/alerts?state=")
    expect(page.locator(f'[data-uid="{phone.uid}"] .alert-exempt')).to_have_text("已报备")


def test_a_time_that_is_too_short_is_entered_and_says_that_the_alert_still_counts(
    site: Site, page: Page, phone: Alert
) -> None:
    opened(page, site, f"/alerts/{phone.uid}")
    page.click('[data-act="exempt"]')
    sheet = page.locator(".sheet")
    start = sheet.locator("input[type=datetime-local]").first.input_value()
    later = datetime.fromisoformat(start) + timedelta(minutes=1)
    sheet.locator("input[type=datetime-local]").first.fill(f"{later:%Y-%m-%dT%H:%M}")
    sheet.locator('[data-sure="exempt"]').click()
    expect(page.locator(".q-notification")).to_contain_text("没有涵盖整条提醒")
    expect(page.locator('[data-act="exempt"]')).to_be_visible()


def test_nothing_excuses_a_long_queue(site: Site, page: Page) -> None:
    now = datetime.now(UTC)
    queue = site.world.alert(now - timedelta(minutes=9), now, subject="q1", rule="queue_length")
    opened(page, site, f"/alerts/{queue.uid}")
    expect(page.locator(".acts .btn").first).to_be_visible()
    expect(page.locator('[data-act="exempt"]')).to_have_count(0)


def test_the_keys_do_what_they_say(site: Site, page: Page, phone: Alert) -> None:
    earlier = site.world.alert(
        phone.began.wall - timedelta(seconds=1), datetime.now(UTC), subject="w4"
    )
    opened(page, site, f"/alerts/{phone.uid}?in=state%3D")  # of all, the taken ones too
    sheet = page.locator(".sheet")
    for key, title in (("e", "情有可原"), ("f", "误报"), ("r", "移交")):
        page.keyboard.press(key)
        expect(sheet).to_contain_text(title)
        page.keyboard.press("Escape")
        expect(page.locator(".q-dialog")).to_have_count(0)
    page.keyboard.press("t")
    expect(page.locator(".event-acknowledge")).to_contain_text("周主任")
    page.keyboard.press("j")
    page.wait_for_url(f"**/alerts/{earlier.uid}*")
    page.wait_for_function("window.did_handshake === true")
    page.keyboard.press("k")
    page.wait_for_url(f"**/alerts/{phone.uid}*")


def test_what_the_ticket_system_said_then_and_what_it_sent_late(site: Site, page: Page) -> None:
    now = datetime.now(UTC)
    began = now - timedelta(hours=1)

    def told(minute: float, state: str) -> None:
        word = {"window": "w4", "state": state, "at": began + timedelta(minutes=minute)}
        with site.world.database.session() as session:
            take_tickets(session, "demo", TicketsIn.model_validate({"windows": [word]}), now)

    told(-1, "serving")
    alert = site.world.alert(began, now, subject="w4")
    opened(page, site, f"/alerts/{alert.uid}")
    tickets = page.locator(".facts-tickets")
    since = f"{(began - timedelta(minutes=1)).astimezone(HALL_ZONE):%H:%M:%S} 起"
    expect(tickets).to_contain_text("当时叫号办理中，")
    expect(tickets).to_contain_text(since)
    assert grave_faults(page) == []
    told(0.5, "paused")
    page.reload()
    expect(tickets.locator("dt:has-text('开始时') + dd")).to_contain_text(since)
    raised = tickets.locator("dt:has-text('提醒时') + dd")
    expect(raised).to_contain_text("叫号办理中，")
    expect(raised).to_contain_text("后来补报：暂停，")


def test_the_facts_are_those_of_the_moment(site: Site, page: Page, phone: Alert) -> None:
    """What was seen with scores, the thresholds that raised it even after it was given up on,
    ticket system, others of this window."""
    now = datetime.now(UTC)
    given_up = replace(
        phone, step=Step.ENDED, at=phone.at, ended=phone.at, policy={}, why={"then": "unknown"}
    )
    with site.world.database.session() as session:
        record_alert(session, given_up, now)
    other = site.world.alert(
        phone.began.wall - timedelta(days=2), now, subject=phone.subject, rule="phone_use"
    )
    opened(page, site, f"/alerts/{phone.uid}")
    facts = page.locator(".case-facts")
    expect(facts).to_contain_text("人 1（最高 91%）")
    expect(facts).to_contain_text("2分00秒")  # after_s of the step that raised it
    expect(facts.locator(".facts-tickets dd")).to_have_text("未接入")
    expect(page.locator(f'.similar a[href="/alerts/{other.uid}"]')).to_be_visible()
    expect(page.locator(".person.is-holder")).to_have_count(1)
    assert grave_faults(page) == []
