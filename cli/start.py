"""The entry point: Ctrl-C ends the command quietly even while its libraries are being loaded."""

from __future__ import annotations

import sys


def main() -> None:
    try:
        from cli.main import app

        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
