"""Blurred copies of clips and stills, beside their originals, which are never touched."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from api.privacy.plan import SharpPlan
from vision.bare_signs import BareSigns
from vision.blur import Veil

WIDEST_PX = 1920
STILL_QUALITY = 88
MARK = ".blurred-"

Make = Callable[[Path, Path, SharpPlan], None]


class BlurError(RuntimeError):
    """No blurred copy can be made of this file; the original is not shown instead."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file.name} cannot be shown blurred: {why}")


class BlurredCopies:
    """Makes each copy once, however many ask for it at the same time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._making: dict[Path, threading.Lock] = {}

    def clip(self, original: Path, plan: SharpPlan) -> Path:
        """The blurred copy of a clip; takes about as long as a third of the clip when it is not
        there yet. Raises BlurError."""
        return self._copy(original, plan, blur_clip)

    def still(self, original: Path, plan: SharpPlan) -> Path:
        """The blurred copy of a still. Raises BlurError."""
        return self._copy(original, plan, blur_still)

    def _copy(self, original: Path, plan: SharpPlan, make: Make) -> Path:
        copy = copy_path(original, plan)
        if copy.is_file():
            return copy
        with self._guard:
            lock = self._making.setdefault(copy, threading.Lock())
        with lock:
            if not copy.is_file():
                draft = copy.with_name(f"{copy.stem}.{os.getpid()}.draft{copy.suffix}")
                try:
                    make(original, draft, plan)
                    os.replace(draft, copy)
                finally:
                    draft.unlink(missing_ok=True)
        with self._guard:
            self._making.pop(copy, None)
        return copy


def copy_path(original: Path, plan: SharpPlan) -> Path:
    return original.with_name(f"{original.stem}{MARK}{plan.key}{original.suffix}")


def copies_of(original: Path) -> Iterator[Path]:
    """All blurred copies of this file that lie beside it."""
    for file in original.parent.iterdir():
        if file.name.startswith(f"{original.stem}{MARK}"):
            yield file


def blur_still(original: Path, to: Path, plan: SharpPlan) -> None:
    """Raises BlurError."""
    content = original.read_bytes()
    coded_bytes = np.frombuffer(content, np.uint8)
    bgr = cv2.imdecode(coded_bytes, cv2.IMREAD_COLOR) if coded_bytes.size else None
    if bgr is None:
        raise BlurError(original, "it is no picture")
    picture = np.asarray(bgr, np.uint8)
    known = plan.people and hashlib.sha256(content).hexdigest() == plan.sha256
    people = plan.people[0][1] if known else None
    bare = None if people is None else plan.places().bare(picture, people)
    shown = plan.veil().all_but_zones(picture, bare)
    done, coded = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, STILL_QUALITY])
    if not done:
        raise BlurError(original, "it cannot be encoded")
    to.write_bytes(coded.tobytes())


def blur_clip(original: Path, to: Path, plan: SharpPlan) -> None:
    """Decode, blur, encode: the same pictures at the same times, without sound. Raises
    BlurError."""
    try:
        with original.open("rb") as file:
            signs = _bare_signs(file, plan)
            file.seek(0)
            with av.open(file, "r") as source, av.open(str(to), "w", format="mp4") as target:
                _transcode(source.streams.video[0], source, target, plan.veil(), signs)
    except (av.FFmpegError, OSError, IndexError, ValueError) as error:
        raise BlurError(original, str(error)) from error


def _bare_signs(file: BufferedReader, plan: SharpPlan) -> BareSigns | None:
    """None where nothing is known of the people in this very file: it may be longer by now than
    when they were looked for."""
    if not (plan.signs and plan.people):
        return None
    same = hashlib.file_digest(file, "sha256").hexdigest() == plan.sha256
    return plan.bare_signs() if same else None


def _transcode(
    stream: VideoStream,
    source: av.container.InputContainer,
    target: av.container.OutputContainer,
    veil: Veil,
    signs: BareSigns | None,
) -> None:
    out: VideoStream | None = None
    for frame in _whole_frames(source, stream):
        if out is None:
            out = _stream_like(frame, stream, target)
        shown = frame.reformat(out.width, out.height, format="bgr24")
        bgr = np.asarray(shown.to_ndarray(), np.uint8)
        bare = None if signs is None else signs.bare(bgr, _second(frame, stream))
        soft = VideoFrame.from_ndarray(veil.all_but_zones(bgr, bare), format="bgr24")
        soft.pts, soft.time_base = frame.pts, stream.time_base
        for packet in out.encode(soft):
            target.mux(packet)
    if out is None:
        raise ValueError("it holds no picture")
    for packet in out.encode(None):
        target.mux(packet)


def _second(frame: VideoFrame, stream: VideoStream) -> float | None:
    """Of the film, counted from its first picture."""
    if frame.pts is None or stream.time_base is None:
        return None
    return float((frame.pts - (stream.start_time or 0)) * stream.time_base)


def _whole_frames(source: av.container.InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """What can be decoded; a broken packet in the middle costs its own pictures only."""
    for packet in source.demux(stream):
        with suppress(av.error.InvalidDataError):
            yield from (frame for frame in packet.decode() if isinstance(frame, VideoFrame))


def _stream_like(
    frame: VideoFrame, stream: VideoStream, target: av.container.OutputContainer
) -> VideoStream:
    """An H.264 stream for pictures such as this one, no wider than `WIDEST_PX`."""
    scale = min(1.0, WIDEST_PX / frame.width)
    out = target.add_stream("libx264", rate=stream.average_rate or 25)
    out.width, out.height = (max(2, round(v * scale) // 2 * 2) for v in (frame.width, frame.height))
    out.pix_fmt = "yuv420p"
    out.options = {"preset": "veryfast", "crf": "25"}
    if stream.time_base is not None:
        out.codec_context.time_base = stream.time_base
    out.codec_context.thread_count = 1  # in the thread that asked, and with its priority
    return out
