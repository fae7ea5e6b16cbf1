"""Where the smaller stream of a camera most likely is, by its maker's way of writing paths."""

from __future__ import annotations

import re

WAYS = (
    (r"(/Streaming/(?:Channels|tracks)/\d+)01\b", r"\g<1>02"),  # Hikvision, EZVIZ
    (r"subtype=0", "subtype=1"),  # Dahua, Amcrest
    (r"/media/video1\b", "/media/video2"),  # Uniview
    (r"/(ch\d+|h26[45]/ch\d+)/main/", r"/\g<1>/sub/"),  # Hikvision before 2012
    (r"/stream1\b", "/stream2"),  # TP-Link
    (r"/main\b", "/sub"),
)
"""(what a main stream's path has, what its sub-stream's path has instead)."""


def likely_sub_stream(url: str) -> str | None:
    """The address to try; None where the path follows no known way."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    for main, sub in WAYS:
        changed, count = re.subn(main, sub, slash + path, count=1, flags=re.IGNORECASE)
        if count:
            return f"{scheme}://{host}{changed}"
    return None
