"""What goes wrong in the background, said once and not at every try."""

from __future__ import annotations

from logging import Logger


class Trouble:
    """Of one thread that tries again by itself. `well_again` is said when it works once more."""

    def __init__(self, log: Logger, well_again: str) -> None:
        self._log = log
        self._well_again = well_again
        self._met: type[Exception] | None = None

    def met(self, what: str, error: Exception) -> None:
        """Log it with where it happened, unless the last try failed the same way."""
        if self._met is not type(error):
            self._log.error("%s: %s", what, error, exc_info=error)
        self._met = type(error)

    def over(self) -> None:
        """It worked."""
        if self._met is not None:
            self._log.info("%s", self._well_again)
        self._met = None
