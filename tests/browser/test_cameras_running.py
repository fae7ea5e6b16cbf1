"""Cameras added, changed and removed on the page of a hall that is being watched: real cameras, the
real server, a real browser. The other camera goes on as if nothing had happened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, expect

from api.users.accounts import add_user, hash_of
from api.users.tables import Role
from tests.browser.conftest import PASSWORD, Watch, sign_in
from tests.live_hall import LiveHall, live_hall, until
from tests.rtsp_server import RtspServer


def packets(hall: LiveHall) -> dict[str, int]:
    return {health.camera: health.packets for health in hall.watch.crew.health()}


def seen(hall: LiveHall, camera: str) -> bool:
    """Whether its pictures come."""
    return any(h.camera == camera and h.last_picture for h in hall.watch.crew.health())


def test_a_camera_comes_changes_and_goes_while_the_hall_is_watched(
    tmp_path: Path, chromium: Browser, watch: Watch
) -> None:
    orders = {"size": [640, 360], "key_every_s": 0.5}
    with (
        RtspServer(**orders) as second,
        RtspServer(**orders) as third,
        live_hall(tmp_path, blind_after_s=60.0) as hall,
        hall.served() as url,
    ):
        with hall.database.session() as session:
            add_user(session, "admin", "吴管理", Role.ADMIN, hash_of(PASSWORD), datetime.now(UTC))
        context = chromium.new_context(locale="zh-CN")
        context.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        page = context.new_page()
        watch.follow(page)
        page.goto(f"{url}/sign-in?next=/cameras")
        sign_in(page, "admin")
        page.wait_for_function("window.did_handshake === true")
        rows, sheet = page.locator(".cameras tbody tr"), page.locator(".sheet-camera")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("关键帧间隔")  # what the check found, in words

        page.get_by_role("button", name="添加摄像机").click()
        sheet.get_by_label("名称").fill("北门")
        sheet.get_by_label("地址").fill(second.url)
        sheet.get_by_role("button", name="试一试").click()
        expect(sheet.get_by_text("编码 h264：合适")).to_be_visible()
        sheet.get_by_role("button", name="保存").click()
        expect(rows).to_have_count(2)
        until(lambda: seen(hall, "cam1"))
        expect(rows.nth(1)).to_contain_text("正常")

        rows.nth(1).get_by_role("button", name="修改").click()
        sheet.get_by_label("地址").fill(third.url)
        sheet.get_by_role("button", name="试一试").click()
        expect(sheet.get_by_text("编码 h264：合适")).to_be_visible()
        sheet.get_by_role("button", name="保存").click()
        expect(rows.nth(1)).to_contain_text(str(third.port))
        second.stop()
        until(lambda: packets(hall).get("cam1", 0) > 20)  # they are the third one's

        before = packets(hall)["c"]
        rows.nth(1).get_by_role("button", name="移除").click()
        page.locator(".sheet").get_by_role("button", name="移除").click()
        expect(rows).to_have_count(1)
        until(lambda: "cam1" not in packets(hall))
        until(lambda: packets(hall)["c"] > before)
        assert hall.health().reconnects == 0
        hall.absence(1)
        expect.set_options(timeout=5_000)
        context.close()
