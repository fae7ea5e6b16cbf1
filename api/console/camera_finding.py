"""Cameras that answer in the network, and the videos that they offer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import run, ui

from api.console import parts
from api.console.camera_form import Given
from api.console.forms import Field, form
from api.console.page import Visit
from api.console.sheets import Sheet
from api.halls.setup import CameraSetup
from vision.probe import FoundCamera, FoundStream, RefusedError


class CameraFinding:
    """use: told the stream that was chosen, with the user and password that it was found with."""

    def __init__(self, visit: Visit, setup: CameraSetup, use: Callable[[Given], None]) -> None:
        self.visit, self.setup, self.use = visit, setup, use
        say = visit.say
        with (
            Sheet(say("camera_find"), say("camera_find_about"), "sheet-camera") as self.sheet,
            form(),
        ):
            with parts.box("camera-login"):
                self.user = Field(say("camera_user"), autocomplete="off")
                self.password = Field(
                    say("camera_password"), "password", autocomplete="new-password"
                )
            self.found = parts.box("camera-found", role="status")
            with parts.box("sheet-buttons"):
                parts.button(say("cancel"), self.sheet.close)
                parts.button(say("camera_find"), self._look, "btn btn-main", drawing="search")

    async def _look(self) -> None:
        say = self.visit.say
        self._say(say("camera_finding"))
        cameras = await run.io_bound(self.setup.discover)
        self.found.clear()
        with self.found:
            for camera in cameras or ():
                self._camera(camera)
        if not cameras:
            self._say(say("camera_found_none"))

    def _camera(self, camera: FoundCamera) -> None:
        about = f"{camera.name or camera.host} {camera.model}".strip()
        with parts.box("camera-one", "section"):
            head, streams = parts.box("camera-one-head"), parts.box("camera-streams")
            with head:
                parts.text(about, "camera-one-name")
                parts.text(camera.host, "camera-address")
                words = self.visit.say("camera_streams")
                parts.button(words, partial(self._streams, camera, streams), "btn btn-quiet")

    async def _streams(self, camera: FoundCamera, place: ui.element) -> None:
        say, user, password = self.visit.say, self.user.value, self.password.value
        place.clear()
        try:
            streams = await run.io_bound(self.setup.look_up, camera, user, password)
        except RefusedError as error:
            with place:
                parts.text(say.of("refusal", error.refusal), "camera-trouble", tag="p")
            return
        with place:
            for stream in streams or ():
                self._stream(camera, stream)

    def _stream(self, camera: FoundCamera, stream: FoundStream) -> None:
        given = Given(camera.name, stream.address, self.user.value, self.password.value)

        def chosen() -> None:
            self.sheet.close()
            self.use(given)

        with parts.box("camera-stream"):
            size = f"{stream.width} × {stream.height} {stream.codec}"
            parts.text(f"{stream.name} {size}")
            parts.button(self.visit.say("camera_use"), chosen, "btn")

    def _say(self, words: str) -> None:
        self.found.clear()
        with self.found:
            parts.text(words, tag="p")
