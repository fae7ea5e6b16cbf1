"""Some seconds of a hall's own cameras, watched as `serve` watches them, and what that took."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import av
from av.video.stream import VideoStream

from cameras.clocks import Clock, ReplayClock, SystemClock
from cameras.errors import SourceError
from cameras.ring import Recorder
from cameras.sources import scheme_of
from cli.capacity import Cost, Habit
from cli.eyes import Eyes, watch_camera
from cli.streams import RECORDED, Streams
from vision.engine import Engine
from vision.hallfile import Camera, Hall
from vision.records import Alert, Stamp
from vision.seeing import Detector, Look

MOST = 4
"""Cameras that are watched at once: more would say no more, and a full machine says less."""
PATIENCE_S = 20.0
"""Longer than asked, until a camera that gives no pictures is given up."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What `seconds` of one camera's streams took.

    wholes: pictures looked at as a whole; close_ups: of windows. watched_decode_s,
    native_decode_s: processor seconds for the stream that is watched, and for close-ups from the
    main one where that is another. main_bytes: of the stream that is recorded. trouble: why there
    were no pictures.
    """

    camera: Camera
    windows: int
    seconds: float = 0.0
    wholes: int = 0
    close_ups: int = 0
    watched_decode_s: float = 0.0
    native_decode_s: float = 0.0
    main_bytes: int = 0
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """Several cameras together. cpu_s: processor seconds of all that was done for them."""

    cameras: tuple[Taken, ...]
    cpu_s: float

    @property
    def seen(self) -> tuple[Taken, ...]:
        """Those that gave pictures."""
        return tuple(taken for taken in self.cameras if taken.seconds > 0)


def sampled(
    hall: Hall, eyes: Eyes, seconds: float, most: int = MOST, patience_s: float = PATIENCE_S
) -> Sampled:
    """Watch the first cameras of the hall for so many seconds of their streams, recordings as fast
    as the machine goes. Windows that are closed now are watched as if they were open."""
    watches = [_Watch(hall, camera, eyes, seconds, patience_s) for camera in hall.cameras[:most]]
    began_s = time.process_time()
    with ThreadPoolExecutor(len(watches)) as pool:
        taken = tuple(pool.map(_Watch.run, watches))
    return Sampled(taken, time.process_time() - began_s)


def habit_of(sample: Sampled, cost: Cost) -> Habit:
    """How often the model looked through the sampled cameras, and what all else took beside. At
    least one of them gave pictures."""
    seen = sample.seen
    seconds = sum(t.seconds for t in seen)
    wholes, close_ups = sum(t.wholes for t in seen), sum(t.close_ups for t in seen)
    window_s = sum(t.windows * t.seconds for t in seen)
    decode_s = sum(t.watched_decode_s + t.native_decode_s for t in seen)
    inference_s = (wholes * cost.whole_ms + close_ups * cost.close_up_ms) / 1000
    return Habit(
        wholes_hz=wholes / seconds,
        close_ups_hz=close_ups / window_s if window_s else 0.0,
        rest=max(sample.cpu_s / (inference_s + decode_s), 1.0),
    )


def cost_of(sample: Sampled, made: Cost) -> Cost:
    """With what decoding the hall's own streams took, where there are such; else as made."""
    seen = sample.seen
    second = [t for t in seen if t.camera.sub_url is not None]
    alone = [t for t in seen if t.camera.sub_url is None]
    return replace(
        made,
        second_ms=_a_second_ms([t.watched_decode_s for t in second], second) or made.second_ms,
        native_ms=_a_second_ms([t.native_decode_s for t in second], second) or made.native_ms,
        main_ms=_a_second_ms([t.watched_decode_s for t in alone], alone) or made.main_ms,
    )


def recorded_mb_s(sample: Sampled) -> float:
    """Megabytes a second of one camera's recording, on average."""
    return sum(t.main_bytes for t in sample.seen) / 1e6 / sum(t.seconds for t in sample.seen)


def _a_second_ms(spent_s: Sequence[float], of: Sequence[Taken]) -> float:
    return 1000 * sum(spent_s) / sum(t.seconds for t in of) if of else 0.0


class _Watch:
    """Watches one camera; its own sink for looks, and for packets."""

    def __init__(
        self, hall: Hall, camera: Camera, eyes: Eyes, seconds: float, patience_s: float
    ) -> None:
        self.hall, self.camera, self.eyes, self.seconds = hall, camera, eyes, seconds
        self.patience_s = patience_s
        self._taken = Taken(camera, len(hall.windows_of(camera.id)))
        self._ring = Recorder()
        self._streams: Streams | None = None
        self._from_s: float | None = None
        self._bytes = 0
        self._until_s = 0.0

    def run(self) -> Taken:
        live = scheme_of(self.camera.url) not in RECORDED
        self._until_s = time.monotonic() + self.patience_s + self.seconds if live else math.inf
        try:
            watch_camera(
                self.hall, self.camera.id, self.eyes, self, clock=self._clock(live),
                recorder=self, stop=self._over, opened=self._opened, open_at=_open,
            )  # fmt: skip
        except SourceError as error:
            return replace(self._taken, trouble=str(error))
        if not self._taken.seconds:
            return replace(self._taken, trouble=self._trouble())
        return replace(self._taken, main_bytes=self._bytes)

    def push(self, packet: av.Packet[VideoStream], stamp: Stamp) -> None:
        self._bytes += packet.size
        self._ring.push(packet, stamp)

    def looked(self, look: Look, engine: Engine) -> None:
        at_s = look.stamp.at_s
        if look.blind is not None:
            return
        self._from_s = at_s if self._from_s is None else self._from_s
        streams = self._streams
        assert streams is not None
        self._taken = replace(
            self._taken,
            seconds=at_s - self._from_s,
            wholes=self._taken.wholes + look.asked,
            close_ups=self._taken.close_ups + len(look.closely),
            watched_decode_s=streams.watched.counts().decode_s,
            native_decode_s=streams.native.spent_s if streams.native else 0.0,
        )

    def alerted(self, alert: Alert, look: Look) -> None:
        """Nobody is told: this is a measurement."""

    def _opened(self, streams: Streams, detector: Detector) -> None:
        self._streams = streams

    def _clock(self, live: bool) -> Clock:
        start = self.camera.recorded_at or datetime.now(UTC)
        return SystemClock() if live else ReplayClock(start, speed=None)

    def _over(self) -> bool:
        return self._taken.seconds >= self.seconds or time.monotonic() > self._until_s

    def _trouble(self) -> str:
        counts = None if self._streams is None else self._streams.watched.counts()
        return (counts and counts.trouble) or "it gave no picture that can be judged"


def _open(place: str, stamp: Stamp) -> bool:
    return True
