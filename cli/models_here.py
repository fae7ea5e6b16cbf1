"""`hallwatch models`, with the commands that need what watching needs. `python -m cli.models` is
the same without them, for the environment in which models are trained."""

from __future__ import annotations

from cli.models import models_app
from cli.models_marked import export_marked
from cli.models_thresholds import thresholds

__all__ = ["models_app"]

models_app.command("thresholds")(thresholds)
models_app.command("export-marked")(export_marked)
