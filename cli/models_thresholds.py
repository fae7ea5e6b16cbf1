"""`hallwatch models thresholds`: limits chosen for a stated rate of false alarms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.errors import plain_errors
from cli.eyes import Eyes
from cli.model_options import MANIFEST, Model
from cli.trials import Seeing, kept_for, real_trials, rendered_trials
from models.footage import CONDUCT
from models.manifest import load_manifest
from models.register import registered
from models.session import open_detectors
from models.sign import SignReader
from models.trials import Choice, chosen


@plain_errors
def thresholds(
    clips: Annotated[list[Path], typer.Option(help="Folder of rendered clips; may be repeated.")],
    footage: Annotated[
        Path | None, typer.Option(help="Annotated real footage, for false alarms.")
    ] = None,
    model: Model = None,
    manifest: Path = MANIFEST,
    a_day: Annotated[
        float, typer.Option(help="False alarms of a rule that one camera may give in eight hours.")
    ] = 1.0,
    pace_hz: Annotated[float, typer.Option(help="Looks a second at most.")] = 2.0,
    keep: Annotated[
        Path | None, typer.Option(help="Keep here what was seen, to go on or choose again.")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="Inference threads.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Put them into the manifest.")] = False,
) -> None:
    """Choose each conduct rule's score limit for a stated rate of false alarms."""
    known = load_manifest(manifest)
    entry = known.entry(model)
    detector, near = open_detectors(known, model, threads=threads)
    eyes = Eyes(detector, SignReader(), near)
    console = Console(stderr=True)
    how = Seeing(eyes, {}, pace_hz, kept_for(known.pair(entry), keep, pace_hz), console.print)
    trials = [trial for folder in clips for trial in rendered_trials(folder, how)]
    if footage is not None:
        trials += [trial for _, trial in real_trials(footage, how)]
    choices = [chosen(trials, rule, a_day) for rule in CONDUCT.values()]
    Console().print(_table(choices, a_day))
    if write:
        limits = {choice.rule: choice.limits() for choice in choices}
        tells = known.near(entry) or entry
        registered(replace(tells, limits=limits), manifest)
        typer.echo(f"the limits of {tells.id} are in {manifest}")


def _table(choices: list[Choice], a_day: float) -> Table:
    table = Table(title=f"limits for at most {a_day:g} false alarms in eight hours of a camera")
    for column in ("rule", "score", "on", "precision", "recall", "in time", "false in 8 h (95%)"):
        table.add_column(column)
    for choice in choices:
        o = choice.outcome
        table.add_row(
            choice.rule, f"{o.score:g}", "yes" if choice.on else "no", str(o.precision),
            str(o.recall), f"{o.in_time} of {o.hits}",
            f"{o.extra_a_day:.2f} (at most {o.most_a_day:.1f}, {o.hours:.1f} h)",
        )  # fmt: skip
    return table
