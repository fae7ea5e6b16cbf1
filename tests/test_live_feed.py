"""The socket of the live page: who may watch, what comes, and that it is made once for all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api.console import live_feed
from api.console.live_feed import NOT_SIGNED_IN, NOT_YOURS, TileMaker, framed
from api.console.strings import LANGUAGES, Say
from api.live import BoxView, CameraView, LiveBoard, Picture
from api.users.tables import Role
from tests.console_office import PASSWORD, running_office
from tests.console_world import World, hall_picture

FEED = "/console/live-feed"
ZONE = ZoneInfo("Asia/Shanghai")
STATIC = Path(live_feed.__file__).parent / "static"


@pytest.fixture
def running(migrated_sqlite: Path, tmp_path: Path) -> Iterator[tuple[TestClient, World]]:
    with running_office(migrated_sqlite, tmp_path) as place:
        yield place


def enter(client: TestClient, role: Role) -> None:
    answer = client.post("/sign-in", data={"name": role.value, "password": PASSWORD})
    assert answer.status_code == 303


def test_tiles_and_pictures_come_and_a_new_picture_follows(
    running: tuple[TestClient, World],
) -> None:
    client, world = running
    enter(client, Role.SUPERVISOR)
    with client.websocket_connect(f"{FEED}?language=en") as feed:
        told = json.loads(feed.receive_text())
        assert told["cameras"] == ["cam1"]
        (tile,) = told["tiles"]
        assert {w["words"] for w in tile["windows"]} == {"Attended"}
        first = feed.receive_bytes()
        assert first[:5] == b"\x04cam1"
        assert first[5:7] == b"\xff\xd8"
        view = CameraView("大厅一号机", 960, 540, datetime.now(UTC), Picture.of(hall_picture(9)))
        world.board.publish("cam1", view)
        (tile,) = json.loads(feed.receive_text())["tiles"]
        assert tile["windows"] == []
        assert feed.receive_bytes() not in (b"", first)


def test_boxes_and_how_seldom_the_machine_looks_come_with_the_tiles(
    running: tuple[TestClient, World],
) -> None:
    client, world = running
    enter(client, Role.SUPERVISOR)
    with client.websocket_connect(f"{FEED}?language=en") as feed:
        assert json.loads(feed.receive_text())["stretch"] == 1.0
        feed.receive_bytes()
        world.board.stretched(2.444)  # while nothing moves
        told = json.loads(feed.receive_text())
        assert (told["stretch"], told["tiles"]) == (2.44, [])
        box = BoxView((10.4, 20.0, 30.6, 40.0), "person", 0.9)
        world.board.publish(
            "cam1", CameraView("大厅一号机", 960, 540, datetime.now(UTC), boxes=(box,))
        )
        told = json.loads(feed.receive_text())
        assert told["tiles"][0]["boxes"] == [{"xyxy": [10, 20, 31, 40], "label": "person"}]


def test_the_wall_has_every_word_that_it_says(running: tuple[TestClient, World]) -> None:
    """Its switch for the boxes, and the badge of a machine that does not keep up, among them."""
    client, _ = running
    enter(client, Role.SUPERVISOR)
    page = client.get("/").text
    (words,) = re.findall(r'"nicegui-live_wall","props":.*?"words":(\{.*?[^}]"\})', page)
    told = json.loads(words)
    script = (STATIC / "live_wall.js").read_text("utf-8")
    assert set(told) == set(re.findall(r"\bwords\.(\w+)", script))
    assert told["boxes"] == Say("zh")("show_boxes")
    assert told["slow"] == Say("zh")("machine_slow", n="{n}")
    assert 'words.slow.replace("{n}"' in script
    assert all("{n}" in Say(language)("machine_slow", n="{n}") for language in LANGUAGES)


def closed_with(client: TestClient, **headers: Any) -> int:
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(FEED, headers=headers) as feed,
    ):
        feed.receive_text()
    return refused.value.code


def test_who_may_not_watch(running: tuple[TestClient, World]) -> None:
    client, _ = running
    assert closed_with(client) == NOT_SIGNED_IN
    enter(client, Role.ADMIN)
    assert closed_with(client) == NOT_YOURS
    enter(client, Role.SUPERVISOR)
    assert closed_with(client, origin="https://elsewhere.example") == NOT_YOURS


def test_a_tile_is_made_once_for_all_who_read_the_same_language() -> None:
    board = LiveBoard(lambda: 0.0, "demo")
    board.publish("cam1", CameraView("一号", 960, 540, datetime.now(UTC), Picture.ready(b"x")))
    shown = board.view("cam1")
    assert shown is not None
    maker = TileMaker()
    first = maker.tile(shown, Say("zh"), ZONE)
    assert maker.tile(shown, Say("zh"), ZONE) is first
    assert maker.tile(shown, Say("en"), ZONE) is not first
    board.publish("cam1", CameraView("二号", 960, 540, datetime.now(UTC)))
    changed = board.view("cam1")
    assert changed is not None
    assert "二号" in maker.tile(changed, Say("zh"), ZONE)


def test_a_picture_names_its_camera() -> None:
    assert framed("cam1", b"jpeg") == b"\x04cam1jpeg"
