"""Take the pictures of the README from a running console.

    python docs/screenshots.py http://127.0.0.1:8000 --name demo --password hallwatch

Needs Playwright and a Chromium (Debian: apt install chromium fonts-noto-cjk). Enters a break, a
visitor and two absences in the roster, so that its pages have something to show. Writes live.png,
inbox.png, alert.png, zones.png, roster.png, reports.png, privacy.png and a picture of each page of
the roster, each below 400 KB. Those of the reports were taken of the hall that
`python -m benchmarks.reports --serve 8000` shows.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page, ViewportSize, sync_playwright

MOST_BYTES = 400_000
SIZE: ViewportSize = {"width": 1360, "height": 850}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


def main() -> None:
    asked = _arguments()
    browser_file = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser_file is None:
        sys.exit("no Chromium found; install it (Debian: apt install chromium fonts-noto-cjk)")
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_file, args=list(FLAGS))
        context = browser.new_context(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai")
        page = context.new_page()
        page.goto(f"{asked.url}/sign-in")
        page.fill("input[name=name]", asked.name)
        page.fill("input[name=password]", asked.password)
        page.click("button[type=submit]")
        page.wait_for_selector(".tile img", timeout=60_000)
        look = f"language={asked.language}&appearance={asked.appearance}"
        page.goto(f"{asked.url}/console/preferences?{look}")
        pages = (
            ("live", "/"), ("inbox", "/alerts?state="), ("roster", "/roster"), ("zones", "/zones"),
            ("roster-hours", "/roster/hours"),
            ("roster-away", "/roster/away"), ("roster-notes", "/roster/notes"),
            ("roster-changes", "/roster/changes"),
            ("reports", "/reports"), ("privacy", "/privacy"),
        )  # fmt: skip
        _furnish_roster(page, asked.url)
        for name, path in pages:
            _take(page, asked.url + path, asked.out / f"{name}.png")
        _take(page, asked.url + _alert_path(page, asked.url), asked.out / "alert.png")
        _take(page, f"{asked.url}/account", asked.out / "account.png")
        _take_administrators(browser.new_context(viewport=SIZE, locale="zh-CN"), asked, look)
        browser.close()


def _take_administrators(context: BrowserContext, asked: argparse.Namespace, look: str) -> None:
    """What only the administrator sees: accounts, and the access log of the whole installation."""
    page = context.new_page()
    page.goto(f"{asked.url}/sign-in?next=/accounts")
    page.fill("input[name=name]", asked.admin)
    page.fill("input[name=password]", asked.password)
    page.click("button[type=submit]")
    page.goto(f"{asked.url}/console/preferences?{look}&next=/accounts")
    for name in ("accounts", "audit"):
        _take(page, f"{asked.url}/{name}", asked.out / f"{name}.png")


def _furnish_roster(page: Page, url: str) -> None:
    """Some entries for the pictures, over the HTTP interface; once."""

    def post(path: str, body: dict[str, Any]) -> None:
        answer = page.request.post(
            f"{hall}/{path}", data=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        if not answer.ok:
            sys.exit(f"{path} was refused: {answer.text()}")

    api = f"{url}/api/v1"
    (found, *_) = page.request.get(f"{api}/halls").json()
    hall = f"{api}/halls/{found['id']}"
    if page.request.get(f"{hall}/roster-notes").json():
        return
    people = page.request.get(f"{hall}/staff").json()
    window = next(p["window"] for person in people for p in person["posts"])
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    lunch = {"start_min": 720, "end_min": 810, "weekdays": [0, 1, 2, 3, 4], "first": "2026-01-01"}
    post("service-times", lunch | {"kind": "break", "covered": True})
    span = {
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=2)).isoformat(),
    }
    post("roster-notes", span | {"kind": "visitor", "window": window, "note": "市局检查组 3 人"})
    post("roster-notes", span | {"kind": "handover", "note": "新系统交接"})
    for person, kind, note in zip(people[-2:], ("meeting", "leave"), ("例会", "年假"), strict=True):
        post("leaves", span | {"kind": kind, "number": person["number"], "note": note})


def _alert_path(page: Page, url: str) -> str:
    """The page of an alert that has a clip: the last that ended, else the oldest."""
    page.goto(f"{url}/alerts?state=")
    page.wait_for_selector(".alert-link", timeout=60_000)
    over = page.locator(".alert:not(:has(.is-ongoing)) .alert-link")
    link = over.first if over.count() else page.locator(".alert-link").last
    return link.get_attribute("href") or "/alerts"


def _take(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.wait_for_load_state("load")
    page.wait_for_timeout(2500)
    if page.locator("video").count():
        page.evaluate("document.querySelector('video').currentTime = 5")
        page.mouse.move(5, 400)
        page.wait_for_timeout(4500)  # the player's own buttons fade
    colours = 256
    small = page.screenshot()
    while len(small) > MOST_BYTES and colours >= 32:
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        made = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        small, colours = made.getvalue(), colours // 2
    file.write_bytes(small)
    print(f"{file}  {len(small) / 1000:.0f} KB")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("url", help="for example http://127.0.0.1:8000")
    parser.add_argument("--name", default="demo")
    parser.add_argument("--admin", default="admin", help="an administrator, same password")
    parser.add_argument("--password", default="hallwatch")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "images")
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    parser.add_argument("--appearance", choices=("light", "dark"), default="light")
    asked = parser.parse_args()
    asked.url = asked.url.rstrip("/")
    return asked


if __name__ == "__main__":
    main()
