"""Cameras come, go and change while the server runs; the others are left alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from api.live import CameraView, LiveBoard
from api.outbox import Outbox
from cli.crew import Crew
from cli.eyes import Eyes
from cli.station import Desk, kept_s
from tests.videos import START
from vision.hallfile import Hall, load_hall, parse_hall

HEAD = '[hall]\nid = "h"\nname = "大厅"\n'
LIMIT_S = 20.0


def camera(name: str, url: str = "rtsp://10.0.0.1/main", staff_x: int = 100) -> str:
    return f"""
[[camera]]
id = "{name}"
url = "{url.replace("10.0.0.1", name + ".hall")}"
width = 640
height = 360

[[window]]
id = "w-{name}"
camera = "{name}"
staff = [[{staff_x}, 10], [200, 10], [200, 90], [{staff_x}, 90]]
counter = [[100, 200], [200, 200], [200, 300], [100, 300]]
"""


class FakeStation:
    """Notes what becomes of it."""

    def __init__(self, log: list[str], desk: Desk, camera_id: str) -> None:
        self.log = log
        self.camera_id = camera_id
        self.sha = desk.hall.sha

    def start(self) -> None:
        self.log.append(f"start {self.camera_id}")

    def stop(self) -> None:
        self.log.append(f"stop {self.camera_id}")

    def join(self, timeout: float | None = None) -> None:
        """Has stopped."""


class World:
    def __init__(self, path: Path, look_every_s: float) -> None:
        self.path = path
        self.log: list[str] = []
        self.told: list[Hall] = []
        self.board = LiveBoard(time.monotonic, "h")
        path.write_text(HEAD + camera("a") + camera("b"), encoding="utf-8")
        desk = Desk(load_hall(path), cast(Eyes, None), self.board, cast(Outbox, None), path.parent)
        self.crew = Crew(
            desk,
            lambda desk, name: FakeStation(self.log, desk, name),
            self.told.append,
            look_every_s=look_every_s,
        )

    def write(self, text: str) -> list[str]:
        """What happens to the stations after the file is written anew."""
        self.log.clear()
        self.path.write_text(text, encoding="utf-8")
        self.crew.look()
        return self.log


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "hall.toml", look_every_s=3600.0)
    made.crew.start()
    yield made
    made.crew.close()


@pytest.mark.parametrize(
    ("text", "happens"),
    [
        (HEAD + camera("a") + camera("b") + camera("c"), ["start c"]),
        (HEAD + camera("a"), ["stop b"]),
        (HEAD + camera("a") + camera("b", "rtsp://10.0.0.1/sub"), ["stop b", "start b"]),
        (HEAD + camera("a", staff_x=110) + camera("b"), ["stop a", "start a"]),
        (HEAD + "# a remark\n" + camera("b") + camera("a"), []),
        (
            HEAD + "[policy.window_unattended]\nafter_s = 60\n" + camera("a") + camera("b"),
            ["stop a", "stop b", "start a", "start b"],
        ),
    ],
)
def test_only_the_stations_concerned_are_touched(
    world: World, text: str, happens: list[str]
) -> None:
    assert world.write(text) == happens
    assert [h.sha for h in world.told] == [world.crew.desk.hall.sha]


@pytest.mark.parametrize(
    "text",
    ["[[camera", HEAD, HEAD.replace('"h"', '"other"') + camera("a") + camera("b")],
    ids=["no TOML", "no cameras", "another hall"],
)
def test_a_bad_hall_file_changes_nothing_and_is_said_once(
    world: World, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert world.write(text) == []
    world.crew.look()
    assert len(caplog.records) == 1
    assert world.told == []
    assert world.write(HEAD + camera("a")) == ["stop b"]  # and it is mended


def test_a_camera_that_is_gone_leaves_the_screen(world: World) -> None:
    for name in "ab":
        world.board.publish(name, CameraView(name, 640, 360, START))
    world.write(HEAD + camera("b"))
    assert list(world.board.views()) == ["b"]


def test_the_file_is_followed_while_running_and_all_stop_in_the_end(tmp_path: Path) -> None:
    world = World(tmp_path / "hall.toml", look_every_s=0.01)
    world.crew.start()
    world.path.write_text(HEAD + camera("a") + camera("b") + camera("c"), encoding="utf-8")
    deadline_s = time.monotonic() + LIMIT_S
    while "start c" not in world.log and time.monotonic() < deadline_s:
        time.sleep(0.01)
    world.crew.close()
    assert world.log == ["start a", "start b", "start c", "stop a", "stop b", "stop c"]


def test_a_camera_without_windows_keeps_minutes_too() -> None:
    text = HEAD + camera("a").partition("[[window]]")[0]
    assert kept_s(parse_hall(text.encode())) >= 240
