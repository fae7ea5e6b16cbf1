"""The entry point: Ctrl-C ends the command quietly even while its libraries are being loaded."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the words name, and leave with its status."""
    run_and_leave(_hallwatch)


def run_and_leave(command: Callable[[], object]) -> NoReturn:
    """Run a command, and leave with its status; quietly at Ctrl-C (130)."""
    left_with = [1]
    atexit.register(_leave_busy_threads, left_with)  # the first registered is called last
    try:
        command()
        left_with[0] = 0
    except SystemExit as leaving:
        left_with[0] = leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
        raise
    except KeyboardInterrupt:
        left_with[0] = 130
    sys.exit(left_with[0])


def _hallwatch() -> None:
    from cli.main import app

    app()


def _leave_busy_threads(left_with: list[int]) -> None:
    """End the process here where a background thread did not stop in time: one that comes back
    from a library's native code while Python is taken down aborts the whole process
    (https://docs.python.org/3/library/threading.html, daemon threads)."""
    if any(thread.daemon for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(left_with[0])


if __name__ == "__main__":
    main()
