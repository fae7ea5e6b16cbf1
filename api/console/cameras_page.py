"""The cameras of the hall: how they are, and how they are found, added, changed and removed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from nicegui import run, ui

from api.audit.record import AccessBy
from api.console import parts, times
from api.console.beat import Beat, signed_out
from api.console.camera_finding import CameraFinding
from api.console.camera_form import CameraForm, Given, findings_list
from api.console.hall_problems import REFUSED, problems_words, refusal_words
from api.console.page import Visit
from api.console.parts import Cell, Column
from api.console.sheets import ask
from api.console.strings import Say
from api.halls.cameras import remove_camera
from api.halls.checks import Check
from api.halls.noting import note_camera
from api.halls.setup import CameraSetup, is_live
from api.users.permissions import Permission
from vision.address import shown
from vision.hallfile import Camera, Hall, HallFileError
from vision.health import CameraHealth
from vision.probe import Weight

REFRESH_BEATS = 5
PICTURE_BEATS = 30


def build(visit: Visit, beat: Beat) -> None:
    setup = visit.console.cameras
    say = visit.say
    if setup is None or not visit.watched_here():
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
        self.sees = visit.may(Permission.EVIDENCE_VIEW)
        self.pictures: dict[str, ui.element] = {}
        self.drawn: object = None
        with parts.box("page") as self.page:
            with parts.heading(say.of("nav", "cameras"), say("cameras_about")):
                if self.manages:
                    parts.button(say("camera_find"), self._find, "btn", drawing="search")
                    parts.button(say("camera_add"), self._add, "btn btn-main", drawing="plus")
            self.list = parts.box("card cameras", "section")
        self.refresh()
        beat.every(REFRESH_BEATS, self.refresh)
        beat.every(PICTURE_BEATS, self._renew_pictures)
        if self.manages:
            ui.timer(0.5, self._check_new, once=True)

    def refresh(self) -> None:
        """The file as it is now; one that is being edited by hand is left for the next time."""
        try:
            self.hall = self.setup.file.read()
        except HallFileError:
            return
        board = self.visit.console.health
        health = {h.camera: h for h in board.cameras()} if board is not None else {}
        checks = self.setup.checks
        states = [
            (c.id, _state_of(health.get(c.id)), checks.of(c), checks.running(c), self._pictured(c))
            for c in self.hall.cameras
        ]
        if self.drawn != (self.hall.sha, states):  # nobody's click falls between two drawings
            self.drawn = (self.hall.sha, states)
            self._draw(health)

    def _draw(self, health: Mapping[str, CameraHealth]) -> None:
        say = self.visit.say
        columns = [
            *([Column(say("camera_picture"))] if self.sees else []),
            Column(say("camera_name")),
            Column(say("camera_state")),
            Column(say("camera_check_found")),
        ]
        if self.manages:
            columns.append(Column(say("camera_acts"), "acts"))
        self.list.clear()
        self.pictures.clear()
        with self.list:
            if not self.sees:
                parts.text(say("camera_picture_withheld"), "card-about", tag="p")
            rows = [self._row(c, health.get(c.id)) for c in self.hall.cameras]
            parts.table(columns, rows, name=say("cameras_list"))

    def _row(self, camera: Camera, health: CameraHealth | None) -> list[Cell]:
        cells: list[Cell] = [
            *([lambda: self._picture(camera)] if self.sees else []),
            lambda: self._name(camera),
            lambda: self._state(health),
            lambda: self._check(camera),
        ]
        return [*cells, lambda: self._acts(camera)] if self.manages else cells

    def _name(self, camera: Camera) -> None:
        address = shown(camera.url) if ":" in camera.url else self.visit.say("camera_recording")
        with parts.box():
            parts.text(camera.name, "camera-name", tag="p")
            parts.text(address, "camera-address", tag="p")
            parts.text(f"{camera.width} × {camera.height}", "camera-size", tag="p")

    def _pictured(self, camera: Camera) -> bool:
        """Whether there is a picture for this person: whoever sees no footage sees none here."""
        live = self.visit.console.live
        seen = live.view(camera.id) if self.sees and live.hall == self.hall.id else None
        return seen is not None and seen.picture is not None

    def _picture(self, camera: Camera) -> None:
        say = self.visit.say
        if not self._pictured(camera):
            parts.text(say("camera_no_picture"), "camera-no-picture", tag="p")
            return
        name = say("camera_picture_of", name=camera.name)
        self.pictures[camera.id] = parts.box("camera-picture", "img", alt=name)
        self._renew_picture(camera.id)

    def _renew_pictures(self) -> None:
        for camera in self.pictures:
            self._renew_picture(camera)

    def _renew_picture(self, camera: str) -> None:
        """The newest, blurred as on the live page; its version names it, so that none is kept."""
        seen = self.visit.console.live.view(camera)
        if seen is not None:
            picture = self.pictures[camera]
            picture.props["src"] = f"/console/pictures/{camera}.jpg?v={seen.version}"
            picture.update()

    def _check(self, camera: Camera) -> None:
        say, checks = self.visit.say, self.setup.checks
        check = checks.of(camera)
        if checks.running(camera):
            parts.text(say("camera_trying"), "camera-checked", tag="p")
        elif check is None:
            known = "camera_unchecked" if is_live(camera.url) else "camera_is_recording"
            parts.text(say(known), "camera-checked", tag="p")
        else:
            findings_list(check_in_words(check, say))
            when = times.ago(check.at, self.visit.now(), say)
            parts.text(say("camera_checked", when=when), "camera-checked", tag="p")

    async def _check_new(self) -> None:
        """Those that were never tried, or have another address since, one after the other."""
        for camera in self.hall.cameras:
            if is_live(camera.url) and self.setup.checks.of(camera) is None:
                await self._try(camera)

    async def _check_again(self, camera: Camera) -> None:
        self._done(camera.id, "tried", "")
        await self._try(camera)

    async def _try(self, camera: Camera) -> None:
        trying = asyncio.create_task(run.io_bound(self.setup.check, camera))
        await asyncio.sleep(0)
        self.refresh()
        await trying
        self.refresh()

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
            if is_live(camera.url):
                check = partial(self._check_again, camera)
                parts.button(say("camera_check"), check, "btn btn-quiet", data_check=camera.id)
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
        if signed_out(self.visit):
            return
        try:
            left = remove_camera(self.setup.file, camera.id, with_places=True)
        except REFUSED as error:
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
        if not sha:
            return
        self.refresh()
        if act != "removed":
            with self.page:
                ui.timer(0.5, self._check_new, once=True)


def check_in_words(check: Check, say: Say) -> list[tuple[Weight, str]]:
    """What asks for something; where nothing does, that all is well."""
    if check.refusal is not None:
        return [(Weight.WARNING, say.of("refusal", check.refusal))]
    asks = [f for f in check.findings if f.weight is not Weight.GOOD]
    found = [(f.weight, say.of("finding", f.meaning, **f.values)) for f in asks]
    return found or [(Weight.GOOD, say("camera_all_good"))]


def _state_of(health: CameraHealth | None) -> str | None:
    """Why there are no pictures; "": they come; None: nothing is known yet."""
    if health is None:
        return None
    if health.trouble is not None:
        return health.trouble
    return None if health.last_picture is None else ""
