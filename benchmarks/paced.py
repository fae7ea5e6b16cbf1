"""Files that arrive as a live camera's packets do: each when its time has come.

Registered as the scheme `paced`, so that everything behind the connection is the live code.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from cameras.sources import SCHEMES, live


class PacedFile:
    """An opened file as the live reader sees a connection. It is over when the file is."""

    def __init__(self, path: str) -> None:
        self._container = av.open(path)

    @property
    def streams(self) -> Any:
        return self._container.streams

    def demux(self, stream: VideoStream) -> Iterator[av.Packet[VideoStream]]:
        began_s, base_s = time.monotonic(), float(stream.time_base or 0.0)
        for packet in self._container.demux(stream):
            if packet.dts is not None:
                due_s = began_s + packet.dts * base_s
                time.sleep(max(due_s - time.monotonic(), 0.0))
            yield packet

    def __enter__(self) -> PacedFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()


def register() -> None:
    """From now on the product opens paced:// addresses."""

    def connect(url: str, stall_s: float) -> InputContainer:
        return PacedFile(url.removeprefix("paced://").partition("#")[0])  # type: ignore[return-value]

    SCHEMES["paced"] = live(connect)
