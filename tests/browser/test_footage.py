"""Finding a past moment of a camera, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from api.complaints.acting import Registration, register
from api.complaints.tables import Channel
from api.console.door import Viewer
from api.footage.keeping import CutOut, FootageDiskError
from api.halls.reach import EVERY_HALL
from api.users.accounts import user_named
from tests.browser.conftest import HALL_ZONE, Site
from tests.browser.test_accessibility import grave_faults


def test_a_moment_is_found_kept_and_played(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/recordings")
    page.get_by_role("button", name="查找并保存").click()
    expect(page.get_by_text("请写明用途")).to_be_visible()
    sooner = (site.recorded_from - timedelta(seconds=20)).astimezone(HALL_ZONE)
    page.get_by_label("从（大厅当地时间）").fill(f"{sooner:%Y-%m-%dT%H:%M:%S}")
    page.get_by_label("时长").select_option("1")
    page.get_by_label("用途").fill("核实投诉 <b>17</b> 号")
    page.get_by_role("button", name="查找并保存").click()
    video = page.locator("video")
    expect(video).to_be_visible()
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.2")
    expect(page.get_by_text("没有录全")).to_be_visible()
    page.get_by_role("button", name="关闭").click()
    row = page.locator("tbody tr", has_text="核实投诉 <b>17</b> 号")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("周主任")


def test_a_moment_that_is_not_there_says_so(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/recordings")
    page.get_by_label("用途").fill("核实投诉")
    page.get_by_label("从（大厅当地时间）").fill("2026-01-05T10:00:00")
    page.get_by_role("button", name="查找并保存").click()
    expect(page.get_by_text("这段时间没有录像")).to_be_visible()


@dataclass(frozen=True, slots=True)
class FullDisk:
    """Cuts until it is let go, and then has no room."""

    asked: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def begin_again(self) -> None:
        self.asked.clear()
        self.let_go.clear()

    def __call__(self, camera: str, begins: datetime, ends: datetime, path: Path) -> CutOut:
        self.asked.set()
        self.let_go.wait(20)
        raise FootageDiskError("the clip could not be written: make room")


@pytest.fixture
def full_disk(site: Site) -> Iterator[FullDisk]:
    before, disk = site.cutters["demo"], FullDisk()
    site.cutters["demo"] = disk
    yield disk
    disk.let_go.set()
    site.cutters["demo"] = before


def answers_meanwhile(site: Site, disk: FullDisk) -> bool:
    """Whether another page comes while the clip is cut."""
    assert disk.asked.wait(10)
    return httpx.get(f"{site.url}/sign-in", timeout=5).status_code == 200


def test_cutting_keeps_nobody_waiting_and_a_full_disk_is_told(
    page: Page, site: Site, full_disk: FullDisk
) -> None:
    page.goto(f"{site.url}/recordings")
    page.get_by_label("用途").fill("核实投诉")
    page.get_by_role("button", name="查找并保存").click()
    assert answers_meanwhile(site, full_disk)
    busy = page.locator("form[aria-busy=true]")
    expect(busy.get_by_role("status")).to_contain_text("正在查找")
    full_disk.let_go.set()
    expect(page.get_by_role("status")).to_contain_text("磁盘写不下这段录像")
    expect(busy).to_have_count(0)
    full_disk.begin_again()
    page.goto(f"{site.url}/complaints/{a_complaint(site)}")
    page.click('[data-act="gather"]')
    assert answers_meanwhile(site, full_disk)
    expect(page.locator(".next[aria-busy=true]")).to_contain_text("正在调取")
    expect(page.locator('[data-act="gather"]')).to_have_count(0)
    full_disk.let_go.set()
    expect(page.get_by_text("磁盘写不下那段录像")).to_be_visible()
    expect(page.locator('[data-act="gather"]')).to_contain_text("重新调取")
    assert grave_faults(page) == []
    page.goto(f"{site.url}/complaints")
    expect(page.locator("tbody tr").first).to_contain_text("没有人")
    assert grave_faults(page) == []


def a_complaint(site: Site) -> int:
    began = datetime.now(UTC) - timedelta(hours=1)
    said = Registration(Channel.PHONE, "w2", began, began + timedelta(minutes=5), "没有人")
    with site.world.database.session() as session:
        row = user_named(session, "zhou")
        assert row is not None
        who = Viewer(row.id, row.name, row.full_name, row.role, EVERY_HALL)
        return register(session, "demo", said, who, began)[0].id
