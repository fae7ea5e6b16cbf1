"""Tables of how right a detector is, picture by picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.evaluate import Scores
from models.intervals import Share
from models.reliability import CONDUCT

LEAST_BOXES, LEAST_WITHOUT = 5, 10
Rows = list[Sequence[str]]
"""A table's title and its rows."""


def found_rows(scores: Scores) -> Rows:
    """What is found; labels with fewer than LEAST_BOXES are left out."""
    rows: Rows = [("pictures", "label", "boxes", "AP50", "AP", "precision", "recall (95%)")]
    for source, labels in scores.items():
        for label, f in labels.items():
            if f["truths"] < LEAST_BOXES:
                continue
            low, high = Share(round(f["recall"] * f["truths"]), int(f["truths"])).interval
            share = f"{f['recall']:.2f} ({low:.2f} to {high:.2f})"
            sizes = [f"{f['truths']:.0f}", *(f"{100 * f[name]:.1f}" for name in ("ap50", "ap"))]
            rows.append((source, label.name.lower(), *sizes, f"{f['precision']:.2f}", share))
    return rows


def elsewhere_rows(models: Mapping[str, Scores]) -> Rows:
    """In how many pictures that show none of it each model tells conduct: a label that is told of
    every photo of a kind finds all there are, and means nothing."""
    rows: Rows = [("pictures", "label", "without", *(f"told by {name}" for name in models))]
    for source in next(iter(models.values())):
        for label in CONDUCT:
            figures = [f for told in models.values() if (f := told[source].get(label))]
            without = max((f["without"] for f in figures), default=0)
            false = [told[source].get(label, {"false": 0})["false"] for told in models.values()]
            if without >= LEAST_WITHOUT and any(false):
                told_in = (f"{count:.0f}" for count in false)
                rows.append((source, label.name.lower(), f"{without:.0f}", *told_in))
    return rows


def markdown_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table, its title first."""
    title, *others = rows
    return [f"| {' | '.join(cells)} |" for cells in (title, ("---",) * len(title), *others)]
