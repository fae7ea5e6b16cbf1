"""Who tries cameras for the office: the parts of `cameras/` behind its setting-up of cameras."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from api.halls.checks import CheckBook
from api.halls.filing import HallFile
from api.halls.setup import CameraSetup
from cameras.discovery import discover, look_up
from cameras.probe import probe
from cameras.substream import likely_sub_stream

WATCH_S = 8.0
"""Somebody waits before a screen."""


def camera_setup(file: HallFile, folder: Path) -> CameraSetup:
    """folder: of the installation's data, where what was found is kept."""
    return CameraSetup(
        file, partial(probe, watch_s=WATCH_S), likely_sub_stream, discover, look_up,
        CheckBook(folder / "checks"),
    )  # fmt: skip
