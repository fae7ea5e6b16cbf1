"""Cameras to set up without a network: every address with the right password gives pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from api.halls.filing import HallFile
from api.halls.setup import CameraSetup
from tests.halls import NOON
from vision.probe import (
    Finding,
    FoundCamera,
    FoundStream,
    Meaning,
    Probe,
    Refusal,
    RefusedError,
    Weight,
)

TEXT = """[hall]
id = "demo"
name = "大厅"

[[camera]]
id = "cam1"
name = "一号机"
url = "rtsp://admin:geheim@10.0.0.1/main"
width = 640
height = 360

[[window]]
id = "w1"
name = "1号窗口"
camera = "cam1"
staff = [[100, 10], [200, 10], [200, 90], [100, 90]]
counter = [[100, 200], [200, 200], [200, 300], [100, 300]]
"""


class WrongPasswordError(RefusedError):
    refusal = Refusal.PASSWORD


@dataclass
class FakeNetwork:
    """asked: the addresses that were tried."""

    asked: list[str] = field(default_factory=list)

    def probe(self, url: str) -> Probe:
        self.asked.append(url)
        if "wrong" in url:
            raise WrongPasswordError("the camera refuses the user or password")
        findings = (Finding(Meaning.CODEC_GOOD, Weight.GOOD, {"codec": "h264"}),)
        return Probe(
            "rtsp://***@h/", "h264", 1280, 720, 25.0, 2000.0, 2.0, False, 0.3, 10.0, 8.0, "/sub",
            findings, None,
        )  # fmt: skip

    def sub_stream(self, url: str) -> str | None:
        return url.replace("/main", "/sub")

    def discover(self) -> tuple[FoundCamera, ...]:
        return (FoundCamera("10.0.0.7", 80, "Door", "DS-2CD"),)

    def look_up(self, camera: FoundCamera, user: str, password: str) -> tuple[FoundStream, ...]:
        return (FoundStream("main", "rtsp://10.0.0.7/main", "h264", 1280, 720, 25.0),)


def setup_in(folder: Path, network: FakeNetwork) -> CameraSetup:
    """With a hall file of its own in the folder."""
    path = folder / "hall.toml"
    path.write_text(TEXT, encoding="utf-8")
    return CameraSetup(
        HallFile(path, lambda: NOON),
        network.probe, network.sub_stream, network.discover, network.look_up,
    )  # fmt: skip
