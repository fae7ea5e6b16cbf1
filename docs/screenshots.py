"""Take a picture of each page of a running demo, for the docs.

    hallwatch demo
    python docs/screenshots.py http://127.0.0.1:8000

Needs Playwright and a Chromium (Debian: apt install chromium chromium-l10n fonts-noto-cjk). Over
the HTTP interface it enters a break, a visitor and absences in the roster, something that was
allowed, a channel for messages, a complaint and a case, so that all pages have something to show;
then it signs in as each of the demo's people. Each picture is below 400 KB. reports.png and
privacy.png are taken only with --large --password correct-horse, of the hall that
`python -m benchmarks.reports --serve 8000` shows: a demo is too young for them.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page, ViewportSize, sync_playwright

MOST_BYTES = 400_000
SIZE: ViewportSize = {"width": 1360, "height": 850}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


Pictures = dict[str, tuple[tuple[str, str], ...]]
PAGES: Pictures = {
    "demo": (
        ("live", "/"), ("inbox", "/alerts?state="), ("roster", "/roster"),
        ("roster-week", "/roster/week"), ("roster-hours", "/roster/hours"),
        ("roster-away", "/roster/away"), ("roster-notes", "/roster/notes"),
        ("roster-changes", "/roster/changes"), ("zones", "/zones"), ("alert", "{alert}"),
        ("complaints", "/complaints"), ("complaint", "{complaint}"),
        ("exemptions", "/exemptions"), ("recordings", "/recordings"), ("account", "/account"),
    ),
    "reviewer": (("cases", "/cases"), ("case", "{case}")),
    "clerk": (("my-matters", "/my-matters"), ("my-matter", "/my-matters/{number}")),
    "admin": (
        ("cameras", "/cameras"), ("notices", "/notices"), ("accounts", "/accounts"),
        ("audit", "/audit"), ("health", "/health"),
    ),
}  # fmt: skip
"""Account of the demo -> its pictures."""
LARGE: Pictures = {"supervisor": (("reports", "/reports"), ("privacy", "/privacy"))}


def main() -> None:
    asked = _arguments()
    browser_file = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser_file is None:
        needed = "chromium chromium-l10n fonts-noto-cjk"
        sys.exit(f"no Chromium found; install it (Debian: apt install {needed})")
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        # the browser's own language is that of its fields for dates and times
        browser = playwright.chromium.launch(
            executable_path=browser_file, args=list(FLAGS),
            env={**os.environ, "LANGUAGE": {"zh": "zh_CN", "en": "en_US"}[asked.language]},
        )  # fmt: skip

        def entered(name: str) -> Page:
            return _entered(
                browser.new_context(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai"),
                asked, name,
            )  # fmt: skip

        pages, places = LARGE, dict[str, str]()
        if not asked.large:
            page = browser.new_page(viewport=SIZE, locale="zh-CN")
            _take(page, f"{asked.url}/sign-in", asked.out / "sign-in.png")
            pages, places = PAGES, furnish(entered, asked.url)
        for name, taken in pages.items():
            page = entered(name)
            for picture, path in taken:
                _take(page, asked.url + path.format(**places), asked.out / f"{picture}.png")
        browser.close()


def _entered(context: BrowserContext, asked: argparse.Namespace, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{asked.url}/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", asked.password)
    page.click("button[type=submit]")
    page.wait_for_selector(".main")
    look = f"language={asked.language}&appearance={asked.appearance}"
    page.goto(f"{asked.url}/console/preferences?{look}")
    return page


class Api:
    """The HTTP interface as somebody who is signed in."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, f"{url}/api/v1"
        (hall, *_) = self.get("/halls")
        self.hall = f"/halls/{hall['id']}"

    def get(self, path: str) -> Any:
        return self.page.request.get(self.url + path).json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        answer = self.page.request.post(self.url + path, data=json.dumps(body), headers=headers)
        if not answer.ok:
            sys.exit(f"{path} was refused: {answer.text()}")
        return answer.json() if answer.status != 204 else None


def furnish(entered: Callable[[str], Page], url: str) -> dict[str, str]:
    """Enter something for every page to show; where the pages of single things are."""
    page = entered("demo")
    api = Api(page, url)
    _furnish_roster(api)
    _furnish_messages(Api(entered("admin"), url))
    alert = _alert_path(page, url)
    whole = api.get("/alerts/" + alert.rpartition("/")[2])
    complaint = _furnish_complaint(api, whole)
    case = _furnish_case(api, Api(entered("reviewer"), url), whole)
    return {
        "alert": alert,
        "complaint": f"/complaints/{complaint}",
        "case": f"/cases/{case}",
        "number": str(case),
    }


def _furnish_messages(api: Api) -> None:
    api.post(
        f"{api.hall}/notice-channels",
        {"kind": "webhook", "name": "值班室大屏", "settings": {},
         "secret": {"url": "http://10.0.0.20:9000/hook", "key": "0" * 32}},
    )  # fmt: skip


def _furnish_complaint(api: Api, alert: dict[str, Any]) -> int:
    said = {
        "channel": "hotline", "window": alert["subject"], "about": "办事时工作人员心不在焉",
        "complainant": "陈先生", "contact": "138 0000 0000",
        "happened_from": alert["began"], "happened_to": alert["began"],
    }  # fmt: skip
    complaint = int(api.post(f"{api.hall}/complaints", said)["id"])
    api.post(f"/complaints/{complaint}/gather", {"version": 1})
    return complaint


def _furnish_case(supervisor: Api, reviewer: Api, alert: dict[str, Any]) -> int:
    """An alert that was referred, of which the first clerk on the roster was told."""
    hall = supervisor.hall
    opened = supervisor.post(
        f"{hall}/cases", {"alerts": [alert["uid"]], "reason": "当班期间多次出现，请核查"}
    )
    case = f"/cases/{opened['id']}"
    named = {"version": 1, "number": "1001", "text": "当时由她顶岗"}
    reviewer.post(f"{case}/name", named)
    reviewer.post(f"{case}/notify", {"version": 2})
    told = {"version": 3, "text": "当时在与后台核对材料，录像可以看到桌上的档案。"}
    reviewer.post(f"{case}/statement", told)
    return int(opened["id"])


def _furnish_roster(api: Api) -> None:
    people = api.get(f"{api.hall}/staff")
    window = next(p["window"] for person in people for p in person["posts"])
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    lunch = {"start_min": 720, "end_min": 810, "weekdays": [0, 1, 2, 3, 4], "first": "2026-01-01"}
    api.post(f"{api.hall}/service-times", lunch | {"kind": "break", "covered": True})
    span = {
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=2)).isoformat(),
    }
    notes = f"{api.hall}/roster-notes"
    api.post(notes, span | {"kind": "visitor", "window": window, "note": "市局检查组 3 人"})
    api.post(notes, span | {"kind": "handover", "note": "新系统交接"})
    for person, kind, note in zip(people[-2:], ("meeting", "leave"), ("例会", "年假"), strict=True):
        away = {"kind": kind, "number": person["number"], "note": note}
        api.post(f"{api.hall}/leaves", span | away)
    meal = {
        "kind": "meal",
        "window": window,
        "allowed_by": "王主任",
        "note": "工作到一点，轮流用餐",
    }
    api.post(f"{api.hall}/exemptions", span | meal)


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
    page.wait_for_selector("[aria-busy=true]", state="detached")
    page.wait_for_timeout(2500)
    cards = page.locator(".bell-close")
    while cards.count():
        cards.first.click()
        page.wait_for_timeout(300)
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
    parser.add_argument("--password", default="hallwatch")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "images")
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    parser.add_argument("--appearance", choices=("light", "dark"), default="light")
    parser.add_argument("--large", action="store_true", help="of the large hall, see above")
    asked = parser.parse_args()
    asked.url = asked.url.rstrip("/")
    return asked


if __name__ == "__main__":
    main()
