"""Opening a video file, and saying in plain words why it cannot be opened."""

from __future__ import annotations

from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from cameras.errors import (
    EmptyVideoError,
    FolderGivenError,
    MissingVideoError,
    NotAVideoError,
    NoVideoStreamError,
    UnreadableVideoError,
    UnsupportedCodecError,
)

KINDS = "mp4, mkv, mov, avi, ts or another video file"


def open_video(path: Path) -> tuple[InputContainer, VideoStream]:
    """The opened file and its first video stream. Raises the named errors."""
    _check(path)
    try:
        container = av.open(str(path), container_options={"fflags": "+genpts"})
    except av.error.InvalidDataError as error:
        raise NotAVideoError(_why_not(path)) from error
    except (av.error.FFmpegError, OSError) as error:
        raise UnreadableVideoError(f"{path} cannot be read ({error}): check the disk") from error
    try:
        return container, _video_stream(container, path)
    except BaseException:
        container.close()
        raise


def _check(path: Path) -> None:
    try:
        size_bytes = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingVideoError(
            f"there is no file {path}: check the path (a camera's url in the hall file is "
            "relative to the hall file)"
        ) from error
    except OSError as error:
        raise UnreadableVideoError(f"{path} cannot be read ({error.strerror})") from error
    if path.is_dir():
        raise FolderGivenError(f"{path} is a folder: give one of the video files in it")
    if not path.is_file():
        raise NotAVideoError(f"{path} is a device or a pipe, not a file: give {KINDS}")
    if size_bytes == 0:
        raise EmptyVideoError(f"{path} is empty (0 bytes): copy it again from the recorder")
    try:
        path.open("rb").close()
    except OSError as error:
        raise UnreadableVideoError(
            f"{path} may not be read ({error.strerror}): give this user read permission"
        ) from error


def _video_stream(container: InputContainer, path: Path) -> VideoStream:
    name = container.format.name
    if name == "tty" or name.startswith("image2") or name.endswith("_pipe"):
        raise NotAVideoError(f"{path} is a text or a still picture, no video: give {KINDS}")
    streams = [
        s for s in container.streams.video if not s.disposition & Disposition.attached_pic.value
    ]
    if not streams:
        kinds = sorted({str(s.type) for s in container.streams}) or ["nothing"]
        raise NoVideoStreamError(
            f"{path} has no video stream, only {', '.join(kinds)}: give a file with pictures"
        )
    stream = streams[0]
    if stream.codec_context is None:
        raise UnsupportedCodecError(
            f"{path} is coded in a way that cannot be decoded here: convert it to H.264, "
            "for example with `ffmpeg -i IN -c:v libx264 OUT.mp4`"
        )
    return stream


def _why_not(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] == b"ftyp":
        return (
            f"{path} is an mp4/mov file whose index (moov) is missing or broken: its recording "
            "was cut off before it was finished. Export it again from the recorder, or have "
            "cameras recorded to mkv or ts, which survive being cut off"
        )
    return f"{path} is not a video, or is damaged from its first byte on: give {KINDS}"
