"""What every watching command shares: the detector, the sign reader, one camera's loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from cameras.clocks import Clock
from cameras.health import EyeTest
from cameras.ring import Recorder
from cameras.sources import located, open_source
from models.manifest import load_manifest
from models.session import OnnxDetector
from models.sign import SignReader
from vision.engine import Engine
from vision.hallfile import Camera, Hall
from vision.monitor import Sink, monitor
from vision.records import Stamp
from vision.seeing import Detector, Seer
from vision.seeing import SignReader as Reader


@dataclass(frozen=True, slots=True)
class Eyes:
    """The models, loaded once and shared by all cameras."""

    detector: Detector
    reader: Reader


def open_eyes(model: str | None = None, threads: int | None = None) -> Eyes:
    """Load the shipped model (or the named one of the manifest). Raises its named errors."""
    entry = load_manifest().entry(model)
    return Eyes(OnnxDetector(entry, threads=threads), SignReader())


def camera_url(hall: Hall, camera: Camera) -> str:
    """The camera's address; a file's path is relative to the hall file."""
    return located(camera.url, hall.path.parent if hall.path else Path())


def watch_camera(
    hall: Hall,
    camera_id: str,
    eyes: Eyes,
    sink: Sink,
    *,
    clock: Clock,
    url: str | None = None,
    start: datetime | None = None,
    recorder: Recorder | None = None,
    stop: Callable[[], bool] = lambda: False,
    open_at: Callable[[str, Stamp], bool | None] | None = None,
) -> None:
    """Watch one camera until its source ends or `stop()` says so."""
    camera = hall.camera(camera_id)
    seer = Seer(
        hall, camera_id, eyes.detector, reader=eyes.reader, eye=EyeTest().look, open_at=open_at
    )
    engine = Engine(hall, camera_id, eyes.detector.sha256)
    with open_source(
        camera_id,
        url or camera_url(hall, camera),
        clock=clock,
        pace_hz=camera.pace_hz,
        recorder=recorder,
        start=start or camera.recorded_at,
    ) as source:
        monitor(takewhile(lambda _: not stop(), source.pictures()), seer, engine, sink)
