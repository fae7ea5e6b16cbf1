"""Whether anything grows while the whole product runs for long: memory, objects, threads, files.

    python -m benchmarks.long_run --live --hours 1 --cameras 3
    python -m benchmarks.long_run --hours 8 --cameras 1

What `hallwatch serve` runs is run here, with a database, a roster, a browser's live view, a scraper
of /metrics, and recordings whose bound is soon reached. With --live its cameras are those of the
tests' RTSP server, in real time, which hangs up on everybody every ten minutes. Without it, each
camera is one recording of so many hours, watched as fast as the machine goes.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import platform
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import httpx
import typer
from websockets.exceptions import WebSocketException

from api.site import SESSION_COOKIE
from benchmarks.films import addresses_on, film_server, long_recording
from benchmarks.footage import RATE_HZ, Address, Footage, hall_text, made
from benchmarks.held import held_by_us
from benchmarks.live_view import crowd
from benchmarks.trend import trend_of
from cameras.clocks import Clock, ReplayClock, SystemClock
from cli.demo import NAME, PASSWORD, fill
from cli.eyes import open_shared_eyes
from cli.logs import open_log
from cli.model_options import limits_of
from cli.place import Place
from cli.server import open_office, port_of_ours, run
from cli.start import run_and_leave
from tests.rtsp_server import RtspServer
from vision.hallfile import load_hall

Answer = TypeVar("Answer")

FOLDER = Path("var/bench")
SAMPLES_AN_HOUR = {True: 360, False: 60}
"""Live: every ten seconds. Recorded: once a minute of the camera's time."""
HUNG_UP_EVERY_S = 600.0
RECORDING = "[recording]\ndays = 1.0\nmax_gb = {}\nreserve_gb = 0.5\n"
SELDOM = "[pace]\nmoving_s = 2.5\nstill_s = 2.5\ncalm_s = 10.0\n"
"""A recording is looked at half as often as a camera, so that its hours pass sooner."""
GB_AN_HOUR = 0.05
"""Less than a quarter of what a camera sends, so that old recordings go all the time."""
STANDS_STILL_S = 120.0
HEADING = "## A long run"
MEASURED = {
    "rss_mib": "resident, MiB", "anon_mib": "of it without a file, MiB",
    "given_mib": "given out by malloc, MiB", "idle_mib": "kept idle by malloc, MiB",
    "sqlite_mib": "SQLite's, MiB",
    "objects": "Python's blocks", "threads": "threads", "files": "open files",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process holds at a camera's hour, and after so much real time."""

    hour: float
    wall_s: float
    rss_mib: float
    anon_mib: float
    given_mib: float
    idle_mib: float
    sqlite_mib: float
    objects: int
    threads: int
    files: int


class Visitor:
    """Signed in as the demo's supervisor and administrator, as a browser and a scraper are."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.supervisor, self.scraper = (
            httpx.Client(
                base_url=f"{address}/api/v1", timeout=60.0,
                limits=httpx.Limits(max_keepalive_connections=0),
            )
            for _ in (NAME, "admin")
        )  # fmt: skip
        for client, name in ((self.supervisor, NAME), (self.scraper, "admin")):
            client.post("/session", json={"name": name, "password": PASSWORD}).raise_for_status()

    def packets(self) -> int:
        """Of the main stream of the camera that has sent the fewest, so far."""
        page = self.scraper.get(f"{self.address}/metrics").raise_for_status()
        counted = re.findall(r"^hallwatch_packets_total\{.*\} (\S+)$", page.text, re.MULTILINE)
        return min((int(float(packets)) for packets in counted), default=0)

    def look(self) -> None:
        """At the newest alerts, as the inbox does."""
        self.supervisor.get("/alerts").raise_for_status()


class Sampler(threading.Thread):
    """Samples until the cameras have seen so many hours, then ends the server as Ctrl-C does."""

    def __init__(self, address: str, live: bool, hours: float, note: Path) -> None:
        super().__init__(name="sampler", daemon=True)
        self.address, self.live, self.hours, self.note = address, live, hours, note
        self.samples: list[Sample] = []
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            self._sample_all()
        except BaseException as error:
            self.failed = error
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    def _sample_all(self) -> None:
        visitor = Visitor(self.address)
        began_s = moved_s = time.monotonic()
        due_h, seen, hour = 0.0, 0, 0.0
        with _live_view(visitor), self.note.open("w", encoding="utf-8") as note:
            while hour < self.hours - 1 / 3600:
                packets, now_s = _patiently(visitor.packets, seen), time.monotonic()
                if packets > seen:
                    seen, moved_s = packets, now_s
                elif now_s - moved_s > STANDS_STILL_S:
                    raise RuntimeError(f"the cameras stand still at {hour:.2f} h")
                hour = (now_s - began_s if self.live else packets / RATE_HZ) / 3600
                if hour >= due_h:
                    due_h += 1 / SAMPLES_AN_HOUR[self.live]
                    _patiently(visitor.look, None)
                    sample = Sample(hour, now_s - began_s, **asdict(held_by_us()))
                    self.samples.append(sample)
                    print(json.dumps(asdict(sample)), file=note, flush=True)
                time.sleep(1.0)


def _patiently(ask: Callable[[], Answer], otherwise: Answer) -> Answer:
    """A server on a busy machine may hang up on us now and then."""
    try:
        return ask()
    except httpx.TransportError:
        return otherwise


@contextmanager
def _live_view(visitor: Visitor) -> Iterator[None]:
    """The live page, open in a browser's place in another process."""
    secret = visitor.supervisor.cookies[SESSION_COOKIE]
    port = httpx.URL(visitor.address).port
    assert port is not None
    viewer = multiprocessing.get_context("spawn").Process(
        target=_view_for_ever, args=(port, secret), daemon=True
    )
    viewer.start()
    try:
        yield
    finally:
        viewer.terminate()
        viewer.join()


def _view_for_ever(port: int, secret: str) -> None:
    """As a browser's page, which connects anew when its server was away or slow."""
    while True:
        here, there = multiprocessing.Pipe()
        with suppress(OSError, WebSocketException), here, there:
            crowd(there, port, secret, 1, 300.0)
        time.sleep(1.0)


@contextmanager
def _cameras(
    live: bool, footage: Sequence[Footage], hours: float
) -> Iterator[tuple[Address, Callable[[], Clock]]]:
    """Where the streams are, and the clock that a station is given."""
    if live:
        with film_server(footage) as server, _hanging_up(server):
            yield addresses_on(server), SystemClock
        return

    def recording(camera: str, clip: Footage, main: bool) -> str:
        stream = clip.main if main else clip.second
        turns = int(hours * 3600 / clip.duration_s) + 2
        long = stream.with_name(f"{stream.stem}-{turns}.mp4")
        return f"file://{long_recording(stream, long, turns).resolve()}"

    began = datetime.now(UTC) - timedelta(hours=hours)
    yield recording, lambda: ReplayClock(began)


@contextmanager
def _hanging_up(server: RtspServer) -> Iterator[None]:
    """The network fails everybody now and then."""
    over = threading.Event()

    def hang_up() -> None:
        while not over.wait(HUNG_UP_EVERY_S):
            server.tell(hang_up=True)

    thread = threading.Thread(target=hang_up, name="network", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def ran(live: bool, hours: float, cameras: int, clips: Sequence[Footage], folder: Path) -> Sampler:
    """The whole product for so many hours of its cameras' time."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shown = [(f"c{i:02d}", clips[i % len(clips)]) for i in range(cameras)]
    with _cameras(live, clips, hours) as (address, clock):
        path = folder / "hall.toml"
        more = RECORDING.format(cameras * GB_AN_HOUR) + ("" if live else SELDOM)
        path.write_text(hall_text(shown, more, address), "utf-8")
        hall, place = load_hall(path, limits_of(None)), Place(folder)
        eyes = open_shared_eyes(hall.machine)
        database = open_office(place, hall)
        fill(database, hall, datetime.now(UTC))
        listening = port_of_ours("127.0.0.1", 0)
        sampler = Sampler(
            "http://{}:{}".format(*listening.getsockname()), live, hours, folder / "samples.jsonl"
        )  # fmt: skip
        with suppress(KeyboardInterrupt):
            run(place, hall, eyes, database, listening, clock=clock,
                ready=lambda _: sampler.start())  # fmt: skip
        sampler.join()
    if sampler.failed is not None:
        raise sampler.failed
    return sampler


def rows(samples: Sequence[Sample], warm_h: float) -> list[str]:
    """One line for each thing held: how it went and whether it grew, after the warming up."""
    counted = [s for s in samples if s.hour >= warm_h]
    hours = [s.hour for s in counted]
    lines = []
    for name, words in MEASURED.items():
        values = [float(getattr(s, name)) for s in counted]
        trend = trend_of(hours, values)
        digits = 2 if name.endswith("mib") else 1
        lines.append(
            f"| {words} | {values[0]:.0f} | {min(values):.0f} to {max(values):.0f} | "
            f"{trend.slope:+.{digits}f} | {trend.low:+.{digits}f} to {trend.high:+.{digits}f} | "
            f"{trend.independent:.0f} of {len(values)} | {trend.verdict} |"
        )
    return lines


def main(
    hours: Annotated[float, typer.Option(help="Of each camera's time.")] = 8.0,
    cameras: Annotated[int, typer.Option()] = 1,
    live: Annotated[bool, typer.Option("--live", help="RTSP, in real time.")] = False,
    clips: Annotated[str, typer.Option()] = "absence,phone,queue",
    folder: Annotated[Path, typer.Option(help="Where the scaled clips are.")] = FOLDER,
) -> None:
    """Run the whole product for long and say whether it grew."""
    open_log(level=logging.WARNING)
    footage = made(folder, clips.split(","))
    warm_h = max(hours / 8, 1 / 6 if live else 0.0)
    began_s = time.monotonic()
    kind = "live" if live else "recorded"
    sampler = ran(live, hours, cameras, footage, folder / f"long-{kind}")
    wall_h = (time.monotonic() - began_s) / 3600
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores: {cameras} "
        f"cameras, {hours:g} h of each one's time ({kind}) in {wall_h:.2f} h; the first "
        f"{60 * warm_h:.0f} min not counted"
    )
    print("\n".join(rows(sampler.samples, warm_h)))


if __name__ == "__main__":
    run_and_leave(lambda: typer.run(main))
