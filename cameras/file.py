"""A recorded file as a camera: the same file gives the same pictures, as fast as its clock lets it.

Only what can be chosen is decoded: pictures that no other picture needs are passed over when the
pace is far below the file's rate, and only chosen pictures are turned into BGR.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Self

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from cameras.clocks import Clock
from cameras.counts import SourceCounts
from cameras.decoding import Decoder, upright, upright_size
from cameras.errors import NotAVideoError
from cameras.open_file import open_video
from cameras.packets import PacketSink
from cameras.streamtime import Moment, Pace, StreamTime
from vision.records import Blindness, Frame, Gap, Packet, Stamp

log = logging.getLogger(__name__)

GAP_EVERY_S = 1.0
FAR_BELOW = 8.0
"""Pictures that no other needs are passed over when the file has so many for each that is asked."""
ASSUMED_RATE_HZ = 25.0
OLDEST = datetime(1980, 1, 1, tzinfo=UTC)
"""A creation time before this is a camera's unset clock."""


class FileSource:
    """One video file. start: when its recording began; without it the file's own creation time,
    else the clock's time at opening. jump_s: a larger step in the file's time stamps is a Gap.

    Raises the named errors of `cameras.errors` at opening.
    """

    def __init__(
        self,
        camera: str,
        path: str | Path,
        *,
        clock: Clock,
        pace_hz: float,
        recorder: PacketSink | None = None,
        start: datetime | None = None,
        jump_s: float = 2.0,
        packets_only: bool = False,
    ) -> None:
        self.camera = camera
        self.path = Path(path)
        self.clock = clock
        self.recorder = recorder
        self.packets_only = packets_only
        self.pace = Pace(pace_hz)
        self._container, self._stream = open_video(self.path)
        try:
            self._decoder = Decoder(self._stream)
            self._probed, first = self._first_picture()
        except BaseException:
            self._container.close()
            raise
        rate_hz = float(self._stream.average_rate or self._stream.base_rate or ASSUMED_RATE_HZ)
        self._size = upright_size(first)
        self.start = (start or _created(self._container) or clock.now()).astimezone(UTC)
        self._time = StreamTime(_seconds(first, self._stream), rate_hz, jump_s)
        if rate_hz >= FAR_BELOW * pace_hz:
            self._decoder.pass_over_unneeded()
        self._last_s = -1.0
        self._gap_s = -GAP_EVERY_S
        self._jumps = 0
        self._packet_count = 0
        self._key_s: float | None = None
        self._key_every_s: float | None = None
        self._ended_s = 0.0
        self._closed = False

    @property
    def keys_only(self) -> bool:
        """Decode key frames only, see `cameras.decoding`; may be switched while running."""
        return self._decoder.keys_only

    @keys_only.setter
    def keys_only(self, yes: bool) -> None:
        self._decoder.keys_only = yes

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, turned upright."""
        return self._size

    @property
    def lasted_s(self) -> float:
        """How much of it was read, its last picture's duration included."""
        return self._ended_s + self.period_s

    @property
    def period_s(self) -> float:
        """How long a picture lasts, by the file's rate."""
        return self._time.period_s

    def pictures(self) -> Iterator[Frame | Gap]:
        """The chosen pictures and the gaps between them, each when the clock comes to it."""
        for item in self._items():
            self.clock.wait_until(item.stamp.wall)
            yield item

    def counts(self) -> SourceCounts:
        return SourceCounts(
            packets=self._packet_count,
            decode_s=self._decoder.spent_s,
            key_every_s=self._key_every_s,
            sizes_tell=self._decoder.sizes.tells,
            last_picture=self._stamp(self._last_s).wall if self._last_s >= 0 else None,
        )

    def close(self) -> None:
        self._closed = True
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _items(self) -> Iterator[Frame | Gap]:
        for packet in self._packets():
            if packet.size == 0:
                yield from self._decoded(None, None)
                continue
            moment = self._time.read(packet)
            packet.opaque = moment
            self._ended_s = max(self._ended_s, moment.at_s)
            self._count(packet, moment.at_s)
            if self.recorder is not None:
                self.recorder.push(packet, self._stamp(moment.at_s))
            if self.packets_only:
                self.clock.wait_until(self._stamp(moment.at_s).wall)
                continue
            if self._decoder.intra_only and not self.pace.takes(moment.at_s):
                continue
            yield from self._decoded(packet, moment)
        self._tell_of_the_end()

    def _count(self, packet: av.Packet[VideoStream], at_s: float) -> None:
        self._packet_count += 1
        if packet.is_keyframe:
            if self._key_s is not None:
                self._key_every_s = at_s - self._key_s
            self._key_s = at_s

    def _first_picture(self) -> tuple[list[av.Packet[VideoStream]], VideoFrame]:
        """Read until one picture is decoded; the packets read, and that picture. Raises
        NotAVideoError when no picture can be decoded at all."""
        probed: list[av.Packet[VideoStream]] = []
        for packet in self._container.demux(self._stream):
            probed.append(packet)
            for frame, _ in self._decoder.decode(packet if packet.size else None):
                self._decoder.reset()
                return probed, frame
        raise NotAVideoError(
            f"{self.path} holds {len(probed) - 1} coded pictures, none of which can be decoded: "
            "copy it again from the recorder"
        )

    def _packets(self) -> Iterator[av.Packet[VideoStream]]:
        """All packets, those read in probing first. Reading errors end the file."""
        packets = chain(self._probed, self._container.demux(self._stream))
        while not self._closed:
            try:
                yield next(packets)
            except StopIteration:
                return
            except av.error.FFmpegError as error:
                log.warning("%s: reading failed after %.1f s (%s)", self.path, self._ended_s, error)
                return

    def _decoded(
        self, packet: av.Packet[VideoStream] | None, moment: Moment | None
    ) -> Iterator[Frame | Gap]:
        """What comes out of the decoder for one packet; None drains it."""
        shown = False
        for frame, whole in self._decoder.decode(packet):
            shown = True
            yield from self._picture(frame, whole)
        if self._decoder.broken and not shown and moment is not None:
            yield from self._gaps(Blindness.CORRUPT, moment.at_s)

    def _picture(self, frame: VideoFrame, whole: bool) -> Iterator[Frame | Gap]:
        moment = frame.opaque
        if not isinstance(moment, Moment):  # made up by the decoder, of no packet
            return
        if moment.jumps != self._jumps:
            self._jumps = moment.jumps
            yield from self._jump_gaps(moment.at_s)
        if not whole:
            yield from self._gaps(Blindness.CORRUPT, moment.at_s)
            return
        if moment.at_s <= self._last_s or not (
            self._decoder.intra_only or self.pace.takes(moment.at_s)
        ):
            return
        self._last_s = moment.at_s
        packet = Packet(self.camera, moment.seq, self._stamp(moment.at_s))
        yield Frame(packet, upright(frame))

    def _gaps(self, why: Blindness, at_s: float) -> Iterator[Gap]:
        """A gap at this second, unless the last one is less than a second old."""
        if at_s < max(self._last_s, self._gap_s + GAP_EVERY_S):
            return
        self._gap_s = self._last_s = at_s
        yield Gap(self.camera, self._stamp(at_s), why)

    def _jump_gaps(self, at_s: float) -> Iterator[Gap]:
        """Gaps once a second over what a jump left out; at least one before the next picture."""
        since_s = max(self._last_s, 0.0)
        lost_s = at_s - since_s
        if lost_s <= GAP_EVERY_S:
            yield from self._gaps_at([since_s + lost_s / 2])
            return
        yield from self._gaps_at([since_s + n for n in range(1, int(np.ceil(lost_s)))])

    def _gaps_at(self, seconds: list[float]) -> Iterator[Gap]:
        for at_s in seconds:
            self._gap_s = self._last_s = max(at_s, self._last_s)
            yield Gap(self.camera, self._stamp(self._last_s), Blindness.JUMP)

    def _stamp(self, at_s: float) -> Stamp:
        return Stamp(at_s, self.start + timedelta(seconds=at_s))

    def _tell_of_the_end(self) -> None:
        if self._time.guessed:
            log.warning(
                "%s: %d packets without usable time stamps; their time is taken from the frame "
                "rate of %.3f Hz", self.path, self._time.guessed, 1 / self._time.period_s,
            )  # fmt: skip
        promised_s = _duration_s(self._container, self._stream) if not self._closed else None
        if promised_s is not None and self._ended_s + 1.0 + self._time.period_s < promised_s:
            log.warning(
                "%s: cut off: the file promises %.1f s and ends at %.1f s; what it holds was read",
                self.path, promised_s, self._ended_s,
            )  # fmt: skip


def _seconds(frame: VideoFrame, stream: VideoStream) -> float | None:
    if frame.pts is None or stream.time_base is None:
        return None
    return float(frame.pts * stream.time_base)


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return None if container.duration is None else container.duration / av.time_base


def _created(container: InputContainer) -> datetime | None:
    """The creation time that the file states, if it is one."""
    text = container.metadata.get("creation_time")
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if moment is None:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if moment >= OLDEST else None
