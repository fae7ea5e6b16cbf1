"""Small videos made for tests. Every picture carries its number, so a test can tell which it is."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

from vision.records import Image

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BITS = 10
TENTH_S = 0.1


def numbered(number: int, width: int = 160, height: int = 120) -> Image:
    """A picture whose upper half shows `number` as ten white (1) or black (0) bars, and whose
    lower half is the same noise in every picture; its upper left corner is red."""
    picture = np.random.default_rng(7).integers(60, 200, (height, width, 3)).astype(np.uint8)
    edges = np.linspace(0, width, BITS + 1).astype(int)
    for bit, (left, right) in enumerate(itertools.pairwise(edges)):
        picture[height // 4 : height // 2, left:right] = 235 if number >> bit & 1 else 20
    picture[: height // 4] = 128
    picture[: height // 4, : width // 4] = (0, 0, 255)
    return picture


def number_of(picture: Image) -> int:
    """The number that `numbered` put in."""
    height, width = picture.shape[:2]
    edges = np.linspace(0, width, BITS + 1).astype(int)
    row = picture[height // 4 + 4 : height // 2 - 4].mean(axis=(0, 2))
    return sum(
        int(row[left + 2 : right - 2].mean() > 128) << bit
        for bit, (left, right) in enumerate(itertools.pairwise(edges))
    )


def age_s(picture: Image, now_s: float) -> float:
    """How old it is, by the tenths of a second of the system's clock that it spells
    (`tests/gst_camera.py`); now_s: by the same clock."""
    return (now_s / TENTH_S - number_of(picture)) % (1 << BITS) * TENTH_S


def make_video(
    path: Path,
    *,
    seconds: float = 4.0,
    fps: float = 25.0,
    codec: str = "libx264",
    size: tuple[int, int] = (160, 120),
    gop: int = 25,
    bframes: int = 0,
    times_s: Sequence[float] | None = None,
    rotation: float | None = None,
    created: str | None = None,
    first: int = 0,
    draw: Callable[[int], Image] | None = None,
    container: str | None = None,
) -> Path:
    """Pictures numbered from `first`, at `fps` or at the given times."""
    times = list(times_s) if times_s is not None else [n / fps for n in range(round(seconds * fps))]
    base = Fraction(1, 60000)
    options = {"preset": "ultrafast", "g": str(gop), "bf": str(bframes)}
    if codec == "libx264":
        options |= {"sc_threshold": "0", "b-pyramid": "0"}
    if codec == "libx265":
        options |= {"x265-params": f"keyint={gop}:min-keyint={gop}:bframes={bframes}:log-level=0"}
    with av.open(str(path), "w", format=container) as out:
        if created is not None:
            out.metadata["creation_time"] = created
        stream = out.add_stream(codec, rate=Fraction(fps).limit_denominator(1000), options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = base
        stream.codec_context.thread_count = 1
        if rotation is not None:
            stream.set_display_rotation(rotation)
        for index, at_s in enumerate(times):
            picture = draw(index) if draw else numbered(first + index, *size)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = round(at_s * 60000), base
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def payloads(path: Path) -> list[bytes]:
    """The bytes of every video packet of a file, in decoding order."""
    with av.open(str(path)) as video:
        return [bytes(packet) for packet in video.demux(video=0) if packet.size]


def pictures_of(path: Path) -> list[int]:
    """The numbers of all pictures that decode from a file."""
    with av.open(str(path)) as video:
        frames = video.decode(video=0)
        return [number_of(np.asarray(f.to_ndarray(format="bgr24"), np.uint8)) for f in frames]


def overwritten(source: Path, target: Path, packets: Iterable[int]) -> Path:
    """A copy of the file in which the payload of these packets is noise."""
    noise = np.random.default_rng(5)
    whole = payloads(source)
    content = bytearray(source.read_bytes())
    with av.open(str(source)) as video:
        found = [(p.pos, p.size) for p in video.demux(video=0) if p.size]
    for index in packets:
        pos, size = found[index]
        assert pos is not None
        at = content.index(whole[index][8:], pos)
        content[at : at + size - 8] = noise.integers(1, 255, size - 8, np.uint8).tobytes()
    target.write_bytes(content)
    return target
