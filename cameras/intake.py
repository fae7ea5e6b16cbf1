"""What of a live connection's packets is decoded, and when each picture was taken."""

from __future__ import annotations

from dataclasses import dataclass

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from cameras.decoding import Decoder, upright_size
from cameras.headings import sequence_heading
from cameras.lateness import Lateness
from cameras.patience import Patience
from cameras.streamtime import Pace
from vision.records import Stamp

STALE = 0.9
"""A packet that comes after this part of the patience was held back since before the silence: the
library gives its last one up when reading times out."""
INTRA_LOOKS = 2.0
"""Of pictures that need no other, so many are decoded for each that is asked for."""


class LateError(OSError):
    """The pictures come late, and it lasts."""


class SizeChangedError(OSError):
    """The pictures have another size from now on."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One packet's stamp, and the last picture that it completes, if any; `whole` says whether that
    is undamaged."""

    stamp: Stamp
    frame: VideoFrame | None = None
    whole: bool = False


class Intake:
    """Takes the packets of one connection in the order of their arrival.

    keys_only: may be switched while running. packets_only: nothing is decoded. late_s: how late
    the last packet was; with
    believe_stamps False the camera's own time stamps say nothing of that.
    """

    def __init__(
        self,
        stream: VideoStream,
        patience: Patience,
        pace_hz: float,
        *,
        believe_stamps: bool,
        packets_only: bool = False,
    ) -> None:
        self.late_s = 0.0
        self.keys_only = False
        self.key_every_s: float | None = None
        self.size: tuple[int, int] | None = None
        self._decoder = Decoder(stream)
        self._patience = patience
        self._packets_only = packets_only
        self._codec, self._heading = stream.codec_context.name, b""
        self._pace = Pace(pace_hz * INTRA_LOOKS)
        self._lateness = Lateness() if believe_stamps else None
        self._late_since_s: float | None = None
        self._last: Stamp | None = None  # arrival of the packet before
        self._stamp: Stamp | None = None
        self._key_s: float | None = None

    @property
    def sizes_tell(self) -> bool:
        return self._decoder.sizes.tells

    @property
    def decode_s(self) -> float:
        return self._decoder.spent_s

    def take(self, packet: av.Packet[VideoStream], arrived: Stamp) -> Taken:
        """Raises LateError when the camera is to be connected anew, SizeChangedError before the
        first packet of another size is taken."""
        self.late_s = self._late(packet, arrived)
        stamp = arrived.back_to(max(arrived.at_s - self.late_s, 0.0))
        self._stamp = stamp = stamp if self._stamp is None else max(stamp, self._stamp)
        if packet.is_keyframe:
            if self._key_s is not None:
                self.key_every_s = stamp.at_s - self._key_s
            self._key_s = stamp.at_s
        if self.late_s > self._patience.late_s:
            self._pass_over(arrived)
            return Taken(stamp)
        self._late_since_s = None
        if self._packets_only:
            self._check_heading(packet)
            return Taken(stamp)
        if self._decoder.intra_only and not self._pace.takes(stamp.at_s):
            return Taken(stamp)
        return self._decoded(packet, stamp)

    def _check_heading(self, packet: av.Packet[VideoStream]) -> None:
        """Raises SizeChangedError where a key frame is headed by another size or profile."""
        if not packet.is_keyframe:
            return
        heading = sequence_heading(bytes(packet), self._codec)
        if heading and self._heading not in (b"", heading):
            raise SizeChangedError("the pictures are coded otherwise, or have another size")
        self._heading = heading or self._heading

    def _late(self, packet: av.Packet[VideoStream], arrived: Stamp) -> float:
        late_s = 0.0 if self._lateness is None else self._lateness.of(packet, arrived.at_s)
        silent_s = 0.0 if self._last is None else arrived.at_s - self._last.at_s
        self._last = arrived
        return max(late_s, silent_s) if silent_s >= STALE * self._patience.stall_s else late_s

    def _pass_over(self, arrived: Stamp) -> None:
        self._decoder.pass_over()
        if self._late_since_s is None:
            self._late_since_s = arrived.at_s
        if arrived.at_s - self._late_since_s > self._patience.stall_s:
            raise LateError(f"the pictures come {self.late_s:.0f} s late")

    def _decoded(self, packet: av.Packet[VideoStream], stamp: Stamp) -> Taken:
        self._decoder.keys_only = self.keys_only
        taken = Taken(stamp)
        for frame, whole in self._decoder.decode(packet):
            size = upright_size(frame)
            if self.size not in (None, size):
                raise SizeChangedError("the pictures have another size, {} x {}".format(*size))
            self.size = size
            taken = Taken(stamp, frame, whole)
        return taken
