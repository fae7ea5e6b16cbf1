"""Whether a window serves: the roster is asked first, the hall file where it says nothing."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from api.live import LiveBoard
from api.outbox import Outbox
from cameras.clocks import SystemClock
from cli.eyes import Eyes
from cli.station import Desk, Station
from vision.hallfile import load_hall
from vision.records import Stamp

HALL = Path(__file__).parent / "footage" / "absence" / "hall.toml"


@pytest.mark.parametrize("by_roster", [True, False, None])
def test_the_roster_goes_before_the_hall_file(by_roster: bool | None, tmp_path: Path) -> None:
    hall = load_hall(HALL)
    stamp = Stamp(0.0, datetime(2026, 11, 23, 4, 0, tzinfo=UTC))
    desk = Desk(
        hall,
        cast(Eyes, None),  # nothing is looked at
        LiveBoard(time.monotonic, hall.id),
        Outbox(tmp_path, lambda kind, body: None),
        tmp_path,
        hours=lambda place, at: by_roster,
    )
    station = Station(desk, hall.cameras[0].id, clock=SystemClock)
    expected = hall.open_at(stamp.wall) if by_roster is None else by_roster
    assert station._open_at(hall.windows[0].id, stamp) is expected
