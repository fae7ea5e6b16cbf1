"""Where a stream's packets go, beside being decoded."""

from __future__ import annotations

from typing import Protocol

import av
from av.video.stream import VideoStream

from vision.records import Stamp


class PacketSink(Protocol):
    """Takes every packet of a stream as it comes, on the thread that reads it."""

    def push(self, packet: av.Packet[VideoStream], stamp: Stamp) -> None: ...
