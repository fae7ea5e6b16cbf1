"""What the live page costs the server, from one viewer to twenty.

    python -m benchmarks.live_view

A board with six cameras of 1280x720 at two pictures a second is shown to viewers in a process of
their own, over real sockets. Told are encoded pictures per published one, the server's CPU time
for each second, and how long after its publishing a picture arrives.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import platform
import statistics
import struct
import tempfile
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
import websockets

from api.database import Database
from api.halls.sync import HallRecord, sync_hall
from api.live import CameraView, LiveBoard, Picture, jpeg_of
from api.migrations import upgrade
from api.site import SESSION_COOKIE
from benchmarks.console import serving
from vision.records import Image

CAMERAS, PACE_HZ = 6, 2.0
WIDTH, HEIGHT = 1280, 720


class Studio(threading.Thread):
    """Publishes pictures to the board, and counts how many were encoded."""

    def __init__(self, board: LiveBoard) -> None:
        super().__init__(daemon=True)
        self.board = board
        self.encoded = self.published = 0
        noise = np.random.default_rng(7).integers(0, 255, (45, 80, 3), np.uint8)
        self.bgr: Image = cv2.resize(noise, (WIDTH, HEIGHT)).astype(np.uint8)

    def run(self) -> None:
        while True:
            for number in range(CAMERAS):
                self._publish(f"cam{number}")
                time.sleep(1 / PACE_HZ / CAMERAS)

    def _publish(self, camera: str) -> None:
        at_s = time.monotonic()

        def make() -> bytes:
            self.encoded += 1
            return jpeg_of(self.bgr) + struct.pack("d", at_s)

        self.published += 1
        view = CameraView(camera, WIDTH, HEIGHT, datetime.now(UTC), Picture(make))
        self.board.publish(camera, view)


def main(
    seconds: Annotated[float, typer.Option(help="How long each number of viewers watches.")] = 20,
) -> None:
    """Measure no viewer, one, and twenty."""
    with tempfile.TemporaryDirectory() as folder:
        board = LiveBoard(time.monotonic, "demo")
        studio = Studio(board)
        port, secret = serving(_watched_hall(Path(folder)), board, Path(folder))
        studio.start()
        for viewers in (0, 1, 20):
            print(_measured(studio, port, secret, viewers, seconds))


def _watched_hall(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'hall.db'}")
    upgrade(database)
    hall = HallRecord("demo", "大厅", "Asia/Shanghai", "a" * 64, ())
    with database.session() as session:
        sync_hall(session, hall, datetime.now(UTC))
    return database


def _measured(studio: Studio, port: int, secret: str, viewers: int, seconds: float) -> str:
    here, there = multiprocessing.get_context("spawn").Pipe()
    viewing = multiprocessing.get_context("spawn").Process(
        target=crowd, args=(there, port, secret, viewers, seconds), daemon=True
    )
    viewing.start()
    here.recv()  # all are connected
    encoded, published, cpu_s = studio.encoded, studio.published, time.process_time()
    late_ms: list[float] = here.recv()
    cpu_share = (time.process_time() - cpu_s) / seconds
    share = (studio.encoded - encoded) / max(studio.published - published, 1)
    viewing.join(10)
    told = "– | – | –"
    if late_ms:
        p95 = statistics.quantiles(late_ms, n=20)[-1]
        per_s = len(late_ms) / seconds / viewers
        told = f"{per_s:.1f} | {statistics.median(late_ms):.0f} | {p95:.0f}"
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    return f"| {day} | {viewers} | {share:.2f} | {100 * cpu_share:.0f} | {told} | {machine} |"


def crowd(told: Connection, port: int, secret: str, viewers: int, seconds: float) -> None:
    asyncio.run(_watch_together(told, port, secret, viewers, seconds))


async def _watch_together(
    told: Connection, port: int, secret: str, viewers: int, seconds: float
) -> None:
    headers = {"Cookie": f"{SESSION_COOKIE}={secret}"}
    url = f"ws://127.0.0.1:{port}/console/live-feed"
    sockets = [
        await websockets.connect(url, additional_headers=headers, max_size=None)
        for _ in range(viewers)
    ]
    told.send("connected")
    late_ms: list[float] = []

    async def watch(one: websockets.ClientConnection) -> None:
        async for message in one:
            if isinstance(message, bytes):
                (at_s,) = struct.unpack("d", message[-8:])
                late_ms.append(1000 * (time.monotonic() - at_s))

    with suppress(TimeoutError):
        await asyncio.wait_for(
            asyncio.gather(asyncio.sleep(seconds + 1), *map(watch, sockets)), seconds
        )
    told.send(late_ms)


if __name__ == "__main__":
    typer.run(main)
