"""A past moment of a camera, cut out of its recordings as one clip; no packet is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from cameras.clip import Clip, KeptPacket, write_clip
from cameras.recordings.shelf import Recorded, Shelf
from vision.records import Stamp

LONGEST = timedelta(minutes=15)
"""Of one clip: its packets are held in memory."""
TOGETHER_S = 2.0
"""Files that lie no farther apart than this, and are coded alike, make one stretch."""


class FootageError(LookupError):
    """There is no such footage. The message says what there is, or what to ask instead."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Packets that play as one: all of one coding, without a hole."""

    opened: InputContainer
    stream: VideoStream
    packets: list[KeptPacket]

    def takes(self, stream: VideoStream, first: KeptPacket) -> bool:
        context, other = self.stream.codec_context, stream.codec_context
        alike = (
            context.name == other.name
            and (context.width, context.height) == (other.width, other.height)
            and context.extradata == other.extradata
            and self.stream.time_base == stream.time_base
        )
        return alike and abs(first.stamp.at_s - self.last_s) <= TOGETHER_S

    @property
    def last_s(self) -> float:
        return max(p.stamp.at_s for p in self.packets)

    def covered_s(self, asked_s: float) -> float:
        """How much of the seconds 0 to `asked_s` it shows."""
        return min(self.last_s, asked_s) - max(self.packets[0].stamp.at_s, 0.0)


def cut_footage(shelf: Shelf, camera: str, begins: datetime, ends: datetime, path: Path) -> Clip:
    """Write what a camera recorded between two aware moments to `path` (its suffix follows the
    coding), from the last key frame before. Where recording broke off or the coding changed, the
    clip is the longest stretch and says what is lacking. Its seconds count from `begins`.

    Raises FootageError when nothing is there or too much is asked; ClipError when it cannot be
    written.
    """
    if not timedelta() < ends - begins <= LONGEST:
        raise FootageError(
            f"a clip is at most {LONGEST.seconds // 60} minutes long and ends after it begins: "
            "ask for a shorter span, or for several"
        )
    asked_s = (ends - begins).total_seconds()
    stretches: list[_Stretch] = []
    try:
        for recorded in shelf.covering(camera, begins, ends):
            _read(recorded, begins, asked_s, stretches)
        best = max(stretches, key=lambda s: s.covered_s(asked_s), default=None)
        if best is None or best.covered_s(asked_s) <= 0:
            raise FootageError(_nothing(shelf, camera, begins, ends))
        return write_clip(path, best.packets, best.stream, 0.0, asked_s, split=len(stretches) > 1)
    finally:
        for stretch in stretches:
            stretch.opened.close()


def _read(recorded: Recorded, begins: datetime, asked_s: float, stretches: list[_Stretch]) -> None:
    """Add a file's packets within the span to the last stretch, or begin another. A file that
    does not open (broken by a fault of the disk) is passed over."""
    try:
        container = av.open(str(recorded.path))
    except (FFmpegError, FileNotFoundError):
        return
    stream = container.streams.video[0]
    packets = list(_within(_packets(container, stream, recorded, begins), asked_s))
    if not packets:
        container.close()
        return
    if stretches and stretches[-1].takes(stream, packets[0]):
        stretches[-1].packets.extend(packets)
        container.close()
    else:
        stretches.append(_Stretch(container, stream, packets))


def _packets(
    container: InputContainer, stream: VideoStream, recorded: Recorded, begins: datetime
) -> Iterator[KeptPacket]:
    """The file's packets, stamped from its beginning; the line of time counts from `begins`."""
    origin: int | None = None
    base = stream.time_base or Fraction(1, 1000)
    began_s = (recorded.began - begins).total_seconds()
    shift = round(began_s / base)
    try:
        for packet in container.demux(stream):
            if packet.size == 0 or packet.pts is None:
                continue
            origin = packet.pts if origin is None else origin
            passed_s = float((packet.pts - origin) * base)
            stamp = Stamp(began_s + passed_s, recorded.began + timedelta(seconds=passed_s))
            line_pts = packet.pts - origin + shift
            line_dts = None if packet.dts is None else packet.dts - origin + shift
            yield KeptPacket(
                bytes(packet), packet.pts, packet.dts, packet.duration or 0, base,
                packet.is_keyframe, stamp, line_pts, line_dts,
            )  # fmt: skip
    except FFmpegError:  # what can be read of a broken file is used
        return


def _within(packets: Iterator[KeptPacket], asked_s: float) -> Iterator[KeptPacket]:
    """From the last key frame at or before second 0 to the first picture at or after the end, and
    what is sent after that picture and shown before it."""
    before: list[KeptPacket] = []
    begun = False
    end_s: float | None = None
    for kept in packets:
        at_s = kept.stamp.at_s
        if end_s is not None and at_s >= end_s:
            return
        if not begun and kept.is_key and at_s <= 0:
            before.clear()
        if not begun and at_s < 0:
            before.append(kept)
            continue
        if not begun:
            begun = True
            yield from before
        yield kept
        if end_s is None and at_s >= asked_s:
            end_s = at_s


def _nothing(shelf: Shelf, camera: str, begins: datetime, ends: datetime) -> str:
    files = shelf.of(camera)
    asked = f"camera {camera} between {begins:%Y-%m-%d %H:%M:%S} and {ends:%H:%M:%S %Z}"
    if not files:
        return f"nothing is recorded of {asked}: the hall file needs [recording]"
    return (
        f"nothing is recorded of {asked}: recordings begin at "
        f"{files[0].began:%Y-%m-%d %H:%M:%S %Z}, and the newest file at "
        f"{files[-1].began:%Y-%m-%d %H:%M:%S %Z}"
    )
