"""A camera's streams: the one that is watched, and the main one where that is another."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cameras.clocks import Clock
from cameras.lockstep import Gate, in_step
from cameras.native import NativePictures
from cameras.packets import PacketSink
from cameras.sources import Source, located, open_source, scheme_of
from vision.hallfile import Camera, Hall
from vision.pacer import Pacer
from vision.records import Frame, Gap

MAIN_LEFT_S = 2.0
RECORDED = ("", "file")
RESTING_KEY_S = 2.1
"""Between two pictures of a camera at rest: rules take 3 s for a gap."""


@dataclass(frozen=True, slots=True)
class Streams:
    """watched: pictures to look at. main, native: the main stream, of which every packet is kept,
    and pictures of it on demand; None where it is the one that is watched. gate: of a recorded main
    stream, which keeps step with the one that is watched."""

    watched: Source
    main: Source | None = None
    native: NativePictures | None = None
    gate: Gate | None = None

    def pictures(self) -> Iterator[Frame | Gap]:
        """Those of the watched stream."""
        items = self.watched.pictures()
        return items if self.gate is None else in_step(items, self.gate)

    def rested(self, pacer: Pacer) -> Iterator[Frame | Gap]:
        """The pictures; while the pacer rests, of key frames only, where those come often enough
        and the other packets tell by their sizes when something moves."""
        for item in self.pictures():
            yield item
            counts = self.watched.counts()
            every_s = counts.key_every_s or math.inf
            often = every_s <= RESTING_KEY_S and counts.sizes_tell
            self.watched.keys_only = often and pacer.rests
            pacer.next_in_s = every_s if self.watched.keys_only else 0.0


@contextmanager
def open_streams(
    hall: Hall,
    camera: Camera,
    clock: Clock,
    packets: PacketSink | None,
    url: str | None = None,
    start: datetime | None = None,
) -> Iterator[Streams]:
    """Open the camera, or a recording in its place (url); packets of the main stream go to the
    sink. Both streams are opened at once, so that their seconds count from one moment."""
    pace_hz = camera.pace_hz or hall.pace.asked_hz
    start = start or camera.recorded_at
    if url is not None or camera.sub_url is None:
        with open_source(
            camera.id, url or camera_url(hall, camera), clock=clock, pace_hz=pace_hz,
            recorder=packets, start=start,
        ) as source:  # fmt: skip
            yield Streams(source)
        return
    native = NativePictures(packets)
    gate = Gate(clock) if scheme_of(camera.url) in RECORDED else None
    with (
        open_source(
            camera.id, camera_url(hall, camera), clock=gate or clock, pace_hz=1.0,
            recorder=native, start=start, packets_only=True,
        ) as main,
        open_source(
            camera.id, _located(hall, camera.sub_url), clock=clock, pace_hz=pace_hz, start=start
        ) as second,
        _read_out(main, camera.id, gate),
    ):  # fmt: skip
        yield Streams(second, main, native, gate)


def camera_url(hall: Hall, camera: Camera) -> str:
    """The camera's address; a file's path is relative to the hall file."""
    return _located(hall, camera.url)


def _located(hall: Hall, url: str) -> str:
    return located(url, hall.path.parent if hall.path else Path())


@contextmanager
def _read_out(source: Source, camera_id: str, gate: Gate | None) -> Iterator[None]:
    """Let the packets come on a thread of their own. That there are none is said by the source's
    counts."""

    def read() -> None:
        for _ in source.pictures():
            pass
        if gate is not None:
            gate.open()

    thread = threading.Thread(target=read, name=f"main stream {camera_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        if gate is not None:
            gate.open()
            thread.join()
        source.close()
        thread.join(MAIN_LEFT_S)
