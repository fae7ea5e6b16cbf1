"""A hall whose one camera is a real RTSP server behind a network with faults, watched by all that
`hallwatch serve` watches it with: stations, rules, recordings, outbox, database. Only the model is
a stand-in, that finds whom the camera draws; each picture also says when it was taken.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np

from api.alerts.listing import AlertFilter, alert_detail, list_alerts
from api.alerts.views import AlertDetail
from api.database import Database
from cameras.clocks import Clock, SystemClock
from cameras.recordings.footage import cut_footage
from cameras.recordings.shelf import Shelf
from cli.eyes import SharedEyes
from cli.place import Place
from cli.server import Watch, open_office, put_watch, running
from models.shared import SharedDetector
from models.sign import Line, SignReader
from tests.faulty_network import FaultyNetwork
from tests.rtsp_server import RtspServer
from tests.videos import BITS, TENTH_S, age_s, number_of
from vision.address import with_login
from vision.hallfile import load_hall
from vision.health import CameraHealth
from vision.records import Detections, Image, Label

PATIENCE_S = 120.0
"""For what should take seconds, on a machine that is busy with other things."""
SEAT = (1 / 8, 5 / 8, 1 / 4, 7 / 8)
"""x1, y1, x2, y2 of the block that the camera draws for a clerk, as shares of the picture."""
HALL = """
[hall]
id = "h"
name = "大厅"

[recording]
reserve_gb = {reserve_gb}

[policy.camera_blind]
after_s = {blind_after_s}
clear_after_s = 1

[policy.window_unattended]
after_s = 3
settle_s = 1
tolerance_s = 2

[[camera]]
id = "c"
url = "{url}"
width = {width}
height = {height}
pace_hz = 5

[[window]]
id = "w1"
camera = "c"
staff = {staff}
counter = {counter}
"""


@dataclass
class Onlooker:
    """A detector that finds the clerk whom the camera draws. ages_s: how old each picture was that
    it was given, and when."""

    sha256: str = "f" * 64
    ages_s: list[tuple[float, float]] = field(default_factory=list)

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        return [self._seen(image) for image in images]

    def _seen(self, image: Image) -> Detections:
        height, width = image.shape[:2]
        if width * 9 != height * 16:  # a close-up
            return Detections.none()
        now_s = time.time()
        self.ages_s.append((now_s, age_s(image, now_s)))
        box = np.array(SEAT, np.float32) * np.array([width, height] * 2, np.float32)
        left, top, right, bottom = box.astype(int)
        if image[top + 4 : bottom - 4, left + 4 : right - 4].mean() < 180:
            return Detections.none()
        score, label = np.array([0.9], np.float32), np.array([Label.PERSON], np.int8)
        return Detections(box[None], score, label)


def unread(picture: Image) -> Sequence[Line]:
    raise AssertionError("no sign is shown")


class LiveHall:
    """`camera` may be told what to do, `network` what befalls it on the way."""

    def __init__(
        self,
        folder: Path,
        camera: RtspServer,
        blind_after_s: float = 3.0,
        reserve_gb: float = 0.0,
        clock: Callable[[], Clock] = SystemClock,
    ) -> None:
        self.folder = folder
        self.camera = camera
        self.network = FaultyNetwork(camera.port)
        self.path = folder / "hall.toml"
        self.blind_after_s, self.reserve_gb = blind_after_s, reserve_gb
        self.clock = clock
        self.onlooker = Onlooker()
        login = camera.orders.get("login")
        url = self.network.url
        self.write(with_login(url, login["user"], login["password"]) if login else url, 640, 360)

    def write(self, url: str, width: int, height: int) -> None:
        """The hall file, with the window's zones where they are in pictures of this size."""

        def zone(top: float, bottom: float) -> list[list[float]]:
            x1, x2 = width / 16, width * 5 / 16
            y1, y2 = top * height, bottom * height
            return [[x1, y1], [x2, y1], [x2, y2], [x1, y2]]

        text = HALL.format(
            url=url, width=width, height=height, blind_after_s=self.blind_after_s,
            reserve_gb=self.reserve_gb,
            staff=zone(0.55, 0.9), counter=zone(0.91, 0.99),
        )  # fmt: skip
        self.path.write_text(text, encoding="utf-8")

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        place = Place(self.folder / "var")
        hall = load_hall(self.path)
        self.database: Database = open_office(place, hall)
        shared = SharedDetector(self.onlooker, workers=1)
        eyes = SharedEyes(shared, SignReader(unread), shared=shared, text=unread)
        self.watch: Watch = put_watch(
            place, hall, eyes, self.database, clock=self.clock, again=False
        )
        try:
            with running([*self.watch.before, *self.watch.services]):
                yield
        finally:
            self.network.__exit__()
            self.database.close()

    @property
    def shelf(self) -> Shelf:
        assert self.watch.archive is not None
        return self.watch.archive.shelf

    def health(self) -> CameraHealth:
        return self.watch.crew.health()[0]

    def phase(self) -> str | None:
        """What the screen says of the window."""
        shown = self.watch.board.view("c")
        return shown.view.windows[0].phase.value if shown and shown.view.windows else None

    def blindness(self) -> str | None:
        """What the screen says of the camera."""
        shown = self.watch.board.view("c")
        return shown.view.blind if shown else None

    def alerts(self, rule: str) -> list[AlertDetail]:
        """Those in the database, oldest first."""
        with self.database.reading() as session:
            lines = list_alerts(session, AlertFilter(rule=rule)).items
            return [alert_detail(session, line.uid) for line in reversed(lines)]

    def steps(self, rule: str) -> list[str]:
        return [alert.step.value for alert in self.alerts(rule)]

    def absence(self, number: int) -> AlertDetail:
        """The clerk leaves until it is an alert, and comes back: the `number`th alert, ended."""
        self.camera.tell(seated=False)
        until(lambda: self.steps("window_unattended")[number - 1 :] == ["raised"])
        self.camera.tell(seated=True)
        until(lambda: self.steps("window_unattended")[number - 1 :] == ["ended"])
        until(lambda: self.phase() == "attended")
        return self.alerts("window_unattended")[number - 1]

    def blind(self, number: int = 1) -> AlertDetail:
        """Until the camera is an alert for the `number`th time."""
        until(lambda: self.steps("camera_blind")[number - 1 :] == ["raised"])
        return self.alerts("camera_blind")[number - 1]

    def footage(self, at: datetime, seconds: float = 1.0) -> tuple[str, tuple[int, int], float]:
        """Coding, size, and by how many seconds the pictures kept of this moment say another time
        at the most."""
        path = self.folder / "footage"
        clip = cut_footage(self.shelf, "c", at, at + timedelta(seconds=seconds), path)
        astray_s = []
        with av.open(str(clip.path)) as video:
            stream = video.streams.video[0]
            for frame in video.decode(stream):
                assert frame.time is not None
                taken = clip.began_wall + timedelta(seconds=frame.time)
                number = number_of(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8))
                turn_s = (taken.timestamp() / TENTH_S - number + 512) % (1 << BITS) - 512
                astray_s.append(abs(turn_s) * TENTH_S)
            context = stream.codec_context
            coding = context.name, (context.width, context.height)
        assert len(astray_s) > 5 * seconds
        return *coding, max(astray_s)


def now() -> datetime:
    return datetime.now(UTC)


def until(so: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < ends_s, "it did not come to that"
        time.sleep(0.05)


@contextlib.contextmanager
def live_hall(
    folder: Path,
    *,
    blind_after_s: float = 3.0,
    reserve_gb: float = 0.0,
    clock: Callable[[], Clock] = SystemClock,
    **camera: Any,
) -> Iterator[LiveHall]:
    """A hall in which the clerk is at the window, as all can see. camera: orders to it."""
    orders = {"size": [640, 360], "key_every_s": 0.5, "seated": True} | camera
    with RtspServer(**orders) as server:
        hall = LiveHall(folder, server, blind_after_s, reserve_gb, clock)
        with hall.watched():
            until(lambda: hall.phase() == "attended")
            yield hall
