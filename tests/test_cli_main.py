"""The `hallwatch` command: every command is found, and none waits for another's libraries."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli.main import COMMANDS, app

HEAVY = ("api.app", "nicegui", "cv2", "onnxruntime", "sqlalchemy", "fpdf")
LOADED = """
import sys
from typer.testing import CliRunner
from cli.main import app
done = CliRunner().invoke(app, sys.argv[1:])
assert done.exit_code == 0, done.output
print(*sys.modules, file=sys.stderr)
"""


def test_all_commands_are_listed_with_what_they_do() -> None:
    done = CliRunner().invoke(app, ["--help"])
    assert done.exit_code == 0
    told = {words[1] for words in map(str.split, done.output.splitlines()) if len(words) > 3}
    assert set(COMMANDS) <= told


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_under_its_own_name(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert f" {command} [" in done.output


def test_an_unknown_command_is_named() -> None:
    done = CliRunner().invoke(app, ["nonesuch"])
    assert done.exit_code == 2
    assert "nonesuch" in done.output


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("verify", set()),
        ("users", {"sqlalchemy"}),
        ("cameras", {"cv2"}),
        ("replay", {"cv2", "onnxruntime"}),
    ],
)
def test_a_command_loads_what_it_needs(command: str, needed: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(HEAVY) & set(done.stderr.split()) <= needed
