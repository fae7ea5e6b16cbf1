"""A hall file that may be edited, and a try-out that knows its outcome beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.halls.filing import HallFile
from api.halls.rehearsal import Footage, Stand
from tests.console_world import QUEUE, WINDOWS, counter, seat
from vision.hallfile import Hall
from vision.records import Severity
from vision.whatif import Difference, Fate, Incident


def hall_file_in(folder: Path) -> HallFile:
    """The hall of the console's tests as a file, with a second camera that shows nothing yet."""
    text = '[hall]\nid = "demo"\nname = "示范政务大厅"\n'
    for camera, name in (("cam1", "大厅一号机"), ("cam2", "大厅二号机")):
        text += (
            f'\n[[camera]]\nid = "{camera}"\nname = "{name}"\nurl = "rtsp://10.0.0.2/{camera}"\n'
        )
        text += "width = 960\nheight = 540\n"
    for index, (window, name) in enumerate(WINDOWS):
        text += f'\n[[window]]\nid = "{window}"\nname = "{name}"\ncamera = "cam1"\n'
        text += f"staff = {corners(seat(index))}\ncounter = {corners(counter(index))}\n"
    text += (
        f'\n[[queue]]\nid = "q1"\nname = "一号等候区"\ncamera = "cam1"\nzone = {corners(QUEUE)}\n'
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "hall.toml"
    path.write_text(text, encoding="utf-8")
    return HallFile(path, lambda: datetime.now(UTC))


def corners(points: Sequence[tuple[float, float]]) -> str:
    return "[" + ", ".join(f"[{x:g}, {y:g}]" for x, y in points) + "]"


class KnownOutcome:
    """A rehearsal that is over at once: one alert goes, one comes."""

    def stand(self) -> Stand:
        began = datetime(2026, 11, 24, 2, tzinfo=UTC)
        ended = began + timedelta(seconds=200)
        incident = Incident("window_unattended", "w1", began, began, ended, Severity.WARNING)
        goes = Difference(Fate.GOES, incident, None)
        comes = Difference(Fate.COMES, None, incident)
        return Stand(1.0, 3600.0, outcome=(goes, comes))

    def stop(self) -> None:
        """It is over already."""


class KnownStage:
    """Has the last hour of the first camera; remembers which halls were tried."""

    def __init__(self) -> None:
        self.tried: list[tuple[Hall, Hall]] = []

    def footage(self, camera: str) -> Sequence[Footage]:
        return (Footage.HOUR,) if camera == "cam1" else ()

    def rehearse(self, before: Hall, after: Hall, camera: str, footage: Footage) -> KnownOutcome:
        self.tried.append((before, after))
        return KnownOutcome()
