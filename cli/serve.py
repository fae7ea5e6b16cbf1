"""`hallwatch serve`: watch a hall's cameras and serve the console, all in one process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cameras.clocks import SystemClock
from cli.errors import plain_errors
from cli.eyes import open_shared_eyes
from cli.logs import LogFormat, open_log
from cli.model_options import limits_of
from cli.place import Place
from cli.server import open_office, port_of_ours, run
from vision.hallfile import load_hall


@plain_errors
def serve(
    hall: Annotated[Path, typer.Option(help="The hall file (hall.toml).")],
    folder: Annotated[
        Path, typer.Option("--var", help="Where database, evidence and outbox are kept.")
    ] = Path("var"),
    database: Annotated[
        str | None,
        typer.Option(
            help="Database URL; by default SQLite in the --var folder.", envvar="HALLWATCH_DATABASE"
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to serve on; 0.0.0.0 for the intranet.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    model: Annotated[str | None, typer.Option(help="A model of the manifest, by id.")] = None,
    log_format: Annotated[LogFormat, typer.Option(help="For people, or for a collector.")] = (
        LogFormat.TEXT
    ),
) -> None:
    """Watch the hall's cameras and serve the console until Ctrl-C."""
    open_log(form=log_format)
    console = Console(stderr=True)
    plan = load_hall(hall, limits_of(model))
    listening = port_of_ours(host, port)
    eyes = open_shared_eyes(plan.machine, model)
    place = Place(folder, database)
    run(
        place, plan, eyes, open_office(place, plan), listening, clock=SystemClock,
        ready=lambda address: console.print(f"[bold green]hallwatch[/] {plan.name}: {address}"),
    )  # fmt: skip
