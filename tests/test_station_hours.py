"""Whether a window serves: the roster is asked first, the hall file where it says nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.eyes import opening
from vision.hallfile import load_hall
from vision.records import Stamp

HALL = Path(__file__).parent / "footage" / "absence" / "hall.toml"


@pytest.mark.parametrize("by_roster", [True, False, None])
def test_the_roster_goes_before_the_hall_file(by_roster: bool | None) -> None:
    hall = load_hall(HALL)
    stamp = Stamp(0.0, datetime(2026, 11, 23, 4, 0, tzinfo=UTC))
    open_at = opening(hall, lambda place, at: by_roster)
    expected = hall.open_at(stamp.wall) if by_roster is None else by_roster
    assert open_at(hall.windows[0].id, stamp) is expected
