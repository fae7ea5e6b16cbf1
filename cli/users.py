"""`hallwatch users …`: accounts of the people who sign in to the console."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.database import Database
from api.migrations import upgrade
from api.users.accounts import add_user, hash_of, user_rows
from api.users.tables import Role
from cli.errors import plain_errors
from cli.server import Place

users_app = typer.Typer(no_args_is_help=True, help="Accounts of the people who sign in.")

Folder = Annotated[Path, typer.Option("--var", help="The folder that `hallwatch serve` uses.")]
Url = Annotated[str | None, typer.Option("--database", envvar="HALLWATCH_DATABASE")]


@users_app.command()
@plain_errors
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.SUPERVISOR,
    full_name: Annotated[str | None, typer.Option(help="The name to show.")] = None,
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)
    ] = "",
    folder: Folder = Path("var"),
    database: Url = None,
) -> None:
    """Add an account; the password is asked for."""
    with _opened(folder, database).session() as session:
        add_user(session, name, full_name or name, role, hash_of(password), datetime.now(UTC))
    Console().print(f"{name} may sign in as {role.value}")


@users_app.command("list")
@plain_errors
def show(folder: Folder = Path("var"), database: Url = None) -> None:
    """List the accounts."""
    table = Table("name", "shown as", "role", "disabled")
    with _opened(folder, database).reading() as session:
        for row in user_rows(session):
            table.add_row(row.name, row.full_name, row.role.value, "yes" if row.disabled_at else "")
    Console().print(table)


def _opened(folder: Path, url: str | None) -> Database:
    database = Database(Place(folder, url).database)
    upgrade(database)
    return database
