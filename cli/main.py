"""The `hallwatch` command. Each command lives in a file of its own, loaded when it is asked
for: who verifies a bundle does not wait for a web server to be imported."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

COMMANDS = {
    "replay": "cli.replay:replay",
    "serve": "cli.serve:serve",
    "demo": "cli.demo:demo",
    "accuracy": "cli.accuracy:accuracy",
    "doctor": "cli.doctor:doctor",
    "cameras": "cli.cameras:cameras_app",
    "verify": "cli.verify:verify",
    "users": "cli.users:users_app",
    "keys": "cli.verify:keys_app",
    "audit": "cli.audit:audit_app",
    "retention": "cli.retention:retention_app",
    "models": "cli.models_here:models_app",
    "simulate": "cli.simulate:simulate_app",
}
"""Where each command is: a function, or a Typer of more commands."""


class Commands(TyperGroup):
    """The commands above, each loaded when its name is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        command = get_group(found) if isinstance(found, typer.Typer) else get_command(_alone(found))
        command.name = cmd_name
        return command


def _alone(command: Callable[..., None]) -> typer.Typer:
    alone = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
    alone.command()(command)
    return alone


app = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False
)


@app.callback()
def hallwatch() -> None:
    """Hallwatch: a fair conduct monitor for public-service halls."""
