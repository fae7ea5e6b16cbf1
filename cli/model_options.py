"""What the `hallwatch models ...` commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.manifest import SHIPPED

MANIFEST = SHIPPED / "manifest.toml"
Set = Annotated[Path, typer.Option("--set", help="A training set made by `models dataset`.")]
Model = Annotated[str | None, typer.Option(help="A model of the manifest, by id.")]
