"""What every watching command shares: the detector, the sign reader, one camera's loop."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile

import cv2

from cameras.clocks import Clock
from cameras.continued import Continued, ContinuedPackets
from cameras.health import EyeTest
from cameras.packets import PacketSink
from cli.allocation import keep_little, take_short_turns
from cli.streams import Streams, camera_url, open_streams
from models.cores import usable_cores
from models.manifest import load_manifest, together
from models.providers import HARDWARE
from models.session import open_detectors
from models.shared import SharedDetector
from models.sign import SignReader, TextReader, TurnReader, open_rapidocr
from models.taught import TaughtSigns
from vision.engine import Engine
from vision.hallfile import Hall, Machine
from vision.monitor import Sink, monitor
from vision.pacer import AttentivePacer, FixedPacer, Pacer, Stretch, unstretched
from vision.records import Stamp
from vision.seeing import Detector, Known, Seer, nothing_known
from vision.signs import SignReader as Reader

__all__ = ["Eyes", "SharedEyes", "camera_url", "open_eyes", "open_shared_eyes", "watch_camera"]


def opening(hall: Hall, hours: Known) -> Known:
    """Whether a place serves: by the roster's hours; where it says nothing, by the hall file's."""

    def open_at(place: str, stamp: Stamp) -> bool | None:
        by_roster = hours(place, stamp)
        return hall.open_at(stamp.wall) if by_roster is None else by_roster

    return open_at


@dataclass(frozen=True, slots=True)
class Eyes:
    """The models, loaded once and shared by all cameras. near: looks at close-ups in the detector's
    place, or None."""

    detector: Detector
    reader: Reader
    near: Detector | None = None

    @property
    def model_sha(self) -> str:
        """What names the networks in alerts (`models.manifest.together`)."""
        return together(self.detector.sha256, None if self.near is None else self.near.sha256)

    def seat(self, within_s: Callable[[], float]) -> tuple[Detector, Detector | None]:
        """The detector as one camera sees it, and the one for close-ups. within_s: how soon it
        wants the next answer."""
        return self.detector, self.near

    def camera_reader(self) -> Reader:
        """The sign reader as one camera uses it."""
        return self.reader


@dataclass(frozen=True, slots=True)
class SharedEyes(Eyes):
    """Eyes that many cameras use at once. What signs say is remembered for each camera apart."""

    shared: SharedDetector = field(kw_only=True)
    text: TextReader = field(kw_only=True)

    def seat(self, within_s: Callable[[], float]) -> tuple[Detector, Detector | None]:
        seat = self.shared.seat(within_s)
        return seat, seat.near

    def camera_reader(self) -> Reader:
        return SignReader(self.text)


def open_eyes(model: str | None = None, threads: int | None = None) -> Eyes:
    """Load the shipped model (or the named one of the manifest). Raises its named errors."""
    detector, near = open_detectors(load_manifest(), model, threads=threads)
    return Eyes(detector, SignReader(), near)


def open_shared_eyes(machine: Machine, model: str | None = None) -> SharedEyes:
    """The same for many cameras at once, on what the hall file says of the machine: as many workers
    as cores, and nothing else that spreads itself over them, keeps what it has freed, or keeps the
    interpreter for long."""
    cv2.setNumThreads(1)
    keep_little()
    take_short_turns()
    cores = min(machine.cores or usable_cores(), usable_cores())
    hardware = HARDWARE[machine.provider]
    has = None if machine.provider == "cpu" else frozenset[str]()
    detector, near = open_detectors(
        load_manifest(), model, has, providers=hardware.providers, threads=1
    )
    workers = cores if hardware.a_worker_a_core else 1
    shared = SharedDetector(detector, workers=workers, near=near, batch=hardware.batch)
    text = TurnReader(open_rapidocr())
    return SharedEyes(shared, SignReader(text), near, shared=shared, text=text)


def watch_camera(
    hall: Hall,
    camera_id: str,
    eyes: Eyes,
    sink: Sink,
    *,
    clock: Clock,
    url: str | None = None,
    start: datetime | None = None,
    recorder: PacketSink | None = None,
    stop: Callable[[], bool] = lambda: False,
    open_at: Known | None = None,
    ticket_paused: Known = nothing_known,
    stretch: Stretch = unstretched,
    engine: Engine | None = None,
    opened: Callable[[Streams, Detector], None] = lambda streams, detector: None,
    instead: Streams | None = None,
) -> None:
    """Watch one camera until its source ends or `stop()` says so.

    url: a recording in the camera's place. engine: one that goes on from before; else a new one.
    opened: told of the streams, and of the camera's seat at the detector. instead: streams in the
    place of the camera's own, which are not opened then.
    """
    engine = engine or Engine(hall, camera_id, eyes.model_sha)
    camera = hall.camera(camera_id)
    pacer: Pacer = (
        AttentivePacer(hall, camera_id, hall.pace, stretch)
        if camera.pace_hz is None
        else FixedPacer(camera.pace_hz, stretch)
    )
    continued = Continued(engine.last)
    packets = None if recorder is None else ContinuedPackets(continued, recorder)
    own = open_streams(hall, camera, clock, packets, url, start)
    with own if instead is None else nullcontext(instead) as streams:
        detector, near = eyes.seat(lambda: pacer.within_s)
        opened(streams, detector)
        seer = Seer(
            hall, camera_id, detector, near=near, reader=eyes.camera_reader(), eye=EyeTest().look,
            open_at=open_at, ticket_paused=ticket_paused,
            native=None if streams.native is None else streams.native.picture,
            taught=TaughtSigns.beside(hall.path),
        )  # fmt: skip
        items = continued.pictures(streams.rested(pacer))
        monitor(takewhile(lambda _: not stop(), items), seer, engine, sink, pacer)
