"""`hallwatch retention run`: delete what has been kept long enough, or say what would be."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.halls.reading import hall_rows
from api.retention.sweep import Swept, due, sweep_all
from cli.errors import plain_errors
from cli.place import Place
from cli.users import Folder, Url, opened

HEADS = {
    "evidence": "evidence of alerts",
    "names": "names in alerts",
    "log_rows": "log rows",
}

retention_app = typer.Typer(no_args_is_help=True, help="How long what is kept.")


@retention_app.callback()
def about() -> None:
    """How long what is kept: the days are set on the console's privacy page."""


@retention_app.command()
@plain_errors
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say it, delete nothing.")] = False,
    folder: Folder = Path("var"),
    database: Url = None,
) -> None:
    """Delete now what `hallwatch serve` deletes once a day."""
    place, now = Place(folder, database), datetime.now(UTC)
    office = opened(folder, database)
    if dry_run:
        with office.reading() as session:
            swept = [due(session, hall.id, now) for hall in hall_rows(session)]
    else:
        swept = sweep_all(office, place.evidence, now, place.outbox)
    _tell(swept)
    if dry_run:
        Console().print("没有删除任何东西 nothing was deleted")


def _tell(swept: list[Swept]) -> None:
    kinds = [field.name for field in fields(Swept) if field.name != "hall"]
    table = Table("hall", *(HEADS.get(kind, kind) for kind in kinds))
    for one in swept:
        table.add_row(one.hall, *(str(getattr(one, kind)) for kind in kinds))
    Console().print(table)
