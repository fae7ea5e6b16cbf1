"""From packets to whole pictures. A damaged picture, and what was built on it, is not guessed."""

from __future__ import annotations

import time
from collections.abc import Iterator

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from cameras.stirring import PacketSizes
from vision.records import Image

MOST_HELD = 1000
"""So many packets after a key frame are held while only key frames are decoded."""


class Decoder:
    """Decodes one stream on one thread: the machine's threads belong to the model.

    keys_only: leave out all but key frames, until the packets' sizes say that something moves; from
    there to the next key frame nothing is left out. May be switched while running, and takes effect
    at once. sizes: what they say. broken: the last
    packets did not decode whole, and no key frame has come since. spent_s: processor time.
    Pictures carry their packet's `opaque`.
    """

    def __init__(self, stream: VideoStream) -> None:
        self._context = stream.codec_context
        self._context.thread_count = 1
        self._context.copy_opaque = True
        self._context.options = {"err_detect": "explode"}  # an error instead of concealment
        self._waits_for_key = False
        self._held: list[av.Packet[VideoStream]] = []
        self._stirred = False  # since the last key frame
        self.sizes = PacketSizes()
        self.keys_only = False
        self.broken = False
        self.spent_s = 0.0

    @property
    def intra_only(self) -> bool:
        return self._context.codec.intra_only

    def pass_over_unneeded(self) -> None:
        """From now on leave out the pictures that no other picture needs."""
        self._context.skip_frame = "NONREF"

    def decode(self, packet: av.Packet[VideoStream] | None) -> Iterator[tuple[VideoFrame, bool]]:
        """The pictures that this packet completes, and whether each is whole; None drains."""
        for due in [None] if packet is None else self._due(packet):
            began_s = time.thread_time()
            frames = self._decoded(due)
            self.spent_s += time.thread_time() - began_s
            for frame in frames:
                if frame.key_frame:
                    self.broken = False
                yield frame, not (self.broken or frame.is_corrupt)

    def pass_over(self) -> None:
        """A packet was left out: what is built on it is left out too, up to the next key frame."""
        self._waits_for_key = True
        self._held.clear()

    def reset(self) -> None:
        """Forget all pictures; the next packet is a key frame."""
        self._context.flush_buffers()
        self.broken = False

    def _due(self, packet: av.Packet[VideoStream]) -> list[av.Packet[VideoStream]]:
        """What is to be decoded now. Packets that keys_only leaves out are held up to the next key
        frame, and made up for when they are wanted after all."""
        if packet.is_keyframe:
            self.sizes.key_frame()
            if self._waits_for_key or self._held:
                self.reset()
            self._waits_for_key = self._stirred = False
            self._held = [packet] if self.keys_only else []
            return [packet]
        self._stirred |= self.sizes.stirs(packet.size)
        if self._waits_for_key:
            self.pass_over()
            return []
        self._held.append(packet)
        if self._rests:
            if len(self._held) > MOST_HELD:
                self.pass_over()
            return []
        due, self._held = self._held, []
        return due

    @property
    def _rests(self) -> bool:
        return self.keys_only and not self._stirred

    def _decoded(self, packet: av.Packet[VideoStream] | None) -> list[VideoFrame]:
        if packet is not None and packet.is_corrupt:
            self.broken = True
        try:
            frames = self._context.decode(packet)
            if packet is not None and self._rests:  # nothing follows that it could wait for
                frames += self._context.decode(None)
                self._context.flush_buffers()
        except av.error.FFmpegError:
            frames = []
            self.broken = True
        return frames


def upright(frame: VideoFrame) -> Image:
    """The picture as (h, w, 3) BGR, turned as its display matrix says."""
    bgr = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(bgr, turns)) if turns else bgr


def upright_size(frame: VideoFrame) -> tuple[int, int]:
    """Width and height of `upright(frame)`."""
    sideways = round(frame.rotation / 90) % 2
    return (frame.height, frame.width) if sideways else (frame.width, frame.height)
