"""`make bench` writes its section in place, says up to where all is well, and draws it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from benchmarks.growth import plot
from benchmarks.machine import HEADING, CannotCompareError, check_rivals, put, section


def told(cameras: int, keeps: bool = True, stretch: float = 1.0) -> dict[str, Any]:
    rule = {"events": 4, "found": 4 if keeps else 3, "extra": 0, "p95_s": 0.9, "keeps": keeps}
    return {
        "cameras": cameras, "cpu_ms": 60.0, "busy": 0.03 * cameras, "efficiency": 0.85,
        "wholes_hz": 0.4, "close_ups_hz": 0.9, "stretch": stretch, "p95_s": 0.9,
        "rules": {"eating": rule},
        "dropped": 0, "memory_mib": 300.0 + 20 * cameras,
    }  # fmt: skip


def test_the_section_is_written_in_place(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text(f"# Benchmarks\n\n{HEADING}\n\nworn out\n\n## After\n\nstays\n", "utf-8")
    full = [told(32), told(64, keeps=False, stretch=1.7)]
    put(page, section([told(1), *full], full, "| prices |", "profile", weighed=False))
    text = page.read_text("utf-8")
    assert "worn out" not in text
    assert text.count(HEADING) == 1
    assert text.endswith("## After\n\nstays\n")
    assert "Every rule finds its events in time with 32 cameras." in text
    assert "With 64 these do not: `eating`." in text
    assert "With 64 the machine looks 1.7 times as seldom at the worst." in text
    assert "| 64 | `eating` | 3 of 4 | 0 | 0.90 | no |" in text


def test_the_plot_is_a_picture() -> None:
    picture = ET.fromstring(plot([told(1), told(8) | {"p95_s": None}, told(64)]))
    assert len(picture.findall(".//{*}polyline")) == 4
    assert len(picture.findall(".//{*}circle")) == 4 * 3 - 1


def test_what_the_comparison_needs_is_said_first(tmp_path: Path) -> None:
    with pytest.raises(CannotCompareError, match="weights"):
        check_rivals(tmp_path / "none.pt", tmp_path)
    weights = tmp_path / "some.pt"
    weights.touch()
    with pytest.raises(CannotCompareError, match="train-env"):
        check_rivals(weights, tmp_path / "python")
