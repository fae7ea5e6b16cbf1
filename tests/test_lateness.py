"""Whether a camera's own clock is slow, told by its reports, or its pictures really come late."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Any, cast

import pytest

from cameras.lateness import Lateness, OwnClock

SECOND = 90_000


class Reported:
    """A packet of second `stamp_s` by its stamp and `wall_s` by the camera's last report."""

    time_base = Fraction(1, SECOND)

    def __init__(self, stamp_s: float, wall_s: float | None = None) -> None:
        self.pts = self.dts = round(stamp_s * SECOND)
        self.wall_s = wall_s

    def has_sidedata(self, kind: str) -> bool:
        return kind in ("prft", "rtcp_sr") and self.wall_s is not None

    def get_sidedata(self, kind: str) -> bytes:
        assert self.wall_s is not None
        return struct.pack("=qi", round(self.wall_s * 1e6), 24)


@pytest.mark.parametrize(
    ("speed", "seconds", "steady"),
    [
        (1.0, 10, None),  # too soon: two reports
        (1.0, 60, True),
        (0.9995, 60, True),  # a bad crystal
        (0.99, 60, False),
        (0.5, 15, False),  # counts 25 pictures a second and sends half of them at night
        (1.02, 60, False),
    ],
)
def test_reports_tell_whether_the_stamps_keep_step(
    speed: float, seconds: int, steady: bool | None
) -> None:
    clock = OwnClock()
    for at in range(0, seconds, 5):
        askew_s = 0.1 if at == 0 else 0.0
        clock.note(cast(Any, Reported(7 + at * speed, 1e9 + at + askew_s)))
    assert clock.steady is steady
    clock.connected()
    clock.note(cast(Any, Reported(0.0, 2e9)))
    assert clock.steady is steady  # known from before
    clock.note(cast(Any, Reported(60.0)))  # says nothing of its wall clock
    assert clock.steady is steady


def test_lateness_is_counted_from_the_promptest_packet() -> None:
    lateness = Lateness()
    found = [
        lateness.of(cast(Any, Reported(stamp)), at)
        for stamp, at in [(0, 10.3), (1, 11.0), (2, 12.0), (3, 17.0), (4, 17.5), (0, 18.0)]
    ]
    assert found == pytest.approx([0, 0, 0, 4, 3.5, 0], abs=0.02)
