"""Every page in both languages and appearances: axe finds nothing serious, and none is slow."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from api.console.pages import PAGES
from api.users.permissions import may
from api.users.tables import Role
from tests.browser.conftest import Site

SLACK_S = 5.0
"""A page may take a second on two cores that do nothing else; tests share theirs."""
GRAVE = ("serious", "critical")


def paths(site: Site) -> list[str]:
    """Every page that a supervisor may see and that needs no name in its path, and an alert's."""
    now = datetime.now(UTC)
    alert = site.world.alert(now - timedelta(hours=2), now, subject="w4")
    plain = [e.path for e in PAGES if "{" not in e.path and may(Role.SUPERVISOR, e.needs)]
    return [*plain, f"/alerts/{alert.uid}"]


def opened(site: Site, page: Page, path: str) -> None:
    """Open a page and wait until nothing of it is still to come."""
    page.goto(site.url + path)
    page.wait_for_selector(".main")
    page.wait_for_selector("[aria-busy=true]", state="detached")


STANDS = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame(); await frame();  // by then a transition that was asked for has begun
  const ends = (moving) => moving.effect.getComputedTiming().endTime < Infinity;
  await Promise.allSettled(document.getAnimations().filter(ends).map(moving => moving.finished));
}"""
"""Wait for what fades in: half transparent it has less contrast than it will have."""


def grave_faults(page: Page) -> list[str]:
    """What axe calls serious or worse, with the first element that it names."""
    page.evaluate(STANDS)
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']} at {fault['nodes'][0]['target']}"
        for fault in found
        if fault["impact"] in GRAVE
    ]


@pytest.mark.parametrize(("language", "appearance"), [("zh", "light"), ("en", "dark")])
def test_axe_finds_nothing_serious(site: Site, page: Page, language: str, appearance: str) -> None:
    wish = f"/console/preferences?language={language}&appearance={appearance}"
    page.goto(site.url + wish)
    faults: dict[str, list[str]] = {}
    for path in paths(site):
        opened(site, page, path)
        if found := grave_faults(page):
            faults[path] = found
    page.goto(f"{site.url}/console/preferences?language=zh&appearance=light")
    assert faults == {}


def test_no_page_is_slow(site: Site, page: Page) -> None:
    slow: dict[str, float] = {}
    for path in paths(site):
        began = time.monotonic()
        opened(site, page, path)
        spent_s = time.monotonic() - began
        if spent_s > SLACK_S:
            slow[path] = spent_s
    assert slow == {}
