"""From packets to whole pictures. A damaged picture, and what was built on it, is not guessed."""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vision.records import Image


class Decoder:
    """Decodes one stream on one thread: the machine's threads belong to the model.

    broken: the last packets did not decode whole, and no key frame has come since. Pictures carry
    their packet's `opaque`.
    """

    def __init__(self, stream: VideoStream) -> None:
        self._context = stream.codec_context
        self._context.thread_count = 1
        self._context.copy_opaque = True
        self._context.options = {"err_detect": "explode"}  # an error instead of concealment
        self.broken = False

    @property
    def intra_only(self) -> bool:
        return self._context.codec.intra_only

    def pass_over_unneeded(self) -> None:
        """From now on leave out the pictures that no other picture needs."""
        self._context.skip_frame = "NONREF"

    def decode(self, packet: av.Packet[VideoStream] | None) -> Iterator[tuple[VideoFrame, bool]]:
        """The pictures that this packet completes, and whether each is whole; None drains."""
        try:
            frames = self._context.decode(packet)
        except av.error.FFmpegError:
            frames = []
            self.broken = True
        if packet is not None and packet.is_corrupt:
            self.broken = True
        for frame in frames:
            if frame.key_frame:
                self.broken = False
            yield frame, not (self.broken or frame.is_corrupt)

    def reset(self) -> None:
        """Forget all pictures; the next packet is a key frame."""
        self._context.flush_buffers()
        self.broken = False


def upright(frame: VideoFrame) -> Image:
    """The picture as (h, w, 3) BGR, turned as its display matrix says."""
    bgr = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(bgr, turns)) if turns else bgr


def upright_size(frame: VideoFrame) -> tuple[int, int]:
    """Width and height of `upright(frame)`."""
    sideways = round(frame.rotation / 90) % 2
    return (frame.height, frame.width) if sideways else (frame.width, frame.height)
