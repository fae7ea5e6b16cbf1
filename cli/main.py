"""The `hallwatch` command. Each command lives in a file of its own."""

from __future__ import annotations

import typer

from cli.accuracy import accuracy
from cli.audit import audit_app
from cli.cameras import cameras_app
from cli.demo import demo
from cli.doctor import doctor
from cli.models import models_app
from cli.models_marked import export_marked
from cli.models_thresholds import thresholds
from cli.replay import replay
from cli.retention import retention_app
from cli.serve import serve
from cli.simulate import simulate_app
from cli.users import users_app
from cli.verify import keys_app, verify

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Hallwatch: a fair conduct monitor for public-service halls.",
)
app.command()(replay)
app.command()(serve)
app.command()(demo)
app.command()(accuracy)
app.command()(doctor)
app.add_typer(cameras_app, name="cameras")
app.command()(verify)
app.add_typer(users_app, name="users")
app.add_typer(keys_app, name="keys")
app.add_typer(audit_app, name="audit")
app.add_typer(retention_app, name="retention")
models_app.command("thresholds")(thresholds)
models_app.command("export-marked")(export_marked)
app.add_typer(models_app, name="models")
app.add_typer(simulate_app, name="simulate")
