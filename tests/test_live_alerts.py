"""What befalls a camera, and what the rules make of it: blind while it lasts, and before and after
it the alerts that there should be. The camera is a real RTSP server, the clerk is a switch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from cameras.clocks import SystemClock
from cameras.health import EyeTest, Thresholds
from cameras.live import LiveSource
from cameras.patience import Patience
from cameras.rtsp import open_rtsp
from tests.faulty_network import FaultyNetwork
from tests.rtsp_server import RtspServer
from vision.engine import Engine
from vision.hallfile import parse_hall
from vision.monitor import monitor
from vision.pacer import FixedPacer
from vision.records import Alert, Detections, Image, Label, Step
from vision.seeing import Look, Seer

HALL = parse_hall(
    """
[hall]
id = "h"
name = "大厅"

[policy.camera_blind]
after_s = 1.5
clear_after_s = 0.5
max_gap_s = 2.0

[policy.window_unattended]
after_s = 1.5
settle_s = 0.2
tolerance_s = 0.5
max_gap_s = 1.0

[[camera]]
id = "c"
url = "rtsp://h/"
width = 640
height = 360
pace_hz = 10.0

[[window]]
id = "w1"
camera = "c"
staff = [[100, 100], [200, 100], [200, 200], [100, 200]]
counter = [[100, 220], [200, 220], [200, 350], [100, 350]]
""".encode()
)
QUICK = Patience(stall_s=1.0, retry_s=0.1, longest_retry_s=0.4, late_s=0.8)
LIMIT_S = 30.0


CLERK = Detections(
    np.array([[110, 110, 190, 195]], np.float32), np.array([0.9], np.float32),
    np.array([Label.PERSON], np.int8),
)  # fmt: skip


class Switched:
    """A detector that sees a clerk at the window while `seated`."""

    sha256 = "f" * 64

    def __init__(self) -> None:
        self.seated = False

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        return [CLERK if self.seated else Detections.none() for _ in images]


class Watch(threading.Thread):
    """A camera watched on a thread; a sink that keeps the alerts in the order they came."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.alerts: list[Alert] = []
        self.detector = Switched()
        self.source = LiveSource(
            "c", url, open_rtsp, clock=SystemClock(), pace_hz=10, patience=QUICK
        )
        self.start()

    def run(self) -> None:
        eye = EyeTest(Thresholds(frozen_after_s=1.0))
        seer = Seer(HALL, "c", self.detector, reader=None, eye=eye.look)
        engine = Engine(HALL, "c", self.detector.sha256)
        monitor(self.source.pictures(), seer, engine, self, FixedPacer(10.0))

    def looked(self, look: Look, engine: Engine) -> None:
        """Only alerts are of interest."""

    def alerted(self, alert: Alert, look: Look) -> None:
        self.alerts.append(alert)

    def until(self, rule: str, step: Step, count: int = 1) -> Alert:
        """The alert of this rule and step that comes `count`th."""
        deadline_s = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline_s:
            found = [a for a in self.alerts if (a.rule, a.step) == (rule, step)]
            if len(found) >= count:
                return found[count - 1]
            time.sleep(0.02)
        raise AssertionError(f"no {rule} {step}: {[(a.rule, a.step.value) for a in self.alerts]}")


class Camera:
    """A camera behind a network, and what may befall it."""

    def __init__(self) -> None:
        self.server = RtspServer(size=[640, 360], key_every_s=0.5)
        self.network = FaultyNetwork(self.server.port)

    def close(self) -> None:
        self.network.__exit__()
        self.server.stop()


@pytest.fixture
def camera() -> Iterator[Camera]:
    made = Camera()
    yield made
    made.close()


def stops(camera: Camera) -> Callable[[], None]:
    camera.server.stop()

    def starts_again() -> None:
        camera.server = RtspServer(size=[640, 360], key_every_s=0.5, port=camera.server.port)

    return starts_again


def stalls(camera: Camera) -> Callable[[], None]:
    camera.network.stalled.set()
    return camera.network.stalled.clear


def freezes(camera: Camera) -> Callable[[], None]:
    camera.server.tell(frozen=True)
    return lambda: camera.server.tell(frozen=False)


def turns_to_another_size(camera: Camera) -> Callable[[], None]:
    camera.server.tell(size=[1280, 720], hang_up=True)
    return lambda: camera.server.tell(size=[640, 360], hang_up=True)


@pytest.mark.parametrize(
    ("befalls", "blindness"),
    [
        (stops, "offline"),
        (stalls, "offline"),
        (freezes, "frozen"),
        (turns_to_another_size, "moved"),  # its zones are of the other size
    ],
)
def test_a_camera_is_blind_while_it_lasts_and_the_alerts_are_unharmed(
    camera: Camera, befalls: Callable[[Camera], Callable[[], None]], blindness: str
) -> None:
    watch = Watch(camera.network.url)
    watch.until("window_unattended", Step.RAISED)
    mend = befalls(camera)
    blind = watch.until("camera_blind", Step.RAISED)
    assert blind.why["blindness"] == blindness
    mend()
    watch.until("camera_blind", Step.ENDED)
    watch.detector.seated = True
    ended = watch.until("window_unattended", Step.ENDED)
    watch.detector.seated = False
    again = watch.until("window_unattended", Step.RAISED, 2)
    watch.source.close()
    watch.join(LIMIT_S)

    before = watch.until("window_unattended", Step.RAISED)
    assert ended.uid == before.uid  # neither ended by the blindness nor raised twice
    assert again.uid != before.uid
    assert [(a.rule, a.step) for a in watch.alerts] == [
        ("window_unattended", Step.RAISED),
        ("camera_blind", Step.RAISED),
        ("camera_blind", Step.ENDED),
        ("window_unattended", Step.ENDED),
        ("window_unattended", Step.RAISED),
    ]
