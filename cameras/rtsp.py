"""How network cameras are opened: RTSP over TCP or UDP, and HTTP streams such as MJPEG."""

from __future__ import annotations

import av
from av.container import InputContainer

ANSWER_S = 10.0
"""Patience with a camera that takes a connection and then says nothing."""
PROMPT = {"fpsprobesize": "0"}
"""Don't wait seconds to learn the rate: pictures would come that much late at first."""
RTSP = PROMPT | {"allowed_media_types": "video"}
"""Sound is not asked for."""


def open_rtsp(url: str, stall_s: float) -> InputContainer:
    """The media interleaved in the one TCP connection. Reading fails after stall_s without a
    packet."""
    options = RTSP | {"rtsp_transport": "tcp"}
    return av.open(url, format="rtsp", container_options=options, timeout=(ANSWER_S, stall_s))


def open_rtsp_udp(url: str, stall_s: float) -> InputContainer:
    """The media in datagrams, for cameras or networks that do not do TCP; `rtsp+udp://`."""
    options = RTSP | {"rtsp_transport": "udp"}
    address = url.replace("rtsp+udp://", "rtsp://", 1)
    return av.open(address, format="rtsp", container_options=options, timeout=(ANSWER_S, stall_s))


def open_http(url: str, stall_s: float) -> InputContainer:
    """MJPEG and whatever else the library recognises. Such streams carry no time of their own:
    packets are stamped as they arrive."""
    options = PROMPT | {"use_wallclock_as_timestamps": "1"}
    return av.open(url, container_options=options, timeout=(ANSWER_S, stall_s))
