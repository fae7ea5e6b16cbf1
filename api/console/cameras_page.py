"""The cameras of the hall: how they are, and how they are found, added, changed and removed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from api.audit.record import AccessBy
from api.console import parts
from api.console.beat import Beat, leave
from api.console.camera_finding import CameraFinding
from api.console.camera_form import CameraForm, Given
from api.console.hall_problems import CAMERA_REFUSED, problems_words, refusal_words
from api.console.page import Visit
from api.console.parts import Cell, Column
from api.console.sheets import ask
from api.halls.cameras import remove_camera
from api.halls.filing import HallFileChangedError
from api.halls.noting import note_camera
from api.halls.setup import CameraSetup
from api.users.permissions import Permission
from vision.address import shown
from vision.hallfile import Camera, Hall, HallFileError
from vision.health import CameraHealth

REFRESH_BEATS = 5


def build(visit: Visit, beat: Beat) -> None:
    setup = visit.console.cameras
    say = visit.say
    if setup is None:
        parts.hollow("camera", say("cameras_elsewhere"), say("cameras_elsewhere_do"), tag="h1")
        return
    try:
        hall = setup.file.read()
    except HallFileError as error:
        parts.hollow("warning", say("cameras_bad_file"), problems_words(error, say), tag="h1")
        return
    if visit.hall is None or hall.id != visit.hall.id:
        parts.hollow("camera", say("cameras_elsewhere"), say("cameras_elsewhere_do"), tag="h1")
        return
    _CamerasPage(visit, beat, setup, hall)


class _CamerasPage:
    def __init__(self, visit: Visit, beat: Beat, setup: CameraSetup, hall: Hall) -> None:
        self.visit, self.setup, self.hall = visit, setup, hall
        self.manages = visit.may(Permission.CAMERAS_MANAGE)
        say = visit.say
        self.drawn: object = None
        with parts.box("page") as self.page:
            with parts.heading(say.of("nav", "cameras"), say("cameras_about")):
                if self.manages:
                    parts.button(say("camera_find"), self._find, "btn", drawing="search")
                    parts.button(say("camera_add"), self._add, "btn btn-main", drawing="plus")
            self.list = parts.box("card cameras", "section")
        self.refresh()
        beat.every(REFRESH_BEATS, self.refresh)

    def refresh(self) -> None:
        """The file as it is now; one that is being edited by hand is left for the next time."""
        try:
            self.hall = self.setup.file.read()
        except HallFileError:
            return
        board = self.visit.console.health
        health = {h.camera: h for h in board.cameras()} if board is not None else {}
        states = [(c.id, _state_of(health.get(c.id))) for c in self.hall.cameras]
        if self.drawn != (self.hall.sha, states):  # nobody's click falls between two drawings
            self.drawn = (self.hall.sha, states)
            self._draw(health)

    def _draw(self, health: Mapping[str, CameraHealth]) -> None:
        say = self.visit.say
        columns = [
            Column(say("camera_name")),
            Column(say("camera_address")),
            Column(say("camera_size")),
            Column(say("camera_state")),
        ]
        if self.manages:
            columns.append(Column(say("camera_acts"), "acts"))
        self.list.clear()
        with self.list:
            rows = [self._row(c, health.get(c.id)) for c in self.hall.cameras]
            parts.table(columns, rows, name=say("cameras_list"))

    def _row(self, camera: Camera, health: CameraHealth | None) -> list[Cell]:
        address = shown(camera.url) if ":" in camera.url else self.visit.say("camera_recording")
        cells: list[Cell] = [
            camera.name,
            lambda: parts.text(address, "camera-address"),
            f"{camera.width} × {camera.height}",
            lambda: self._state(health),
        ]
        return [*cells, lambda: self._acts(camera)] if self.manages else cells

    def _state(self, health: CameraHealth | None) -> None:
        say, trouble = self.visit.say, _state_of(health)
        if trouble is None:
            parts.badge(say("camera_not_yet"), "calm")
        elif not trouble:
            parts.badge(say("health_well"), "good", "check")
        else:
            parts.badge(say("health_down"), "bad", "warning")
            refusal = health.refusal if health is not None else None
            words = say.of("refusal", refusal) if refusal is not None else trouble
            parts.text(words, "camera-trouble", tag="p")

    def _acts(self, camera: Camera) -> None:
        say = self.visit.say
        change, remove = partial(self._change, camera), partial(self._ask_remove, camera)
        with parts.box("camera-acts"):
            parts.button(say("camera_change"), change, "btn btn-quiet", data_change=camera.id)
            parts.button(say("camera_remove"), remove, "btn btn-quiet", data_remove=camera.id)

    def _find(self) -> None:
        with self.page:
            CameraFinding(self.visit, self.setup, self._add)

    def _add(self, given: Given | None = None) -> None:
        self._open_form(None, given or Given())

    def _change(self, camera: Camera) -> None:
        self._open_form(camera, Given())

    def _open_form(self, camera: Camera | None, given: Given) -> None:
        with self.page:
            CameraForm(self.visit, self.setup, camera, given, self._done)

    def _ask_remove(self, camera: Camera) -> None:
        say, hall = self.visit.say, self.hall
        if len(hall.cameras) == 1:
            parts.tell(say("camera_last"), "warning")
            return
        places = [w.name for w in hall.windows_of(camera.id)]
        places += [q.name for q in hall.queues_of(camera.id)]
        about = (
            say("camera_remove_with", places=say("name_comma").join(places))
            if places
            else say("camera_remove_about")
        )
        with self.page:
            ask(
                self.visit, say("camera_remove_named", name=camera.name), about,
                say("camera_remove"), lambda _: self._remove(camera), drawing="delete", danger=True,
            )  # fmt: skip

    def _remove(self, camera: Camera) -> None:
        say = self.visit.say
        if not self.visit.still_signed_in():
            leave(self.visit)
            return
        try:
            left = remove_camera(self.setup.file, camera.id, with_places=True)
        except (HallFileError, HallFileChangedError, *CAMERA_REFUSED) as error:
            parts.tell(refusal_words(error, say), "warning")
            return
        self._done(camera.id, "removed", left.sha)
        parts.tell(say("camera_removed"), "positive")

    def _done(self, camera: str, act: str, sha: str) -> None:
        """Into the access log, and on the screen."""
        visit = self.visit
        with visit.console.database.session() as session:
            by = AccessBy.of(visit.viewer)
            note_camera(session, by, self.hall.id, camera, act, visit.now(), sha)
        if sha:
            self.refresh()


def _state_of(health: CameraHealth | None) -> str | None:
    """Why there are no pictures; "": they come; None: nothing is known yet."""
    if health is None:
        return None
    if health.trouble is not None:
        return health.trouble
    return None if health.last_picture is None else ""
