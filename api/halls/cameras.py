"""Cameras of the hall file: added, changed, removed. The running server follows the file by itself.

Credentials go into the file and never come out of here: what is shown of an address is without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.items import AoT

from api.halls.filing import HallFile
from vision.address import login_of, with_login, without_login
from vision.hallfile import Camera, Hall


class NoSuchCameraError(LookupError):
    def __init__(self, camera_id: str) -> None:
        super().__init__(f"the hall file has no camera {camera_id!r}")


class CameraThereError(ValueError):
    def __init__(self, camera_id: str) -> None:
        super().__init__(f"the hall file has a camera {camera_id!r} already; choose another id")


class CameraInUseError(ValueError):
    """A camera that windows or queues are drawn on."""

    def __init__(self, camera_id: str, places: list[str]) -> None:
        self.places = places
        super().__init__(
            f"camera {camera_id!r} shows {', '.join(places)}: they would no longer be watched; "
            "say that they are to be removed with it"
        )


class LastCameraError(ValueError):
    def __init__(self) -> None:
        super().__init__("a hall has one camera at least: add the other one first")


@dataclass(frozen=True, slots=True)
class CameraWish:
    """A camera as it is to stand in the file. sub_url: "" for none. pace_hz: None: as often as an
    answer can change."""

    id: str
    name: str
    url: str
    width: int
    height: int
    sub_url: str = ""
    pace_hz: float | None = None


@dataclass(frozen=True, slots=True)
class CameraEdit:
    """What is to be different; None: stays."""

    name: str | None = None
    url: str | None = None
    sub_url: str | None = None
    width: int | None = None
    height: int | None = None
    pace_hz: float | None = None


def add_camera(file: HallFile, wish: CameraWish) -> Hall:
    """Raises CameraThereError, HallFileError, HallFileChangedError."""
    hall = file.read()
    if wish.id in {c.id for c in hall.cameras}:
        raise CameraThereError(wish.id)

    def change(document: tomlkit.TOMLDocument) -> None:
        table = tomlkit.table()
        for key in ("id", "name", "url", "sub_url", "width", "height", "pace_hz"):
            value = getattr(wish, key)
            if value not in ("", None):
                table[key] = value
        _tables(document, "camera").append(table)

    return file.change(change, made_for_sha=hall.sha)


def change_camera(file: HallFile, camera_id: str, edit: CameraEdit) -> Hall:
    """An address without credentials keeps those that the camera has. The second stream takes the
    new credentials; of another address it is another camera's, and goes unless a new one is given.
    Raises NoSuchCameraError, HallFileError (a zone that lies outside the new size),
    HallFileChangedError."""
    hall = file.read()
    camera = camera_of(hall, camera_id)
    values: dict[str, Any] = {
        key: value
        for key in ("name", "sub_url", "width", "height", "pace_hz")
        if (value := getattr(edit, key)) is not None
    }
    if edit.url is not None:
        values["url"] = with_kept_login(edit.url, camera.url)
    if edit.sub_url:
        values["sub_url"] = with_kept_login(edit.sub_url, values.get("url", camera.url))
    elif edit.sub_url is None and edit.url is not None and camera.sub_url:
        values["sub_url"] = _second_stream(camera.sub_url, camera.url, values["url"])

    def change(document: tomlkit.TOMLDocument) -> None:
        (table,) = (t for t in _tables(document, "camera") if t["id"] == camera_id)
        for key, value in values.items():
            if value == "":
                table.pop(key, None)
            else:
                table[key] = value

    return file.change(change, made_for_sha=hall.sha)


def remove_camera(file: HallFile, camera_id: str, *, with_places: bool = False) -> Hall:
    """Take the camera out of the file; with_places: its windows and queues too. Raises
    NoSuchCameraError, CameraInUseError, LastCameraError, HallFileError, HallFileChangedError."""
    hall = file.read()
    camera_of(hall, camera_id)
    places = [w.name for w in hall.windows_of(camera_id)]
    places += [q.name for q in hall.queues_of(camera_id)]
    if places and not with_places:
        raise CameraInUseError(camera_id, places)
    if len(hall.cameras) == 1:
        raise LastCameraError

    def change(document: tomlkit.TOMLDocument) -> None:
        _drop(document, "camera", "id", camera_id)
        for kind in ("window", "queue"):
            _drop(document, kind, "camera", camera_id)

    return file.change(change, made_for_sha=hall.sha)


def camera_of(hall: Hall, camera_id: str) -> Camera:
    """Raises NoSuchCameraError."""
    for camera in hall.cameras:
        if camera.id == camera_id:
            return camera
    raise NoSuchCameraError(camera_id)


def with_kept_login(url: str, before: str) -> str:
    """The address with the credentials of the one before, unless it brings its own."""
    user, password = login_of(before) if "://" in before else ("", "")
    if "://" not in url or not user or login_of(url)[0]:
        return url
    return with_login(url, user, password)


def _second_stream(sub_url: str, before: str, after: str) -> str:
    """Where a camera's second stream is when its address becomes another; "" for not known."""
    if without_login(before) != without_login(after):
        return ""
    return with_login(sub_url, *login_of(after))


def free_id(hall: Hall) -> str:
    """An id for the next camera: cam1, cam2, ..."""
    taken = {c.id for c in hall.cameras}
    return next(name for n in range(1, len(taken) + 2) if (name := f"cam{n}") not in taken)


def _tables(document: tomlkit.TOMLDocument, kind: str) -> AoT:
    if kind not in document:
        document.append(kind, tomlkit.aot())
    tables = document[kind]
    assert isinstance(tables, AoT)
    return tables


def _drop(document: tomlkit.TOMLDocument, kind: str, key: str, value: str) -> None:
    if kind not in document:
        return
    tables = _tables(document, kind)
    for index in reversed([i for i, t in enumerate(tables) if t.get(key) == value]):
        del tables[index]
    if not len(tables):
        del document[kind]
