"""A live camera: its newest picture at the asked pace, every packet to the recorder, never an end.

One thread reads. It decodes all that comes, keeps only the newest picture, and connects anew when
the camera is gone; whoever looks too slowly sees fewer pictures, never older ones.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from av.container import InputContainer
from av.video.frame import VideoFrame

from cameras.address import reason, shown
from cameras.clocks import Clock
from cameras.decoding import Decoder, upright, upright_size
from cameras.ring import Recorder
from vision.records import Blindness, Frame, Gap, Packet, Stamp

log = logging.getLogger(__name__)

GAP_EVERY_S = 1.0
STALE = 0.9
"""A packet that comes after this part of the patience was held back since before the silence (the
library gives its last one up when reading times out): it is recorded, and not shown as news."""


@dataclass(frozen=True, slots=True)
class Patience:
    """stall_s: an open connection without pictures counts as lost after so long.
    retry_s: wait before the first new attempt; doubled each time up to longest_retry_s."""

    stall_s: float = 5.0
    retry_s: float = 1.0
    longest_retry_s: float = 30.0


@dataclass(frozen=True, slots=True)
class _Newest:
    frame: VideoFrame
    whole: bool
    seq: int
    stamp: Stamp


class NoVideoError(OSError):
    """A camera answered, but sends no video that can be decoded."""


class LiveSource:
    """One camera. connect: opens the address with a patience in seconds, or raises. Stamps come
    from the clock; stream seconds count from here, and stand still when the clock is set back."""

    def __init__(
        self,
        camera: str,
        url: str,
        connect: Callable[[str, float], InputContainer],
        *,
        clock: Clock,
        pace_hz: float,
        recorder: Recorder | None = None,
        patience: Patience | None = None,
    ) -> None:
        if not pace_hz > 0:
            raise ValueError(f"a pace is positive pictures a second, not {pace_hz}")
        self.camera = camera
        self.shown_url = shown(url)
        self.clock = clock
        self.recorder = recorder
        self.patience = patience or Patience()
        self._url = url
        self._connect = connect
        self._period = timedelta(seconds=1.0 / pace_hz)
        self._lock = threading.Lock()
        self._newest: _Newest | None = None
        self._size = (0, 0)
        self._seq = -1
        self._connected = False
        self._trouble: str | None = "not connected yet"
        self._at_s = 0.0
        self._wall = clock.now()
        self._closing = threading.Event()
        self._reader = threading.Thread(target=self._run, name=f"camera {camera}", daemon=True)
        self._reader.start()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels; (0, 0) until the first picture."""
        return self._size

    @property
    def trouble(self) -> str | None:
        """Why there are no pictures now, without credentials; None while they come."""
        return self._trouble

    def pictures(self) -> Iterator[Frame | Gap]:
        """The newest picture at each beat of the pace, or about once a second why there is none."""
        seen_s = gap_s = -GAP_EVERY_S
        due = self.clock.now()
        while not self._closing.is_set():
            self.clock.wait_until(min(due, self.clock.now() + self._period))  # it may be set back
            due = self._beat_after(due)
            with self._lock:
                now, newest, self._newest = self._stamp(), self._newest, None
            if newest is not None:
                seen_s = newest.stamp.at_s
            if newest is not None and newest.whole:
                packet = Packet(self.camera, newest.seq, newest.stamp)
                yield Frame(packet, upright(newest.frame))
                continue
            why = self._blind(newest, now.at_s - seen_s)
            if why is not None and now.at_s - gap_s >= GAP_EVERY_S:
                gap_s = now.at_s
                yield Gap(self.camera, now, why)

    def close(self) -> None:
        """Stop reading. A reader that waits for a silent camera ends when its patience does."""
        self._closing.set()
        self._reader.join(timeout=1.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _beat_after(self, due: datetime) -> datetime:
        """The next beat; after being late, or after the clock was set back, counted from now."""
        now, period = self.clock.now(), self._period
        return due + period if now - period < due <= now + period else now + period

    def _blind(self, newest: _Newest | None, silent_s: float) -> Blindness | None:
        if newest is not None:
            return Blindness.CORRUPT
        patience_s = self.patience.stall_s if self._connected else GAP_EVERY_S
        return Blindness.OFFLINE if silent_s >= patience_s else None

    def _stamp(self) -> Stamp:
        """Now; asked under the lock."""
        wall = self.clock.now()
        self._at_s += max((wall - self._wall).total_seconds(), 0.0)
        self._wall = wall
        return Stamp(self._at_s, wall)

    def _run(self) -> None:
        """Connect, read until it breaks, wait, again."""
        retry_s = self.patience.retry_s
        while not self._closing.is_set():
            before = self._seq
            try:
                self._read()
                why = "the camera ended the stream"
            except Exception as error:  # whatever the library raises, a camera is not given up
                why = reason(error, self._url)
            if self._closing.is_set():
                return
            if self._seq > before:
                retry_s = self.patience.retry_s
            if self._connected or self._trouble != why:
                log.warning("camera %s at %s: %s; trying again", self.camera, self.shown_url, why)
            self._connected, self._trouble = False, why
            self._closing.wait(retry_s)
            retry_s = min(2 * retry_s, self.patience.longest_retry_s)

    def _read(self) -> None:
        with self._connect(self._url, self.patience.stall_s) as container:
            if not container.streams.video or container.streams.video[0].codec_context is None:
                raise NoVideoError("no video that can be decoded comes from this address")
            stream = container.streams.video[0]
            decoder = Decoder(stream)
            last_s: float | None = None
            for packet in container.demux(stream):
                if self._closing.is_set():
                    return
                if packet.size == 0:
                    continue
                with self._lock:
                    stamp = self._stamp()
                stale = last_s is not None and stamp.at_s - last_s >= STALE * self.patience.stall_s
                last_s = stamp.at_s
                self._seq += 1
                if self.recorder is not None:
                    self.recorder.push(packet, stamp)
                for frame, whole in decoder.decode(packet):
                    if not stale:
                        self._show(frame, whole)

    def _show(self, frame: VideoFrame, whole: bool) -> None:
        with self._lock:
            self._newest = _Newest(frame, whole, self._seq, self._stamp())
        self._size = upright_size(frame)
        if self._trouble is not None:
            log.info("camera %s at %s: pictures come", self.camera, self.shown_url)
        self._connected, self._trouble = True, None
