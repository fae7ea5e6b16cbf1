"""USB cameras through Video4Linux. They are asked for JPEG pictures, kept as they come; where there
are only raw ones, they are coded here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
from av.container import InputContainer
from av.error import ArgumentError, FFmpegError

from cameras.errors import SourceError
from cameras.raw import coded

ANSWER_S = 10.0
DEVICE = "/dev/video{}"


class UsbCameraError(SourceError, OSError):
    """A USB camera that is not there, is in use, or gives no pictures."""


def device_of(url: str) -> Path:
    """`usb:0`, `usb:///dev/video0` or `/dev/video0` as a path. Raises UsbCameraError."""
    rest = url.removeprefix("usb:").removeprefix("//")
    path = Path(DEVICE.format(rest)) if rest.isdecimal() else Path(rest)
    if not path.is_absolute():
        raise UsbCameraError(f"{url} names no USB camera: write usb:0 or /dev/video0")
    return path


def open_usb(
    url: str,
    stall_s: float,
    device: Callable[[str, dict[str, str], float], InputContainer] | None = None,
) -> InputContainer:
    """The camera's own JPEG pictures, or its raw ones coded as H.264. device: opens one with
    these options. Raises UsbCameraError."""
    path = device_of(url)
    device = device or _device
    if not path.exists():
        there = ", ".join(sorted(map(str, Path("/dev").glob("video*")))) or "none"
        raise UsbCameraError(f"there is no {path}: plug the camera in (there now: {there})")
    try:
        try:
            return device(str(path), {"input_format": "mjpeg"}, stall_s)
        except ArgumentError:  # it has none
            return coded(device(str(path), {}, stall_s))
    except PermissionError as error:
        raise UsbCameraError(
            f"{path} may not be read: put this user into the group `video`"
        ) from error
    except (OSError, FFmpegError) as error:
        raise UsbCameraError(
            f"{path} gives no pictures ({error.strerror}): see whether another program uses it, "
            "and with `v4l2-ctl --list-formats` which it can give (MJPG is best, YUYV will do)"
        ) from error


def _device(path: str, options: dict[str, str], stall_s: float) -> InputContainer:
    return av.open(
        path, format="v4l2", timeout=(ANSWER_S, stall_s),
        container_options=options | {"use_wallclock_as_timestamps": "1"},
    )  # fmt: skip
