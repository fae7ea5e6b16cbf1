"""One hall watched for a while by the product's own stations, and what that took.

Everything of `hallwatch serve` runs but the web server: both streams of every camera in real time,
ring and continuous recording, the shared detector, rules, evidence, outbox.
"""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.live import LiveBoard
from api.outbox import Outbox
from benchmarks.footage import Footage, hall_text
from cameras.clocks import SystemClock
from cli.archive import open_archive
from cli.eyes import open_shared_eyes
from cli.memory import Memory
from cli.station import Desk, Station
from cli.throttle import Throttle
from models.events import Event, events_of, matched
from models.session import OnnxDetector
from models.sign import Line, TextReader
from vision.hallfile import Hall, load_hall
from vision.records import Alert, Image, Step
from vision.wire import alert_from_table

RULE_TIME = {"window_unattended": "after_s", "phone_use": "held_s", "eating": "held_s",
             "queue_length": "held_s"}  # fmt: skip


class Computing:
    """An ONNX Runtime session that counts the processor time of its caller's thread."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.cpu_s = 0.0
        self.pictures = 0
        self._lock = threading.Lock()

    def run(self, outputs: Any, given: Any) -> Any:
        began_s = time.thread_time()
        answer = self.session.run(outputs, given)
        self.add(time.thread_time() - began_s, len(given["images"]))
        return answer

    def add(self, spent_s: float, pictures: int = 0) -> None:
        with self._lock:
            self.cpu_s += spent_s
            self.pictures += pictures


@dataclass(slots=True)
class Taken:
    """What a run took and found. Seconds of processor time unless said otherwise."""

    cameras: int
    wall_s: float = 0.0
    cpu_s: float = 0.0
    inference_s: float = 0.0
    decode_s: float = 0.0
    pictures: int = 0
    looks: int = 0
    stretch: float = 1.0
    late: float = 0.0
    memory_mib: float = 0.0
    hits: int = 0
    missed: list[Event] = field(default_factory=list)
    extra: list[Event] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)
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
    """A station that begins when told, so that not all clips begin at once."""

    def __init__(self, desk: Desk, camera: str, wait_s: float) -> None:
        super().__init__(desk, camera, clock=SystemClock)
        self.wait_s = wait_s
        self.began: datetime | None = None

    def run(self) -> None:
        time.sleep(self.wait_s)
        self.began = datetime.now(UTC)
        super().run()


def watched(
    footage: Sequence[Footage],
    cameras: int,
    wall_s: float,
    folder: Path,
    *,
    apart_s: float = 0.37,
) -> Taken:
    """Watch so many cameras for so long; clips in turn, each begun `apart_s` after the other."""
    shown = [(f"c{i:02d}", footage[i % len(footage)]) for i in range(cameras)]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "hall.toml"
    extra = "[recording]\ndays = 1.0\nmax_gb = 20.0\n"
    path.write_text(hall_text(shown, extra), "utf-8")
    hall = load_hall(path)
    eyes = open_shared_eyes(hall.machine)
    detector = eyes.shared.detector
    assert isinstance(detector, OnnxDetector)
    computing = Computing(detector._session)
    detector._session = computing
    reading = _counted_reading(eyes.text, computing)
    eyes = replace(eyes, text=reading)
    heard = Heard()
    board = LiveBoard(time.monotonic, hall.id)
    archive = open_archive(hall, folder, lambda: datetime.now(UTC))
    throttle = Throttle(eyes.shared, board.stretched)
    outbox = Outbox(folder / "outbox", heard.deliver)
    desk = Desk(
        hall, eyes, board, outbox, folder / "evidence", archive, Memory(folder / "state"),
        lambda: throttle.stretch,
    )  # fmt: skip
    stations = [BenchStation(desk, c, i * apart_s) for i, (c, _) in enumerate(shown)]
    for service in (archive, outbox, throttle, *stations):
        if service is not None:
            service.start()
    taken = Taken(cameras)
    time.sleep(min(cameras * apart_s + 5.0, wall_s / 4))  # loading and connecting do not count
    before = _spent(), computing.cpu_s, _decoded(stations), _looks(stations), computing.pictures
    began_s = time.monotonic()
    worst = 1.0
    while (passed_s := time.monotonic() - began_s) < wall_s:
        time.sleep(min(5.0, wall_s - passed_s))
        worst = max(worst, throttle.stretch)
    taken.wall_s = time.monotonic() - began_s
    taken.cpu_s = _spent() - before[0]
    taken.inference_s = computing.cpu_s - before[1]
    taken.decode_s = _decoded(stations) - before[2]
    taken.looks = _looks(stations) - before[3]
    taken.pictures = computing.pictures - before[4]
    taken.stretch = worst
    taken.memory_mib = _resident_mib()
    ended = datetime.now(UTC)
    for station in stations:
        station.stop()
    for station in stations:
        station.join(10.0)
    throttle.close()
    outbox.close()
    for station in stations:
        recording = station.health().recording
        taken.dropped_packets += recording.dropped_packets if recording else 0
    if archive is not None:
        archive.close()
    _judge(taken, hall, dict(shown), stations, heard, ended)
    return taken


def _counted_reading(read: TextReader, computing: Computing) -> TextReader:
    """Reading text is inference too."""

    def counted(picture: Image) -> Sequence[Line]:
        began_s = time.thread_time()
        lines = read(picture)
        computing.add(time.thread_time() - began_s)
        return lines

    return counted


def _judge(
    taken: Taken,
    hall: Hall,
    shown: dict[str, Footage],
    stations: Sequence[BenchStation],
    heard: Heard,
    ended: datetime,
) -> None:
    """Compare with what truly happened as far as it was shown; measure the delays."""
    for station in stations:
        assert station.began is not None
        camera, footage = station.camera_id, shown[station.camera_id]
        seen_s = min((ended - station.began).total_seconds(), footage.duration_s)
        true = [
            Event(e.rule, f"{camera}-{e.subject}", e.began_s, e.ended_s)
            for e in footage.events
            if e.ended_s is not None and e.ended_s + 30 < seen_s
        ]
        told = [(a, at) for a, at in heard.alerts
                if a.camera == camera and a.began.at_s < seen_s - 30]  # fmt: skip
        result = matched(
            [e for e in events_of(a for a, _ in told) if e.ended_s is not None], true, 3.0
        )
        taken.hits += len(result.hits)
        taken.missed += result.missed
        began = {(e.rule, f"{camera}-{e.subject}"): e.began_s for e in footage.events}
        taken.extra += [
            e
            for e in result.extra
            if abs(began.get((e.rule, e.subject), -99.0) - e.began_s) > 3.0  # true, not yet over
        ]
        for alert, at in told:
            if alert.step is Step.RAISED and alert.rule in RULE_TIME:
                taken.delays_s += _delays(alert, at, true, station.began)


def _delays(alert: Alert, at: datetime, true: Sequence[Event], began: datetime) -> list[float]:
    """How long after onset and the rule's own time this alert was told; none for a false one."""
    held_s = float(str(alert.policy[RULE_TIME[alert.rule]]))
    return [
        (at - began).total_seconds() - event.began_s - held_s
        for event in true
        if (event.rule, event.subject) == (alert.rule, alert.subject)
        and abs(event.began_s - alert.began.at_s) <= 5
    ]


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _decoded(stations: Sequence[Station]) -> float:
    return sum(station.health().decode_s for station in stations)


def _looks(stations: Sequence[Station]) -> int:
    return sum(station.health().analysed for station in stations)


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
