"""Trying out zones and thresholds on footage, through the real monitor and rules."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.footage.keeping import CutOut, NoFootageError
from api.halls.rehearsal import Footage, Stand
from cli.archive import cutter_of
from cli.eyes import Eyes
from cli.stage import FilmRehearsal, FilmStage, Reel, RememberingDetector
from tests.recorded_camera import record_camera
from vision.hallfile import Hall, load_hall
from vision.records import Detections, Image, Said
from vision.whatif import Fate

CLIP = Path(__file__).parent / "footage" / "phone"
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


class NobodyThere:
    """A detector that finds nobody, and counts the pictures it was shown."""

    sha256 = "0" * 64

    def __init__(self) -> None:
        self.looks = 0

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        self.looks += len(images)
        return [Detections.none() for _ in images]


class NoSigns:
    def says(self, crop: Image) -> Said:
        return Said.OTHER


@pytest.fixture
def detector() -> NobodyThere:
    return NobodyThere()


@pytest.fixture
def eyes(detector: NobodyThere) -> Eyes:
    return Eyes(detector, NoSigns())


@pytest.fixture(scope="module")
def hall() -> Hall:
    """A window that must not be empty for more than ten seconds."""
    return patient(load_hall(CLIP / "hall.toml"), after_s=10.0)


def patient(hall: Hall, *, after_s: float) -> Hall:
    """The hall with another patience for empty windows."""
    windows = []
    for window in hall.windows:
        policy = replace(window.policies["window_unattended"], after_s=after_s)
        windows.append(replace(window, policies={**window.policies, "window_unattended": policy}))
    return replace(hall, windows=tuple(windows))


def stage_of(hall: Hall, eyes: Eyes, **changes: Any) -> FilmStage:
    parts: dict[str, Any] = {
        "cutter": None, "clips": lambda camera: [], "now": lambda: NOW, "rest_share": 0.0,
    }  # fmt: skip
    return FilmStage(lambda: hall, eyes, **(parts | changes))


def over(rehearsal: FilmRehearsal) -> Stand:
    rehearsal.join(60)
    stand = rehearsal.stand()
    assert stand.over
    return stand


def test_more_patience_makes_alerts_go_and_costs_no_second_look(
    hall: Hall, eyes: Eyes, detector: NobodyThere
) -> None:
    stage, camera = stage_of(hall, eyes), hall.cameras[0].id
    assert stage.footage(camera) == [Footage.HOUR]
    stand = over(stage.rehearse(hall, patient(hall, after_s=250.0), camera, Footage.HOUR))
    assert stand.trouble is None
    assert stand.watched_s > 30
    fates = [(d.fate, d.before and d.before.rule) for d in stand.outcome or ()]
    assert fates == [(Fate.GOES, "window_unattended")] * len(hall.windows)
    looks = detector.looks
    over(stage.rehearse(hall, hall, camera, Footage.HOUR))
    assert detector.looks == 2 * looks  # a rehearsal watches twice and looks once


@pytest.mark.parametrize(
    "known", [{"hours": lambda *_: False}, {"tickets": lambda *_: True}], ids=["hours", "tickets"]
)
def test_roster_and_ticket_system_are_asked_as_when_it_was_live(
    hall: Hall, eyes: Eyes, known: dict[str, Any]
) -> None:
    """A window that was closed, or paused at the ticket system, is not unattended in a try-out."""
    stage, camera = stage_of(hall, eyes, **known), hall.cameras[0].id
    stand = over(stage.rehearse(hall, patient(hall, after_s=250.0), camera, Footage.HOUR))
    assert stand.trouble is None
    incidents = [incident for d in stand.outcome or () for incident in (d.before, d.after)]
    assert "window_unattended" not in {incident.rule for incident in incidents if incident}


def test_the_last_hour_of_a_camera_is_watched_as_far_as_it_was_recorded(
    hall: Hall, eyes: Eyes, tmp_path: Path
) -> None:
    """Through the real cutter, out of what the real recorder wrote forty minutes ago."""
    live = replace(hall, cameras=(replace(hall.cameras[0], url="rtsp://10.0.0.9/main"),))
    camera = live.cameras[0].id
    shelf = record_camera(tmp_path, NOW - timedelta(minutes=40), camera)
    stage = stage_of(live, eyes, cutter=cutter_of(shelf))
    stand = over(stage.rehearse(live, live, camera, Footage.HOUR))
    assert stand.trouble is None
    assert stand.watched_s == pytest.approx(10, abs=1)


def test_footage_that_is_gone_is_said(hall: Hall, eyes: Eyes) -> None:
    def cutter(*_: object) -> CutOut:
        raise NoFootageError("nothing is recorded of that hour")

    live = replace(hall, cameras=(replace(hall.cameras[0], url="rtsp://10.0.0.9/main"),))
    camera = live.cameras[0].id
    stage = stage_of(live, eyes, cutter=cutter)
    assert stage.footage(camera) == [Footage.HOUR]
    assert over(stage.rehearse(live, live, camera, Footage.HOUR)).trouble == (
        "nothing is recorded of that hour"
    )
    assert stage_of(live, eyes).footage(camera) == []
    stand = over(stage_of(live, eyes).rehearse(live, live, camera, Footage.CLIPS))
    assert "no footage" in str(stand.trouble)


def test_it_can_be_stopped_and_only_one_runs_at_a_time(hall: Hall, eyes: Eyes) -> None:
    reel = Reel(CLIP / "clip.mp4", NOW)
    stage = stage_of(hall, eyes, clips=lambda camera: [reel], rest_share=5.0)
    camera = hall.cameras[0].id
    first = stage.rehearse(hall, hall, camera, Footage.CLIPS)
    second = stage.rehearse(hall, hall, camera, Footage.CLIPS)
    limit = time.monotonic() + 30
    while not first.stand().fraction and not second.stand().fraction and time.monotonic() < limit:
        threading.Event().wait(0.05)
    assert min(first.stand().fraction, second.stand().fraction) == 0
    for rehearsal in (first, second):
        rehearsal.stop()
    assert over(first).outcome is None
    assert over(second).outcome is None


def test_the_same_picture_is_looked_at_once(detector: NobodyThere) -> None:
    remembering = RememberingDetector(detector)
    picture = np.zeros((64, 64, 3), np.uint8)
    other = np.ones((64, 64, 3), np.uint8)
    remembering.detect([picture, other])
    assert len(remembering.detect([picture, other, picture])) == 3
    assert detector.looks == 2
