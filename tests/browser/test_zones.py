"""Zones drawn in a real browser, with the mouse and with the keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def opened(page: Page, site: Site) -> Page:
    page.goto(f"{site.url}/zones")
    page.wait_for_selector(".place")
    return page


def click_at(page: Page, x: float, y: float) -> None:
    """Click a pixel of the camera's picture (960 x 540)."""
    svg = page.locator(".board svg[role=group]")
    box = svg.bounding_box()
    assert box is not None
    position = {"x": x * box["width"] / 960, "y": y * box["height"] / 540}
    svg.click(position=position, force=True)  # type: ignore[arg-type]


def test_a_new_window_is_drawn_tried_and_saved(site: Site, page: Page) -> None:
    opened(page, site)
    page.get_by_role("button", name="添加").click()
    page.get_by_label("名称").fill("5号窗口")
    page.locator(".sheet").get_by_role("button", name="添加").click()
    expect(page.locator(".q-dialog")).to_have_count(0)
    picks = page.locator('[data-place="w5"]')
    expect(picks).to_contain_text("5号窗口")
    for x, y in ((300, 20), (420, 20), (420, 120), (300, 120), (301, 21)):
        click_at(page, x, y)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".notice")).to_contain_text("5号窗口 · 柜台前: 还没有画")
    page.get_by_role("button", name="放一个方框").click()
    expect(page.locator("[data-corner]")).to_have_count(4)
    page.locator('[data-footage="hour"]').click()
    expect(page.locator(".tryout-counts")).to_contain_text("会消失 1")
    expect(page.locator(".tryout table")).to_contain_text("1号窗口")
    before, after = site.stage.tried[-1]
    assert [len(h.windows) for h in (before, after)] == [4, 5]
    page.get_by_role("button", name="保存").click()
    page.locator(".sheet").get_by_role("button", name="保存").click()
    expect(page.locator(".notice").last).to_contain_text("已保存")
    new = site.hall_file.read().windows[-1]
    assert (new.id, new.name, new.camera) == ("w5", "5号窗口", "cam1")
    assert new.staff.corners == ((300, 20), (420, 20), (420, 120), (300, 120))


def test_a_corner_is_moved_by_keyboard_and_taken_back(site: Site, page: Page) -> None:
    opened(page, site)
    page.locator('[data-zone="staff:w2"]').click()
    corner = page.locator('[data-corner="0"]')
    corner.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(corner).to_have_attribute("cx", "277")
    expect(corner).to_have_attribute("cy", "160")
    page.keyboard.press("Control+z")
    expect(corner).to_have_attribute("cy", "150")
    page.keyboard.press("Delete")
    expect(page.locator("[data-corner]")).to_have_count(3)
    page.keyboard.press("+")
    expect(page.locator("[data-corner]")).to_have_count(4)


def test_a_key_that_is_held_down_loses_no_step(site: Site, page: Page) -> None:
    """What the server says of the steps before comes in between."""
    opened(page, site)
    page.locator('[data-zone="staff:w2"]').click()
    page.locator('[data-corner="0"]').focus()
    page.evaluate(
        """async () => {
            for (let n = 0; n < 60; n++) {
                const held = new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true });
                document.querySelector('[data-corner="0"]').dispatchEvent(held);
                await new Promise((then) => setTimeout(then, 15));
            }
        }"""
    )
    expect(page.locator('[data-corner="0"]')).to_have_attribute("cx", "335")
    page.wait_for_timeout(500)  # and the last word is the same
    expect(page.locator('[data-corner="0"]')).to_have_attribute("cx", "335")


def test_edges_that_cross_are_said_in_words(site: Site, page: Page) -> None:
    opened(page, site)
    page.locator('[data-zone="staff:w1"]').click()
    page.get_by_role("button", name="重画").click()
    for x, y in ((500, 20), (640, 120), (640, 20), (500, 120)):
        click_at(page, x, y)
    page.keyboard.press("Enter")
    expect(page.locator(".board-hint")).to_have_text("边线互相交叉，请拖开")
    expect(page.locator('[data-zone="staff:w1"]')).to_have_attribute("aria-label", "工位：需要改正")


def test_a_threshold_beside_the_zones_is_saved(site: Site, page: Page) -> None:
    opened(page, site)
    page.locator('[data-zone="staff:w3"]').click()
    expect(page.locator(".thresholds .card-title")).to_have_text("阈值：3号窗口")
    page.locator(".fold-head", has_text="玩手机").click()
    field = page.get_by_label("累计达到").locator("visible=true").first
    field.fill("-1")
    expect(page.locator(".thresholds .field-error:visible").first).to_have_text(
        "请写一个不小于零的数"
    )
    field.fill("14")
    page.get_by_role("button", name="保存").click()
    page.locator(".sheet").get_by_role("button", name="保存").click()
    expect(page.locator(".notice").last).to_contain_text("已保存")
    windows = {w.id: w for w in site.hall_file.read().windows}
    assert windows["w3"].policies["phone_use"].held_s == 14
    assert windows["w2"].policies["phone_use"].held_s == 10


def dragged(page: Page, corner: int, x: float, y: float) -> tuple[str | None, str | None]:
    """Drag a corner to a pixel of the camera's picture; where it is then."""
    board = page.locator(".board svg[role=group]").bounding_box()
    grip = page.locator(f'[data-corner="{corner}"]')
    held = grip.bounding_box()
    assert board is not None
    assert held is not None
    page.mouse.move(held["x"] + held["width"] / 2, held["y"] + held["height"] / 2)
    page.mouse.down()
    scale = board["width"] / 960
    page.mouse.move(board["x"] + x * scale, board["y"] + y * scale, steps=3)
    page.mouse.up()
    return grip.get_attribute("cx"), grip.get_attribute("cy")


def test_a_corner_snaps_steps_are_redone_and_a_window_is_copied(site: Site, page: Page) -> None:
    opened(page, site)
    page.locator('[data-zone="staff:w2"]').click()
    corner = page.locator('[data-corner="0"]')
    expect(corner).to_have_attribute("cx", "275")
    assert dragged(page, 0, 244, 153) == ("240", "150")  # the corner of the window beside it
    assert dragged(page, 0, 300, 3) == ("300", "0")  # the picture's border
    page.keyboard.down("Alt")
    assert dragged(page, 0, 244, 153) == ("244", "153")  # nothing is near enough with Alt
    page.keyboard.up("Alt")
    for key, x in (("z", "300"), ("z", "240"), ("z", "275"), ("y", "240"), ("Shift+z", "300")):
        page.keyboard.press(f"Control+{key}")
        expect(corner).to_have_attribute("cx", x)
    page.get_by_role("button", name="重做").click()
    expect(corner).to_have_attribute("cx", "244")
    expect(page.get_by_role("button", name="重做")).to_be_disabled()
    page.locator('[data-place="w2"]').get_by_role("button", name="复制").click()
    page.locator(".sheet").get_by_role("button", name="复制").click()
    expect(page.locator(".notice").last).to_contain_text("2号窗口")
    expect(page.locator(".q-dialog")).to_have_count(0)
    page.get_by_role("button", name="大厅二号机").click()
    copy = page.locator(".place")
    expect(copy).to_have_count(1)
    expect(copy).to_contain_text("2号窗口")
    copy.locator('[data-zone^="staff:"]').click()
    expect(corner).to_have_attribute("cx", "244")
    expect(page.locator("[data-corner]")).to_have_count(4)
    assert "w2" not in str(copy.get_attribute("data-place"))
    assert all(w.camera == "cam1" for w in site.hall_file.read().windows)  # not saved
