"""A station hears the ticket system: what it told the office excuses an empty window."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.live import LiveBoard
from api.outbox import Outbox
from api.tickets.pausing import TicketPauses
from api.tickets.taking import TicketsIn, take_tickets
from cameras.clocks import ReplayClock
from cli.eyes import Eyes
from cli.place import Place
from cli.server import open_office
from cli.station import Desk, Station
from models.sign import SignReader
from tests.test_doctor import Nobody
from tests.videos import make_video
from vision.hallfile import load_hall

BEGAN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HALL = """
[hall]
id = "h"
name = "大厅"

[policy.window_unattended]
after_s = 40

[[camera]]
id = "c"
url = "clip.mp4"
recorded_at = 2026-11-23T02:00:00Z
width = 160
height = 120
pace_hz = 1

[[window]]
id = "w1"
camera = "c"
staff = [[10, 10], [90, 10], [90, 60], [10, 60]]
counter = [[10, 60], [90, 60], [90, 110], [10, 110]]
"""


@pytest.mark.parametrize(
    ("told", "raised"),
    [
        ((), ["window_unattended"]),
        (((5, "serving"),), ["window_unattended"]),
        (((5, "paused"),), ["pause_mismatch"]),  # nobody put the sign up
        (((-400, "paused"),), ["window_unattended"]),  # and has been silent since
        (((-20, "paused"), (50, "serving")), []),  # neither lasted
    ],
)
def test_an_empty_window(
    told: tuple[tuple[int, str], ...], raised: list[str], tmp_path: Path
) -> None:
    make_video(tmp_path / "clip.mp4", seconds=80, fps=2, gop=4)
    (tmp_path / "hall.toml").write_text(HALL, "utf-8")
    hall = load_hall(tmp_path / "hall.toml")
    place = Place(tmp_path / "var")
    database = open_office(place, hall)
    words = [
        {"window": "w1", "state": state, "at": BEGAN + timedelta(seconds=at_s)}
        for at_s, state in told
    ]
    if words:
        given = TicketsIn.model_validate({"windows": words})
        with database.session() as session:
            take_tickets(session, "h", given, BEGAN + timedelta(hours=1))
    alerts: list[dict[str, Any]] = []
    outbox = Outbox(place.outbox, lambda kind, body: alerts.append(body | {"kind": kind}))
    desk = Desk(
        hall, Eyes(Nobody(), SignReader()), LiveBoard(time.monotonic, "h"), outbox.start(),
        place.evidence, tickets=TicketPauses(database, "h"),
    )  # fmt: skip
    Station(desk, "c", clock=lambda: ReplayClock(BEGAN, speed=None)).run()
    outbox.close(drain_s=20)
    database.close()
    found = [a["rule"] for a in alerts if a["kind"] == "alert" and a["step"] == "raised"]
    assert found == raised
