"""The docs name every threshold with its default, and only files that exist."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from vision.rules import rulebook

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_hall_file_page_lists_every_threshold() -> None:
    page = (ROOT / "docs" / "hall-file.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `(\w+)` \| `(\w+)` \| (\S+) \|$", page, re.MULTILINE))
    true = {
        (rule.id, f.name, str(f.default).lower() if f.type == "bool" else f"{f.default:g}")
        for rule in rulebook().values()
        for f in fields(rule.policy)
    }
    assert rows == true


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []
