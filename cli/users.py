"""`hallwatch users …`: accounts of the people who sign in to the console."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.audit.record import AccessBy
from api.database import Database
from api.halls.reach import EVERY_HALL, Halls
from api.migrations import upgrade
from api.users.accounts import add_user, hash_of, note_account, user_rows
from api.users.belonging import halls_of, staff_named
from api.users.tables import Role
from cli.errors import plain_errors
from cli.place import Place

users_app = typer.Typer(no_args_is_help=True, help="Accounts of the people who sign in.")

Folder = Annotated[Path, typer.Option("--var", help="The folder that `hallwatch serve` uses.")]
Url = Annotated[str | None, typer.Option("--database", envvar="HALLWATCH_DATABASE")]


AT_THE_MACHINE = AccessBy(None, "hallwatch users")


class MachineAccountError(ValueError):
    def __init__(self) -> None:
        super().__init__("a machine has a token, no account: an administrator issues it in the API")


@users_app.command()
@plain_errors
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.SUPERVISOR,
    full_name: Annotated[str | None, typer.Option(help="The name to show.")] = None,
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)
    ] = "",
    hall: Annotated[
        list[str] | None, typer.Option(help="A hall of theirs, by id; again for more. None: all.")
    ] = None,
    staff: Annotated[
        str | None, typer.Option(help="HALL/NUMBER: whom of the roster a clerk is.")
    ] = None,
    folder: Folder = Path("var"),
    database: Url = None,
) -> None:
    """Add an account; the password is asked for."""
    if role is Role.MACHINE:
        raise MachineAccountError
    halls = Halls.only(hall) if hall else EVERY_HALL
    with opened(folder, database).session() as session:
        staff_id = None if staff is None else staff_named(session, staff)
        now = datetime.now(UTC)
        row = add_user(
            session, name, full_name or name, role, hash_of(password), now,
            halls=halls, staff_id=staff_id,
        )  # fmt: skip
        note_account(session, AT_THE_MACHINE, row, ["created"], now)
    Console().print(f"{name} may sign in as {role.value}")


@users_app.command("list")
@plain_errors
def show(folder: Folder = Path("var"), database: Url = None) -> None:
    """List the accounts."""
    table = Table("name", "shown as", "role", "halls", "disabled")
    with opened(folder, database).reading() as session:
        for row in user_rows(session):
            halls = halls_of(session, row)
            table.add_row(
                row.name,
                row.full_name,
                row.role.value,
                "all" if halls.everywhere else ", ".join(sorted(halls.ids)),
                "yes" if row.disabled_at else "",
            )
    Console().print(table)


def opened(folder: Path, url: str | None) -> Database:
    """The migrated database of the installation in that folder, or at that URL."""
    database = Database(Place(folder, url).database)
    upgrade(database)
    return database
