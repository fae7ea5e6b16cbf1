"""`hallwatch models ...`: making, measuring and shipping the hall's detector.

torch, ultralytics and onnx are only needed by `train`, `export`, `average` and `quantize` (the
`train` extra).
In the training environment, which lacks the product's packages, call it as `python -m cli.models`;
the commands that need cameras or the database are added in `cli.models_here`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.errors import plain_errors
from cli.model_options import MANIFEST, Set
from cli.models_measure import calibrate, evaluate_command
from cli.models_teach import teach_sign
from models import dataset as sets
from models.manifest import (
    ManifestError,
    ModelEntry,
    load_manifest,
    together,
    verified_bytes,
)
from models.mistakes import mistaken
from models.register import described, registered
from models.session import OnnxDetector
from vision.records import DOING, Label

models_app = typer.Typer(no_args_is_help=True, help="Make, measure and ship the hall's detector.")
models_app.command("evaluate")(evaluate_command)
models_app.command("calibrate")(calibrate)
models_app.command("teach-sign")(teach_sign)
CONDUCT = (Label.PHONE, Label.FOOD, *DOING, Label.PAUSE_SIGN)
"""Labels whose mistakes are worth showing again."""

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
        pictures += sets.read_coco(coco_train, sets.COCO_TRAIN, sets.TRAIN)
    if coco_check:
        pictures += sets.read_coco(coco_check, sets.COCO_CHECK, sets.TEST)
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
    seats_only: Annotated[
        bool, typer.Option("--seats-only", help="A network for close-ups of seats alone.")
    ] = False,
    bfloat16: Annotated[
        bool, typer.Option("--bfloat16", help="Faster on processors with AVX512-BF16, and on CUDA.")
    ] = False,
    manifest: Path = MANIFEST,
) -> None:
    """Train the detector; interrupted training goes on where it stopped."""
    with _train_extra():
        from models.train import cutouts, loop
    made = loop.Plan.of_seats if seats_only else loop.Plan
    plan = made(
        steps=steps, rate=rate, seed=seed, threads=threads, limit_s=limit_s, bfloat16=bfloat16
    )
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
    head: Annotated[str, typer.Option(help="one-to-one or one-to-many.")] = "one-to-many",
) -> None:
    """Write weights as ONNX and check that ONNX Runtime sees what torch sees."""
    with _train_extra():
        from models.train import export as exporting
        from models.train.nets import load_net, load_start
    net = load_net(checkpoint, start) if checkpoint else load_start(start)
    opset = exporting.export_onnx(net, target, head)
    typer.echo(f"{target} ({target.stat().st_size} bytes, opset {opset})")


@models_app.command("average")
@plain_errors
def average(
    target: Annotated[Path, typer.Argument(help="The ONNX file to write.")],
    files: Annotated[list[Path], typer.Argument(help="Exported files, begun from the same start.")],
    share: Annotated[
        list[float] | None, typer.Option(help="Of each file in turn; none: all alike.")
    ] = None,
) -> None:
    """Write the mean of several trained networks, which is surer than each of them."""
    with _train_extra():
        from models.train import average as averaging
    shares = share or [1.0] * len(files)
    if len(shares) != len(files):
        raise typer.BadParameter(f"{len(files)} files want as many --share, not {len(shares)}")
    count = averaging.average(list(zip(files, shares, strict=True)), target)
    typer.echo(f"{target} ({target.stat().st_size} bytes, the mean of {count} arrays)")


@models_app.command("quantize")
@plain_errors
def quantize(
    model: Annotated[str, typer.Argument(help="The id of the fp32 model in the manifest.")],
    target: Annotated[Path, typer.Argument(help="The int8 ONNX file to write.")],
    dataset: Set,
    manifest: Path = MANIFEST,
) -> None:
    """Write a model's int8 twin, calibrated on pictures of the set that training saw."""
    with _train_extra():
        from models.train import quantize as quantizing
    entry = load_manifest(manifest).entry(model)
    count = quantizing.quantize(entry, sets.read_dataset(dataset, sets.TRAIN), target)
    typer.echo(f"{target} ({target.stat().st_size} bytes, {count} convolutions in int8)")


@models_app.command("use")
@plain_errors
def use(
    model: Annotated[str, typer.Argument(help="Its id in the manifest.")],
    close_ups: Annotated[
        str | None,
        typer.Option(help="The model that is to look at close-ups in its place; its own id: none."),
    ] = None,
    manifest: Path = MANIFEST,
) -> None:
    """Make a model the default one, a new one or an old one put back; its file is checked."""
    known = load_manifest(manifest)
    entry = known.entry(model)
    if close_ups is not None:
        near = known.entry(close_ups).id
        entry = replace(entry, close_ups="" if near == model else near)
    for needed in known.pair(entry):
        _tried(needed)
    registered(entry, manifest, first=True)
    who = f", with {entry.close_ups} for close-ups" if entry.close_ups else ""
    typer.echo(f"{model} is the default of {manifest}{who}; restart hallwatch to see with it")
    tells = known.pair(entry)[-1]
    if not tells.limits:
        typer.echo(f"{tells.id} has no limits of its own yet: `hallwatch models thresholds`")


@models_app.command("list")
@plain_errors
def list_models(manifest: Path = MANIFEST) -> None:
    """The models of the manifest, the default one first, each checked."""
    known = load_manifest(manifest)
    for entry in known.entries:
        size = len(verified_bytes(entry))
        typer.echo(f"{entry.id}  {entry.path.name}  {size} bytes  {entry.sha256[:12]}")
        typer.echo(f"  {entry.head}, opset {entry.opset}, made {entry.made_at}, {entry.licence}")
        if near := known.near(entry):
            both = together(entry.sha256, near.sha256)[:12]
            typer.echo(f"  {near.id} looks at close-ups in its place; alerts name both: {both}")
        for rule, limits in entry.limits.items():
            told = "on" if limits.get("on", True) else "off"
            typer.echo(f"  {rule}: {told}, from a score of {limits.get('min_score', 0):g}")
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
    head: Annotated[str, typer.Option(help="one-to-one or one-to-many.")] = "one-to-many",
    measured: Annotated[
        Path | None, typer.Option(help="What `models evaluate --json` printed.")
    ] = None,
    needs: Annotated[
        list[str] | None, typer.Option(help="What the processor must have: vnni, for int8.")
    ] = None,
    close_ups: Annotated[
        str, typer.Option(help="The model that looks at close-ups in its place.")
    ] = "",
    side: Annotated[
        list[int] | None, typer.Option(help="A long side that pictures are scaled to, pixels.")
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
        needs=needs or (), close_ups=close_ups, sides_px=side or (),
    )  # fmt: skip
    _tried(entry)
    before = next((e for e in _entries(manifest) if e.id == model), None)
    registered(entry, manifest, first=default)
    typer.echo(f"{model} is in {manifest}")
    if before is not None and (before.limits or before.calibration):
        typer.echo(
            "it takes another's place, whose curves and limits do not suit it and are gone: "
            "`hallwatch models calibrate` and `thresholds` find its own"
        )


def _entries(manifest: Path) -> tuple[ModelEntry, ...]:
    return load_manifest(manifest).entries if manifest.is_file() else ()


def _tried(entry: ModelEntry) -> None:
    """Raises what is wrong with a model before it is written down."""
    OnnxDetector(entry)


@contextmanager
def _train_extra() -> Iterator[None]:
    """Around imports that need it. Raises TrainExtraMissingError."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise TrainExtraMissingError(
            f"{error.name} is not installed: training needs the `train` extra "
            "(pip install 'hallwatch[train]')"
        ) from error


if __name__ == "__main__":
    models_app()
