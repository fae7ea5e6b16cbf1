"""The stations of a hall's cameras, kept in line with the hall file while the server runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from cli.station import Desk, leave
from vision.hallfile import Hall, HallFileError, load_hall
from vision.health import CameraHealth

_log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
STOP_S = 8.0


class Watcher(Protocol):
    """A station, as far as it is started and stopped."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...

    def health(self) -> CameraHealth: ...


class Crew:
    """Starts, stops and restarts only the stations that a changed hall file concerns.

    station: makes the station of a camera at this desk. changed: told of the new hall before its
    stations start, so that the office knows their cameras. load: reads the file as it was read at
    first. A hall file that cannot be used is said in the log once; the hall goes on as it was.
    """

    def __init__(
        self,
        desk: Desk,
        station: Callable[[Desk, str], Watcher],
        changed: Callable[[Hall], None],
        load: Callable[[Path], Hall] = load_hall,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self.desk = desk
        self._station = station
        self._changed = changed
        self._load = load
        self._look_every_s = look_every_s
        self._stations: dict[str, Watcher] = {}
        self._closing = threading.Event()
        self._read = _version(desk.hall.path)
        self._thread = threading.Thread(target=self._follow, name="hall file", daemon=True)

    def start(self) -> None:
        there = {camera.id for camera in self.desk.hall.cameras}
        for gone in (self.desk.memory.cameras() if self.desk.memory else set()) - there:
            leave(self.desk, gone)
        self._begin(camera.id for camera in self.desk.hall.cameras)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()
        self._end(list(self._stations))

    def health(self) -> tuple[CameraHealth, ...]:
        """How each camera is doing, in the order of the hall file."""
        stations = dict(self._stations)
        return tuple(stations[c.id].health() for c in self.desk.hall.cameras if c.id in stations)

    def look(self) -> None:
        """See whether the hall file was changed, and follow it."""
        path = self.desk.hall.path
        version = _version(path)
        if path is None or version is None or version == self._read:
            return
        self._read = version
        try:
            hall = self._load(path)
        except HallFileError as error:
            _log.error("%s\nthe hall goes on as it was", error)
            return
        if hall.id != self.desk.hall.id:
            _log.error("%s is another hall's now (%s): restart to serve it", path, hall.id)
            return
        self.take(hall)

    def take(self, hall: Hall) -> None:
        """Bring the stations in line with this hall."""
        old = self.desk.hall
        if hall.sha == old.sha:
            return
        self._changed(hall)
        if (hall.recording, hall.machine) != (old.recording, old.machine):
            _log.warning("[recording] and [machine] as they are now count from the next start on")
        concerned = [c.id for c in old.cameras if _plan(old, c.id) != _plan(hall, c.id)]
        there = {c.id for c in hall.cameras}
        self._end(concerned)
        self.desk = replace(self.desk, hall=hall)
        for camera in old.cameras:
            if camera.id not in there:
                leave(self.desk, camera.id)
        self._begin(c.id for c in hall.cameras if c.id not in self._stations)
        _log.info("the hall file was changed; cameras that came, went or changed: %s",
                  ", ".join([*concerned, *sorted(there - {c.id for c in old.cameras})]) or "none",
        )  # fmt: skip

    def _follow(self) -> None:
        while not self._closing.wait(self._look_every_s):
            try:
                self.look()
            except Exception:  # the cameras that are watched go on
                _log.exception("the changed hall file could not be followed")

    def _begin(self, cameras: Iterable[str]) -> None:
        for camera in cameras:
            self._stations[camera] = self._station(self.desk, camera)
            self._stations[camera].start()

    def _end(self, cameras: list[str]) -> None:
        """Together, for each may take seconds; their clips are written in the end."""
        ending = [self._stations.pop(camera) for camera in cameras]
        for station in ending:
            station.stop()
        for station in ending:
            station.join(STOP_S)


def _plan(hall: Hall, camera_id: str) -> object:
    """All of a hall that a station goes by; None where the camera is not in it."""
    camera = next((c for c in hall.cameras if c.id == camera_id), None)
    return camera and (
        camera,
        hall.windows_of(camera_id),
        hall.queues_of(camera_id),
        (hall.name, hall.timezone, hall.hours, hall.policies, hall.seeing, hall.pace),
    )


def _version(path: Path | None) -> tuple[int, int, int] | None:
    """Differs when the file was written anew; None when it cannot be seen."""
    try:
        state = path.stat() if path else None
    except OSError:
        return None
    return state and (state.st_mtime_ns, state.st_size, state.st_ino)
