"""Cameras of a hall over HTTP: listed, tried, added, changed, removed. Passwords go in only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.audit.asking import By
from api.audit.record import AccessBy
from api.fields import SLUG, HallPath, Name, Slug
from api.halls.cameras import (
    CameraEdit,
    CameraWish,
    camera_of,
    change_camera,
    free_id,
    remove_camera,
    with_kept_login,
)
from api.halls.noting import name_of, note_camera
from api.halls.setup import CameraSetup
from api.openapi import problems
from api.problems import ProblemError
from api.site import NeedsInHall, Now, Site, SiteHere
from api.users.permissions import Permission
from vision.address import shown
from vision.hallfile import Camera, Hall
from vision.probe import Meaning, Probe, Weight

routes = APIRouter(tags=["halls"])

READS = [Depends(NeedsInHall(Permission.HEALTH_READ))]
MANAGES = [Depends(NeedsInHall(Permission.CAMERAS_MANAGE))]
CameraPath = Annotated[str, Path(pattern=SLUG, examples=["cam1"])]
Address = Annotated[str, Field(min_length=5, max_length=500, examples=["rtsp://10.0.0.5/ch1"])]
User = Annotated[str, Field(max_length=100)]
Password = Annotated[SecretStr, Field(max_length=200)]


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CameraSeen(_Shown):
    """A camera; addresses are without user, password and query."""

    id: Slug
    name: Name
    address: str
    sub_address: str
    width: int
    height: int
    pace_hz: float | None

    @classmethod
    def of(cls, camera: Camera) -> CameraSeen:
        return cls(
            id=camera.id,
            name=camera.name,
            address=shown(camera.url),
            sub_address=shown(camera.sub_url or ""),
            width=camera.width,
            height=camera.height,
            pace_hz=camera.pace_hz,
        )


class LoginIn(_Shown):
    """Where the camera is, and who may look through it."""

    address: Address
    user: User = ""
    password: Password = SecretStr("")


class CameraIn(LoginIn):
    """A camera to add; its size is that of its pictures. Without an id it is cam1, cam2, ..."""

    id: Slug | None = None
    name: Name | None = None
    sub_address: str = Field("", max_length=500)


class CameraChange(_Shown):
    """What is to be different. An address without user and password keeps those that are there."""

    name: Name | None = None
    address: Address | None = None
    user: User = ""
    password: Password = SecretStr("")
    sub_address: str | None = Field(None, max_length=500)
    pace_hz: float | None = Field(None, ge=0.5, le=25)


class FindingSeen(_Shown):
    meaning: Meaning
    weight: Weight
    values: dict[str, str | float]


class ProbeSeen(_Shown):
    """What an address gave, and what that means."""

    address: str
    codec: str
    width: int
    height: int
    rate_hz: float | None
    kbit_s: float | None
    key_every_s: float | None
    keys_vary: bool | None
    first_s: float
    drift_ppm: float | None
    sub_stream: str
    findings: tuple[FindingSeen, ...]

    @classmethod
    def of(cls, seen: Probe) -> ProbeSeen:
        values = {name: getattr(seen, name) for name in cls.model_fields if name != "findings"}
        findings = tuple(
            FindingSeen(meaning=f.meaning, weight=f.weight, values=dict(f.values))
            for f in seen.findings
        )
        return cls(**values, findings=findings)


def _setup(hall: str, site: Site) -> tuple[CameraSetup, Hall]:
    setup = site.cameras
    plan = setup.file.read() if setup is not None else None
    if setup is None or plan is None or plan.id != hall:
        raise ProblemError(
            409, "not-watched-here",
            "this hall is watched by another machine: set its cameras up there",
        )  # fmt: skip
    return setup, plan


@routes.get(
    "/halls/{hall}/cameras", dependencies=READS, responses=problems(401, 403, 404, 409, 422)
)
def list_cameras(hall: HallPath, site: SiteHere) -> tuple[CameraSeen, ...]:
    """The cameras of the hall file."""
    return tuple(CameraSeen.of(c) for c in _setup(hall, site)[1].cameras)


@routes.post(
    "/halls/{hall}/camera-probes", dependencies=MANAGES, responses=problems(401, 403, 404, 409, 422)
)
def try_camera(hall: HallPath, given: LoginIn, by: By, site: SiteHere, now: Now) -> ProbeSeen:
    """Watch an address for some seconds."""
    setup, _ = _setup(hall, site)
    _write_down(site, by, hall, name_of(given.address), "tried", now)
    return ProbeSeen.of(_tried(setup, given)[1])


@routes.post(
    "/halls/{hall}/cameras",
    status_code=201,
    dependencies=MANAGES,
    responses=problems(401, 403, 404, 409, 422),
)
def add(hall: HallPath, given: CameraIn, by: By, site: SiteHere, now: Now) -> CameraSeen:
    """Try a camera and add it to the hall file."""
    setup, plan = _setup(hall, site)
    address, seen = _tried(setup, given)
    wanted = given.id or free_id(plan)
    name = given.name or wanted
    wish = CameraWish(wanted, name, address, seen.width, seen.height, given.sub_address)
    changed = setup.add(wish, seen)
    _write_down(site, by, hall, wanted, "added", now, changed.sha)
    return CameraSeen.of(camera_of(changed, wanted))


@routes.patch(
    "/halls/{hall}/cameras/{camera}",
    dependencies=MANAGES,
    responses=problems(401, 403, 404, 409, 422),
)
def change(
    hall: HallPath, camera: CameraPath, given: CameraChange, by: By, site: SiteHere, now: Now
) -> CameraSeen:
    """Change a camera; a new address is tried first."""
    setup, plan = _setup(hall, site)
    before = camera_of(plan, camera)
    edit = CameraEdit(name=given.name, sub_url=given.sub_address, pace_hz=given.pace_hz)
    if given.address is not None or given.user:
        address = with_kept_login(given.address or before.url, before.url)
        address, seen = setup.tried(address, given.user, given.password.get_secret_value())
        sub = given.sub_address
        sub = setup.found_sub_stream(address, seen) if sub is None else sub
        edit = CameraEdit(given.name, address, sub, seen.width, seen.height, given.pace_hz)
    changed = change_camera(setup.file, camera, edit)
    _write_down(site, by, hall, camera, "changed", now, changed.sha)
    return CameraSeen.of(camera_of(changed, camera))


@routes.delete(
    "/halls/{hall}/cameras/{camera}",
    status_code=204,
    dependencies=MANAGES,
    responses=problems(401, 403, 404, 409, 422),
)
def remove(
    hall: HallPath,
    camera: CameraPath,
    by: By,
    site: SiteHere,
    now: Now,
    with_windows: bool = False,
) -> None:
    """Take a camera out of the hall file; with_windows: and what is drawn on it. Alerts and
    evidence stay."""
    setup, _ = _setup(hall, site)
    left = remove_camera(setup.file, camera, with_places=with_windows)
    _write_down(site, by, hall, camera, "removed", now, left.sha)


def _tried(setup: CameraSetup, given: LoginIn) -> tuple[str, Probe]:
    return setup.tried(given.address, given.user, given.password.get_secret_value())


def _write_down(
    site: Site, by: AccessBy, hall: str, camera: str, act: str, now: Now, sha: str = ""
) -> None:
    with site.database.session() as session:
        note_camera(session, by, hall, camera, act, now, sha)
