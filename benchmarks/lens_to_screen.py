"""How old a live picture is when it reaches a viewer, and when the next one takes its place.

    python -m benchmarks.lens_to_screen --cameras 4

Real RTSP cameras of 640x360 (the tests' GStreamer server) draw the clock into each picture. The
product's own stations watch them with the shipped model at the pace of a hall where little stirs,
and a viewer reads the live page's socket. The clock has steps of a tenth of a second.
"""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import tempfile
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
import websockets

from api.site import SESSION_COOKIE
from benchmarks.console import serving
from cameras.clocks import SystemClock
from cli.eyes import open_shared_eyes
from cli.model_options import limits_of
from cli.place import Place
from cli.server import open_office, put_watch, running
from tests.rtsp_server import RtspServer
from tests.videos import age_s
from vision.hallfile import load_hall
from vision.records import Image

HALL = '[hall]\nid = "h"\nname = "大厅"\n'
CAMERA = """
[[camera]]
id = "c{n}"
url = "{url}"
width = 640
height = 360
[[window]]
id = "w{n}"
camera = "c{n}"
staff = [[80, 200], [200, 200], [200, 320], [80, 320]]
counter = [[80, 322], [200, 322], [200, 350], [80, 350]]
"""


def main(
    cameras: Annotated[int, typer.Option(help="How many are watched.")] = 1,
    seconds: Annotated[float, typer.Option(help="How long.")] = 40,
) -> None:
    """Print a row of docs/benchmarks.md."""
    with tempfile.TemporaryDirectory() as folder:
        print(_measured(Path(folder), cameras, seconds))


def _measured(folder: Path, cameras: int, seconds: float) -> str:
    path = folder / "hall.toml"
    with ExitStack() as stack:
        servers = [
            stack.enter_context(RtspServer(size=[640, 360], key_every_s=2.0, seated=True))
            for _ in range(cameras)
        ]
        parts = [CAMERA.format(n=n, url=server.url) for n, server in enumerate(servers)]
        path.write_text(HALL + "".join(parts), "utf-8")
        hall, place = load_hall(path, limits_of(None)), Place(folder / "var")
        database = open_office(place, hall)
        eyes = open_shared_eyes(hall.machine)
        watch = put_watch(place, hall, eyes, database, clock=SystemClock, again=False)
        stack.enter_context(running([*watch.before, *watch.services]))
        port, secret = serving(database, watch.board, folder)
        came_s, stood_s = asyncio.run(_viewed(port, secret, seconds))
        stretch = watch.board.stretch
    p95 = statistics.quantiles(came_s, n=20)[-1]
    day, cores = f"{datetime.now(UTC):%Y-%m-%d}", os.cpu_count()
    rate = len(came_s) / seconds / cameras
    return (
        f"| {day} | {cameras} | {rate:.1f} | {statistics.median(came_s):.1f} | {p95:.1f} "
        f"| {statistics.quantiles(stood_s, n=20)[-1]:.1f} | {stretch:.1f} "
        f"| {platform.machine()}, {cores} cores |"
    )


async def _viewed(port: int, secret: str, seconds: float) -> tuple[list[float], list[float]]:
    """Ages in seconds of the pictures when they came, and when the next one of their camera did;
    the first five seconds, in which cameras are connected, are left out."""
    url = f"ws://127.0.0.1:{port}/console/live-feed"
    headers = {"Cookie": f"{SESSION_COOKIE}={secret}"}
    came_s: list[float] = []
    stood_s: list[float] = []
    taken: dict[bytes, float] = {}
    async with websockets.connect(url, additional_headers=headers, max_size=None) as feed:
        begins_s = time.monotonic() + 5.0
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds + 5.0):
                async for message in feed:
                    if isinstance(message, bytes):
                        camera, now_s = message[1 : 1 + message[0]], time.time()
                        old_s = age_s(_picture(message[1 + message[0] :]), now_s)
                        if time.monotonic() > begins_s:
                            came_s.append(old_s)
                            if camera in taken:
                                stood_s.append(now_s - taken[camera])
                        taken[camera] = now_s - old_s
    return came_s, stood_s


def _picture(jpeg: bytes) -> Image:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.astype(np.uint8)


if __name__ == "__main__":
    typer.run(main)
