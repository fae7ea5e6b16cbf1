"""Files that no office should send, dropped on the roster page in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from api.console.strings import Say
from api.roster.tables import ShiftRow
from api.settings import Settings
from tests.browser.conftest import Site, Watch
from tests.browser.test_console import opened

SAY = Say("zh")
TOO_MUCH = b"x" * (4 * Settings().upload_limit_bytes)
TORN = b"PK\x03\x04" + b"\x00" * 4000
HEADER = "日期,窗口,岗位,工号,开始,结束\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("班次.csv", TOO_MUCH, SAY("import_too_big")),
        ("班次.xlsx", TORN, "什么都没有导入"),
        ("班次.csv", b"\xff\xfe\x00\x01\x02", "什么都没有导入"),
        ("../../<img src=x onerror=alert(1)>.csv", HEADER.encode(), "什么都没有导入"),
        ("空.csv", b"", "什么都没有导入"),
    ],
)
def test_a_giant_or_broken_file_is_told_and_changes_nothing(
    site: Site, page: Page, watch: Watch, name: str, content: bytes, told: str
) -> None:
    watch.expected = ("413", "422", "ERR_CONNECTION")
    with site.world.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(ShiftRow))
    opened(page, site, "/roster")
    page.locator('input[type="file"]').set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    expect(page.locator(".import-bad")).to_contain_text(told)
    with site.world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ShiftRow)) == before
