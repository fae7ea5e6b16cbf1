"""What the simulator can miss, each with what to do about it."""

from __future__ import annotations


class SimulatorError(RuntimeError):
    """The simulator cannot go on; the message says what to do."""


class MissingResourceError(SimulatorError, FileNotFoundError):
    """A font or a package that rendering needs is not on this machine."""


class UnknownScriptError(SimulatorError, KeyError):
    """There is no clip script of that name."""

    def __str__(self) -> str:
        return str(self.args[0])
