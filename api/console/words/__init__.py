"""Every word on the console: key -> (Chinese, English), one file a page. Kept complete by a test.

Keys with a dot belong to a value of the domain (`phase.empty`); all others are written out where
they are used.
"""

from __future__ import annotations

from api.console.words import (
    alert,
    alerts,
    conduct,
    frame,
    live,
    notices,
    parts,
    roster,
    signing_in,
    times,
)

PARTS = (frame, parts, signing_in, times, live, alerts, alert, conduct, roster, notices)


class SaidTwiceError(RuntimeError):
    """Two files give words to the same key."""


def _together() -> dict[str, tuple[str, str]]:
    strings: dict[str, tuple[str, str]] = {}
    for part in PARTS:
        if twice := strings.keys() & part.WORDS.keys():
            raise SaidTwiceError(f"{part.__name__}: {', '.join(sorted(twice))} said elsewhere too")
        strings |= part.WORDS
    return strings


STRINGS = _together()
