"""`hallwatch simulate`: labelled scenes to train on, and clips with exact truth, rendered here.

Rendering needs packages of its own (numba, embreex, bpy, anny), which are imported only when a
command runs, so that the other commands do without. In the training environment, which lacks the
product's packages, call it as `python -m cli.simulate`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.errors import plain_errors
from models.simulator.domain import domain as named_domain
from models.simulator.errors import MissingResourceError

simulate_app = typer.Typer(no_args_is_help=True, help="Render scenes and clips of a service hall.")


@simulate_app.command("scenes")
@plain_errors
def simulate(
    out: Annotated[Path, typer.Argument(help="Folder for images/, labels/ and sources.csv.")],
    scenes: Annotated[int, typer.Option(min=1, help="How many scenes.")] = 300,
    halls: Annotated[int, typer.Option(min=1, help="In how many different halls.")] = 10,
    seed: Annotated[int, typer.Option(help="Another seed, other scenes in the same halls.")] = 1,
    split: Annotated[str, typer.Option(help="train, val or test: their halls differ.")] = "train",
    workers: Annotated[int, typer.Option(min=1, help="Processes that render.")] = 2,
    domain: Annotated[str, typer.Option(help="hall, or close-ups: one clerk a picture.")] = "hall",
    ranges: Annotated[
        Path | None, typer.Option(help="A TOML file that changes numbers of the domain.")
    ] = None,
) -> None:
    """Render random labelled scenes; go on where an earlier run into OUT stopped."""
    if split not in ("train", "val", "test"):
        raise typer.BadParameter("write train, val or test", param_hint="--split")
    try:
        from models.simulator.dataset import Order, write_dataset
    except ImportError as error:
        raise _extra_missing(error) from error
    order = Order(out, named_domain(domain, ranges), seed)
    with _progress() as progress:
        task = progress.add_task(f"{split} scenes", total=scenes)
        for done, _ in write_dataset(order, split, scenes, halls, workers):  # type: ignore[arg-type]
            progress.update(task, completed=done)


@simulate_app.command("clip")
@plain_errors
def simulate_clip(
    name: Annotated[str, typer.Argument(help="absence, absence_with_sign, phone, meal, ...")],
    out: Annotated[Path, typer.Argument(help="Folder for clip.mp4, hall.toml and the truth.")],
    seed: Annotated[int, typer.Option(help="Another seed, other people.")] = 1,
) -> None:
    """Render one scripted clip with its hall file, expected events and truth."""
    try:
        from models.simulator.clips import write_clip
    except ImportError as error:
        raise _extra_missing(error) from error
    with _progress() as progress:
        task = progress.add_task(name, total=None)
        for done, total in write_clip(name, out, seed):
            progress.update(task, completed=done, total=total)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )


def _extra_missing(error: ImportError) -> MissingResourceError:
    return MissingResourceError(
        f"{error.name or error} is not installed: rendering has an environment of its own; "
        "run `make train-env`, then `.venv-train/bin/python -m cli.simulate`"
    )


if __name__ == "__main__":
    simulate_app()
