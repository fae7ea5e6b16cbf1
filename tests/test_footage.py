"""Footage of a past moment: from the recordings to a clip that the office keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.footage.keeping import CutOut, FootageDiskError
from api.users.tables import Role
from cli.archive import cutter_of, open_archive
from tests.halls import NOON
from tests.office import BASE, Office, is_problem
from tests.recorded_camera import record_camera
from tests.test_hallfile import GOOD
from tests.videos import pictures_of
from vision.hallfile import parse_hall

FOOTAGE = f"{BASE}/halls/demo/footage"
BEGAN = NOON - timedelta(minutes=10)


@dataclass
class Recorded:
    """An office beside a camera of which ten seconds are recorded."""

    office: Office
    client: TestClient

    def ask(self, from_s: float, to_s: float, **other: Any) -> Any:
        span = {
            "begins": (BEGAN + timedelta(seconds=from_s)).isoformat(),
            "ends": (BEGAN + timedelta(seconds=to_s)).isoformat(),
        }
        body = {"camera": "cam1", "purpose": "投诉 17 号"} | span | other
        return self.client.post(FOOTAGE, json=body)


@pytest.fixture
def recorded(office: Office, tmp_path: Path) -> Recorded:
    shelf = record_camera(tmp_path, BEGAN)
    office.cutters["demo"] = cutter_of(shelf)
    return Recorded(office, office.client(Role.SUPERVISOR))


def test_one_call_one_clip(recorded: Recorded, tmp_path: Path) -> None:
    answer = recorded.ask(3.3, 6.0)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert found["covers_from"] == (BEGAN + timedelta(seconds=3)).isoformat().replace("+00:00", "Z")
    assert found["lacking"] == ""
    assert found["cut_by"] == "某supervisor"
    assert found["purpose"] == "投诉 17 号"
    played = recorded.client.get(found["clip"])
    (tmp_path / "got.mp4").write_bytes(played.content)
    assert pictures_of(tmp_path / "got.mp4")[0] == 75
    assert [f["id"] for f in recorded.client.get(FOOTAGE).json()] == [found["id"]]


def test_what_is_lacking_is_said(recorded: Recorded) -> None:
    assert recorded.ask(8, 12).json()["lacking"] == "the last 2.0 s had not arrived"


@pytest.mark.parametrize(
    ("span", "other", "status", "code"),
    [
        ((20, 30), {}, 404, "no-footage"),
        ((3, 5), {"camera": "cam9"}, 404, "not-found"),
        ((5, 3), {}, 422, "invalid"),
        ((0, 901), {}, 422, "invalid"),
        ((864000, 864010), {}, 422, "invalid"),
        ((3, 5), {"purpose": "?"}, 422, "invalid"),
        ((3, 5), {"camera": "../cam1"}, 422, "invalid"),
        ((3, 5), {"path": "/etc"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_had_is_refused_and_leaves_nothing(
    recorded: Recorded, span: tuple[float, float], other: dict[str, str], status: int, code: str
) -> None:
    assert is_problem(recorded.ask(*span, **other), status, code)
    assert not list(recorded.office.evidence.glob("footage/*"))
    assert recorded.client.get(FOOTAGE).json() == []


def test_a_hall_without_recordings_and_a_full_disk_are_told_apart(recorded: Recorded) -> None:
    def full(camera: str, begins: object, ends: object, path: Path) -> CutOut:
        raise FootageDiskError("the clip could not be written: make room")

    recorded.office.cutters["demo"] = full
    assert is_problem(recorded.ask(3, 5), 507, "disk")
    (recorded.office.evidence / "footage").rmdir()
    (recorded.office.evidence / "footage").write_bytes(b"")  # no folder can be made in it
    assert is_problem(recorded.ask(3, 5), 507, "disk")
    del recorded.office.cutters["demo"]
    assert is_problem(recorded.ask(3, 5), 409, "not-recording")


def test_the_hall_file_says_where_and_how_much(tmp_path: Path) -> None:
    assert open_archive(parse_hall(GOOD.encode()), tmp_path, lambda: NOON) is None
    table = '\n[recording]\ndays = 3\nmax_gb = 2\nfolder = "nvr"\n'
    archive = open_archive(parse_hall((GOOD + table).encode()), tmp_path, lambda: NOON)
    assert archive is not None
    assert archive.shelf.folder == tmp_path / "nvr"
    assert (archive.keeping.days, archive.keeping.max_bytes) == (3, 2 * 10**9)
