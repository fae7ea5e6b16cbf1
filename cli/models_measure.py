"""`hallwatch models evaluate`, `calibrate`: what a detector is worth, on pictures it never saw."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.errors import plain_errors
from cli.model_options import MANIFEST, Model, Set
from cli.picture_tables import LEAST_BOXES, elsewhere_rows, found_rows, markdown_lines
from models import dataset as sets
from models.curve import Curve
from models.evaluate import (
    Scores,
    Tallies,
    by_size,
    evaluate,
    figures_for_manifest,
    forgotten,
    tallied,
)
from models.manifest import ModelEntry, load_manifest
from models.register import registered
from models.reliability import (
    CONDUCT,
    Bin,
    bins,
    curve_of,
    diagram,
    expected_error,
    helps,
    pooled,
)
from models.session import OnnxDetector
from models.speed import timed
from vision.records import Label

CloseUps = Annotated[
    bool, typer.Option("--close-ups", help="For a network that looks at close-ups alone.")
]
FAINT = 0.01
"""Average precision asks for faint detections too."""


@plain_errors
def evaluate_command(
    dataset: Set,
    model: Model = None,
    manifest: Path = MANIFEST,
    split: Annotated[str, typer.Option(help="val or test.")] = sets.TEST,
    at_score: Annotated[float, typer.Option(help="For precision and recall.")] = 0.4,
    threads: int = 2,
    sizes: Annotated[bool, typer.Option("--sizes", help="By size of the boxes too.")] = False,
    against: Annotated[
        str | None, typer.Option(help="Another model of the manifest, side by side, with speed.")
    ] = None,
    close_ups: CloseUps = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="For docs/models.md.")] = False,
) -> None:
    """Measure a model on pictures that training never saw, by source and label."""
    known = load_manifest(manifest)
    entry = known.entry(model)
    pictures = _pictures(dataset, split, close_ups)
    if against is not None:
        _compared(known.entry(against), entry, pictures, threads, as_markdown)
        return
    detector = OnnxDetector(entry, threads=threads, least_score=FAINT)
    tallies = tallied(detector, pictures)
    scores = {
        source: {n: t.figures(at_score) for n, t in labels.items() if t.truths or t.scores}
        for source, labels in tallies.items()
    }
    if as_json:
        typer.echo(json.dumps(figures_for_manifest(scores), indent=1))
        return
    by_sizes = by_size(tallies, at_score) if sizes else {}
    elsewhere = elsewhere_rows({entry.id: scores})
    if as_markdown:
        tables = [found_rows(scores), *(found_rows(part) for part in by_sizes.values()), elsewhere]
        typer.echo("\n\n".join("\n".join(markdown_lines(table)) for table in tables))
        return
    told = f"unseen pictures (precision and recall at score {at_score:g})"
    Console().print(_table(f"{entry.id}: {told}", scores))
    for size, part in by_sizes.items():
        Console().print(_table(f"{entry.id}: {size} boxes", part))
    _print(f"told where it is not, at score {at_score:g}", elsewhere)


@plain_errors
def calibrate(
    dataset: Set,
    model: Model = None,
    manifest: Path = MANIFEST,
    split: Annotated[str, typer.Option(help="Pictures that neither training nor tests see.")] = (
        sets.VAL
    ),
    check: Annotated[str, typer.Option(help="Other pictures, to see whether it held.")] = sets.TEST,
    close_ups: CloseUps = False,
    threads: int = 2,
    figure: Annotated[Path | None, typer.Option(help="Draw the curves into this SVG.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Keep it in the manifest.")] = False,
) -> None:
    """Make a model's scores mean how often they are right, where they do not by themselves."""
    entry = replace(load_manifest(manifest).entry(model), calibration={})
    raw = OnnxDetector(entry, threads=threads)
    learnt, checked = (tallied(raw, _pictures(dataset, s, close_ups)) for s in (split, check))
    curves = {n: c for n in CONDUCT if (c := curve_of(learnt, n)) and helps(c, checked, n)}
    calibration = {label: (c.slope, c.shift) for label, c in curves.items()}
    points = {n: bins(*pooled(checked, n, curves.get(n))) for n in Label}
    for label, told in points.items():
        _told_reliability(label, told, checked, curves.get(label))
    if figure is not None:
        figure.write_text(diagram({n.name.lower(): p for n, p in points.items() if p}), "utf-8")
    if write:
        registered(replace(entry, calibration=calibration), manifest)
        typer.echo(f"the curves of {entry.id} are in {manifest}")


def _pictures(dataset: Path, split: str, close_ups: bool) -> list[sets.Labelled]:
    pictures = sets.read_dataset(dataset, split)
    return [p for p in pictures if not close_ups or p.source in sets.CLOSE_SOURCES]


def _told_reliability(
    label: Label, points: list[Bin], checked: Tallies, curve: Curve | None
) -> None:
    if not points:
        return
    error = expected_error(points)
    was = f" (raw {expected_error(bins(*pooled(checked, label))):.3f})" if curve else ""
    how = f"a={curve.slope:.3f} b={curve.shift:.3f}" if curve else "as the network tells it"
    typer.echo(f"{label.name.lower()}, {how}: calibration error {error:.3f}{was}")
    for point in points:
        typer.echo(
            f"  told at {point.low:.1f} to {point.high:.1f} (mean {point.mean_score:.2f}): "
            f"right {point.right}"
        )


def _compared(
    old: ModelEntry, new: ModelEntry, pictures: list[sets.Labelled], threads: int, markdown: bool
) -> None:
    """Two models side by side: AP of each source and label, and milliseconds a picture."""
    detectors = {e.id: OnnxDetector(e, threads=threads, least_score=FAINT) for e in (old, new)}
    before, now = (evaluate(d, pictures) for d in detectors.values())
    kept = forgotten(now, before, Label)
    title = ("source", "label", "boxes", f"AP (AP50) {old.id}", new.id, "kept")
    rows = []
    for source, labels in before.items():
        for label, f in labels.items():
            if f["truths"] < LEAST_BOXES:
                continue
            other = now[source].get(label, {"ap": 0.0, "ap50": 0.0})
            share = kept.get(f"{source}/{label.name.lower()}")
            figures = [f"{100 * x['ap']:.1f} ({100 * x['ap50']:.1f})" for x in (f, other)]
            told = "" if share is None else f"{share:.2f}"
            rows.append((source, label.name.lower(), f"{f['truths']:.0f}", *figures, told))
    elsewhere = elsewhere_rows({old.id: before, new.id: now})
    if markdown:
        typer.echo("\n".join([*markdown_lines([title, *rows]), "", *markdown_lines(elsewhere)]))
    else:
        _print(f"{old.id} and {new.id} on unseen pictures", [title, *rows])
        _print("told where it is not, at score 0.4", elsewhere)
    for name, shapes in timed(detectors).items():
        told = ", ".join(f"{shape} {ms:g} ms" for shape, ms in shapes.items())
        typer.echo(f"{'- ' if markdown else ''}{name} on {threads} threads: {told}")


def _print(title: str, rows: Sequence[Sequence[str]]) -> None:
    table = Table(*rows[0], title=title)
    for cells in rows[1:]:
        table.add_row(*cells)
    Console().print(table)


def _table(title: str, scores: Scores) -> Table:
    table = Table(title=title)
    for column in ("source", "label", "truths", "AP50", "AP", "precision", "recall"):
        table.add_column(column, justify="left" if column in ("source", "label") else "right")
    for source, labels in scores.items():
        for label, f in labels.items():
            cells = [f"{f['truths']:.0f}", *(f"{f[k]:.3f}" for k in ("ap50", "ap"))]
            cells += [f"{f[k]:.3f}" for k in ("precision", "recall")]
            table.add_row(source, label.name.lower(), *cells)
    return table
