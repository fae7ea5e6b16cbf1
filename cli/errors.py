"""Errors that a person can act on are printed as a sentence; others keep their traceback."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer
from rich.console import Console

P = ParamSpec("P")
R = TypeVar("R")

OURS = ("vision", "models", "cameras", "api", "cli")
"""Errors defined in these packages are named errors: their text says what to do."""


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Decorate a command: a named error ends it with status 1 and its message on stderr,
    Ctrl-C with status 130."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            Console(stderr=True).print("stopped")
            raise typer.Exit(130) from None
        except Exception as error:
            if type(error).__module__.split(".")[0] not in OURS:
                raise
            Console(stderr=True).print(f"[bold red]{type(error).__name__}[/]: ", end="")
            Console(stderr=True).print(str(error), markup=False, highlight=False)
            raise typer.Exit(1) from error

    return run


class PortTakenError(OSError):
    """The port is in use, or may not be used."""


class DataFolderError(OSError):
    """The data folder cannot be written."""


class DemoFolderError(ValueError):
    """The folder holds things that no demo made: it is not emptied."""


class DemoFootageError(FileNotFoundError):
    """The demo's footage is not here."""
