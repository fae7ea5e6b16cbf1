"""Where pictures come from: one table of address schemes, one file for each kind of source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import urlsplit

from cameras.clocks import Clock
from cameras.counts import SourceCounts
from cameras.errors import UnknownSchemeError
from cameras.file import FileSource
from cameras.link import Connect
from cameras.live import LiveSource
from cameras.loop import SCHEME as LOOP
from cameras.loop import LoopSource
from cameras.packets import PacketSink
from cameras.rtsp import open_http, open_rtsp, open_rtsp_udp
from cameras.usb import open_usb
from vision.records import Frame, Gap


class Source(Protocol):
    """One camera's pictures at the asked pace. Closes itself as a context manager.

    `at_s` of what `pictures()` gives never goes back. A file's pictures end; a live camera's end
    only when it is closed: what is lost in between comes as Gaps, about one a second.

    keys_only: decode key frames only, and give no other pictures, as long as the sizes of the
    packets between them say that nothing moves; may be switched while running.
    Opened for packets only, a source decodes nothing and gives no pictures, only Gaps.
    Every packet goes to the recorder anyway.
    """

    keys_only: bool

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the pictures in pixels, as they are to be seen; (0, 0) as long as a
        live camera has not shown one."""

    def pictures(self) -> Iterator[Frame | Gap]: ...

    def counts(self) -> SourceCounts: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


@dataclass(frozen=True, slots=True)
class Ask:
    """What a source is opened with. `start`: when a file's recording began."""

    camera: str
    url: str
    clock: Clock
    pace_hz: float
    recorder: PacketSink | None
    start: datetime | None
    packets_only: bool


def live(connect: Connect) -> Callable[[Ask], Source]:
    """How live cameras are opened that are reached in this way."""

    def opened(ask: Ask) -> Source:
        return LiveSource(
            ask.camera, ask.url, connect, clock=ask.clock, pace_hz=ask.pace_hz,
            recorder=ask.recorder, packets_only=ask.packets_only,
        )  # fmt: skip

    return opened


def _file(ask: Ask) -> Source:
    return FileSource(
        ask.camera, ask.url.removeprefix("file://"), clock=ask.clock, pace_hz=ask.pace_hz,
        recorder=ask.recorder, start=ask.start, packets_only=ask.packets_only,
    )  # fmt: skip


def _loop(ask: Ask) -> Source:
    return LoopSource(
        ask.camera, ask.url.removeprefix(LOOP), clock=ask.clock, pace_hz=ask.pace_hz,
        recorder=ask.recorder, packets_only=ask.packets_only,
    )  # fmt: skip


LIVE: dict[str, Connect] = {
    "rtsp": open_rtsp,
    "rtsps": open_rtsp,
    "rtsp+udp": open_rtsp_udp,
    "http": open_http,
    "https": open_http,
    "usb": open_usb,
}
SCHEMES: dict[str, Callable[[Ask], Source]] = {
    "": _file,
    "file": _file,
    "loop": _loop,
    **{scheme: live(connect) for scheme, connect in LIVE.items()},
}


def scheme_of(url: str) -> str:
    """The kind of address, a key of `SCHEMES` where we can read it."""
    return "usb" if url.startswith("/dev/video") else urlsplit(url).scheme.lower()


def located(url: str, folder: Path) -> str:
    """The address; a file's path is relative to the folder."""
    if url.startswith(LOOP):
        return LOOP + str(folder / url.removeprefix(LOOP))
    return url if scheme_of(url) else str(folder / url)


def open_source(
    camera: str,
    url: str,
    *,
    clock: Clock,
    pace_hz: float,
    recorder: PacketSink | None = None,
    start: datetime | None = None,
    packets_only: bool = False,
) -> Source:
    """Open a camera by its address. Raises the named errors of `cameras.errors`; a live camera
    that cannot be reached is no error but a Gap."""
    scheme = scheme_of(url)
    if scheme not in SCHEMES:
        known = ", ".join(f"{name}:" for name in SCHEMES if name)
        raise UnknownSchemeError(
            f"camera {camera!r}: no source reads {scheme}:// addresses; "
            f"give a file's path or one of {known}"
        )
    return SCHEMES[scheme](Ask(camera, url, clock, pace_hz, recorder, start, packets_only))
