"""USB cameras through Video4Linux. They are asked for JPEG pictures, kept as they come."""

from __future__ import annotations

from pathlib import Path

import av
from av.container import InputContainer

from cameras.errors import SourceError

ANSWER_S = 10.0
DEVICE = "/dev/video{}"


class UsbCameraError(SourceError, OSError):
    """A USB camera that is not there, is in use, or gives no JPEG pictures."""


def device_of(url: str) -> Path:
    """`usb:0`, `usb:///dev/video0` or `/dev/video0` as a path. Raises UsbCameraError."""
    rest = url.removeprefix("usb:").removeprefix("//")
    path = Path(DEVICE.format(rest)) if rest.isdecimal() else Path(rest)
    if not path.is_absolute():
        raise UsbCameraError(f"{url} names no USB camera: write usb:0 or /dev/video0")
    return path


def open_usb(url: str, stall_s: float) -> InputContainer:
    """The camera's own JPEG pictures. Raises UsbCameraError."""
    path = device_of(url)
    if not path.exists():
        there = ", ".join(sorted(map(str, Path("/dev").glob("video*")))) or "none"
        raise UsbCameraError(f"there is no {path}: plug the camera in (there now: {there})")
    options = {"input_format": "mjpeg", "use_wallclock_as_timestamps": "1"}
    try:
        return av.open(
            str(path), format="v4l2", container_options=options, timeout=(ANSWER_S, stall_s)
        )
    except PermissionError as error:
        raise UsbCameraError(
            f"{path} may not be read: put this user into the group `video`"
        ) from error
    except OSError as error:
        raise UsbCameraError(
            f"{path} gives no JPEG pictures ({error.strerror}): see whether another program uses "
            "it, and with `v4l2-ctl --list-formats` whether it can do MJPG"
        ) from error
