"""One camera with two streams, of which one dies: the small one that is watched, or the main one of
which close-ups and recordings are made."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from cameras.native import OLDEST_S
from tests.live_hall import LiveHall, Onlooker, now, until
from tests.rtsp_server import RtspServer
from vision.probe import Refusal
from vision.records import Detections, Image

SECOND, MAIN = (640, 360), (1280, 720)
LATE_S = 1.0
"""What a busy machine adds to how long a picture of a stream that has stopped may be used."""


@dataclass
class Looker(Onlooker):
    """closely_s: when it was given a close-up of the main stream's pixels."""

    closely_s: list[float] = field(default_factory=list)
    side_px: int = 0

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        for image in images:
            height, width = image.shape[:2]
            if width * 9 != height * 16 and max(width, height) >= self.side_px:
                self.closely_s.append(time.monotonic())
        return super().detect(images)


class TwoStreams(LiveHall):
    """`camera` is the small stream, `main` the other one, each a server of its own."""

    def __init__(self, folder: Path, second: RtspServer, main: RtspServer) -> None:
        self.main = main
        super().__init__(folder, second)
        self.onlooker = Looker(side_px=250)  # of the window in pictures of 1280x720, not of 640x360
        self.write(main.url, *MAIN)
        text = self.path.read_text("utf-8")
        sub = f'sub_url = "{self.network.url}"\npace_hz'
        self.path.write_text(text.replace("pace_hz", sub, 1), "utf-8")

    @property
    def looker(self) -> Looker:
        assert isinstance(self.onlooker, Looker)
        return self.onlooker

    def looks_closely(self, since_s: float) -> bool:
        return any(at_s > since_s for at_s in self.looker.closely_s)

    def recorded_bytes(self) -> int:
        recording = self.health().recording
        assert recording is not None
        return recording.written_bytes


@contextlib.contextmanager
def two_streams(folder: Path) -> Iterator[TwoStreams]:
    with (
        RtspServer(size=list(SECOND), key_every_s=0.5, seated=True) as second,
        RtspServer(size=list(MAIN), key_every_s=0.5, seated=True) as main,
    ):
        hall = TwoStreams(folder, second, main)
        with hall.watched():
            until(lambda: hall.phase() == "attended")
            until(lambda: hall.looks_closely(0.0))
            yield hall


@pytest.mark.slow
def test_a_main_stream_that_dies_costs_close_ups_and_no_alert(tmp_path: Path) -> None:
    with two_streams(tmp_path) as hall:
        hall.absence(1)
        hall.main.stop()
        died_s = time.monotonic()
        until(lambda: hall.health().trouble is not None)
        assert hall.health().refusal is Refusal.UNREACHABLE
        hall.absence(2)
        assert (hall.phase(), hall.blindness()) == ("attended", None)  # people are still seen
        assert not hall.looks_closely(died_s + OLDEST_S + LATE_S)
        asked_s = [at_s for at_s, _ in hall.looker.ages_s]
        assert asked_s[-1] > time.time() - 2.0  # it goes on looking
        written = hall.recorded_bytes()

        hall.main.start_again()
        again_s = time.monotonic()
        until(lambda: hall.looks_closely(again_s))
        until(lambda: hall.health().trouble is None)
        assert hall.health().refusal is None
        assert hall.health().reconnects == 1
        before = now() + timedelta(seconds=1)
        hall.absence(3)
        assert hall.recorded_bytes() > written
        coding, size, _ = hall.footage(before)
        assert (coding, size) == ("h264", MAIN)
        absences = hall.alerts("window_unattended")
        assert [a.step.value for a in absences] == ["ended"] * 3
        assert all(a.stills for a in absences)
        until(lambda: all(hall.alerts("window_unattended")[n].clips for n in (0, 2)))
        assert hall.steps("camera_blind") == []


@pytest.mark.slow
def test_a_second_stream_that_dies_blinds_the_camera_and_is_recorded_all_the_same(
    tmp_path: Path,
) -> None:
    with two_streams(tmp_path) as hall:
        hall.absence(1)
        hall.camera.stop()
        died_s, died_at, written = time.monotonic(), now(), hall.recorded_bytes()
        assert hall.blind().why["blindness"] == "offline"
        assert (hall.phase(), hall.blindness()) == ("unknown", "offline")
        assert hall.health().trouble is not None
        assert not hall.looks_closely(died_s + LATE_S)  # nobody is looked for where none is seen
        until(lambda: now() > died_at + timedelta(seconds=4))
        assert hall.recorded_bytes() > written
        coding, size, astray_s = hall.footage(died_at + timedelta(seconds=1), 2.0)
        assert (coding, size) == ("h264", MAIN)
        assert astray_s < 1.5

        hall.camera.start_again(seated=True)
        again_s = time.monotonic()
        until(lambda: hall.steps("camera_blind") == ["ended"])
        until(lambda: hall.phase() == "attended")
        until(lambda: hall.looks_closely(again_s))
        hall.absence(2)
        until(lambda: all(a.clips and a.stills for a in hall.alerts("window_unattended")))
        assert hall.steps("window_unattended") == ["ended", "ended"]
        assert hall.steps("camera_blind") == ["ended"]
