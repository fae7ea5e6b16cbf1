"""Cameras found by ONVIF, and their streams looked up."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from cameras.discovery import discover, look_up
from tests.onvif_camera import OnvifCamera
from vision.probe import FoundCamera, FoundStream, Refusal, RefusedError

MAIN = "rtsp://192.168.1.64:554/Streaming/Channels/101"
SUB = "rtsp://admin:x@192.168.1.64:554/Streaming/Channels/102"


@pytest.fixture(scope="module")
def camera() -> Iterator[OnvifCamera]:
    streams = {"sub": (SUB, 640, 360, "H264"), "main": (MAIN, 2560, 1440, "H264")}
    with OnvifCamera(streams, "admin", "geheim") as made:
        yield made


def found(camera: OnvifCamera) -> FoundCamera:
    return FoundCamera("127.0.0.1", camera.port, "Hall Camera", "DS-2CD")


def test_a_camera_answers_and_whatever_else_answers_is_passed_over(camera: OnvifCamera) -> None:
    assert discover(0.5, to=camera.discovery, via=["127.0.0.1"]) == (found(camera),)


def test_a_silent_network_has_no_cameras() -> None:
    assert discover(0.2, to=("127.0.0.1", 9), via=["127.0.0.1"]) == ()


def test_its_streams_are_looked_up_largest_first(
    camera: OnvifCamera, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        streams = look_up(found(camera), "admin", "geheim")
    assert streams == (
        FoundStream("main", MAIN, "h264", 2560, 1440, 25.0),
        FoundStream("sub", SUB.replace("admin:x@", ""), "h264", 640, 360, 25.0),
    )
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    ("user", "password"), [("admin", "falsch"), ("nobody", "geheim"), ("", "")]
)
def test_a_wrong_password_is_said(camera: OnvifCamera, user: str, password: str) -> None:
    with pytest.raises(RefusedError, match="refuses the user or password") as told:
        look_up(found(camera), user, password)
    assert told.value.refusal is Refusal.PASSWORD


def test_a_host_that_is_not_there_is_said() -> None:
    with pytest.raises(RefusedError, match="does not answer") as told:
        look_up(FoundCamera("127.0.0.1", 1, "", ""), "admin", "x")
    assert told.value.refusal is Refusal.UNREACHABLE
