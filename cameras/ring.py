"""The packet ring: a camera's last minutes as it sent them, and clips cut from them.

Packets are kept untouched and remuxed, never re-encoded: a clip's pictures are the camera's own
bytes. Groups of pictures (a key frame and what depends on it) come and go whole.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from cameras.clip import Clip, ClipError, KeptPacket, write_clip
from cameras.streamtime import seconds
from vision.records import Stamp

__all__ = ["Clip", "ClipError", "Recorder"]

JUMP_S = 2.0
"""Between two packets' own stamps; what jumps farther is put back in line by the stamps of ours."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of packets of one connection, with the same coding parameters. The template is an
    output stream that is never written: it outlives the connection and carries the parameters."""

    number: int
    holder: OutputContainer
    template: VideoStream


@dataclass(slots=True)
class Group:
    """A key frame and the packets that follow it up to the next."""

    segment: Segment
    packets: list[KeptPacket] = field(default_factory=list)
    size_bytes: int = 0

    @property
    def first_s(self) -> float:
        return self.packets[0].stamp.at_s


class Recorder:
    """Keeps the last `keep_s` seconds of one camera, at most `max_bytes`. Thread-safe.

    onward: given every packet that is kept, in order, from the thread that pushes; it must not
    wait (continuous recording).
    """

    def __init__(
        self,
        keep_s: float = 240.0,
        max_bytes: int = 256 * 2**20,
        onward: Callable[[KeptPacket, Segment], None] | None = None,
    ) -> None:
        self.keep_s = keep_s
        self.max_bytes = max_bytes
        self.onward = onward
        self._groups: deque[Group] = deque()
        self._bytes = 0
        self._source: object = None
        self._segment: Segment | None = None
        self._time_base = Fraction(1, 1)
        self._last: KeptPacket | None = None
        self._shift = 0
        self._lock = threading.Lock()

    @property
    def size_bytes(self) -> int:
        return self._bytes

    @property
    def span_s(self) -> tuple[float, float] | None:
        """First and last stream second that are kept."""
        with self._lock:
            if not self._groups:
                return None
            return self._groups[0].first_s, _shown_to_s(self._groups[-1].packets)

    def push(self, packet: av.Packet[VideoStream], stamp: Stamp) -> None:
        """Keep one packet of a video stream. What comes before the first key frame cannot be
        decoded and is not kept. A packet of another stream object begins a new segment."""
        with self._lock:
            stream = packet.stream
            if stream is not self._source:
                self._begin_segment(stream)
                self._time_base = packet.time_base
            kept = self._kept(packet, stamp)
            if kept.is_key and self._segment is not None:
                self._groups.append(Group(self._segment))
            elif not self._groups or self._groups[-1].segment is not self._segment:
                return
            group = self._groups[-1]
            group.packets.append(kept)
            group.size_bytes += len(kept.payload)
            self._bytes += len(kept.payload)
            self._last = kept
            self._evict(stamp.at_s)
            segment = group.segment
        if self.onward is not None:
            self.onward(kept, segment)

    def cut(self, began_s: float, ended_s: float, path: Path) -> Clip:
        """Write the clip that covers stream seconds began_s to ended_s as far as they are kept,
        from the last key frame at or before began_s. Where the coding changed within the span, the
        clip is the longest stretch of one coding. Raises ClipError; never leaves half a file."""
        with self._lock:
            groups = [(g.segment, list(g.packets)) for g in self._groups]
        runs: dict[int, list[KeptPacket]] = {}
        segments = {segment.number: segment for segment, _ in groups}
        for segment, packets in groups:
            runs.setdefault(segment.number, []).extend(packets)
        chosen = {n: _within(run, began_s, ended_s) for n, run in runs.items()}
        number = max(chosen, key=lambda n: _covered_s(chosen[n], began_s), default=None)
        if number is None or not chosen[number]:
            raise ClipError(self._nothing(began_s, ended_s))
        split = sum(bool(run) for run in chosen.values()) > 1
        template = segments[number].template
        return write_clip(path, chosen[number], template, began_s, ended_s, split=split)

    def _begin_segment(self, stream: VideoStream) -> None:
        holder = av.open(BytesIO(), "w", format="matroska")
        template = holder.add_stream_from_template(stream, opaque=True)
        number = self._segment.number + 1 if self._segment else 0
        self._segment = Segment(number, holder, template)
        self._source = stream
        self._last = None

    def _kept(self, packet: av.Packet[VideoStream], stamp: Stamp) -> KeptPacket:
        shown = packet.pts if packet.pts is not None else packet.dts
        if shown is None:
            line_pts = self._line_end(packet, stamp)
            line_dts: int | None = line_pts
        else:
            shift = self._shifted(packet, stamp)
            line_pts = shown + shift
            line_dts = None if packet.dts is None else packet.dts + shift
        return KeptPacket(
            bytes(packet), packet.pts, packet.dts, packet.duration or 0, self._time_base,
            packet.is_keyframe, stamp, line_pts, line_dts,
        )  # fmt: skip

    def _shifted(self, packet: av.Packet[VideoStream], stamp: Stamp) -> int:
        """What is added to the stream's own stamps to keep the line growing without jumps."""
        last = self._last
        if last is None:
            self._shift = 0
            return 0
        if packet.dts is not None and last.dts is not None:
            step = packet.dts - last.dts
            goes_on = 0 < seconds(step, self._time_base) <= JUMP_S
        elif packet.pts is not None and last.pts is not None:
            goes_on = seconds(abs(packet.pts - last.pts), self._time_base) <= JUMP_S
        else:
            goes_on = last.pts is not None or last.dts is not None
        if not goes_on:
            raw = packet.dts if packet.dts is not None else packet.pts
            self._shift = self._line_end(packet, stamp) - (raw or 0)
        return self._shift

    def _line_end(self, packet: av.Packet[VideoStream], stamp: Stamp) -> int:
        """Where the line goes on, by our own stamps."""
        last = self._last
        if last is None:
            return 0
        passed_s = max(stamp.at_s - last.stamp.at_s, 0.0)
        before = last.line_pts if last.line_dts is None else last.line_dts
        return before + max(round(passed_s / self._time_base), 1)

    def _evict(self, now_s: float) -> None:
        groups = self._groups
        while len(groups) > 1 and groups[1].first_s <= now_s - self.keep_s:
            self._bytes -= groups.popleft().size_bytes
        while groups and self._bytes > self.max_bytes:
            self._bytes -= groups.popleft().size_bytes

    def _nothing(self, began_s: float, ended_s: float) -> str:
        span = self.span_s
        asked = f"stream seconds {began_s:.1f} to {ended_s:.1f}"
        if span is None:
            return (
                f"no packets are kept, so none of {asked}: "
                "check that the camera delivers pictures and key frames"
            )
        return (
            f"none of {asked} is kept, only {span[0]:.1f} to {span[1]:.1f}: "
            f"cut sooner, or let the recorder keep more than {self.keep_s:g} s"
        )


def _within(run: list[KeptPacket], began_s: float, ended_s: float) -> list[KeptPacket]:
    """From the last key frame at or before began_s (else the first of all) to the first packet
    at or after ended_s (else the last of all), with those that are shown before it."""
    if run[0].stamp.at_s > ended_s:
        return []
    last = next((i for i, p in enumerate(run) if p.stamp.at_s >= ended_s), len(run) - 1)
    end = run[last].stamp
    while last + 1 < len(run) and run[last + 1].stamp < end:  # shown before it, sent after it
        last += 1
    keys = [i for i, p in enumerate(run[: last + 1]) if p.is_key]
    first = max((i for i in keys if run[i].stamp.at_s <= began_s), default=None)
    if first is None:
        first = keys[0] if keys else 0
    chosen = run[first : last + 1]
    return chosen if chosen and _shown_to_s(chosen) >= began_s else []


def _covered_s(run: list[KeptPacket], began_s: float) -> float:
    if not run:
        return -1.0
    return _shown_to_s(run) - max(run[0].stamp.at_s, began_s)


def _shown_to_s(packets: list[KeptPacket]) -> float:
    return max(packet.stamp.at_s for packet in packets)
