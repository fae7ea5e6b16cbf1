"""A real RTSP server on the loopback: `tests/gst_camera.py` in a process of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Self

SCRIPT = Path(__file__).with_name("gst_camera.py")
SYSTEM_PYTHON = "/usr/bin/python3"
"""Debian's own, which has the bindings of GStreamer (see tools/system-packages)."""


class RtspServer:
    """A camera that does as it is told. orders: attributes of `gst_camera.Camera`, and `port`,
    `login` = {"user", "password", "method": "basic" or "digest"}, `films` = {mount: file}."""

    def __init__(self, **orders: Any) -> None:
        self.orders = orders
        self.process = self._started()
        self.port = int(self._answer())

    @property
    def url(self) -> str:
        return self.film("/hall")

    def film(self, mount: str) -> str:
        """The address of one of its films."""
        return f"rtsp://127.0.0.1:{self.port}{mount}"

    def tell(self, **orders: Any) -> None:
        """Change what the camera does; `hang_up=True` also ends all its connections."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(orders) + "\n")
        self.process.stdin.flush()
        assert self._answer() == "done"

    def stop(self) -> None:
        """Gone at once, as a camera that loses its power."""
        self.process.kill()
        self.process.communicate()

    def start_again(self, **orders: Any) -> None:
        """At the same port, as it was ordered at first but for these."""
        self.orders |= orders | {"port": self.port}
        self.process = self._started()
        assert int(self._answer()) == self.port

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [SYSTEM_PYTHON, str(SCRIPT), json.dumps(self.orders)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()
