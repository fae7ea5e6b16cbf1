"""How often a detector is right when it says how sure it is, and the curves that make its scores
say just that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.curve import Curve, logit, sigmoid
from models.evaluate import Tallies
from models.intervals import Share
from vision.records import DOING, Label

Floats = NDArray[np.float64]
CONDUCT = (
    Label.PHONE, Label.FOOD, Label.CIGARETTE, Label.READING, *DOING,
)  # fmt: skip
"""Labels whose scores are made into probabilities: the rules compare them with limits, and people
read them. Those of people and signs have limits of their own in the hall file."""
EDGES = np.array([0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
LEAST_TOLD = 30
"""A curve is not fitted on fewer boxes told, nor on fewer than a third as many right ones."""


WORTH = 0.01


@dataclass(frozen=True, slots=True)
class Bin:
    """Boxes told with a score from `low` to below `high`: their mean score, and how many of them
    were right."""

    low: float
    high: float
    mean_score: float
    right: Share


def pooled(
    tallies: Tallies, label: Label, curve: Curve | None = None
) -> tuple[Floats, NDArray[np.bool_]]:
    """Scores, by the curve where one is given, and whether they were right (IoU 0.5), over all
    sources that judge the label: what is told of pictures that show none of it counts as wrong."""
    mine = [labels[label] for labels in tallies.values() if label in labels]
    scores = np.array([s for t in mine for s in t.scores], np.float64)
    if curve is not None:
        scores = curve(scores).astype(np.float64)
    return scores, np.array([h[0] for t in mine for h in t.hits], bool)


def curve_of(tallies: Tallies, label: Label) -> Curve | None:
    """The fitted curve, or None on too few boxes."""
    scores, right = pooled(tallies, label)
    if len(scores) < LEAST_TOLD or right.sum() < LEAST_TOLD / 3 or right.all():
        return None
    return fitted(scores, right)


def helps(curve: Curve, tallies: Tallies, label: Label) -> bool:
    """Whether the curve lowers the calibration error on other pictures than it was fitted on, by
    enough to be worth having: one fitted on rendered halls may do harm on photographs."""
    raw, made = (expected_error(bins(*pooled(tallies, label, c))) for c in (None, curve))
    return made < raw - WORTH


def fitted(scores: Floats, right: NDArray[np.bool_]) -> Curve:
    """Logistic regression of `right` on the scores' logits by Newton's method, with Platt's
    targets, which keep a separable sample from running away."""
    x = np.stack([logit(scores), np.ones(len(scores))], axis=1)
    hits, misses = right.sum(), (~right).sum()
    target = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))
    weights = np.array([1.0, 0.0])
    for _ in range(50):
        p = sigmoid(x @ weights)
        slope = x.T @ (p - target)
        bend = (x * (p * (1 - p))[:, None]).T @ x + 1e-9 * np.eye(2)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    return Curve(float(weights[0]), float(weights[1]))


def bins(scores: Floats, right: NDArray[np.bool_]) -> list[Bin]:
    """The reliability diagram's points; empty bins are left out."""
    found = []
    for low, high in pairwise(EDGES):
        inside = (scores >= low) & ((scores < high) | (high == 1.0))
        if inside.any():
            share = Share(int(right[inside].sum()), int(inside.sum()))
            found.append(Bin(float(low), float(high), float(scores[inside].mean()), share))
    return found


def expected_error(points: Sequence[Bin]) -> float:
    """The expected calibration error: how far, on average over boxes told, the score is from the
    share that is right."""
    told = sum(b.right.whole for b in points)
    gaps = (b.right.whole * abs(b.mean_score - (b.right.value or 0.0)) for b in points)
    return sum(gaps) / told if told else 0.0


def diagram(curves: Mapping[str, Sequence[Bin]], width_px: int = 640) -> str:
    """Reliability diagrams side by side as SVG: score across, share right upward, bars of 95%."""
    side, gap, left, top = 150, 46, 40, 34
    columns = max(1, (width_px - left) // (side + gap))
    rows = -(-len(curves) // columns)
    height = top + rows * (side + gap + 16)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width_px} {height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width_px}" height="{height}" fill="#fff"/>',
    ]
    for number, (title, points) in enumerate(curves.items()):
        x = left + (number % columns) * (side + gap)
        y = top + (number // columns) * (side + gap + 16)
        parts += _panel(title, points, x, y, side)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(title: str, points: Sequence[Bin], x: int, y: int, side: int) -> list[str]:
    def place(score: float, share: float) -> tuple[float, float]:
        return round(x + side * score, 1), round(y + side * (1 - share), 1)

    parts = [
        f'<text x="{x}" y="{y - 8}" fill="#222">{title}</text>',
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="none" stroke="#999"/>',
        f'<path d="M{x} {y + side}L{x + side} {y}" stroke="#bbb" stroke-dasharray="3 3"/>',
        f'<text x="{x}" y="{y + side + 14}" fill="#555">0</text>',
        f'<text x="{x + side / 2}" y="{y + side + 14}" text-anchor="middle" fill="#555">'
        "score</text>",
        f'<text x="{x + side}" y="{y + side + 14}" text-anchor="end" fill="#555">1</text>',
    ]
    for point in points:
        low, high = point.right.interval
        (px, py), (_, y1), (_, y2) = (
            place(point.mean_score, v) for v in (point.right.value or 0.0, low, high)
        )
        parts.append(f'<path d="M{px} {y1}V{y2}" stroke="#1f5fa8" stroke-width="1.5"/>')
        parts.append(f'<circle cx="{px}" cy="{py}" r="3" fill="#1f5fa8"/>')
    return parts
