"""Reading a hall file: from its bytes to a `Hall`, or to every problem that it has."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from vision.address import line_of, shown
from vision.geometry import Zone, ZoneError
from vision.hallfile.hall import (
    Camera,
    Hall,
    Hours,
    Limits,
    Machine,
    Queue,
    Recording,
    Seeing,
    Window,
)
from vision.hallfile.problems import Problem, Wrong, of_table, of_zone
from vision.hallfile.tables import (
    DAYS,
    CameraTable,
    FileTable,
    Points,
    QueueTable,
    Tables,
    WindowTable,
    did_you_mean,
)
from vision.pace import Pace
from vision.rules import rulebook


class HallFileError(ValueError):
    """A hall file that cannot be used; `problems` lists each one as a sentence."""

    def __init__(self, path: Path | str, problems: list[Problem]) -> None:
        self.problems = problems
        listed = "\n".join(f"  - {p}" for p in problems)
        super().__init__(f"the hall file {path} cannot be used:\n{listed}")


def load_hall(path: Path | str, limits: Limits | None = None) -> Hall:
    """Read and check a hall file. Raises HallFileError (unreadable, not TOML, any bad value).

    limits: what the model in use brings for each rule, in place of the rule's own defaults; what
    the file says goes before both."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    return parse_hall(content, path, limits)


def unreadable(path: Path | str, error: OSError) -> HallFileError:
    """That the file cannot even be read."""
    words = f"it cannot be read: {error.strerror}"
    return HallFileError(path, [Problem("", Wrong.UNREADABLE, words, why=str(error.strerror))])


def parse_hall(content: bytes, path: Path | str = "<hall>", limits: Limits | None = None) -> Hall:
    """The hall that these bytes describe; see `load_hall`."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        words = "it is not UTF-8 text; save it as UTF-8"
        raise HallFileError(path, [Problem("", Wrong.ENCODING, words)]) from error
    except tomllib.TOMLDecodeError as error:
        words = f"it is not valid TOML: {error}"
        raise HallFileError(path, [Problem("", Wrong.TOML, words, why=str(error))]) from error
    try:
        file = FileTable.model_validate(table)
    except ValidationError as error:
        raise HallFileError(path, [of_table(e) for e in error.errors()]) from error
    problems: list[Problem] = []
    hall = _Builder(file, problems, limits or {}).hall(hashlib.sha256(content).hexdigest(), path)
    if problems or hall is None:
        raise HallFileError(path, problems)
    return hall


class _Builder:
    """Turns a well-formed file into a hall, and notes all that does not fit together."""

    def __init__(self, file: FileTable, problems: list[Problem], limits: Limits) -> None:
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
            words = "absent_score must not be above present_score"
            self._wrong("seeing", Wrong.SCORES, words)
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

    def _wrong(self, place: str, wrong: Wrong, words: str, **values: str) -> None:
        self.problems.append(Problem(place, wrong, words, **values))

    def _timezone(self, name: str) -> ZoneInfo | None:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            words = f"unknown zone {name!r}; write e.g. Asia/Shanghai"
            self._wrong("hall.timezone", Wrong.TIMEZONE, words, name=name)
            return None

    def _unique(self, kind: str, ids: list[str]) -> None:
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            words = f"the id {name!r} is used twice; give each its own"
            self._wrong(kind, Wrong.TWICE, words, name=name)

    def _own_addresses(self) -> None:
        """Two cameras on one address would be one camera's conduct held against two windows."""
        first: dict[str, str] = {}
        for camera in self.file.camera:
            for url in filter(None, (camera.url, camera.sub_url)):
                line = line_of(url)  # none: one recording may well be shown twice
                other = first.setdefault(line, camera.id) if line else camera.id
                if other != camera.id:
                    self._one_address(other, camera.id, shown(url))

    def _one_address(self, other: str, camera: str, address: str) -> None:
        words = f"{other!r} and {camera!r} have one address, {address}; give each its own"
        self._wrong("camera", Wrong.ADDRESS, words, name=camera, other=other, address=address)

    def _zone(self, place: str, camera: str, points: Points | None) -> Zone | None:
        if points is None:
            return None
        if camera not in self.sizes:
            return None
        try:
            return Zone.of(points, *self.sizes[camera])
        except ZoneError as error:
            self.problems.append(of_zone(place, error))
            return None

    def _camera(self, i: int, c: CameraTable) -> Camera:
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
            hint = did_you_mean(camera, self.sizes)
            words = f"no camera {camera!r} in this file{hint}"
            self._wrong(f"{place}.camera", Wrong.CAMERA, words, name=camera)

    def _window(self, i: int, w: WindowTable, hall_policy: tuple[str, Tables]) -> Window | None:
        place = f"window[{i}] ({w.id})"
        self._known_camera(place, w.camera)
        staff = self._zone(f"{place}.staff", w.camera, w.staff)
        counter = self._zone(f"{place}.counter", w.camera, w.counter)
        sign = self._zone(f"{place}.sign", w.camera, w.sign)
        policies = self._policies(hall_policy, (f"{place}.policy", w.policy))
        if staff is None or counter is None:
            return None
        return Window(w.id, w.name or w.id, w.camera, staff, counter, sign, policies)

    def _queue(self, i: int, q: QueueTable, hall_policy: tuple[str, Tables]) -> Queue | None:
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
                    hint = did_you_mean(rule, values)
                    words = f"there is no such rule{hint}"
                    self._wrong(f"{place}.{rule}", Wrong.RULE, words, name=rule)
        policies: dict[str, Any] = {}
        for rule, table in values.items():
            kind = rulebook()[rule].policy
            place = f"{last[0]}.{rule}"
            try:
                policies[rule] = _policy(kind, table)
            except _ThresholdError as error:
                if rule in last[1]:
                    self._wrong(place, error.wrong, str(error), name=error.key)
            except ValueError as error:
                if rule in last[1]:
                    names = [name for name in kind.__dataclass_fields__ if name in str(error)]
                    self._wrong(place, Wrong.BOUNDS, str(error), name=" ".join(names))
        return policies


class _ThresholdError(ValueError):
    """A threshold that is none, or no value for it."""

    def __init__(self, wrong: Wrong, key: str, words: str) -> None:
        super().__init__(words)
        self.wrong, self.key = wrong, key


def _policy(kind: Any, table: Mapping[str, Any]) -> Any:
    """An instance of the policy class with these values; ValueError says what is wrong."""
    known = kind.__dataclass_fields__
    for key, value in table.items():
        if key not in known:
            words = f"unknown key {key!r}{did_you_mean(key, known)}"
            raise _ThresholdError(Wrong.KEY, key, words)
        if known[key].type == "bool":
            if not isinstance(value, bool):
                words = f"{key} must be true or false, not {value!r}"
                raise _ThresholdError(Wrong.YES_NO, key, words)
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _ThresholdError(Wrong.NUMBER, key, f"{key} must be a number, not {value!r}")
        if known[key].type == "int" and not isinstance(value, int):
            words = f"{key} must be a whole number, not {value!r}"
            raise _ThresholdError(Wrong.WHOLE, key, words)
    return kind(**{k: float(v) if known[k].type == "float" else v for k, v in table.items()})
