"""What setting cameras up needs: the hall file, and somebody who can try addresses. Both are where
the hall is watched; the office itself reads no pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from api.halls.cameras import CameraWish, add_camera
from api.halls.checks import CheckBook
from api.halls.filing import HallFile
from vision.address import with_login
from vision.hallfile import Camera, Hall
from vision.probe import FoundCamera, FoundStream, Probe, Refusal, RefusedError

CAMERA_SCHEMES = ("rtsp", "rtsps", "rtsp+udp", "http", "https", "usb")
"""The kinds of addresses that a camera has; all others are files of this machine."""


def is_live(address: str) -> bool:
    """Whether this is a camera's address, and no file's."""
    return urlsplit(address).scheme.lower() in CAMERA_SCHEMES


class RecordingRefusedError(RefusedError, ValueError):
    """A file's path: who sets cameras up from afar must not read this machine's files."""

    refusal = Refusal.ADDRESS


@dataclass(frozen=True, slots=True)
class CameraSetup:
    """probe: watches an address for some seconds, or raises RefusedError. sub_stream: where the
    smaller stream of a camera is by its maker's way of writing, or None. discover, look_up: by
    ONVIF. checks: what the cameras' addresses gave when they were last tried."""

    file: HallFile
    probe: Callable[[str], Probe]
    sub_stream: Callable[[str], str | None]
    discover: Callable[[], tuple[FoundCamera, ...]]
    look_up: Callable[[FoundCamera, str, str], tuple[FoundStream, ...]]
    checks: CheckBook = field(default_factory=CheckBook)

    def tried(self, address: str, user: str, password: str) -> tuple[str, Probe]:
        """The whole address, and what it gives. Raises RefusedError."""
        if not is_live(address):
            raise RecordingRefusedError(
                "this is no camera's address: write rtsp://host/path (a recording is added with "
                "`hallwatch cameras add` on the machine itself)"
            )
        whole = with_login(address, user, password) if user else address
        return whole, self.probe(whole)

    def check(self, camera: Camera) -> None:
        """Try a camera of the hall and keep what it gives; a recording is left alone."""
        if is_live(camera.url):
            self.checks.run(camera, self.probe)

    def add(self, wish: CameraWish, seen: Probe) -> Hall:
        """Add a camera that was tried, with the sub-stream that was found."""
        sub = wish.sub_url or self.found_sub_stream(wish.url, seen) or ""
        return add_camera(
            self.file, CameraWish(wish.id, wish.name, wish.url, seen.width, seen.height, sub)
        )

    def found_sub_stream(self, address: str, seen: Probe) -> str | None:
        """The smaller stream beside an address that was tried; None where none was found."""
        return self.sub_stream(address) if seen.sub_stream else None
