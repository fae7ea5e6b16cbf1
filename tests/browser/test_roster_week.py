"""The week grid in a real browser: shifts drawn, moved, stretched and removed."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from api.roster.tables import PatternSkipRow, ShiftPatternRow, ShiftRow
from tests.browser.conftest import Site

HOUR_PX = 44
WEEK = "/roster/week?window=w4&day=2026-11-25"


def at(page: Page, day: int, hour: float) -> tuple[float, float]:
    """Where that local time is on the screen."""
    column = page.locator(".week-column").nth(day).bounding_box()
    assert column is not None
    return column["x"] + column["width"] / 2, column["y"] + (hour - 7) * HOUR_PX


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def test_a_week_is_made_by_mouse_and_keyboard(page: Page, site: Site) -> None:
    page.goto(site.url + WEEK)
    page.wait_for_selector(".week-column")
    page.evaluate("scrollTo(0, 0)")
    drag(page, at(page, 0, 9), at(page, 0, 11))
    sheet = page.locator(".sheet")
    expect(sheet.get_by_label("开始")).to_have_value("09:00")
    expect(sheet.get_by_label("结束")).to_have_value("11:00")
    sheet.get_by_label("人员").select_option("1004")
    sheet.get_by_label("重复").select_option("workdays")
    sheet.get_by_text("保存").click()
    blocks = page.locator(".week-block")
    expect(blocks).to_have_count(5)
    expect(blocks.first).to_contain_text("陈立")
    expect(sheet).to_have_count(0)

    drag(page, at(page, 2, 10), at(page, 3, 13))  # Wednesday's goes to Thursday afternoon
    expect(page.locator(".week-block[data-key^=s]")).to_contain_text("12:00–14:00")
    single = page.locator(".week-block[data-key^=s]")
    edge = single.locator(".week-edge-bottom").bounding_box()
    assert edge is not None
    middle = (edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2)
    drag(page, middle, (middle[0], middle[1] + HOUR_PX))
    expect(single).to_contain_text("12:00–15:00")

    single.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(single).to_contain_text("12:30–15:30")
    single.focus()
    page.keyboard.press("Delete")
    expect(blocks).to_have_count(4)

    with site.world.database.session() as session:
        (pattern,) = session.scalars(
            select(ShiftPatternRow).where(ShiftPatternRow.window_id == "w4")
        )
        assert (pattern.start_min, pattern.end_min, pattern.weekdays) == (540, 660, 0b0011111)
        (skip,) = session.scalars(select(PatternSkipRow))
        assert skip.day.isoformat() == "2026-11-25"
        assert not session.scalars(select(ShiftRow).where(ShiftRow.window_id == "w4")).all()
        session.execute(delete(PatternSkipRow))
        session.execute(delete(ShiftPatternRow))
