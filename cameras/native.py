"""Pictures of a camera's main stream while its second one is watched: decoded when asked for.

A close-up wants the main stream's pixels, and wants them seldom. The packets since the last key
frame are held; where an older picture will do, only the key frame is decoded, else all of them up
to now. What was decoded once is not decoded again.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import TypeAlias, cast

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from cameras.packets import PacketSink
from cameras.parted import Decoded
from vision.records import Stamp

OLDEST_S = 3.0
"""A picture older than this says nothing of now: the stream has stopped, or stalls."""
MOST_HELD = 750
"""Packets of a group that are held: half a minute at 25 a second. Of a longer group nothing newer
than its key frame can be had."""

Held: TypeAlias = "tuple[av.Packet[VideoStream], Stamp]"


class NativePictures:
    """Takes the main stream's packets, hands them on to `sink`, and decodes on demand.
    Thread-safe: one thread pushes, another asks."""

    def __init__(self, sink: PacketSink | None = None) -> None:
        self._sink = sink
        self._lock = threading.Lock()
        self._group: list[Held] = []
        self._decoder = _GroupDecoder()

    @property
    def spent_s(self) -> float:
        """Processor time spent on decoding."""
        return self._decoder.spent_s

    def push(self, packet: av.Packet[VideoStream], stamp: Stamp) -> None:
        if self._sink is not None:
            self._sink.push(packet, stamp)
        with self._lock:
            if packet.is_keyframe:
                self._group = [(packet, stamp)]
            elif self._group and len(self._group) <= MOST_HELD:
                self._group.append((packet, stamp))

    def picture(self, now: datetime, fresh_s: float) -> Decoded | None:
        """The main stream's picture, at most `fresh_s` seconds older than `now` where that can be
        had, else the newest one; None where there is none that decodes, where too many would
        have to be, or where no packet has come for `OLDEST_S`."""
        with self._lock:
            group = list(self._group)
        if not group or (now - group[-1][1].wall).total_seconds() > OLDEST_S:
            return None
        if (now - group[0][1].wall).total_seconds() <= fresh_s:
            group = group[:1]
        elif len(group) > MOST_HELD:
            return None
        return self._decoder.last_of(group, now, fresh_s)


class _GroupDecoder:
    """Decodes groups of pictures, from their key frame on and as far as is asked."""

    def __init__(self) -> None:
        self._stream: VideoStream | None = None
        self._coding: VideoCodecContext | None = None
        self._key: av.Packet[VideoStream] | None = None
        self._fed = 0  # packets of the group that the decoder has
        self._broken = False  # a packet of the group is damaged: what is built on it is not guessed
        self._newest: tuple[Decoded, Stamp] | None = None
        self.spent_s = 0.0

    def last_of(self, group: list[Held], now: datetime, fresh_s: float) -> Decoded | None:
        if group[0][0] is not self._key:
            self._begin(group[0][0])
        if self._newest is not None:
            picture, stamp = self._newest
            if (now - stamp.wall).total_seconds() <= fresh_s or stamp >= group[-1][1]:
                return picture
        began_s = time.thread_time()
        frame = self._decoded(group)
        self.spent_s += time.thread_time() - began_s
        if frame is not None:
            self._newest = Decoded(frame), group[-1][1]
        if self._newest is None:
            return None
        picture, stamp = self._newest
        old = self._broken and (now - stamp.wall).total_seconds() > OLDEST_S
        return None if old else picture

    def _begin(self, key: av.Packet[VideoStream]) -> None:
        if self._coding is None or key.stream is not self._stream:
            theirs = key.stream.codec_context
            self._coding = cast(VideoCodecContext, av.CodecContext.create(theirs.codec, "r"))
            self._coding.extradata = theirs.extradata
            self._coding.thread_count = 1
            self._coding.options = {"err_detect": "explode"}  # an error instead of concealment
            self._stream = key.stream
        self._coding.flush_buffers()
        self._key, self._fed, self._newest, self._broken = key, 0, None, False

    def _decoded(self, group: list[Held]) -> VideoFrame | None:
        """The last whole picture of what is fed now. A decoder that holds pictures back, for the
        sake of those that are shown earlier, is drained; it then begins anew next time."""
        assert self._coding is not None
        last: VideoFrame | None = None
        for packet, _ in group[self._fed :]:
            last = self._last_whole(packet) or last
        self._fed = len(group)
        if self._broken:
            return None
        if last is None:
            last = self._last_whole(None)
            self._coding.flush_buffers()
            self._fed = 0
        return last

    def _last_whole(self, packet: av.Packet[VideoStream] | None) -> VideoFrame | None:
        assert self._coding is not None
        self._broken |= packet is not None and packet.is_corrupt
        if self._broken:
            return None
        try:
            frames = self._coding.decode(packet)
        except av.error.FFmpegError:
            self._broken = True
            return None
        return next((frame for frame in reversed(frames) if not frame.is_corrupt), None)
