"""Try a camera's address: what comes from it, and what that means for us.

The thresholds follow from what the rest of hallwatch needs: a clip begins at a key frame and a
broken stream goes on at one, so key frames should come every second or two; a phone in a hand must
be some 20 pixels wide; the rules' own pace is a few pictures a second.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream

from cameras.decoding import Decoder, upright
from cameras.drift import DRIFT_PPM, drift
from cameras.errors import AddressError, FileRefusedError, SilentError, SourceError
from cameras.knock import knock, why_not
from cameras.link import Connect
from cameras.open_file import open_video
from cameras.sources import LIVE, SCHEMES, scheme_of
from cameras.substream import likely_sub_stream
from vision.address import shown
from vision.probe import Finding, Meaning, Probe, Weight
from vision.records import Image

ANSWER_S = 5.0
WATCH_S = 12.0
GOOD_CODECS = ("h264", "hevc")
SMALL_PX, LARGE_PX = 640, 2688
LOW_HZ = 5.0
RARE_KEY_S = 4.0
VARIES = 1.5
"""The longest distance between key frames, as a multiple of the shortest, of a steady camera."""
OWN_STAMPS = ("rtsp", "rtsps", "rtsp+udp")
"""What comes otherwise is stamped here, on arrival, and says nothing of the camera's clock."""

SECRET = re.compile(r"user|pass|pwd|auth|token|key", re.IGNORECASE)
"""In the name of a part of a query: its value is not shown."""


@dataclass(slots=True)
class _Watched:
    """What came, packet by packet: seconds of ours, seconds of the camera's (None: no stamp)."""

    arrived_s: list[float] = field(default_factory=list)
    stamped_s: list[float | None] = field(default_factory=list)
    size_bytes: int = 0
    keys: list[int] = field(default_factory=list)
    picture: Image | None = None
    first_s: float = 0.0

    def times_s(self) -> list[float]:
        """Of each packet, by the camera's clock where it tells (a packet without a stamp comes with
        the next that has one), else by ours."""
        filled: list[float] = []
        following: float | None = None
        for stamp in reversed(self.stamped_s):
            following = stamp if stamp is not None else following
            if following is None:
                return self.arrived_s
            filled.append(following)
        return filled[::-1]


def probe(
    url: str, *, watch_s: float = WATCH_S, now_s: Callable[[], float] = time.monotonic
) -> Probe:
    """Watch the camera for some seconds. now_s: monotonic seconds. Raises RefusedError."""
    began_s = now_s()
    live = LIVE.get(scheme_of(url))
    container = _opened(url, live)
    with container:
        stream = container.streams.video[0]
        watched = _watch(container, stream, began_s, watch_s, now_s)
        if watched.picture is None:
            raise SilentError(
                f"{shown(url)} answers, but sends no picture in {watch_s:g} s: check that the "
                "camera's lens is not in a privacy mode and its key frames come every 1 to 2 s"
            )
        codec = stream.codec_context.name
    return _told(url, codec, watched, live, now_s() - began_s)


def _opened(url: str, live: Connect | None) -> InputContainer:
    scheme = scheme_of(url)
    if scheme not in SCHEMES:
        raise AddressError(f"{shown(url)} is of no kind that can be read: write rtsp://host/path")
    if live is None:
        try:
            return open_video(Path(url.removeprefix("file://").removeprefix("loop:")))[0]
        except SourceError as error:
            raise FileRefusedError(str(error)) from error
    if scheme != "usb":
        knock(url, ANSWER_S)
    try:
        container = live(url, ANSWER_S)
    except Exception as error:  # whatever the library raises
        raise why_not(error, url) from error
    if not container.streams.video or container.streams.video[0].codec_context is None:
        container.close()
        raise SilentError(f"{shown(url)} gives no video: is it the address of a video?")
    if container.format.name.endswith("_pipe"):
        container.close()
        raise SilentError(f"{shown(url)} is a single picture: give the address of the video")
    return container


def _watch(
    container: InputContainer,
    stream: VideoStream,
    began_s: float,
    watch_s: float,
    now_s: Callable[[], float],
) -> _Watched:
    watched, decoder = _Watched(), Decoder(stream)
    decoder.keys_only = True
    try:
        for packet in container.demux(stream):
            if not packet.size:
                continue
            _note(watched, packet, now_s())
            for frame, whole in decoder.decode(packet):
                if watched.picture is None and whole:
                    watched.picture, watched.first_s = upright(frame), now_s() - began_s
            if now_s() - began_s > watch_s:
                break
    except (av.error.FFmpegError, OSError):
        pass  # what came until then is told
    return watched


def _note(watched: _Watched, packet: av.Packet[VideoStream], at_s: float) -> None:
    if packet.is_keyframe:
        watched.keys.append(len(watched.arrived_s))
    watched.arrived_s.append(at_s)
    watched.stamped_s.append(None if packet.pts is None else float(packet.pts * packet.time_base))
    watched.size_bytes += packet.size


def _told(url: str, codec: str, watched: _Watched, live: Connect | None, watched_s: float) -> Probe:
    times_s = watched.times_s()
    span_s = max(times_s) - min(times_s)
    keys_s = np.diff([times_s[i] for i in watched.keys])
    picture = watched.picture
    assert picture is not None
    height, width = picture.shape[:2]
    rate_hz = (len(times_s) - 1) / span_s if span_s > 0 else None
    key_every_s = float(np.median(keys_s)) if len(keys_s) else None
    steady_s = keys_s[1:]  # a camera may begin its first group when somebody comes
    keys_vary = bool(steady_s.max() > VARIES * steady_s.min()) if len(steady_s) > 1 else None
    own = live is not None and scheme_of(url) in OWN_STAMPS
    drift_ppm = drift(watched.stamped_s, watched.arrived_s) if own else None
    sub_stream = _sub_stream(url, width, live)
    findings = (
        _codec(codec),
        _size(width, height),
        *_rate(rate_hz),
        _keys(codec, key_every_s, keys_vary, watched_s),
        *_clock(drift_ppm),
        *_sub(sub_stream, live, width),
    )
    return Probe(
        shown(url), codec, width, height, rate_hz,
        watched.size_bytes * 8e-3 / span_s if span_s > 0 else None,
        key_every_s, keys_vary, watched.first_s, drift_ppm, watched_s, sub_stream or "",
        findings, picture,
    )  # fmt: skip


def _sub_stream(url: str, width: int, live: Connect | None) -> str | None:
    """The path of the camera's smaller stream, if there is one where its maker puts it."""
    address = likely_sub_stream(url)
    if live is None or address is None:
        return None
    try:
        with live(address, ANSWER_S) as container:
            context = container.streams.video[0].codec_context
            smaller = context is not None and 0 < context.width < width
    except (av.error.FFmpegError, OSError, IndexError):
        return None
    return _path(address) if smaller else None


def _path(address: str) -> str:
    """Path and query, without what may be a password."""
    parts = urlsplit(address)
    query = "&".join(
        re.sub(r"=.*", "=***", part) if SECRET.search(part) else part
        for part in parts.query.split("&")
    )
    return f"{parts.path}?{query}" if query else parts.path


def _codec(codec: str) -> Finding:
    values = {"codec": codec}
    if codec in GOOD_CODECS:
        return Finding(Meaning.CODEC_GOOD, Weight.GOOD, values)
    if codec == "mjpeg":
        return Finding(Meaning.CODEC_JPEG, Weight.HINT, values)
    return Finding(Meaning.CODEC_ODD, Weight.WARNING, values)


def _size(width: int, height: int) -> Finding:
    values: dict[str, str | float] = {"width": width, "height": height}
    if width < SMALL_PX:
        return Finding(Meaning.SIZE_SMALL, Weight.WARNING, values)
    if width > LARGE_PX:
        return Finding(Meaning.SIZE_LARGE, Weight.HINT, values)
    return Finding(Meaning.SIZE_GOOD, Weight.GOOD, values)


def _rate(rate_hz: float | None) -> tuple[Finding, ...]:
    if rate_hz is None:
        return ()
    low = rate_hz < LOW_HZ
    values = {"rate": round(rate_hz, 1)}
    meaning = Meaning.RATE_LOW if low else Meaning.RATE_GOOD
    return (Finding(meaning, Weight.HINT if low else Weight.GOOD, values),)


def _keys(codec: str, every_s: float | None, vary: bool | None, watched_s: float) -> Finding:
    if codec == "mjpeg":
        return Finding(Meaning.KEYS_GOOD, Weight.GOOD, {"seconds": 0})
    if every_s is None:
        return Finding(Meaning.KEYS_UNSEEN, Weight.WARNING, {"seconds": round(watched_s)})
    values = {"seconds": round(every_s, 1)}
    if vary:
        return Finding(Meaning.SMART_CODEC, Weight.WARNING, values)
    rare = every_s > RARE_KEY_S
    return Finding(
        Meaning.KEYS_RARE if rare else Meaning.KEYS_GOOD,
        Weight.WARNING if rare else Weight.GOOD,
        values,
    )


def _clock(drift_ppm: float | None) -> tuple[Finding, ...]:
    if drift_ppm is None:
        return ()
    drifts = abs(drift_ppm) > DRIFT_PPM
    values = {"seconds": round(abs(drift_ppm) * 3600e-6, 1)}
    meaning = Meaning.CLOCK_DRIFTS if drifts else Meaning.CLOCK_GOOD
    return (Finding(meaning, Weight.WARNING if drifts else Weight.GOOD, values),)


def _sub(sub_stream: str | None, live: Connect | None, width: int) -> tuple[Finding, ...]:
    if live is None:
        return ()
    if sub_stream:
        return (Finding(Meaning.SUB_FOUND, Weight.GOOD, {"path": sub_stream}),)
    return (Finding(Meaning.SUB_UNKNOWN, Weight.HINT),) if width > SMALL_PX else ()
