"""One recorded file, written so that it can be read at any moment.

MP4 in fragments, or Matroska in clusters, of one second: what a power cut leaves behind is a whole
file that lacks its last second. Payloads stay as the camera sent them.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import av
from av.video.stream import VideoStream

from cameras.clip import CONTAINERS, FORMATS, KeptPacket
from cameras.streamtime import seconds

FRAGMENT_S = 1.0
OPTIONS = {
    "mp4": {
        "movflags": "+empty_moov+default_base_moof+frag_keyframe",
        "frag_duration": str(int(FRAGMENT_S * 1e6)),
        "fflags": "+flush_packets",
    },
    "matroska": {
        "live": "1",
        "cluster_time_limit": str(int(FRAGMENT_S * 1e3)),
        "fflags": "+flush_packets",
    },
}


class _Grown:
    """A file that only grows: what the muxer writes to. No seeking: nothing is patched later."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.written_bytes = 0
        self._file = path.open("xb", buffering=0)

    def write(self, content: bytes) -> int:
        done = 0
        view = memoryview(content)
        while done < len(view):
            done += self._file.write(view[done:]) or 0
        self.written_bytes += done
        return done

    def to_disk(self) -> None:
        os.fdatasync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def kind_of(template: VideoStream) -> str:
    """The suffix of a file that holds this coding."""
    return CONTAINERS.get(template.codec_context.name, "mkv")


class SegmentFile:
    """A file that begins with `first`, a key frame. Raises OSError as soon as the disk refuses."""

    def __init__(self, path: Path, template: VideoStream, first: KeptPacket) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.began: datetime = first.stamp.wall
        self._first = first
        self._file = _Grown(path)
        kind = FORMATS[kind_of(template)]
        self._out = av.open(self._file, "w", format=kind, container_options=OPTIONS[kind])
        self._stream = self._out.add_stream_from_template(template, opaque=True)
        self._last_dts: int | None = None
        self._synced_s, self._synced_bytes = first.stamp.at_s, 0
        self.newest_s = first.stamp.at_s

    @property
    def size_bytes(self) -> int:
        return self._file.written_bytes

    def age_s(self, kept: KeptPacket) -> float:
        """Seconds from the first picture to this one, by the camera's line of time."""
        return seconds(kept.line_pts - self._first.line_pts, kept.time_base)

    def astray_s(self, kept: KeptPacket) -> float:
        """How far the wall clock has gone astray from the camera's line since the beginning."""
        return abs((kept.stamp.wall - self.began).total_seconds() - self.age_s(kept))

    def write(self, kept: KeptPacket) -> None:
        """Append a packet, and see to it that each second is on the disk as soon as it is written:
        the file grows by a fragment of `FRAGMENT_S`."""
        pts, dts = self._line(kept)
        packet = av.Packet(kept.payload)
        packet.stream = self._stream
        packet.time_base = kept.time_base
        packet.pts, packet.dts = pts, dts
        packet.duration = kept.duration
        packet.is_keyframe = kept.is_key
        self._out.mux_one(packet)
        self.newest_s = kept.stamp.at_s
        grown = self.size_bytes > self._synced_bytes
        if grown and kept.stamp.at_s - self._synced_s >= FRAGMENT_S / 2:
            self._synced_s, self._synced_bytes = kept.stamp.at_s, self.size_bytes
            self._file.to_disk()

    def close(self) -> None:
        """Finish the file. Raises OSError; the file is closed all the same."""
        try:
            self._out.close()
            self._file.to_disk()
        finally:
            self._file.close()

    def _line(self, kept: KeptPacket) -> tuple[int, int]:
        """pts and dts counted from the first picture; dts grows, and is never after pts."""
        origin = self._first.line_pts
        pts = kept.line_pts - origin
        dts = (kept.line_pts if kept.line_dts is None else kept.line_dts) - origin
        if self._last_dts is not None:
            dts = max(dts, self._last_dts + 1)
        self._last_dts = dts
        return max(pts, dts), dts
