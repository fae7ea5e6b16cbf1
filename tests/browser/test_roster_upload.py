"""Files that no office should send, dropped on the roster page in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from api.console.strings import Say
from api.roster.tables import ShiftRow
from api.settings import Settings
from tests.browser.conftest import Site, Watch
from tests.browser.test_console import opened

SAY = Say("zh")
TORN = b"PK\x03\x04" + b"\x00" * 4000
HEADER = "日期,窗口,岗位,工号,开始,结束\n"


def test_a_giant_file_is_told_and_changes_nothing(
    site: Site, page: Page, watch: Watch, tmp_path: Path
) -> None:
    giant = tmp_path / "班次.csv"
    giant.write_bytes(b"x" * (4 * Settings().upload_limit_bytes))
    refused(site, page, watch, giant, SAY("import_too_big"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("班次.xlsx", TORN),
        ("班次.csv", b"\xff\xfe\x00\x01\x02"),
        ("../../<img src=x onerror=alert(1)>.csv", HEADER.encode()),
        ("空.csv", b""),
    ],
)
def test_a_broken_file_is_told_and_changes_nothing(
    site: Site, page: Page, watch: Watch, name: str, content: bytes
) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    refused(site, page, watch, file, "什么都没有导入")


def refused(site: Site, page: Page, watch: Watch, file: Any, told: str) -> None:
    watch.expected = ("413", "422", "ERR_CONNECTION")
    with site.world.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(ShiftRow))
    opened(page, site, "/roster")
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.locator(".import-bad")).to_contain_text(told)
    with site.world.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ShiftRow)) == before
