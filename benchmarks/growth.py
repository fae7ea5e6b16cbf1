"""How what a machine needs grows with its cameras, as a picture (SVG)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDE, HIGH = 320, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 34, 40
INK, FAINT = "#333", "#ccc"


@dataclass(frozen=True, slots=True)
class Panel:
    """One curve. least: what its axis reaches at the least."""

    name: str
    title: str
    colour: str
    least: float
    form: str


PANELS = (
    Panel("busy", "share of all cores", "#0b6e4f", 1.0, ".1f"),
    Panel("memory_mib", "memory, MiB", "#b4541a", 100.0, ".0f"),
    Panel("stretch", "slowing down, times", "#6a3d9a", 2.0, ".1f"),
    Panel("p95_s", "alert after rule time, p95, s", "#1f5f99", 1.5, ".1f"),
)


def plot(rows: Sequence[dict[str, Any]]) -> str:
    """Four panels over the number of cameras."""
    parts = [_panel(panel, rows, WIDE * (i % 2), HIGH * (i // 2)) for i, panel in enumerate(PANELS)]
    size = f"{2 * WIDE} {2 * HIGH}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" font-family="sans-serif" '
        f'font-size="12" fill="{INK}"><rect width="100%" height="100%" fill="white"/>'
        f"{''.join(parts)}</svg>\n"
    )


def _panel(panel: Panel, rows: Sequence[dict[str, Any]], x0: float, y0: float) -> str:
    known = [r for r in rows if r[panel.name] is not None]
    top = 1.1 * max([panel.least, *(r[panel.name] for r in known)])
    most = max(r["cameras"] for r in rows)

    def x(cameras: float) -> float:
        return x0 + LEFT + (WIDE - LEFT - RIGHT) * cameras / most

    def y(value: float) -> float:
        return y0 + HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * value / top

    grid = "".join(
        f'<path d="M{x(0):.1f} {y(v):.1f}H{x(most):.1f}" stroke="{FAINT}"/>'
        f'<text x="{x(0) - 5:.1f}" y="{y(v) + 4:.1f}" text-anchor="end">{v:{panel.form}}</text>'
        for v in (0.0, top / 2.2, top / 1.1)
    )
    ticks = "".join(
        f'<text x="{x(r["cameras"]):.1f}" y="{y(0) + 16:.1f}" text-anchor="middle">'
        f"{r['cameras']}</text>"
        for r in rows
    )
    points = [(x(r["cameras"]), y(r[panel.name])) for r in known]
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
    dots = "".join(
        f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="{panel.colour}"/>' for px, py in points
    )
    return (
        f'<text x="{x0 + LEFT}" y="{y0 + 20}" font-weight="bold" fill="{panel.colour}">'
        f"{panel.title}</text>{grid}{ticks}"
        f'<text x="{x(most / 2):.1f}" y="{y(0) + 32:.1f}" text-anchor="middle">cameras</text>'
        f'<polyline points="{path}" fill="none" stroke="{panel.colour}" stroke-width="2"/>{dots}'
    )
