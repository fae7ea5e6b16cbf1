"""What befalls a camera, as the office sees it: before it and after it the alerts that there should
be, with their clips; in between the window is unknown and nobody is accused; and what was recorded
is found by its time. All of them: `make test-slow`.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import av
import pytest
from av.error import FFmpegError

from tests.live_hall import LiveHall, live_hall, now, until
from vision.address import with_login
from vision.probe import Refusal

slow = pytest.mark.slow
ASTRAY_S = 1.5
"""A picture's own time against the time by which it is found; a busy machine delivers late."""
LATE_S = 2.0 + 4.0
"""The oldest picture that is looked at, and what a busy machine may add."""


@slow
def test_a_camera_that_turns_to_another_coding_and_size(tmp_path: Path) -> None:
    with live_hall(tmp_path) as hall:
        hall.absence(1)
        before = a_moment()
        hall.camera.tell(codec="h265", size=[1280, 720], hang_up=True)
        hall.blind()
        until(lambda: (hall.phase(), hall.blindness()) == ("unknown", "moved"))  # by its zones
        hall.write(hall.network.url, 1280, 720)
        sees_again(hall)
        hall.absence(2)
        after = a_moment()
        assert_unharmed(hall)
        assert hall.footage(before)[:2] == ("h264", (640, 360))
        assert hall.footage(after)[:2] == ("hevc", (1280, 720))
        assert max(hall.footage(at)[2] for at in (before, after)) < ASTRAY_S
        codings = [coding_of(recorded.path) for recorded in hall.shelf.of("c")]
        assert codings[0] == "h264"
        assert codings[-1] == "hevc"
        assert codings == sorted(codings)  # a file holds one of them


def test_a_server_that_restarts_while_an_alert_stands(tmp_path: Path) -> None:
    with live_hall(tmp_path, blind_after_s=60.0) as hall:
        hall.camera.tell(seated=False)
        until(lambda: hall.steps("window_unattended") == ["raised"])
        before = a_moment()
        hall.camera.stop()
        hall.camera.start_again(seated=False)
        until(lambda: hall.health().reconnects == 1)
        after = a_moment()
        hall.camera.tell(seated=True)
        until(lambda: hall.steps("window_unattended") == ["ended"])
        hall.absence(2)
        assert_unharmed(hall, blinds=0)
        assert max(hall.footage(at)[2] for at in (before, after)) < ASTRAY_S


@slow
def test_a_stream_that_stops_is_asked_for_ever_more_seldom(tmp_path: Path) -> None:
    with live_hall(tmp_path) as hall:
        hall.absence(1)
        before = a_moment()
        hall.network.knocks_s.clear()
        hall.camera.stop()
        assert hall.blind().why["blindness"] == "offline"
        assert hall.phase() == "unknown"
        assert hall.health().refusal is Refusal.UNREACHABLE
        until(lambda: len(hall.network.knocks_s) >= 4)
        waits_s = [later - earlier for earlier, later in pairwise(hall.network.knocks_s)]
        assert waits_s[1] > 1.5
        assert waits_s[2] > 3.0
        hall.camera.start_again()
        sees_again(hall)
        hall.absence(2)
        assert_unharmed(hall)
        assert max(hall.footage(at)[2] for at in (before, a_moment())) < ASTRAY_S


@slow
def test_a_network_that_stalls_with_the_connection_open(tmp_path: Path) -> None:
    with live_hall(tmp_path) as hall:
        hall.absence(1)
        hall.network.stalled.set()
        assert hall.blind().why["blindness"] == "offline"
        assert hall.phase() == "unknown"
        hall.onlooker.ages_s.clear()
        hall.network.stalled.clear()
        sees_again(hall)
        hall.absence(2)
        assert_unharmed(hall)
        assert oldest_s(hall) < LATE_S
        assert hall.footage(a_moment())[2] < ASTRAY_S


@slow
def test_a_picture_that_freezes(tmp_path: Path) -> None:
    with live_hall(tmp_path) as hall:
        hall.absence(1)
        hall.camera.tell(frozen=True, seated=False)
        assert hall.blind().why["blindness"] == "frozen"
        assert hall.phase() == "unknown"
        hall.camera.tell(frozen=False, seated=True)
        sees_again(hall)
        hall.absence(2)
        assert_unharmed(hall)


@slow
def test_stamps_that_jump_back(tmp_path: Path) -> None:
    with live_hall(tmp_path) as hall:
        hall.absence(1)
        before = a_moment()
        hall.camera.tell(seated=False)
        hall.network.shift = -90_000 * 3600
        until(lambda: hall.steps("window_unattended") == ["ended", "raised"])
        hall.camera.tell(seated=True)
        until(lambda: hall.steps("window_unattended") == ["ended", "ended"])
        assert_unharmed(hall, blinds=0)
        assert hall.health().reconnects == 0
        assert max(hall.footage(at)[2] for at in (before, a_moment())) < ASTRAY_S


@slow
def test_key_frames_that_come_every_ten_seconds(tmp_path: Path) -> None:
    """What a stall held back is late and not looked at, so that it takes the next key frame to see
    again."""
    with live_hall(tmp_path, blind_after_s=60.0, key_every_s=10.0) as hall:
        hall.absence(1)
        hall.onlooker.ages_s.clear()
        hall.network.stalled.set()
        time.sleep(3.5)
        hall.network.stalled.clear()
        until(lambda: hall.phase() == "unknown")
        until(lambda: hall.phase() == "attended")
        assert hall.health().reconnects == 0
        hall.absence(2)
        assert_unharmed(hall, blinds=0)
        assert oldest_s(hall) < LATE_S
        assert hall.footage(a_moment())[2] < ASTRAY_S


@slow
def test_credentials_that_expire_and_are_given_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    login = {"user": "clerk", "password": "ge heim", "method": "digest"}
    with live_hall(tmp_path, login=login) as hall:
        hall.absence(1)
        hall.camera.tell(login=login | {"password": "neu"}, hang_up=True)
        assert hall.blind().why["blindness"] == "offline"
        assert hall.phase() == "unknown"
        until(lambda: hall.health().refusal is Refusal.PASSWORD)
        hall.write(with_login(hall.network.url, "clerk", "neu"), 640, 360)
        sees_again(hall)
        hall.absence(2)
        assert_unharmed(hall)
        assert not any(secret in caplog.text for secret in ("heim", "neu@", "clerk"))


@slow
def test_latency_that_builds_up_to_twenty_seconds(tmp_path: Path) -> None:
    with live_hall(tmp_path) as hall:
        hall.absence(1)
        time.sleep(15.0)  # by then the camera has said often enough what time it is
        hall.onlooker.ages_s.clear()
        hall.network.creep = 0.8
        time.sleep(25.0)
        until(lambda: hall.health().reconnects >= 2)
        hall.network.creep = 0.0
        until(lambda: hall.steps("camera_blind").count("raised") == 0)
        until(lambda: hall.phase() == "attended")
        hall.absence(2)
        assert oldest_s(hall) < LATE_S
        assert_unharmed(hall, blinds=len(hall.steps("camera_blind")))


def a_moment() -> datetime:
    """Now, once what shows it is recorded."""
    moment = now()
    time.sleep(3.0)
    return moment


def sees_again(hall: LiveHall) -> None:
    until(lambda: hall.steps("camera_blind") == ["ended"])
    until(lambda: hall.phase() == "attended")


def oldest_s(hall: LiveHall) -> float:
    """Of the pictures looked at, but for the first of a connection: the server of the tests makes
    that when it is asked what it has to show, and gives it when it is asked to show it."""
    ages_s = [age_s for _, age_s in hall.onlooker.ages_s]
    return sorted(ages_s)[-1 - hall.health().reconnects]


def coding_of(path: Path) -> str:
    with av.open(str(path)) as video:
        return video.streams.video[0].codec_context.name


def whole_pictures(clip: Path) -> int:
    """How many decode; the last one before a camera dies may be half a picture."""
    whole = 0
    with av.open(str(clip)) as video:
        for packet in video.demux(video=0):
            with suppress(FFmpegError):
                whole += len(packet.decode())
    return whole


def assert_unharmed(hall: LiveHall, blinds: int = 1) -> None:
    """Two absences, each with a still and a clip that plays; the camera's own alerts are over."""
    absences = hall.alerts("window_unattended")
    assert [a.step.value for a in absences] == ["ended", "ended"]
    until(lambda: all(a.clips and a.stills for a in hall.alerts("window_unattended")))
    for absence in absences:
        (clip,) = (hall.folder / "var" / "evidence" / absence.uid).glob("clip.*")
        assert whole_pictures(clip) > 10
    assert hall.steps("camera_blind") == ["ended"] * blinds
