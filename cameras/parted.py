"""A decoded picture of which parts are turned into pixels as they are looked at.

A close-up is a twelfth of a main stream's picture; turning all of it into BGR costs as much as
decoding one and a half pictures.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from cameras.decoding import upright, upright_size
from vision.records import Image

HALVED = frozenset({"yuv420p", "yuvj420p"})
"""Formats of three planes, the second and third half as wide and high: what cameras send."""


class Decoded:
    """One picture of a decoder, in pixels as it is to be seen."""

    def __init__(self, frame: VideoFrame) -> None:
        self._frame = frame
        self._whole: Image | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return upright_size(self._frame)

    def whole(self) -> Image:
        """(h, w, 3) BGR."""
        if self._whole is None:
            self._whole = upright(self._frame)
        return self._whole

    def part(self, left: int, top: int, right: int, bottom: int) -> Image:
        """The pixels from (left, top) up to (right, bottom), which lie within the picture: the same
        as of the whole."""
        frame = self._frame
        if self._whole is not None or frame.rotation or frame.format.name not in HALVED:
            return self.whole()[top:bottom, left:right]
        x, y = left // 2 * 2, top // 2 * 2
        wide, high = (
            min(right + right % 2, frame.width) - x,
            min(bottom + bottom % 2, frame.height) - y,
        )
        part = VideoFrame(wide, high, frame.format.name)
        part.colorspace, part.color_range = frame.colorspace, frame.color_range
        for n, (of, to) in enumerate(zip(frame.planes, part.planes, strict=True)):
            step = 2 if n else 1
            rows = slice(y // step, -(-(y + high) // step))
            columns = slice(x // step, -(-(x + wide) // step))
            cut = _samples(of)[rows, columns]
            _samples(to)[: cut.shape[0], : cut.shape[1]] = cut
        return upright(part)[top - y : bottom - y, left - x : right - x]


def _samples(plane: VideoPlane) -> NDArray[np.uint8]:
    """(rows, bytes a row), without a copy."""
    bytes_of = cast(bytearray, plane)  # it gives a buffer, which its stubs do not say
    return np.frombuffer(bytes_of, np.uint8).reshape(-1, plane.line_size)
