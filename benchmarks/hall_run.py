"""One hall watched for a while by the product's own stations, and what that took.

Everything of `hallwatch serve` runs but the web server: both streams of every camera in real time,
ring and continuous recording, the shared detector, rules, evidence, outbox.
"""

from __future__ import annotations

import math
import resource
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.live import LiveBoard
from api.outbox import Outbox
from benchmarks.footage import Address, Footage, hall_text, paced_address
from benchmarks.held import held_by_us
from benchmarks.judged import RuleResult, Told, judge
from cameras.clocks import SystemClock
from cameras.recordings.shelf import Shelf
from cameras.ring import Recorder
from cli.archive import open_archive
from cli.eyes import open_shared_eyes
from cli.memory import Memory
from cli.model_options import limits_of
from cli.server import running
from cli.station import Desk, Station
from cli.throttle import Throttle
from models.session import OnnxDetector
from models.sign import Line, TextReader
from vision.hallfile import Hall, load_hall
from vision.records import Alert, Image, Step
from vision.wire import alert_from_table

RECORDING = "[recording]\ndays = 1.0\nmax_gb = 20.0\n"


class Computing:
    """Counts the processor time that ONNX Runtime takes of its callers' threads, whole pictures and
    close-ups, which are square."""

    def __init__(self, *detectors: OnnxDetector | None) -> None:
        self.cpu_s = 0.0
        self.wholes = self.close_ups = 0
        self._lock = threading.Lock()
        for detector in detectors:
            if detector is not None:
                detector._session = Counted(self, detector._session)

    def run(self, session: Any, outputs: Any, given: Any) -> Any:
        began_s = time.thread_time()
        answer = session.run(outputs, given)
        spent_s = time.thread_time() - began_s
        pictures, _, high, wide = given["images"].shape
        with self._lock:
            self.cpu_s += spent_s
            if high == wide:
                self.close_ups += pictures
            else:
                self.wholes += pictures
        return answer

    def add(self, spent_s: float) -> None:
        with self._lock:
            self.cpu_s += spent_s


@dataclass(frozen=True, slots=True)
class Counted:
    """An ONNX Runtime session whose runs are counted."""

    computing: Computing
    session: Any

    def run(self, outputs: Any, given: Any) -> Any:
        return self.computing.run(self.session, outputs, given)


@dataclass(slots=True)
class Taken:
    """What a run took and found. Seconds of processor time unless said otherwise."""

    cameras: int
    wall_s: float = 0.0
    cpu_s: float = 0.0
    inference_s: float = 0.0
    decode_s: float = 0.0
    looks: int = 0
    wholes: int = 0
    close_ups: int = 0
    stretch: float = 1.0
    memory_mib: float = 0.0
    rules: dict[str, RuleResult] = field(default_factory=dict)
    dropped_packets: int = 0

    @property
    def efficiency(self) -> float:
        return (self.inference_s + self.decode_s) / self.cpu_s

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time a second for one camera."""
        return 1000 * self.cpu_s / (self.wall_s * self.cameras)


@dataclass(slots=True)
class Heard:
    """What came out of the outbox, and when (wall clock)."""

    alerts: list[tuple[Alert, datetime]] = field(default_factory=list)

    def deliver(self, kind: str, body: dict[str, Any]) -> None:
        if kind == "alert":
            self.alerts.append((alert_from_table(body), datetime.now(UTC)))


class BenchStation(Station):
    """A station that begins when told, or after a while, so that not all clips begin at once."""

    def __init__(self, desk: Desk, camera: str, wait_s: float | None) -> None:
        super().__init__(desk, camera, clock=SystemClock)
        self.wait_s = wait_s
        self.begin = threading.Event()

    @property
    def recorder(self) -> Recorder | None:
        """Its ring, once it has one."""
        return None if self._sink is None else self._sink.keeper.recorder

    def stop(self) -> None:
        super().stop()
        self.begin.set()

    def run(self) -> None:
        self.begin.wait(self.wait_s)
        super().run()


@dataclass(frozen=True, slots=True)
class AtWork:
    """A hall at work. shown: what each camera shows. shelf: what was recorded of it."""

    plan: Hall
    shown: Mapping[str, Footage]
    stations: Sequence[BenchStation]
    computing: Computing
    throttle: Throttle
    heard: Heard
    shelf: Shelf


@contextmanager
def at_work(
    shown: Mapping[str, Footage],
    folder: Path,
    *,
    apart_s: float = 0.37,
    address: Address = paced_address,
    waits: bool = False,
) -> Iterator[AtWork]:
    """The cameras watched, each begun `apart_s` after the one before, until the context ends.
    waits: each begins when it is told to."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "hall.toml"
    path.write_text(hall_text(list(shown.items()), RECORDING, address), "utf-8")
    plan = load_hall(path, limits_of(None))
    eyes = open_shared_eyes(plan.machine)
    detector, near = eyes.shared.detector, eyes.shared.near
    assert isinstance(detector, OnnxDetector)
    assert near is None or isinstance(near, OnnxDetector)
    computing = Computing(detector, near)
    eyes = replace(eyes, text=_counted_reading(eyes.text, computing))
    heard = Heard()
    board = LiveBoard(time.monotonic, plan.id)
    archive = open_archive(plan, folder, lambda: datetime.now(UTC))
    assert archive is not None
    throttle = Throttle(eyes.shared, board.stretched)
    outbox = Outbox(folder / "outbox", heard.deliver)
    desk = Desk(
        plan, eyes, board, outbox, folder / "evidence", archive, Memory(folder / "state"),
        lambda: throttle.stretch,
    )  # fmt: skip
    stations = [BenchStation(desk, c, None if waits else i * apart_s) for i, c in enumerate(shown)]
    with running([archive, outbox, throttle]):
        for station in stations:
            station.start()
        try:
            yield AtWork(plan, shown, stations, computing, throttle, heard, archive.shelf)
        finally:
            for station in stations:
                station.stop()
            for station in stations:
                station.join(10.0)


def watched(
    footage: Sequence[Footage],
    cameras: int,
    wall_s: float,
    folder: Path,
    *,
    apart_s: float = 0.37,
    address: Address = paced_address,
) -> Taken:
    """Watch so many cameras for so long, the clips in turn, and say what it took."""
    shown = {f"c{i:02d}": footage[i % len(footage)] for i in range(cameras)}
    taken = Taken(cameras)
    with at_work(shown, folder, apart_s=apart_s, address=address) as hall:
        time.sleep(min(cameras * apart_s + 5.0, wall_s / 4))  # loading and connecting: not counted
        _measure(taken, hall, wall_s)
        ended = datetime.now(UTC)
    for station in hall.stations:
        recording = station.health().recording
        taken.dropped_packets += recording.dropped_packets if recording else 0
    _judge(taken, hall, ended)
    return taken


def _measure(taken: Taken, hall: AtWork, wall_s: float) -> None:
    stations, computing = hall.stations, hall.computing
    before = _spent(), computing.cpu_s, _decoded(stations), _looks(stations)
    pictures = computing.wholes, computing.close_ups
    began_s = time.monotonic()
    while (passed_s := time.monotonic() - began_s) < wall_s:
        time.sleep(min(5.0, wall_s - passed_s))
        taken.stretch = max(taken.stretch, hall.throttle.stretch)
    taken.wall_s = time.monotonic() - began_s
    taken.cpu_s = _spent() - before[0]
    taken.inference_s = computing.cpu_s - before[1]
    taken.decode_s = _decoded(stations) - before[2]
    taken.looks = _looks(stations) - before[3]
    taken.wholes = computing.wholes - pictures[0]
    taken.close_ups = computing.close_ups - pictures[1]
    taken.memory_mib = held_by_us().rss_mib


def _counted_reading(read: TextReader, computing: Computing) -> TextReader:
    """Reading text is inference too."""

    def counted(picture: Image) -> Sequence[Line]:
        began_s = time.thread_time()
        lines = read(picture)
        computing.add(time.thread_time() - began_s)
        return lines

    return counted


def _judge(taken: Taken, hall: AtWork, ended: datetime) -> None:
    """Compare with what truly happened as far as it was shown. A clip began when its first packet
    came, which its recording is named after."""
    for station in hall.stations:
        camera = station.camera_id
        clip, recorded = hall.shown[camera], hall.shelf.of(camera)
        due = clip.due(hall.plan, camera)
        if not recorded:  # not one picture: all is missed
            judge(taken.rules, (), due, math.inf)
            continue
        began = recorded[0].began

        def shown_s(at: datetime, began: datetime = began) -> float:
            return (at - began).total_seconds()

        told = [
            Told(a.rule, a.subject, shown_s(a.began.wall), shown_s(at))
            for a, at in hall.heard.alerts
            if a.camera == camera and a.step is Step.RAISED
        ]
        judge(
            taken.rules,
            (t for t in told if t.told_s < clip.duration_s),
            due,
            min(shown_s(ended), clip.duration_s),
        )


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _decoded(stations: Sequence[Station]) -> float:
    return sum(station.health().decode_s for station in stations)


def _looks(stations: Sequence[Station]) -> int:
    return sum(station.health().analysed for station in stations)
