"""Cameras set up over HTTP: passwords go in and never come out."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from api.audit.tables import AccessRow
from api.database import Database
from api.halls.filing import HallFile
from api.halls.setup import CAMERA_SCHEMES, CameraSetup
from api.users.tables import Role
from cameras.sources import LIVE
from tests.camera_network import TEXT, FakeNetwork, setup_in
from tests.office import BASE, Office, is_problem

PATH = f"{BASE}/halls/demo/cameras"
SECRETS = ("geheim", "s3cret")


@pytest.fixture
def network() -> FakeNetwork:
    return FakeNetwork()


@pytest.fixture
def setup(tmp_path: Path, network: FakeNetwork) -> CameraSetup:
    return setup_in(tmp_path, network)


@pytest.fixture
def file(setup: CameraSetup) -> HallFile:
    return setup.file


@pytest.fixture
def office(database: Database, tmp_path: Path, setup: CameraSetup) -> Office:
    return Office(database, tmp_path, cameras=setup)


def test_cameras_are_listed_without_their_passwords(office: Office) -> None:
    answer = office.client(Role.SUPERVISOR).get(PATH)
    assert answer.status_code == 200
    (camera,) = answer.json()
    assert camera["address"] == "rtsp://***@10.0.0.1/main"
    assert "geheim" not in answer.text


def test_a_camera_is_tried_added_changed_and_removed(
    office: Office, file: HallFile, network: FakeNetwork
) -> None:
    admin = office.client(Role.ADMIN)
    given = {"address": "rtsp://10.0.0.2/main", "user": "u", "password": "s3cret"}
    seen = admin.post(f"{BASE}/halls/demo/camera-probes", json=given)
    assert (seen.status_code, seen.json()["width"]) == (200, 1280)
    assert seen.json()["findings"][0]["meaning"] == "codec_good"

    added = admin.post(PATH, json=given | {"name": "二号机"})
    assert added.status_code == 201, added.text
    assert added.json()["id"] == "cam2"
    camera = file.read().camera("cam2")
    assert (camera.width, camera.height) == (1280, 720)
    assert camera.url == "rtsp://u:s3cret@10.0.0.2/main"
    assert camera.sub_url == "rtsp://u:s3cret@10.0.0.2/sub"

    moved = admin.patch(f"{PATH}/cam2", json={"address": "rtsp://10.0.0.3/main", "pace_hz": 1})
    assert moved.status_code == 200, moved.text
    assert network.asked[-1] == "rtsp://u:s3cret@10.0.0.3/main"  # the login is kept
    assert file.read().camera("cam2").pace_hz == 1

    assert admin.delete(f"{PATH}/cam2").status_code == 204
    assert [c.id for c in file.read().cameras] == ["cam1"]
    texts = [seen.text, added.text, moved.text]
    assert not any(secret in text for secret in SECRETS for text in texts)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("post", PATH, {"address": "rtsp://u:wrong@h/main"}, 422, "camera-refused"),
        ("post", PATH, {"address": "/etc/hostname"}, 422, "camera-refused"),
        ("post", PATH, {"address": "file:///etc/hostname"}, 422, "camera-refused"),
        ("post", PATH, {"address": "loop:/etc/hostname"}, 422, "camera-refused"),
        ("post", PATH, {"address": "rtsp://10.0.0.1/main"}, 422, "hall-file"),
        ("post", PATH, {"address": "rtsp://h/main", "id": "cam1"}, 409, "camera-there"),
        ("post", PATH, {"address": "rtsp://h/main", "id": "Cam 1"}, 422, "invalid"),
        ("patch", f"{PATH}/cam1", {"pace_hz": 99}, 422, "invalid"),
        ("patch", f"{PATH}/cam9", {"name": "x"}, 404, "not-found"),
        ("patch", f"{PATH}/cam1", {"user": "u", "password": "wrong"}, 422, "camera-refused"),
        ("delete", f"{PATH}/cam1", None, 409, "camera-in-use"),
        ("delete", f"{PATH}/cam1?with_windows=true", None, 409, "last-camera"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_the_file_alone(
    office: Office, file: HallFile, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = office.client(Role.ADMIN).request(method, path, json=body)
    assert is_problem(answer, status, code), answer.text
    assert file.path.read_text(encoding="utf-8") == TEXT
    assert not any(secret in answer.text for secret in SECRETS)


def test_a_hall_watched_elsewhere_is_set_up_there(database: Database, tmp_path: Path) -> None:
    office = Office(database, tmp_path)
    assert is_problem(office.client(Role.ADMIN).get(PATH), 409, "not-watched-here")


def test_every_kind_of_live_camera_may_be_set_up_from_afar() -> None:
    assert set(CAMERA_SCHEMES) == set(LIVE)


def test_every_change_is_in_the_access_log(office: Office, file: HallFile) -> None:
    office.client(Role.ADMIN).post(PATH, json={"address": "rtsp://h/main", "user": "u"})
    with office.database.reading() as session:
        rows = [(r.object, r.details) for r in session.scalars(select(AccessRow))]
    added = {"act": "added", "to": file.read().sha}
    assert ("hall/demo/camera/cam2", added) in rows
