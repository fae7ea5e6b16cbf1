"""How network cameras are opened: RTSP over TCP, and HTTP streams such as MJPEG."""

from __future__ import annotations

import av
from av.container import InputContainer

ANSWER_S = 10.0
"""Patience with a camera that takes a connection and then says nothing."""


def open_rtsp(url: str, stall_s: float) -> InputContainer:
    """The media interleaved in the one TCP connection; sound is not asked for. Reading fails
    after stall_s without a packet."""
    options = {"rtsp_transport": "tcp", "allowed_media_types": "video"}
    return av.open(url, format="rtsp", container_options=options, timeout=(ANSWER_S, stall_s))


def open_http(url: str, stall_s: float) -> InputContainer:
    """MJPEG and whatever else the library recognises. Such streams carry no time of their own:
    packets are stamped as they arrive."""
    options = {"use_wallclock_as_timestamps": "1"}
    return av.open(url, container_options=options, timeout=(ANSWER_S, stall_s))
