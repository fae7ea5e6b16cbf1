"""The arrows of docs/architecture.md: who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY: dict[str, set[str]] = {
    "vision": set(),
    "models": {"vision"},
    "cameras": {"vision"},
    "api": {"vision"},
    "cli": {"vision", "models", "cameras", "api"},
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("package", sorted(MAY))
def test_imports_follow_the_arrows(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in imported(path)
        if name.split(".")[0] in set(MAY) | {"tests", "benchmarks"}
        and name.split(".")[0] not in MAY[package] | {package}
    ]
    assert wrong == []


def test_no_file_is_too_long_to_read() -> None:
    files = [p for package in (*MAY, "tests") for p in (ROOT / package).rglob("*.py")]
    assert [str(p) for p in files if len(p.read_text("utf-8").splitlines()) > 600] == []
