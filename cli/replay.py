"""`hallwatch replay CLIP --hall hall.toml`: recorded footage in, alerts out, as fast as it goes."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from cameras.clocks import ReplayClock
from cli.errors import plain_errors
from cli.eyes import open_eyes, watch_camera
from cli.model_options import limits_of
from vision.engine import Engine
from vision.hallfile import Hall, HallFileError, Problem, Wrong, load_hall
from vision.records import Alert, Step
from vision.seeing import Look
from vision.wire import alert_table

STEP_STYLE = {Step.RAISED: "bold red", Step.ESCALATED: "bold magenta", Step.ENDED: "green"}


@plain_errors
def replay(
    clip: Annotated[Path, typer.Argument(help="Recorded footage: any file that FFmpeg reads.")],
    hall: Annotated[Path, typer.Option(help="The hall file (hall.toml).")],
    camera: Annotated[str | None, typer.Option(help="Which camera of the hall file.")] = None,
    start: Annotated[
        str | None, typer.Option(help="When the recording began, e.g. 2026-11-23T10:00:00+08:00.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, for machines.")
    ] = False,
    model: Annotated[str | None, typer.Option(help="A model of the manifest, by id.")] = None,
    threads: Annotated[int | None, typer.Option(help="Inference threads.")] = None,
) -> None:
    """Replay CLIP through the whole pipeline and print alerts as they come.

    Replaying the same clip with the same hall file and model prints the same bytes.
    """
    plan = load_hall(hall, limits_of(model))
    camera_id = _camera(plan, hall, camera)
    began = _start(plan, camera_id, clip, start)
    eyes = open_eyes(model, threads)
    sink = JsonLines() if as_json else AlertTable(plan)
    with sink:
        watch_camera(
            plan, camera_id, eyes, sink, clock=ReplayClock(began, speed=None), url=str(clip),
            start=began,
        )  # fmt: skip


def _camera(plan: Hall, path: Path, wanted: str | None) -> str:
    ids = [c.id for c in plan.cameras]
    if wanted is None and len(ids) == 1:
        return ids[0]
    if wanted in ids:
        return str(wanted)
    words = f"say which camera with --camera: {', '.join(ids)}"
    raise HallFileError(path, [Problem("", Wrong.CAMERA, words, name=str(wanted))])


def _start(plan: Hall, camera_id: str, clip: Path, given: str | None) -> datetime:
    """When the recording began: as given, as the hall file says, else the file's own date."""
    if given is not None:
        try:
            moment = datetime.fromisoformat(given)
        except ValueError as error:
            raise typer.BadParameter(f"--start {given!r} is not an ISO 8601 time") from error
        return (moment if moment.tzinfo else moment.replace(tzinfo=plan.timezone)).astimezone(UTC)
    recorded_at = plan.camera(camera_id).recorded_at
    if recorded_at is not None:
        return recorded_at.astimezone(UTC)
    when = clip.stat().st_mtime if clip.exists() else 0.0
    return datetime.fromtimestamp(when, UTC)


class JsonLines:
    """A sink that prints each alert as one line of JSON."""

    def __enter__(self) -> JsonLines:
        return self

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()

    def alerted(self, alert: Alert, look: Look) -> None:
        print(json.dumps(alert_table(alert), sort_keys=True, ensure_ascii=False), flush=True)

    def looked(self, look: Look, engine: Engine) -> None:
        """Looks are not printed."""


class AlertTable:
    """A sink that shows alerts as a growing table, and how far the footage has been watched."""

    def __init__(self, hall: Hall) -> None:
        self.names = {w.id: w.name for w in hall.windows} | {q.id: q.name for q in hall.queues}
        self.alerts: list[Alert] = []
        self.at_s = 0.0
        self.began = datetime.now(UTC)
        self.live = Live(self._table(), console=Console(), refresh_per_second=4)

    def __enter__(self) -> AlertTable:
        self.live.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.live.update(self._table())
        self.live.__exit__(None, None, None)

    def alerted(self, alert: Alert, look: Look) -> None:
        self.alerts.append(alert)
        self.live.update(self._table())

    def looked(self, look: Look, engine: Engine) -> None:
        self.at_s = look.stamp.at_s
        self.live.update(self._table())

    def _table(self) -> Table:
        spent_s = max((datetime.now(UTC) - self.began).total_seconds(), 1e-3)
        table = Table(
            title=f"{self.at_s:.0f} s watched, {self.at_s / spent_s:.1f} times as fast as real",
            title_justify="left",
        )
        for head in ("at", "step", "rule", "where", "severity", "began", "ended"):
            table.add_column(head, no_wrap=True)
        for a in self.alerts:
            table.add_row(
                f"{a.at.at_s:.1f} s", f"[{STEP_STYLE[a.step]}]{a.step}[/]", a.rule,
                self.names.get(a.subject, a.subject), a.severity.name.lower(),
                f"{a.began.at_s:.1f} s", "" if a.ended is None else f"{a.ended.at_s:.1f} s",
            )  # fmt: skip
        return table
