"""What a stream says of its coding in front of a key frame, without decoding one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

START: Final = b"\x00\x00\x01"
SEQUENCE: Mapping[str, int] = {"h264": 7, "hevc": 33}
"""The NAL units that hold picture size and profile: sequence parameter sets (H.264, table 7-1;
H.265, table 7-1)."""
PICTURES: Mapping[str, range] = {"h264": range(1, 6), "hevc": range(32)}
"""NAL units that are parts of pictures: what heads them has come by then."""


def sequence_heading(payload: bytes, codec: str) -> bytes:
    """The sequence parameter set in front of a key frame, in Annex B; b"" where there is none, or
    the codec has none."""
    wanted = SEQUENCE.get(codec)
    at = payload.find(START) if wanted is not None else -1
    while 0 <= at < len(payload) - len(START):
        first = payload[at + len(START)]
        kind = first & 0x1F if codec == "h264" else first >> 1 & 0x3F
        if kind in PICTURES[codec]:
            return b""
        following = payload.find(START, at + len(START))
        if kind == wanted:
            end = len(payload) if following < 0 else following
            return payload[at + len(START) : end].rstrip(b"\x00")
        at = following
    return b""
