"""One camera's name and address: tried before it is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import run

from api.console import parts
from api.console.beat import signed_out
from api.console.forms import Field, form
from api.console.hall_problems import CHANGE_REFUSED, problem_words, refusal_words
from api.console.page import Visit
from api.console.sheets import Sheet
from api.console.strings import Say
from api.halls.cameras import (
    CameraEdit,
    CameraWish,
    change_camera,
    free_id,
    with_kept_login,
)
from api.halls.noting import name_of
from api.halls.setup import CameraSetup
from vision.address import without_login
from vision.hallfile import Camera, HallFileError
from vision.probe import Probe, RefusedError, Weight

MARKS = {Weight.GOOD: "check", Weight.HINT: "notice", Weight.WARNING: "warning"}


@dataclass(frozen=True, slots=True)
class Given:
    """What the form begins with."""

    name: str = ""
    address: str = ""
    user: str = ""
    password: str = ""


class CameraForm:
    """camera: the one to change, None for a new one. done: told the camera's id, whether it was
    tried, added or changed, and the sha of the hall file then ("" where it is as it was)."""

    def __init__(
        self,
        visit: Visit,
        setup: CameraSetup,
        camera: Camera | None,
        given: Given,
        done: Callable[[str, str, str], None],
    ) -> None:
        self.visit, self.setup, self.camera = visit, setup, camera
        self.done = done
        self.before = without_login(camera.url) if camera else ""
        self.tried: tuple[str, Probe] | None = None
        self._offered: bool | None = None  # that it is saved, that it is tried, or nothing
        say = visit.say
        title = say("camera_change_named", name=camera.name) if camera else say("camera_add")
        with Sheet(title, classes="sheet-camera") as self.sheet, form():
            self.name = Field(
                say("camera_name"), value=camera.name if camera else given.name, maxlength="80"
            )
            self.address = Field(
                say("camera_address"), value=self.before or given.address, must=True,
                hint=say("camera_address_hint"), on_change=self._changed, maxlength="500",
                spellcheck="false",
            )  # fmt: skip
            self._login(given)
            self.outcome = parts.box("camera-outcome", role="status")
            self.buttons = parts.box("sheet-buttons")
        self._offer()

    def _login(self, given: Given) -> None:
        say = self.visit.say
        with parts.box("camera-login"):
            self.user = Field(
                say("camera_user"), value=given.user, on_change=self._changed, autocomplete="off"
            )
            self.password = Field(
                say("camera_password"), "password", value=given.password, on_change=self._changed,
                autocomplete="new-password",
            )  # fmt: skip
        hint = "camera_keeps_login" if self.camera else "camera_login_hint"
        parts.text(say(hint), "field-hint", tag="p")

    def _changed(self, _value: str) -> None:
        self.tried = None
        self.outcome.clear()
        self._offer()

    @property
    def _same_address(self) -> bool:
        return self.camera is not None and (
            self.address.value.strip() == self.before and not self.user.value
        )

    def _offer(self) -> None:
        """Save what was tried, or what needs no trying; else try. A button that is still right is
        left: pressed as its twin took its place, it would not have been heard."""
        say, saves = self.visit.say, self.tried is not None or self._same_address
        if saves is self._offered:
            return
        self._offered = saves
        self.buttons.clear()
        with self.buttons:
            parts.button(say("cancel"), self.sheet.close)
            if saves:
                parts.button(say("save"), self._save, "btn btn-main", drawing="save")
            else:
                parts.button(say("camera_try"), self._try, "btn btn-main", drawing="try")

    async def _try(self) -> None:
        say = self.visit.say
        self.outcome.clear()
        self.buttons.clear()
        self._offered = None
        with self.outcome:
            parts.text(say("camera_trying"), tag="p")
        before = self.camera.url if self.camera else ""
        address = with_kept_login(self.address.value.strip(), before)
        self.done(name_of(address), "tried", "")
        try:
            self.tried = await run.io_bound(
                self.setup.tried, address, self.user.value, self.password.value
            )
        except RefusedError as error:
            self._tell([(Weight.WARNING, say.of("refusal", error.refusal))])
        else:
            assert self.tried is not None
            self._tell(findings_in_words(self.tried[1], say))
        self._offer()

    def _tell(self, findings: list[tuple[Weight, str]]) -> None:
        self.outcome.clear()
        with self.outcome:
            findings_list(findings)

    def _save(self) -> None:
        if signed_out(self.visit):
            return
        try:
            camera, act, sha = self._saved()
        except HallFileError as error:
            say = self.visit.say
            self._tell([(Weight.WARNING, problem_words(p, say)) for p in error.problems])
        except CHANGE_REFUSED as error:
            self._tell([(Weight.WARNING, refusal_words(error, self.visit.say))])
        else:
            self.sheet.close()
            self.done(camera, act, sha)
            say = self.visit.say
            words = say("camera_saved")
            parts.tell(words if self.camera else f"{words} {say('camera_draw')}", "positive")

    def _saved(self) -> tuple[str, str, str]:
        """Which camera, what was done, and the sha of the hall file now."""
        name = self.name.value.strip()
        if self.camera is None:
            assert self.tried is not None
            address, seen = self.tried
            wanted = free_id(self.setup.file.read())
            wish = CameraWish(wanted, name or wanted, address, seen.width, seen.height)
            return wanted, "added", self.setup.add(wish, seen).sha
        edit = CameraEdit(name=name or None)
        if self.tried is not None:
            address, seen = self.tried
            sub = self.setup.found_sub_stream(address, seen)
            edit = CameraEdit(name or None, address, sub, seen.width, seen.height)
        changed = change_camera(self.setup.file, self.camera.id, edit)
        return self.camera.id, "changed", changed.sha


def findings_list(findings: list[tuple[Weight, str]]) -> None:
    with parts.box("camera-findings", "ul"):
        for weight, words in findings:
            with parts.box(f"camera-finding camera-{weight}", "li"):
                parts.icon(MARKS[weight])
                parts.text(words)


def findings_in_words(seen: Probe, say: Say) -> list[tuple[Weight, str]]:
    return [(f.weight, say.of("finding", f.meaning, **f.values)) for f in seen.findings]
