"""Words by key and language. The words themselves are in `words/`."""

from __future__ import annotations

from typing import Literal, TypeAlias

from api.console.words import STRINGS

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Say:
    """Speaks one language. `say("key", n=3)` for words that are written out in the code,
    `say.of("group", value)` for words that belong to a value of the domain."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._index = 0 if language == "zh" else 1

    def __call__(self, key: str, **values: object) -> str:
        return STRINGS[key][self._index].format(**values)

    def of(self, group: str, value: str, **values: object) -> str:
        return self(f"{group}.{value}", **values)

    def known(self, group: str, value: str) -> str:
        """Like `of`, but a value that the table lacks (a rule added by the hall) speaks for
        itself."""
        key = f"{group}.{value}"
        return STRINGS[key][self._index] if key in STRINGS else value
