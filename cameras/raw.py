"""Raw pictures, coded as H.264 on this machine: uncompressed they fill a disk within the hour, and
no browser plays them. The camera is read and coded on a thread of its own, into a pipe.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from fractions import Fraction
from typing import BinaryIO

import av
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from cameras.rtsp import PROMPT

CODING = {"preset": "ultrafast", "tune": "zerolatency", "crf": "20", "forced-idr": "1"}
KEY_EVERY_S = 1.0
FORMAT = "nut"
"""Carries any clock, and each picture at once."""


def coded(raw: InputContainer) -> InputContainer:
    """The pictures of `raw`, which is closed with them. Raises what the library raises when none
    comes."""
    out, into = os.pipe()
    threading.Thread(
        target=_code, args=(raw, os.fdopen(into, "wb", buffering=0)), name="raw camera", daemon=True
    ).start()
    return av.open(os.fdopen(out, "rb", buffering=0), "r", format=FORMAT, container_options=PROMPT)


def _code(raw: InputContainer, pipe: BinaryIO) -> None:
    """Until the camera ends or nobody reads any more; either closes both ends."""
    with suppress(FFmpegError, OSError), pipe, raw:
        stream: VideoStream | None = None
        out = av.open(pipe, "w", format=FORMAT, container_options={"fflags": "+flush_packets"})
        key_s: float | None = None
        for frame in raw.decode(video=0):
            if frame.pts is None or frame.time_base is None:
                continue
            if stream is None:
                stream = _stream(out, frame)
            at_s = float(frame.pts * frame.time_base)
            due = key_s is None or not 0 <= at_s - key_s < KEY_EVERY_S
            key_s = at_s if due else key_s
            plain = frame.reformat(format="yuv420p")
            plain.pts, plain.time_base = frame.pts, frame.time_base
            plain.pict_type = av.video.frame.PictureType.I if due else 0
            out.mux(stream.encode(plain))


def _stream(out: OutputContainer, first: VideoFrame) -> VideoStream:
    stream = out.add_stream("libx264", options=CODING)
    stream.width, stream.height, stream.pix_fmt = first.width, first.height, "yuv420p"
    stream.codec_context.time_base = first.time_base or Fraction(1, 1_000_000)
    stream.codec_context.thread_count = 1
    stream.codec_context.flags |= av.codec.context.Flags.global_header
    return stream
