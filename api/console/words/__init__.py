"""Every word on the console: key -> (Chinese, English), one file a page. Kept complete by a test.

Keys with a dot belong to a value of the domain (`phase.empty`); all others are written out where
they are used. Each file of this folder has a table `WORDS`; they are put together here.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


class SaidTwiceError(RuntimeError):
    """Two files give words to the same key."""


def _together() -> dict[str, tuple[str, str]]:
    strings: dict[str, tuple[str, str]] = {}
    for file in iter_modules(__path__):
        words: dict[str, tuple[str, str]] = import_module(f"{__name__}.{file.name}").WORDS
        if twice := strings.keys() & words.keys():
            raise SaidTwiceError(f"{file.name}: {', '.join(sorted(twice))} said elsewhere too")
        strings |= words
    return strings


STRINGS = _together()
