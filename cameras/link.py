"""The link to a live camera: a thread that connects, reads until it breaks, waits, and again.

It decodes what comes in time and keeps the newest picture only. What comes late (a network that
stalled, a machine that could not keep up, a camera that holds pictures back) goes to the recorder
and is not decoded; where lateness lasts, the link connects anew, which brings the camera's present.
"""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from cameras.clocks import StreamClock
from cameras.counts import SourceCounts
from cameras.decoding import upright_size
from cameras.intake import Intake, LateError, SizeChangedError
from cameras.knock import PORTS, knock, why_not
from cameras.lateness import OwnClock
from cameras.packets import PacketSink
from cameras.patience import Patience
from vision.address import reason, shown
from vision.probe import Refusal, RefusedError
from vision.records import Stamp

log = logging.getLogger(__name__)

Connect: TypeAlias = Callable[[str, float], InputContainer]
"""Opens an address; reading from it fails after so many seconds without a packet."""

KNOCK_S = 2.0
"""Patience when it is looked for why an address does not open."""
DOUBTS, DOUBTS_S = 3, 3600.0
"""A camera that seemed late so often within this time, whenever connected anew, has a slow clock,
unless its reports say otherwise; after that it is believed again, and tried."""


@dataclass(frozen=True, slots=True)
class Newest:
    """A decoded picture, and whether it is whole."""

    frame: VideoFrame
    whole: bool
    seq: int
    stamp: Stamp


class NoVideoError(OSError):
    """A camera answered, but sends no video that can be decoded."""


class Link(threading.Thread):
    """Reads one camera until `leave()`. Whoever gives it up forgets it: what its thread still does
    touches nothing but itself."""

    def __init__(
        self,
        camera: str,
        url: str,
        connect: Connect,
        *,
        clock: StreamClock,
        pace_hz: float,
        recorder: PacketSink | None,
        patience: Patience,
        packets_only: bool = False,
    ) -> None:
        super().__init__(name=f"camera {camera}", daemon=True)
        self.camera = camera
        self.keys_only = False
        self.size = (0, 0)
        self.connected = False
        self.trouble: str | None = "not connected yet"
        self._refusal: Refusal | None = None
        self._url = url
        self._connect = connect
        self._clock = clock
        self._pace_hz = pace_hz
        self._recorder = recorder
        self._patience = patience
        self._packets_only = packets_only
        self._left = threading.Event()
        self._lock = threading.Lock()
        self._newest: Newest | None = None
        self._intake: Intake | None = None
        self._alive_s = clock.now().at_s
        self._packets = 0
        self._connections = 0
        self._found: RefusedError | None = None
        self._looked_into_said = ""
        self._late_ends_s: deque[float] = deque(maxlen=DOUBTS)
        self._own_clock = OwnClock()
        self._decode_s = 0.0  # of the connections before
        self._last_picture: datetime | None = None

    def take(self) -> Newest | None:
        """The newest picture, once."""
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def silent_s(self, at_s: float) -> float:
        """For how long there was no sign of life; waiting for the next attempt is one."""
        return at_s - self._alive_s

    def counts(self) -> SourceCounts:
        intake = self._intake
        return SourceCounts(
            packets=self._packets,
            reconnects=max(self._connections - 1, 0),
            late_s=intake.late_s if intake else 0.0,
            decode_s=self._decode_s + (intake.decode_s if intake else 0.0),
            key_every_s=intake.key_every_s if intake else None,
            sizes_tell=intake.sizes_tell if intake else False,
            last_picture=self._last_picture,
            trouble=self.trouble,
            refusal=self._refusal if self.trouble else None,
        )

    def leave(self) -> None:
        self._left.set()

    def run(self) -> None:
        retry_s = self._patience.retry_s
        while not self._left.is_set():
            before, wait_s = self._packets, retry_s
            self._alive_s = self._clock.now().at_s
            try:
                self._read()
                why, self._refusal = "the camera ended the stream", Refusal.UNREACHABLE
            except Exception as error:  # whatever the library raises, a camera is not given up
                why, self._refusal = _why(error, self._url)
                wait_s = self._wait_after(error, retry_s)
            if self._left.is_set():
                return
            self._tell_of(why)
            if self._packets > before:
                retry_s = self._patience.retry_s
            self._alive_s = math.inf
            self._left.wait(wait_s)
            retry_s = min(2 * retry_s, self._patience.longest_retry_s)

    def _wait_after(self, error: Exception, retry_s: float) -> float:
        if isinstance(error, LateError):
            self._late_ends_s.append(self._clock.now().at_s)
            return 0.0
        if isinstance(error, SizeChangedError):
            return 0.0
        refused = isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError)
        return self._patience.longest_retry_s if refused else retry_s

    def _tell_of(self, why: str) -> None:
        if self.connected or self.trouble != why:
            log.warning("camera %s at %s: %s; trying again", self.camera, shown(self._url), why)
        self.connected, self.trouble = False, why

    def _read(self) -> None:
        with self._opened() as container:
            if not container.streams.video or container.streams.video[0].codec_context is None:
                raise NoVideoError("no video that can be decoded comes from this address")
            stream = container.streams.video[0]
            self._begin(Intake(
                stream, self._patience, self._pace_hz, believe_stamps=self._believes_stamps(),
                packets_only=self._packets_only,
            ))  # fmt: skip
            for packet in container.demux(stream):
                if self._left.is_set():
                    return
                if packet.size:
                    self._take(packet)

    def _opened(self) -> InputContainer:
        try:
            return self._connect(self._url, self._patience.stall_s)
        except (RefusedError, ConnectionRefusedError, av.error.HTTPClientError):
            raise
        except Exception as error:  # whatever the library raises
            raise self._looked_into(error) from error

    def _looked_into(self, error: Exception) -> Exception:
        """What is really the matter: looked for once, as long as the library says the same."""
        if self._url.partition("://")[0] not in PORTS:
            return error
        said = reason(error, self._url)
        if said != self._looked_into_said:
            self._looked_into_said = said
            try:
                knock(self._url, KNOCK_S)
                self._found = why_not(error, self._url)
            except RefusedError as refused:
                self._found = refused
        return self._found or error

    def _begin(self, intake: Intake) -> None:
        self._connections += 1
        self._looked_into_said = ""
        self._own_clock.connected()
        if self._intake is not None:
            self._decode_s += self._intake.decode_s
        self._intake = intake

    def _believes_stamps(self) -> bool:
        """Not those of a camera that seems late again and again, however often connected anew,
        unless its reports have shown that its clock is right: then it is the network."""
        late_s = self._late_ends_s
        often = len(late_s) == DOUBTS and self._clock.now().at_s - late_s[0] <= DOUBTS_S
        if self._own_clock.steady or not often:
            return True
        log.warning("camera %s: its own clock runs slow; how late it is is not measured",
                    self.camera)  # fmt: skip
        return False

    def _take(self, packet: av.Packet[VideoStream]) -> None:
        assert self._intake is not None
        arrived = self._clock.now()
        self._alive_s = arrived.at_s
        self._own_clock.note(packet)
        self._intake.keys_only = self.keys_only
        taken = self._intake.take(packet, arrived)
        self._packets += 1
        if self._recorder is not None:
            self._recorder.push(packet, taken.stamp)
        if self._packets_only:
            self._tell_of_connection()
        if taken.frame is not None:
            self._show(Newest(taken.frame, taken.whole, self._packets - 1, taken.stamp))

    def _show(self, newest: Newest) -> None:
        with self._lock:
            self._newest = newest
        self.size = upright_size(newest.frame)
        if newest.whole:
            self._last_picture = newest.stamp.wall
        self._tell_of_connection()

    def _tell_of_connection(self) -> None:
        if self.trouble is not None:
            log.info("camera %s at %s: pictures come", self.camera, shown(self._url))
        self.connected, self.trouble = True, None


def _why(error: Exception, url: str) -> tuple[str, Refusal | None]:
    """What the camera answered in our words, else the library's."""
    if isinstance(error, av.error.HTTPClientError | RefusedError):
        refused = why_not(error, url)
        return str(refused), refused.refusal
    if isinstance(error, ConnectionRefusedError):
        return reason(error, url), Refusal.PORT_CLOSED
    if isinstance(error, NoVideoError):
        return reason(error, url), Refusal.SILENT
    here = isinstance(error, LateError | SizeChangedError)
    return reason(error, url), None if here else Refusal.UNREACHABLE
