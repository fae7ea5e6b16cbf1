"""`hallwatch models export-marked`: what people judged becomes pictures to learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from api.alerts.marked import Marked, marked_alerts
from api.audit.record import AccessBy, record_access
from api.audit.tables import Access
from api.database import Database
from api.fields import SHORTEST_REASON
from api.migrations import upgrade
from cameras.clocks import ReplayClock
from cameras.errors import SourceError
from cameras.sources import open_source
from cli.errors import plain_errors
from cli.model_options import MANIFEST, Model
from cli.place import Place
from models.manifest import load_manifest
from models.marked import LABELS, Judged, write_marked
from models.session import open_detectors
from vision.hallfile import Hall, Window, load_hall
from vision.records import Frame
from vision.seeing import Detector, close_up

PICTURES = 4
"""Close-ups kept of one alert."""
AT_THE_MACHINE = AccessBy(None, "hallwatch models export-marked")


class PurposeMissingError(ValueError):
    def __init__(self) -> None:
        super().__init__("the pictures show people: say with --purpose what they are for")


@plain_errors
def export_marked(
    target: Annotated[Path, typer.Argument(help="The folder to make; give it to `dataset`.")],
    hall: Annotated[Path, typer.Option(help="The hall file.")],
    purpose: Annotated[str, typer.Option(help="What for; it is kept in the access log.")],
    folder: Annotated[
        Path, typer.Option("--var", help="The folder that `hallwatch serve` uses.")
    ] = Path("var"),
    database: Annotated[
        str | None, typer.Option(help="Database URL.", envvar="HALLWATCH_DATABASE")
    ] = None,
    model: Model = None,
    manifest: Path = MANIFEST,
) -> None:
    """Write close-ups of alerts marked false or confirmed, labelled, for `models dataset`."""
    if len(purpose.strip()) < SHORTEST_REASON:
        raise PurposeMissingError
    plan = load_hall(hall)
    place = Place(folder, database)
    opened = Database(place.database)
    upgrade(opened)
    with opened.reading() as session:
        marked = marked_alerts(session, frozenset(LABELS))
    detector, near = open_detectors(load_manifest(manifest), model)
    pictures: list[Judged] = []
    for alert in marked:
        try:
            pictures += judged_pictures(alert, plan, place.evidence, detector, near)
        except SourceError as error:
            typer.echo(f"alert {alert.uid}: {error}", err=True)
    if pictures:
        _write_down(opened, plan, target, pictures, purpose.strip())
    kept = write_marked(target, pictures)
    typer.echo(f"{kept} close-ups of {len(marked)} judged alerts are in {target}")
    typer.echo(f"next: hallwatch models dataset SET --photos {target} ...")


def _write_down(
    database: Database, plan: Hall, target: Path, pictures: Sequence[Judged], purpose: str
) -> None:
    """In the access log, before any picture of a person is on the disk."""
    details = {
        "alerts": sorted({judged.alert for judged in pictures}),
        "pictures": len(pictures),
        "folder": str(target.resolve()),
    }
    with database.session() as session:
        record_access(
            session, AT_THE_MACHINE, Access.EXPORT, "marked", datetime.now(UTC),
            hall=plan.id, purpose=purpose, details=details,
        )  # fmt: skip


def judged_pictures(
    alert: Marked, plan: Hall, evidence: Path, detector: Detector, near: Detector | None = None
) -> Iterator[Judged]:
    """Close-ups of the clerk from the alert's clip, evenly over the conduct. None when the hall
    has no such window any more. near: looks at them in the detector's place."""
    window = next((w for w in plan.windows_of(alert.camera) if w.id == alert.window), None)
    if alert.hall != plan.id or window is None:
        return
    for frame in _frames(alert, evidence / alert.clip):
        yield _close(alert, window, frame, detector, near or detector)


def _close(
    alert: Marked, window: Window, frame: Frame, detector: Detector, near: Detector
) -> Judged:
    height, width = frame.bgr.shape[:2]
    (whole,) = detector.detect([frame.bgr])
    x1, y1, x2, y2 = close_up(window, whole, width, height)
    picture = frame.bgr[y1:y2, x1:x2]
    (told,) = near.detect([picture])
    labels = LABELS[alert.rule]
    return Judged(
        alert.uid, picture, told.of(*labels, at_least=alert.min_score), labels, alert.happened
    )


def _frames(alert: Marked, clip: Path) -> Iterator[Frame]:
    """So many pictures of the clip, evenly between the conduct's beginning and end."""
    lasts_s = (alert.until - alert.began).total_seconds()
    wanted = [
        alert.began + timedelta(seconds=lasts_s * (k + 0.5) / PICTURES) for k in range(PICTURES)
    ]
    start = alert.covers_from
    clock = ReplayClock(start, speed=None)
    with open_source(alert.camera, str(clip), clock=clock, pace_hz=2.0, start=start) as source:
        for item in source.pictures():
            if isinstance(item, Frame) and wanted and item.stamp.wall >= wanted[0]:
                wanted.pop(0)
                yield item
