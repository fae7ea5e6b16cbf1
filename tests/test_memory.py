"""What the rules know outlives the process: on disk, whole or not at all."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import cast

import pytest

from api.live import LiveBoard
from api.outbox import Outbox
from cli.eyes import Eyes
from cli.memory import Memory
from cli.station import Desk, leave
from tests.test_restart import looks
from tests.test_rule_contract import HALL
from vision.engine import Engine
from vision.records import Step


def fresh() -> Engine:
    return Engine(HALL, "cam1", "m" * 64)


class FakeOutbox:
    def __init__(self) -> None:
        self.items: list[tuple[str, str, str]] = []

    def put(self, kind: str, body: dict[str, str]) -> None:
        self.items.append((kind, body["uid"], body["step"]))


class FakeDetector:
    sha256 = "m" * 64


class FakeEyes:
    model_sha = FakeDetector.sha256


def test_a_fresh_engine_goes_on_from_what_was_kept(tmp_path: Path) -> None:
    memory, engine = Memory(tmp_path / "state"), fresh()
    (raised,) = looks(engine, 0, 130)
    memory.keep(engine)
    again = fresh()
    assert Memory(tmp_path / "state").recall(again) == []
    assert again.last == engine.last
    (ended,) = looks(again, 135, 150, staff=True)
    assert (ended.uid, ended.step) == (raised.uid, Step.ENDED)


def test_it_is_kept_once_a_second_and_at_once_when_asked(tmp_path: Path) -> None:
    memory, engine = Memory(tmp_path), fresh()
    looks(engine, 0, 1)
    memory.keep(engine)
    first = (tmp_path / "cam1.json").read_text()
    memory.keep(engine)
    assert (tmp_path / "cam1.json").read_text() == first
    looks(engine, 1, 2)
    memory.keep(engine)
    second = (tmp_path / "cam1.json").read_text()
    assert second != first
    looks(engine, 1, 2)
    memory.keep(engine, now=True)
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize("content", ["", "{", '{"camera": "other"}'])
def test_what_cannot_be_read_is_forgotten_and_said(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cam1.json").write_text(content)
    engine = fresh()
    with caplog.at_level(logging.ERROR):
        assert Memory(tmp_path).recall(engine) == []
    assert "begin anew" in caplog.text
    assert engine.last is None


def test_a_disk_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    engine = fresh()
    looks(engine, 0, 1)
    with caplog.at_level(logging.ERROR):
        Memory(tmp_path / "state").keep(engine)
    assert "cannot be written" in caplog.text


def test_alerts_of_a_camera_that_is_gone_end(tmp_path: Path) -> None:
    memory, engine = Memory(tmp_path), fresh()
    (raised,) = looks(engine, 0, 130)
    memory.keep(engine)
    assert memory.cameras() == {"cam1"}
    outbox = FakeOutbox()
    desk = Desk(HALL, cast(Eyes, FakeEyes()), LiveBoard(lambda: 0.0, "h"), cast(Outbox, outbox),
                tmp_path, memory=memory)  # fmt: skip
    leave(desk, "cam1")
    assert outbox.items == [("alert", raised.uid, "ended")]
    assert memory.cameras() == set()
