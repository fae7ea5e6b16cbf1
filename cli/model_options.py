"""What the `hallwatch models ...` commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.manifest import SHIPPED, load_manifest
from vision.hallfile import Limits

MANIFEST = SHIPPED / "manifest.toml"
Set = Annotated[Path, typer.Option("--set", help="A training set made by `models dataset`.")]
Model = Annotated[str | None, typer.Option(help="A model of the manifest, by id.")]


def limits_of(model: str | None) -> Limits:
    """What the model (none: the default one) brings for each rule, for `load_hall`."""
    manifest = load_manifest()
    return manifest.limits(manifest.entry(model))
