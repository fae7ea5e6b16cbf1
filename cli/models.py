"""`hallwatch models ...`: making, measuring and shipping the hall's detector.

torch and ultralytics are only needed by `train` and `export` (the `train` extra).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.errors import plain_errors
from models import dataset as sets
from models.evaluate import Scores, evaluate, figures_for_manifest
from models.manifest import SHIPPED, ManifestError, ModelEntry, load_manifest, verified_bytes
from models.mistakes import mistaken
from models.register import described, registered
from models.session import OnnxDetector
from vision.records import Label

models_app = typer.Typer(no_args_is_help=True, help="Make, measure and ship the hall's detector.")
MANIFEST = SHIPPED / "manifest.toml"
CONDUCT = (Label.PHONE, Label.FOOD, Label.HEAD_DOWN, Label.PAUSE_SIGN)
"""Labels whose mistakes are worth showing again."""

Set = Annotated[Path, typer.Option("--set", help="A training set made by `models dataset`.")]
Start = Annotated[Path, typer.Option(help="Starting weights: an ultralytics YOLO26 checkpoint.")]


class TrainExtraMissingError(ManifestError):
    """torch or ultralytics is not installed."""


@models_app.command("dataset")
@plain_errors
def dataset(
    target: Annotated[Path, typer.Argument(help="The folder to make.")],
    photos: Annotated[list[Path], typer.Option(help="Folder of photos with sources.csv.")],
    rendered: Annotated[
        list[Path] | None, typer.Option(help="Rendered scenes: train/, val/ and test/ folders.")
    ] = None,
    coco_train: Annotated[Path | None, typer.Option(help="COCO photos to learn from.")] = None,
    coco_check: Annotated[Path | None, typer.Option(help="COCO photos only measured on.")] = None,
) -> None:
    """Build a YOLO training set; classes that a source does not label are masked, not absent."""
    pictures = [p for folder in photos for p in sets.read_folder(folder)]
    for folder in rendered or ():
        for split in (sets.TRAIN, sets.VAL, sets.TEST):
            if (folder / split).is_dir():
                pictures += sets.read_folder(folder / split, split)
    if coco_train:
        pictures += sets.read_coco(coco_train, "cocotrain", sets.TRAIN)
    if coco_check:
        pictures += sets.read_coco(coco_check, "cococheck", sets.TEST)
    for source, count in sorted(sets.write_dataset(pictures, target).items()):
        typer.echo(f"{source}: {count}")


@models_app.command("train")
@plain_errors
def train(
    folder: Annotated[Path, typer.Argument(help="Where checkpoints go; gone on with if there.")],
    dataset: Set,
    start: Start,
    steps: Annotated[int, typer.Option(help="Batches in all.")] = 4000,
    seed: int = 1,
    threads: int = 2,
    device: Annotated[str, typer.Option(help="cpu, cuda, cuda:0 ...")] = "cpu",
    first: Annotated[Path | None, typer.Option(help="Begin with this checkpoint.")] = None,
    cut_outs: Annotated[
        Path | None, typer.Option(help="COCO photos whose food and cups replace rendered ones.")
    ] = None,
    rate: Annotated[float, typer.Option(help="The new classes' highest learning rate.")] = 1e-3,
    mistakes_of: Annotated[
        str | None, typer.Option(help="Show the pictures on which this model errs four times.")
    ] = None,
    limit_s: Annotated[float, typer.Option(help="Stop, resumably, after so long.")] = float("inf"),
    manifest: Path = MANIFEST,
) -> None:
    """Train the detector; interrupted training goes on where it stopped."""
    try:
        from models.train import cutouts, loop
    except ModuleNotFoundError as error:
        raise _without_extra(error) from error
    plan = loop.Plan(steps=steps, rate=rate, seed=seed, threads=threads, limit_s=limit_s)
    pictures = sets.read_dataset(dataset, sets.TRAIN)
    if mistakes_of:
        judge = OnnxDetector(load_manifest(manifest).entry(mistakes_of), threads=threads)
        pictures += 3 * mistaken(judge, pictures, CONDUCT)
    laid = cutouts.read_cutouts(cut_outs) if cut_outs else []
    last = loop.train(
        pictures, start, folder, plan, first=first, cutouts=laid, device=device, say=typer.echo
    )
    typer.echo(f"{last}")


@models_app.command("export")
@plain_errors
def export(
    target: Annotated[Path, typer.Argument(help="The ONNX file to write.")],
    start: Start,
    checkpoint: Annotated[
        Path | None, typer.Option(help="A checkpoint of ours; none: the starting weights.")
    ] = None,
    head: Annotated[str, typer.Option(help="one-to-one or one-to-many.")] = "one-to-one",
) -> None:
    """Write weights as ONNX and check that ONNX Runtime sees what torch sees."""
    try:
        from models.train import export as exporting
        from models.train.nets import load_net, load_start
    except ModuleNotFoundError as error:
        raise _without_extra(error) from error
    net = load_net(checkpoint, start) if checkpoint else load_start(start)
    opset = exporting.export_onnx(net, target, head)
    typer.echo(f"{target} ({target.stat().st_size} bytes, opset {opset})")


@models_app.command("evaluate")
@plain_errors
def evaluate_command(
    dataset: Set,
    model: Annotated[str | None, typer.Option(help="A model of the manifest, by id.")] = None,
    manifest: Path = MANIFEST,
    split: Annotated[str, typer.Option(help="val or test.")] = sets.TEST,
    at_score: Annotated[float, typer.Option(help="For precision and recall.")] = 0.4,
    threads: int = 2,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Measure a model on pictures that training never saw, by source and label."""
    entry = load_manifest(manifest).entry(model)
    pictures = sets.read_dataset(dataset, split)
    detector = OnnxDetector(entry, threads=threads, least_score=0.01)
    scores = evaluate(detector, pictures, at_score=at_score)
    if as_json:
        typer.echo(json.dumps(figures_for_manifest(scores), indent=1))
    else:
        Console().print(_table(entry.id, scores, at_score))


@models_app.command("list")
@plain_errors
def list_models(manifest: Path = MANIFEST) -> None:
    """The models of the manifest, the default one first, each checked."""
    for entry in load_manifest(manifest).entries:
        size = len(verified_bytes(entry))
        typer.echo(f"{entry.id}  {entry.path.name}  {size} bytes  {entry.sha256[:12]}")
        typer.echo(f"  {entry.head}, opset {entry.opset}, made {entry.made_at}, {entry.licence}")
        for source, figures in entry.measured.items():
            told = ", ".join(f"{name} {value:g}" for name, value in figures.items())
            typer.echo(f"  {source}: {told}")


@models_app.command("add")
@plain_errors
def add(
    model: Annotated[str, typer.Argument(help="Its id in the manifest.")],
    file: Annotated[Path, typer.Argument(help="The ONNX file, beside the manifest.")],
    licence: Annotated[str, typer.Option()],
    trained_on: Annotated[list[str], typer.Option(help="What it saw; may be given again.")],
    command: Annotated[str, typer.Option(help="The command that makes it.")],
    head: Annotated[str, typer.Option(help="one-to-one or one-to-many.")] = "one-to-one",
    measured: Annotated[
        Path | None, typer.Option(help="What `models evaluate --json` printed.")
    ] = None,
    manifest: Path = MANIFEST,
    default: Annotated[bool, typer.Option("--default", help="Make it the default.")] = False,
) -> None:
    """Register an exported file in the manifest, after trying it."""
    figures = json.loads(measured.read_text("utf-8")) if measured else {}
    names = {label.name.lower(): label for label in Label}
    entry = described(
        model, file, labels={**sets.COCO_LABELS, **names}, head=head, licence=licence,
        trained_on=trained_on, command=command, made_at=datetime.now(UTC), measured=figures,
    )  # fmt: skip
    _tried(entry)
    registered(entry, manifest, first=default)
    typer.echo(f"{model} is in {manifest}")


def _tried(entry: ModelEntry) -> None:
    """Raises what is wrong with a model before it is written down."""
    OnnxDetector(entry)


def _without_extra(error: ModuleNotFoundError) -> TrainExtraMissingError:
    return TrainExtraMissingError(
        f"{error.name} is not installed: training needs the `train` extra "
        "(pip install 'hallwatch[train]')"
    )


def _table(model: str, scores: Scores, at_score: float) -> Table:
    table = Table(title=f"{model}: unseen pictures (precision and recall at score {at_score:g})")
    for column in ("source", "label", "truths", "AP50", "AP", "precision", "recall"):
        table.add_column(column, justify="left" if column in ("source", "label") else "right")
    for source, labels in scores.items():
        for label, f in labels.items():
            cells = [f"{f['truths']:.0f}", *(f"{f[k]:.3f}" for k in ("ap50", "ap"))]
            cells += [f"{f[k]:.3f}" for k in ("precision", "recall")]
            table.add_row(source, label.name.lower(), *cells)
    return table
