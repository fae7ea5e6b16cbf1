"""`hallwatch cameras`: the commands against a real RTSP server and a hall file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.onvif_camera import OnvifCamera
from tests.rtsp_server import RtspServer
from tests.videos import make_video
from vision.hallfile import load_hall
from vision.probe import FoundCamera

HALL = """[hall]
id = "h"
name = "大厅"

[[camera]]
id = "cam1"
url = "rtsp://admin:ge%20heim@10.0.0.1/main"
width = 640
height = 360

[[window]]
id = "w1"
camera = "cam1"
staff = [[100, 10], [200, 10], [200, 90], [100, 90]]
counter = [[100, 200], [200, 200], [200, 300], [100, 300]]
"""
SECRET = "ge heim"
BRIEF = ("--seconds", "3")


@pytest.fixture(scope="module")
def camera() -> Iterator[RtspServer]:
    login = {"user": "admin", "password": SECRET, "method": "digest"}
    with RtspServer(size=[640, 360], key_every_s=0.5, login=login) as server:
        yield server


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    path = tmp_path / "hall.toml"
    path.write_text(HALL, encoding="utf-8")
    return path


def run(*arguments: str, fails: bool = False, asked: str | None = None) -> str:
    """What the command prints, errors included; a password never is."""
    result = CliRunner().invoke(app, ["cameras", *arguments], input=asked)
    assert result.exit_code == (1 if fails else 0), result.output
    assert "heim" not in result.output
    return " ".join(result.output.split())


def test_probe_tells_machines_numbers_and_people_words(camera: RtspServer, tmp_path: Path) -> None:
    picture = tmp_path / "seen.jpg"
    login = ("--user", "admin", "--password", SECRET, *BRIEF)
    told = json.loads(run("probe", camera.url, *login, "--json", "--picture", str(picture)))
    assert (told["codec"], told["width"], told["keys_vary"]) == ("h264", 640, False)
    assert {"meaning": "codec_good", "weight": "good", "values": {"codec": "h264"}} in told[
        "findings"
    ]
    assert picture.read_bytes()[:2] == b"\xff\xd8"
    assert "编码 h264：合适" in run("probe", camera.url, *login, "--lang", "zh")


def test_a_wrong_password_is_a_sentence(camera: RtspServer) -> None:
    said = run("probe", camera.url, "--user", "admin", fails=True, asked="wrong\n")
    assert "PasswordRefusedError" in said
    assert "refuses the user or password" in said


def test_a_camera_is_added_listed_changed_and_removed(camera: RtspServer, hall: Path) -> None:
    at = ("--hall", str(hall))
    said = run(
        "add", camera.url, *at, "--name", "门口", "--user", "admin", *BRIEF, asked=f"{SECRET}\n"
    )
    assert "camera cam2 is in" in said
    added = load_hall(hall).camera("cam2")
    assert (added.name, added.width, added.height) == ("门口", 640, 360)
    assert "admin:ge%20heim@" in added.url

    rows = json.loads(run("list", *at, "--json"))
    assert [r["address"].partition("@")[0] for r in rows] == ["rtsp://***", "rtsp://***"]

    again = camera.url.replace("127.0.0.1", "localhost")
    run("change", "cam2", *at, "--url", again, "--name", "入口", *BRIEF)
    changed = load_hall(hall).camera("cam2")
    assert changed.name == "入口"
    assert "admin:ge%20heim@localhost" in changed.url

    run("remove", "cam2", *at)
    assert [c.id for c in load_hall(hall).cameras] == ["cam1"]


def test_what_cannot_be_reached_is_not_written(hall: Path) -> None:
    said = run("add", "rtsp://127.0.0.1:1/main", "--hall", str(hall), fails=True)
    assert "PortClosedError" in said
    run("change", "cam1", "--hall", str(hall), "--url", "rtsp://127.0.0.1:1/x", fails=True)
    assert hall.read_text(encoding="utf-8") == HALL


def test_a_recording_beside_the_hall_file_is_a_camera_too(hall: Path) -> None:
    make_video(hall.parent / "clip.mp4", seconds=3)
    run("add", "clip.mp4", "--hall", str(hall), "--id", "clip")
    assert load_hall(hall).camera("clip").url == "clip.mp4"


def test_windows_are_not_lost_unasked(hall: Path) -> None:
    assert "they would no longer be watched" in run(
        "remove", "cam1", "--hall", str(hall), fails=True
    )


def test_one_camera_that_does_not_say_its_streams_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    streams = {"main": ("rtsp://127.0.0.1/main", 1920, 1080, "H264")}
    with OnvifCamera(streams, "admin", SECRET) as made:
        answers = (
            FoundCamera("127.0.0.1", 1, "switched off since", ""),
            FoundCamera("127.0.0.1", made.port, "Hall Camera", ""),
        )
        monkeypatch.setattr("cli.cameras.found_cameras", lambda wait_s: answers)
        login = ("--user", "admin", "--password", SECRET)
        told = json.loads(run("discover", *login, "--json"))
        table = run("discover", *login)
    assert [bool(row["streams"]) for row in told] == [False, True]
    assert "does not answer" in told[0]["trouble"]
    assert told[1]["trouble"] == ""
    assert "1920x1080" in table
