"""Cameras added, changed and removed on the page of a hall that `hallwatch serve` watches: real
cameras, the real server in a process of its own, a real browser. The first camera is left alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from api.database import Database
from api.migrations import upgrade
from api.users.accounts import add_user, hash_of
from api.users.tables import Role
from tests.browser.conftest import PASSWORD, Watch, sign_in
from tests.rtsp_server import RtspServer

ROOT = Path(__file__).parents[2]
LIMIT_S = 180.0
HALL = """
[hall]
id = "h"
name = "大厅"

[[camera]]
id = "cam1"
name = "南门"
url = "{url}"
width = 640
height = 360
"""


@pytest.fixture
def cameras() -> Iterator[list[RtspServer]]:
    made = [RtspServer(size=[640, 360], key_every_s=0.5) for _ in range(3)]
    yield made
    for camera in made:
        camera.stop()


@pytest.fixture
def served(cameras: list[RtspServer], tmp_path: Path) -> Iterator[str]:
    (tmp_path / "hall.toml").write_text(HALL.format(url=cameras[0].url), encoding="utf-8")
    (tmp_path / "var").mkdir()
    database = Database(f"sqlite:///{tmp_path / 'var' / 'hallwatch.db'}")
    upgrade(database)
    with database.session() as session:
        add_user(session, "admin", "吴管理", Role.ADMIN, hash_of(PASSWORD), datetime.now(UTC))
    database.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.start", "serve", "--hall", tmp_path / "hall.toml",
         "--var", tmp_path / "var", "--port", str(port)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ},
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _until_it_answers(f"{address}/healthz")
        yield address
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _until_it_answers(address: str) -> None:
    ends_s = time.monotonic() + LIMIT_S
    while True:
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            assert time.monotonic() < ends_s
            time.sleep(0.3)


def test_a_camera_comes_changes_and_goes_while_the_hall_is_watched(
    cameras: list[RtspServer], served: str, chromium: Browser, watch: Watch
) -> None:
    _, second, third = cameras
    context = chromium.new_context(locale="zh-CN")
    context.set_default_timeout(1000 * LIMIT_S)
    expect.set_options(timeout=1000 * LIMIT_S)
    page = context.new_page()
    watch.follow(page)
    page.goto(f"{served}/sign-in?next=/cameras")
    sign_in(page, "admin")
    page.wait_for_function("window.did_handshake === true")
    rows, sheet = page.locator(".cameras tbody tr"), page.locator(".sheet-camera")
    expect(rows.first).to_contain_text("正常")
    expect(rows.first).to_contain_text("检查于")

    page.get_by_role("button", name="添加摄像机").click()
    sheet.get_by_label("名称").fill("北门")
    sheet.get_by_label("地址").fill(second.url)
    sheet.get_by_role("button", name="试一试").click()
    expect(sheet.get_by_text("编码 h264：合适")).to_be_visible()
    sheet.get_by_role("button", name="保存").click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("正常")

    rows.nth(1).get_by_role("button", name="修改").click()
    sheet.get_by_label("地址").fill(third.url)
    sheet.get_by_role("button", name="试一试").click()
    expect(sheet.get_by_text("编码 h264：合适")).to_be_visible()
    sheet.get_by_role("button", name="保存").click()
    expect(rows.nth(1)).to_contain_text(str(third.port))
    second.stop()
    expect(rows.nth(1)).to_contain_text("正常")
    third.stop()
    expect(rows.nth(1)).to_contain_text("没有画面")  # it was the third that was watched

    rows.nth(1).get_by_role("button", name="移除").click()
    page.locator(".sheet").get_by_role("button", name="移除").click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("正常")
    expect.set_options(timeout=5_000)
    context.close()
