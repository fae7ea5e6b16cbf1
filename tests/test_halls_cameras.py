"""Cameras added to, changed in and removed from a hall file that people write by hand too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.halls.cameras import (
    CameraEdit,
    CameraInUseError,
    CameraThereError,
    CameraWish,
    LastCameraError,
    NoSuchCameraError,
    add_camera,
    change_camera,
    free_id,
    remove_camera,
)
from api.halls.filing import HallFile
from vision.hallfile import HallFileError

TEXT = """# our hall 我们的大厅
[hall]
id = "h"
name = "大厅"

[[camera]]  # the old one by the door
id = "cam1"
name = "一号机"
url = "rtsp://admin:p%40ss@10.0.0.1/Streaming/Channels/101"
sub_url = "rtsp://admin:p%40ss@10.0.0.1/Streaming/Channels/102"
width = 640
height = 360

[[window]]
id = "w1"
name = "1号窗口"
camera = "cam1"
staff = [[100, 10], [200, 10], [200, 90], [100, 90]]  # drawn on Monday
counter = [[100, 200], [200, 200], [200, 300], [100, 300]]

[[camera]]
id = "cam3"
url = "rtsp://10.0.0.3/main"
width = 640
height = 360
"""
NEW = CameraWish("cam2", "二号机", "rtsp://u:p@10.0.0.2/main", 1920, 1080)


@pytest.fixture
def file(tmp_path: Path) -> HallFile:
    path = tmp_path / "hall.toml"
    path.write_text(TEXT, encoding="utf-8")
    return HallFile(path, lambda: datetime.now(UTC))


def test_a_camera_is_added_and_the_rest_stays_as_it_was_written(file: HallFile) -> None:
    hall = add_camera(file, NEW)
    assert hall == file.read()
    added = hall.camera("cam2")
    assert (added.name, added.url, added.width, added.sub_url) == (
        "二号机", "rtsp://u:p@10.0.0.2/main", 1920, None,
    )  # fmt: skip
    lines = file.path.read_text(encoding="utf-8").splitlines()
    assert [line for line in TEXT.splitlines() if line and line not in lines] == []


def test_the_next_free_id_fills_the_row(file: HallFile) -> None:
    assert free_id(file.read()) == "cam2"


@pytest.mark.parametrize(
    ("wish", "error", "says"),
    [
        (CameraWish("cam1", "", "rtsp://h/x", 640, 360), CameraThereError, "already"),
        (CameraWish("Cam 2", "", "rtsp://h/x", 640, 360), HallFileError, r"camera\[3\].id"),
        (CameraWish("c", "", "rtsp://10.0.0.3/main", 640, 360), HallFileError, "one address"),
        (CameraWish("c", "", "rtsp://h/x", 6, 360), HallFileError, "width"),
    ],
)
def test_a_camera_that_cannot_be_added_leaves_the_file_alone(
    file: HallFile, wish: CameraWish, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        add_camera(file, wish)
    assert file.path.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(
    ("edit", "url", "sub_url"),
    [
        (CameraEdit(name="门口"), "rtsp://admin:p%40ss@10.0.0.1/Streaming/Channels/101", "102"),
        (CameraEdit(url="rtsp://10.0.0.9/a"), "rtsp://admin:p%40ss@10.0.0.9/a", None),
        (CameraEdit(url="rtsp://new:x@10.0.0.9/a"), "rtsp://new:x@10.0.0.9/a", None),
        (
            CameraEdit(url="rtsp://new:x@10.0.0.1/Streaming/Channels/101"),
            "rtsp://new:x@10.0.0.1/Streaming/Channels/101",
            "rtsp://new:x@10.0.0.1/Streaming/Channels/102",
        ),
        (CameraEdit(url="clips/a.mp4", sub_url=""), "clips/a.mp4", None),
        (
            CameraEdit(url="rtsp://new:x@h/a", sub_url="rtsp://h/b"),
            "rtsp://new:x@h/a", "rtsp://new:x@h/b",
        ),
    ],
)  # fmt: skip
def test_a_changed_address_keeps_the_login_unless_it_brings_one(
    file: HallFile, edit: CameraEdit, url: str, sub_url: str | None
) -> None:
    camera = change_camera(file, "cam1", edit).camera("cam1")
    assert camera.url == url
    if sub_url == "102":
        sub_url = "rtsp://admin:p%40ss@10.0.0.1/Streaming/Channels/102"
    assert camera.sub_url == sub_url
    assert camera.name == (edit.name or "一号机")
    assert "# the old one by the door" in file.path.read_text(encoding="utf-8")


def test_a_size_in_which_a_zone_does_not_lie_is_refused(file: HallFile) -> None:
    with pytest.raises(HallFileError, match="outside the 320x240 picture"):
        change_camera(file, "cam1", CameraEdit(width=320, height=240))
    assert file.path.read_text(encoding="utf-8") == TEXT


def test_a_camera_with_windows_is_removed_only_with_them(file: HallFile) -> None:
    with pytest.raises(CameraInUseError, match="1号窗口"):
        remove_camera(file, "cam1")
    assert file.path.read_text(encoding="utf-8") == TEXT
    remove_camera(file, "cam3")
    with pytest.raises(LastCameraError):
        remove_camera(file, "cam1", with_places=True)


def test_with_its_windows_a_camera_goes_whole(file: HallFile) -> None:
    queue = '\n[[queue]]\nid = "q"\ncamera = "cam3"\nzone = [[1, 1], [90, 1], [90, 90]]\n'
    file.path.write_text(TEXT + queue, encoding="utf-8")
    hall = remove_camera(file, "cam1", with_places=True)
    assert [c.id for c in hall.cameras] == ["cam3"]
    assert hall.windows == ()
    assert "our hall" in file.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("do", [change_camera, remove_camera])
def test_a_camera_that_is_not_there_is_said(file: HallFile, do: object) -> None:
    arguments = (CameraEdit(),) if do is change_camera else ()
    with pytest.raises(NoSuchCameraError, match="no camera 'nine'"):
        do(file, "nine", *arguments)  # type: ignore[operator]
