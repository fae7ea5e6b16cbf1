"""A recording that is played over and over, as a camera that never ends: for trying things out, and
for measuring. Written `loop:clip.mp4` in the hall file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Self

import av
from av.video.stream import VideoStream

from cameras.clocks import Clock
from cameras.counts import SourceCounts
from cameras.file import FileSource
from cameras.packets import PacketSink
from vision.records import Blindness, Frame, Gap, Packet, Stamp

SCHEME = "loop:"


class LoopSource:
    """One video file again and again; stream seconds and wall time run on, and each new beginning
    is a jump. Raises the named errors of `cameras.errors` at opening."""

    def __init__(
        self,
        camera: str,
        path: str | Path,
        *,
        clock: Clock,
        pace_hz: float,
        recorder: PacketSink | None = None,
        packets_only: bool = False,
    ) -> None:
        self.camera = camera
        self.path = path
        self.clock = clock
        self.pace_hz = pace_hz
        self.recorder = recorder
        self.packets_only = packets_only
        self._began = clock.now()
        self._past = SourceCounts()  # of the turns before
        self._turn = self._open(0.0)
        self._closed = False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, turned upright."""
        return self._turn.size

    @property
    def keys_only(self) -> bool:
        """Decode key frames only, see `cameras.decoding`; may be switched while running."""
        return self._turn.keys_only

    @keys_only.setter
    def keys_only(self, yes: bool) -> None:
        self._turn.keys_only = yes

    def counts(self) -> SourceCounts:
        now, past = self._turn.counts(), self._past
        return replace(
            now,
            packets=past.packets + now.packets,
            decode_s=past.decode_s + now.decode_s,
            last_picture=now.last_picture or past.last_picture,
        )

    def pictures(self) -> Iterator[Frame | Gap]:
        """The file's pictures and gaps, turn after turn, until it is closed."""
        passed_s, seq = 0.0, 0
        while not self._closed:
            for item in self._turn.pictures():
                if isinstance(item, Gap):
                    yield replace(item, stamp=_later(item.stamp, passed_s))
                    continue
                packet = Packet(self.camera, seq, _later(item.stamp, passed_s))
                seq += 1
                yield Frame(packet, item.bgr)
            if not self._closed:
                passed_s += self._turn.lasted_s
                seam = self._stamp(passed_s - self._turn.period_s / 2)
                yield Gap(self.camera, seam, Blindness.JUMP)
                self._turn_over(passed_s)

    def close(self) -> None:
        self._closed = True
        self._turn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _turn_over(self, passed_s: float) -> None:
        keys_only, self._past = self.keys_only, self.counts()
        self._turn.close()
        self._turn = self._open(passed_s)
        self._turn.keys_only = keys_only

    def _open(self, passed_s: float) -> FileSource:
        recorder = None if self.recorder is None else _Later(self.recorder, passed_s)
        return FileSource(
            self.camera, self.path, clock=self.clock, pace_hz=self.pace_hz, recorder=recorder,
            start=self._stamp(passed_s).wall, packets_only=self.packets_only,
        )  # fmt: skip

    def _stamp(self, at_s: float) -> Stamp:
        return Stamp(at_s, self._began + timedelta(seconds=at_s))


class _Later:
    """Hands packets on, their stream seconds counted from the first turn."""

    def __init__(self, recorder: PacketSink, passed_s: float) -> None:
        self._recorder = recorder
        self._passed_s = passed_s

    def push(self, packet: av.Packet[VideoStream], stamp: Stamp) -> None:
        self._recorder.push(packet, _later(stamp, self._passed_s))


def _later(stamp: Stamp, passed_s: float) -> Stamp:
    """The stamp of a turn that began passed_s after the first; its wall time is right already."""
    return Stamp(stamp.at_s + passed_s, stamp.wall)
