"""A clip: packets as the camera sent them, in a file that any player opens."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream

from vision.records import Stamp

CONTAINERS = {"h264": "mp4", "hevc": "mp4", "av1": "mp4", "mpeg4": "mp4"}
"""What browsers play; every other coding goes to Matroska, which holds them all."""
FORMATS = {"mp4": "mp4", "mkv": "matroska"}


class ClipError(OSError):
    """A clip could not be cut; nothing is left behind. The message says what to do."""


@dataclass(frozen=True, slots=True)
class KeptPacket:
    """One encoded picture. pts, dts: as sent. line_pts, line_dts: the same on a line of time that
    grows even where the camera's stamps jump or are missing; dts may not be known. All four in
    `time_base`."""

    payload: bytes
    pts: int | None
    dts: int | None
    duration: int
    time_base: Fraction
    is_key: bool
    stamp: Stamp
    line_pts: int
    line_dts: int | None


@dataclass(frozen=True, slots=True)
class Clip:
    """A file of untouched packets. first_s, last_s: the stream seconds that it really covers,
    its last picture's duration included. complete: it covers all that was asked.
    lacking: why it does not, in words; empty when complete."""

    path: Path
    first_s: float
    last_s: float
    asked_from_s: float
    asked_to_s: float
    began_wall: datetime
    sha256: str
    complete: bool
    lacking: str = ""


def write_clip(
    path: Path,
    packets: Sequence[KeptPacket],
    template: VideoStream,
    asked_from_s: float,
    asked_to_s: float,
    *,
    split: bool = False,
) -> Clip:
    """Remux the packets (a key frame first, decoding order). The file appears whole under its name
    or not at all; its suffix follows the coding. split: the asked span holds other codings too."""
    kind = CONTAINERS.get(template.codec_context.name, "mkv")
    final = path.with_suffix("." + kind)
    partial = final.with_name(f".{final.name}.part")
    try:
        _remux(partial, FORMATS[kind], packets, template)
        _check(partial, len(packets))
        with partial.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        partial.replace(final)
    except (OSError, ValueError) as error:
        with suppress(OSError):  # there may not even be a folder
            partial.unlink()
        raise ClipError(
            f"the clip {final} could not be written ({_reason(error)}): check that its folder "
            f"exists, may be written and has {_mb(packets):.0f} MB of room"
        ) from error
    first_s, last_s = _span(packets)
    lacking = _lacking(first_s, last_s, asked_from_s, asked_to_s, split)
    return Clip(
        final, first_s, last_s, asked_from_s, asked_to_s, packets[0].stamp.wall, sha256,
        complete=not lacking, lacking=lacking,
    )  # fmt: skip


def _remux(
    path: Path, format_name: str, packets: Sequence[KeptPacket], template: VideoStream
) -> None:
    options = {"fflags": "+bitexact"}  # the same packets make the same file
    if format_name == "mp4":
        options["movflags"] = "+faststart"
    out = av.open(str(path), "w", format=format_name, container_options=options)
    try:
        wall = packets[0].stamp.wall.astimezone(UTC)
        out.metadata["creation_time"] = wall.isoformat(timespec="microseconds")
        stream = out.add_stream_from_template(template, opaque=True)
        origin = packets[0].line_pts
        for kept, line_dts in zip(packets, decoding_line(packets), strict=True):
            packet = av.Packet(kept.payload)
            packet.stream = stream
            packet.time_base = kept.time_base
            packet.pts = kept.line_pts - origin
            packet.dts = line_dts - origin
            packet.duration = kept.duration
            packet.is_keyframe = kept.is_key
            out.mux_one(packet)
    finally:
        out.close()


def decoding_line(packets: Sequence[KeptPacket]) -> list[int]:
    """The dts of each packet, strictly growing and never after its pts; unknown ones are counted
    back from the next that is known."""
    line: list[int] = []
    following: int | None = None
    for kept in reversed(packets):
        known = kept.line_pts if kept.line_dts is None else kept.line_dts
        dts = known if following is None else min(known, following - 1)
        line.append(dts)
        following = dts
    return line[::-1]


def _check(path: Path, count: int) -> None:
    """Read the file once through: it opens, and no packet is missing."""
    with av.open(str(path)) as clip:
        written = sum(packet.size > 0 for packet in clip.demux(video=0))
    if written != count:
        raise OSError(f"{written} of {count} packets arrived in the file")


def _span(packets: Sequence[KeptPacket]) -> tuple[float, float]:
    last_s = max(p.stamp.at_s for p in packets)
    base = float(packets[-1].time_base)
    lasts = packets[-1].duration * base
    if not lasts and len(packets) > 1:
        lasts = (packets[-1].line_pts - packets[0].line_pts) * base / (len(packets) - 1)
    return packets[0].stamp.at_s, last_s + lasts


def _lacking(
    first_s: float, last_s: float, asked_from_s: float, asked_to_s: float, split: bool
) -> str:
    reasons: list[str] = []
    if first_s > asked_from_s + 1e-6:
        reasons.append(f"the first {first_s - asked_from_s:.1f} s were not kept")
    if last_s < asked_to_s - 1e-6:
        reasons.append(f"the last {asked_to_s - last_s:.1f} s had not arrived")
    if split:
        reasons.append("the camera's coding changed within the span; this is the longest stretch")
    return "; ".join(reasons)


def _mb(packets: Sequence[KeptPacket]) -> float:
    return max(sum(len(p.payload) for p in packets) * 2 / 1e6, 1.0)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
