"""The hall file: a TOML file that names a hall's cameras, windows, queues, hours and thresholds.

`load_hall` reads it whole or raises `HallFileError`, which lists every problem it found with the
place in the file and what to do.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from vision.address import shown, without_login
from vision.geometry import Zone, ZoneError
from vision.pace import Pace
from vision.records import Json
from vision.rules import rulebook

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Points = list[tuple[float, float]]
Anchor = Literal["feet", "centre"]
Provider = Literal["cpu", "openvino", "cuda", "tensorrt"]
Limits = Mapping[str, Mapping[str, Any]]
"""Rule id to thresholds by name."""
ID = r"^[a-z0-9][a-z0-9-]{0,31}$"


class HallFileError(ValueError):
    """A hall file that cannot be used; `problems` lists each one as a sentence."""

    def __init__(self, path: Path | str, problems: list[str]) -> None:
        self.problems = problems
        listed = "\n".join(f"  - {p}" for p in problems)
        super().__init__(f"the hall file {path} cannot be used:\n{listed}")


@dataclass(frozen=True, slots=True)
class Hours:
    """Service hours on some weekdays (0 = Monday), in the hall's own time zone.
    A closing time of 00:00 means the end of that day."""

    days: tuple[int, ...]
    opens: time
    closes: time

    def hold(self, local: datetime) -> bool:
        clock = local.time()
        before_close = self.closes == time(0) or clock < self.closes
        return local.weekday() in self.days and self.opens <= clock and before_close


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera; pictures are `width` x `height` pixels, analysed `pace_hz` times a second.

    work: where only staff walk, so that nobody there is taken for a citizen whose face is hidden.
    masks: what lies in them is not looked at (a screen with people on it, a mirror, the street).
    """

    id: str
    name: str
    url: str
    width: int
    height: int
    pace_hz: float | None  # None: as often as an answer can change, see `Hall.pace`
    recorded_at: datetime | None = None
    record: bool = True
    sub_url: str | None = None  # the same scene in fewer pixels, for presence and queues
    work: tuple[Zone, ...] = ()
    masks: tuple[Zone, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """Continuous recording: for how many days, how much in all, and how much of the disk is left
    free. folder: relative to the hall's data folder; an absolute one stands for itself."""

    days: float
    max_gb: float
    reserve_gb: float
    folder: str


@dataclass(frozen=True, slots=True)
class Window:
    """One window on one camera, with the thresholds in force there: rule id -> policy."""

    id: str
    name: str
    camera: str
    staff: Zone
    counter: Zone
    sign: Zone | None
    policies: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Queue:
    """One line or waiting area. `anchor`: the point of a person that must lie in the zone, the
    feet, or the centre where a camera sees no feet."""

    id: str
    name: str
    camera: str
    zone: Zone
    policies: Mapping[str, Any]
    anchor: Anchor = "feet"


@dataclass(frozen=True, slots=True)
class Seeing:
    """From which scores a person, a sign is believed.

    present_score: a person is there. absent_score: nobody is, if no person scores this much;
    between the two the answer is "cannot tell". hidden_share: with so much of the staff zone
    behind citizens and nobody seen in it, the answer is "cannot tell" as well.
    sign_score: a sign that cannot be read is believed from this score; from sign_doubt_score up
    to it the answer is "cannot tell".
    """

    present_score: float = 0.40
    absent_score: float = 0.20
    hidden_share: float = 0.55
    sign_score: float = 0.60
    sign_doubt_score: float = 0.30


_SEEING = Seeing()
_PACE = Pace()


@dataclass(frozen=True, slots=True)
class Machine:
    """What computes: on which hardware, and on how many of the processor's cores (None: on all
    that may be used)."""

    provider: Provider = "cpu"
    cores: int | None = None


@dataclass(frozen=True, slots=True)
class Hall:
    """A whole hall. `sha` is the SHA-256 of the hall file's bytes; `limits` are what the model
    brought, where the file was read with some."""

    id: str
    name: str
    timezone: ZoneInfo
    hours: tuple[Hours, ...]
    cameras: tuple[Camera, ...]
    windows: tuple[Window, ...]
    queues: tuple[Queue, ...]
    policies: Mapping[str, Any]
    seeing: Seeing
    sha: str
    recording: Recording | None = None
    pace: Pace = field(default_factory=Pace)
    machine: Machine = field(default_factory=Machine)
    path: Path | None = field(default=None, compare=False)
    limits: Limits = field(default_factory=dict)

    def open_at(self, wall: datetime) -> bool:
        """Whether the hall serves at this moment. Without any hours it is always open."""
        local = wall.astimezone(self.timezone)
        return not self.hours or any(h.hold(local) for h in self.hours)

    def camera(self, camera_id: str) -> Camera:
        return next(c for c in self.cameras if c.id == camera_id)

    def windows_of(self, camera_id: str) -> tuple[Window, ...]:
        return tuple(w for w in self.windows if w.camera == camera_id)

    def queues_of(self, camera_id: str) -> tuple[Queue, ...]:
        return tuple(q for q in self.queues if q.camera == camera_id)


def policy_values(policy: Any) -> dict[str, Json]:
    """A policy's thresholds as they stand in an alert."""
    return dict(asdict(policy))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


Tables = dict[str, dict[str, Any]]


class _HallTable(_Strict):
    id: str = Field(pattern=ID)
    name: str = Field(min_length=1, max_length=80)
    timezone: str = "Asia/Shanghai"


class _HoursTable(_Strict):
    days: list[str] = Field(min_length=1)
    open: time
    close: time

    @field_validator("days")
    @classmethod
    def _known_days(cls, days: list[str]) -> list[str]:
        if unknown := [d for d in days if d not in DAYS]:
            raise ValueError(f"unknown day {unknown[0]!r}; write {', '.join(DAYS)}")
        return days

    @model_validator(mode="after")
    def _within_one_day(self) -> Self:
        if self.open.tzinfo or self.close.tzinfo:
            raise ValueError("the hours are in the hall's time zone; write them without one")
        if self.close != time(0) and self.close <= self.open:
            raise ValueError(
                "close must be later than open; for hours past midnight write two [[hours]], "
                "one that closes at 00:00:00 and one that opens then"
            )
        return self


class _SeeingTable(_Strict):
    present_score: float = Field(_SEEING.present_score, gt=0, le=1)
    absent_score: float = Field(_SEEING.absent_score, gt=0, le=1)
    hidden_share: float = Field(_SEEING.hidden_share, gt=0, le=1)
    sign_score: float = Field(_SEEING.sign_score, gt=0, le=1)
    sign_doubt_score: float = Field(_SEEING.sign_doubt_score, gt=0, le=1)


class _CameraTable(_Strict):
    id: str = Field(pattern=ID)
    name: str = ""
    url: str = Field(min_length=1)
    width: int = Field(ge=64, le=7680)
    height: int = Field(ge=64, le=4320)
    sub_url: str | None = Field(None, min_length=1)
    pace_hz: float | None = Field(None, ge=0.5, le=25)
    recorded_at: datetime | None = None
    record: bool = True
    work: list[Points] = Field(default_factory=list)
    masks: list[Points] = Field(default_factory=list)

    @field_validator("recorded_at")
    @classmethod
    def _aware(cls, moment: datetime | None) -> datetime | None:
        if moment is not None and moment.tzinfo is None:
            raise ValueError("needs a time zone, for example 2026-11-23T10:00:00+08:00")
        return moment


class _PaceTable(_Strict):
    near_s: float = Field(_PACE.near_s, ge=0.1)
    moving_s: float = _PACE.moving_s
    still_s: float = Field(_PACE.still_s, le=2.5)
    closed_s: float = Field(_PACE.closed_s, le=4.0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        Pace(**self.model_dump())
        return self


class _MachineTable(_Strict):
    provider: Provider = "cpu"
    cores: int | None = Field(None, ge=1)


class _RecordingTable(_Strict):
    days: float = Field(7.0, gt=0, le=3660)
    max_gb: float = Field(100.0, gt=0)
    reserve_gb: float = Field(2.0, ge=0)
    folder: str = Field("recordings", min_length=1)


class _WindowTable(_Strict):
    id: str = Field(pattern=ID)
    name: str = ""
    camera: str
    staff: Points
    counter: Points
    sign: Points | None = None
    policy: Tables = Field(default_factory=dict)


class _QueueTable(_Strict):
    id: str = Field(pattern=ID)
    name: str = ""
    camera: str
    zone: Points
    anchor: Anchor = "feet"
    policy: Tables = Field(default_factory=dict)


class _File(_Strict):
    hall: _HallTable
    hours: list[_HoursTable] = Field(default_factory=list)
    policy: Tables = Field(default_factory=dict)
    seeing: _SeeingTable = _SeeingTable.model_validate({})
    recording: _RecordingTable | None = None
    pace: _PaceTable = _PaceTable.model_validate({})
    machine: _MachineTable = _MachineTable.model_validate({})
    camera: list[_CameraTable] = Field(min_length=1)
    window: list[_WindowTable] = Field(default_factory=list)
    queue: list[_QueueTable] = Field(default_factory=list)


def load_hall(path: Path | str, limits: Limits | None = None) -> Hall:
    """Read and check a hall file. Raises HallFileError (unreadable, not TOML, any bad value).

    limits: what the model in use brings for each rule, in place of the rule's own defaults; what
    the file says goes before both."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HallFileError(path, [f"it cannot be read: {error.strerror}"]) from error
    return parse_hall(content, path, limits)


def parse_hall(content: bytes, path: Path | str = "<hall>", limits: Limits | None = None) -> Hall:
    """The hall that these bytes describe; see `load_hall`."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise HallFileError(path, ["it is not UTF-8 text; save it as UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise HallFileError(path, [f"it is not valid TOML: {error}"]) from error
    try:
        file = _File.model_validate(table)
    except ValidationError as error:
        raise HallFileError(path, [_sentence(e) for e in error.errors()]) from error
    problems: list[str] = []
    hall = _Builder(file, problems, limits or {}).hall(hashlib.sha256(content).hexdigest(), path)
    if problems or hall is None:
        raise HallFileError(path, problems)
    return hall


def _sentence(error: Any) -> str:
    """One pydantic error as a sentence with the place in the file."""
    place = ".".join(f"[{p + 1}]" if isinstance(p, int) else str(p) for p in error["loc"])
    place = place.replace(".[", "[")
    if error["type"] == "extra_forbidden":
        tables: dict[str, type[BaseModel]] = {
            "hall": _HallTable,
            "hours": _HoursTable,
            "camera": _CameraTable,
        }
        tables |= {"window": _WindowTable, "queue": _QueueTable, "seeing": _SeeingTable}
        tables |= {"recording": _RecordingTable, "pace": _PaceTable, "machine": _MachineTable}
        known = tables.get(str(error["loc"][0]), _File) if len(error["loc"]) > 1 else _File
        return f"{place}: unknown key{_did_you_mean(str(error['loc'][-1]), known.model_fields)}"
    if error["type"] == "missing":
        return f"{place}: is missing; add it"
    return f"{place}: {error['msg'].removeprefix('Value error, ')}"


def _did_you_mean(word: str, known: Any) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"


class _Builder:
    """Turns a well-formed file into a hall, and notes all that does not fit together."""

    def __init__(self, file: _File, problems: list[str], limits: Limits) -> None:
        self.file = file
        self.problems = problems
        self.limits = limits
        self.sizes = {c.id: (c.width, c.height) for c in file.camera}

    def hall(self, sha: str, path: Path | str) -> Hall | None:
        file = self.file
        zone = self._timezone(file.hall.timezone)
        self._unique("camera", [c.id for c in file.camera])
        self._unique("window", [w.id for w in file.window])
        self._unique("queue", [q.id for q in file.queue])
        self._own_addresses()
        if file.seeing.absent_score > file.seeing.present_score:
            self.problems.append("seeing: absent_score must not be above present_score")
        policies = self._policies(("policy", file.policy))
        hall_policy = ("policy", file.policy)
        cameras = [self._camera(i, c) for i, c in enumerate(file.camera, 1)]
        windows = [self._window(i, w, hall_policy) for i, w in enumerate(file.window, 1)]
        queues = [self._queue(i, q, hall_policy) for i, q in enumerate(file.queue, 1)]
        if self.problems or zone is None:
            return None
        return Hall(
            id=file.hall.id,
            name=file.hall.name,
            timezone=zone,
            hours=tuple(
                Hours(tuple(DAYS.index(d) for d in h.days), h.open, h.close) for h in file.hours
            ),
            cameras=tuple(cameras),
            windows=tuple(w for w in windows if w),
            queues=tuple(q for q in queues if q),
            policies=policies,
            seeing=Seeing(**file.seeing.model_dump()),
            sha=sha,
            recording=Recording(**file.recording.model_dump()) if file.recording else None,
            pace=Pace(**file.pace.model_dump()),
            machine=Machine(**file.machine.model_dump()),
            path=Path(path),
            limits=self.limits,
        )

    def _timezone(self, name: str) -> ZoneInfo | None:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            self.problems.append(f"hall.timezone: unknown zone {name!r}; write e.g. Asia/Shanghai")
            return None

    def _unique(self, kind: str, ids: list[str]) -> None:
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            self.problems.append(f"{kind}: the id {name!r} is used twice; give each its own")

    def _own_addresses(self) -> None:
        """Two cameras on one address would be one camera's conduct held against two windows."""
        first: dict[str, str] = {}
        for camera in self.file.camera:
            if "://" not in camera.url or camera.url.startswith("file:"):
                continue  # one recording may well be shown twice
            other = first.setdefault(without_login(camera.url).rstrip("/"), camera.id)
            if other != camera.id:
                self.problems.append(
                    f"camera: {other!r} and {camera.id!r} have one address, "
                    f"{shown(camera.url)}; give each its own"
                )

    def _zone(self, place: str, camera: str, points: Points | None) -> Zone | None:
        if points is None:
            return None
        if camera not in self.sizes:
            return None
        try:
            return Zone.of(points, *self.sizes[camera])
        except ZoneError as error:
            self.problems.append(f"{place}: {error}")
            return None

    def _camera(self, i: int, c: _CameraTable) -> Camera:
        place = f"camera[{i}] ({c.id})"
        return Camera(
            **c.model_dump(exclude={"name", "work", "masks"}),
            name=c.name or c.id,
            work=self._areas(f"{place}.work", c.id, c.work),
            masks=self._areas(f"{place}.masks", c.id, c.masks),
        )

    def _areas(self, place: str, camera: str, areas: list[Points]) -> tuple[Zone, ...]:
        zones = [self._zone(f"{place}[{i}]", camera, p) for i, p in enumerate(areas, 1)]
        return tuple(z for z in zones if z is not None)

    def _known_camera(self, place: str, camera: str) -> None:
        if camera not in self.sizes:
            hint = _did_you_mean(camera, self.sizes)
            self.problems.append(f"{place}.camera: no camera {camera!r} in this file{hint}")

    def _window(self, i: int, w: _WindowTable, hall_policy: tuple[str, Tables]) -> Window | None:
        place = f"window[{i}] ({w.id})"
        self._known_camera(place, w.camera)
        staff = self._zone(f"{place}.staff", w.camera, w.staff)
        counter = self._zone(f"{place}.counter", w.camera, w.counter)
        sign = self._zone(f"{place}.sign", w.camera, w.sign)
        policies = self._policies(hall_policy, (f"{place}.policy", w.policy))
        if staff is None or counter is None:
            return None
        return Window(w.id, w.name or w.id, w.camera, staff, counter, sign, policies)

    def _queue(self, i: int, q: _QueueTable, hall_policy: tuple[str, Tables]) -> Queue | None:
        place = f"queue[{i}] ({q.id})"
        self._known_camera(place, q.camera)
        zone = self._zone(f"{place}.zone", q.camera, q.zone)
        policies = self._policies(hall_policy, (f"{place}.policy", q.policy))
        if zone is None:
            return None
        return Queue(q.id, q.name or q.id, q.camera, zone, policies, q.anchor)

    def _policies(self, *layers: tuple[str, Tables]) -> dict[str, Any]:
        """Each rule's policy: its defaults, overlaid by the model's limits and by the layers; only
        the last one complains."""
        values: dict[str, dict[str, Any]] = {r: dict(self.limits.get(r, {})) for r in rulebook()}
        last = layers[-1]
        for place, tables in layers:
            for rule, table in tables.items():
                if rule in values:
                    values[rule] |= table
                elif (place, tables) == last:
                    hint = _did_you_mean(rule, values)
                    self.problems.append(f"{place}.{rule}: there is no such rule{hint}")
        policies: dict[str, Any] = {}
        for rule, table in values.items():
            kind = rulebook()[rule].policy
            place = f"{last[0]}.{rule}"
            try:
                policies[rule] = _policy(kind, table)
            except ValueError as error:
                if rule in last[1]:
                    self.problems.append(f"{place}: {error}")
        return policies


def _policy(kind: Any, table: Mapping[str, Any]) -> Any:
    """An instance of the policy class with these values; ValueError says what is wrong."""
    known = kind.__dataclass_fields__
    for key, value in table.items():
        if key not in known:
            raise ValueError(f"unknown key {key!r}{_did_you_mean(key, known)}")
        if known[key].type == "bool":
            if not isinstance(value, bool):
                raise ValueError(f"{key} must be true or false, not {value!r}")
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"{key} must be a number, not {value!r}")
        if known[key].type == "int" and not isinstance(value, int):
            raise ValueError(f"{key} must be a whole number, not {value!r}")
    return kind(**{k: float(v) if known[k].type == "float" else v for k, v in table.items()})
