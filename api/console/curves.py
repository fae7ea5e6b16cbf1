"""A day as a curve: drawn on the server, without a script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from api.console import parts

WIDTH, HEIGHT = 240, 44
"""Of the drawing's own units; the page stretches it."""
BREAK = timedelta(seconds=90)
"""A longer pause between two points is a hole in the curve."""
POINTS = 240
"""As many are drawn at most: the largest of each stretch, so that no peak is lost."""

Point = tuple[datetime, float | None]


def curve(points: Sequence[Point], until: datetime, span: timedelta, *, label: str) -> None:
    """The values of the last `span` before `until`; None and pauses are holes. `label` says to
    those who cannot see it what the curve shows."""
    top = max((v for _, v in points if v is not None), default=0.0) or 1.0
    with parts.box(
        "curve", "svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", preserveAspectRatio="none", role="img",
        aria_label=label,
    ):  # fmt: skip
        parts.box("curve-floor", "line", x1="0", y1=str(HEIGHT), x2=str(WIDTH), y2=str(HEIGHT))
        parts.box("curve-line", "path", d=path_of(points, until, span, top))


def path_of(points: Sequence[Point], until: datetime, span: timedelta, top: float) -> str:
    """The curve as an SVG path; `top` is the value at its upper edge."""
    drawn: list[str] = []
    last: datetime | None = None
    for at, value in thinned(points):
        if value is None:
            last = None
            continue
        x = WIDTH * (1 - (until - at) / span)
        y = HEIGHT - (HEIGHT - 2) * min(value / top, 1.0)
        go_on = last is not None and at - last <= max(BREAK, 2 * span / POINTS)
        drawn.append(f"{'L' if go_on else 'M'}{x:.1f} {y:.1f}")
        last = at
    return " ".join(drawn)


def thinned(points: Sequence[Point]) -> list[Point]:
    """At most `POINTS` of them: of each stretch the largest."""
    step = max(1, -(-len(points) // POINTS))
    return [
        max(points[i : i + step], key=lambda p: -1.0 if p[1] is None else p[1])
        for i in range(0, len(points), step)
    ]
