"""How many cameras a machine carries, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.capacity import USUAL, Cost, Disk, Plan, advice, camera_ms, carried, memory_mib
from cli.doctor import rests_on
from cli.eyes import Eyes
from cli.main import app
from cli.sampled import cost_of, habit_of, recorded_mb_s, sampled
from models.sign import SignReader
from tests.videos import make_video
from vision.hallfile import load_hall
from vision.records import Detections, Image

COST = Cost(whole_ms=27.0, close_up_ms=21.0, second_ms=4.4, main_ms=27.0, native_ms=13.5)
DISK = Disk(write_mb_s=400.0, commit_ms=5.0)
PLAN = Plan(cameras=10, windows=2.0, without_second=0)


def test_memory_is_reckoned_with_the_rings_and_too_little_is_said() -> None:
    hall = Plan(cameras=32, windows=2.0, without_second=0, recorded_mb_s=0.25)  # 2 Mbit/s
    assert memory_mib(hall) == pytest.approx(500 + 32 * (22.3 + 109), rel=0.01)
    cheap = replace(COST, whole_ms=1.0, close_up_ms=1.0, second_ms=1.0, native_ms=1.0)
    fits = advice(cheap, DISK, 8, hall, has_mib=8 * 1024)
    ((chinese, english),) = advice(cheap, DISK, 8, hall, has_mib=4 * 1024)
    assert fits == []
    assert "内存 4.0 GB 不够" in chinese
    assert "4.6 GB" in english


def test_a_camera_costs_its_looks_and_its_decoding() -> None:
    assert camera_ms(COST, 0.0, True) == pytest.approx(1.87 * (0.41 * 27 + 4.4))
    assert camera_ms(COST, 2.0, True) == pytest.approx(
        1.87 * (0.41 * 27 + 2 * 0.57 * 21 + 4.4 + 13.5)
    )
    assert camera_ms(COST, 2.0, False) > camera_ms(COST, 2.0, True)


@pytest.mark.parametrize(
    ("cores", "windows", "cameras"), [(1, 2.0, 7), (2, 2.0, 15), (8, 2.0, 60), (2, 8.0, 6)]
)
def test_more_cores_carry_more_and_more_windows_less(
    cores: int, windows: float, cameras: int
) -> None:
    assert carried(COST, cores, windows) == pytest.approx(cameras, abs=1)


MEASURED = Cost(whole_ms=17.3, close_up_ms=12.5, second_ms=2.4, main_ms=12.1, native_ms=6.0)
"""By `hallwatch doctor`, on the machine on which docs/benchmarks.md counts its cameras."""


@pytest.mark.parametrize(("cameras", "fits"), [(16, True), (32, False), (40, False)])
def test_what_is_reckoned_is_what_was_measured(cameras: int, fits: bool) -> None:
    """16 were in time on two cores; 32, at 53 ms each, told meals and phones seconds late."""
    windows = 58 / 32  # of the clips that they showed
    assert camera_ms(MEASURED, windows, True) == pytest.approx(53, rel=0.05)
    assert (carried(MEASURED, 2, windows) >= cameras) == fits
    said = advice(MEASURED, DISK, 2, Plan(cameras, windows, 0))
    assert [english[:12] for _, english in said] == ([] if fits else ["More cameras"])


@pytest.mark.parametrize(("measured", "words"), [(True, "just measured"), (False, "32 live")])
def test_what_the_number_rests_on_is_said(measured: bool, words: str) -> None:
    chinese, english = rests_on(USUAL, measured)
    assert words in english
    assert f"{USUAL.wholes_hz:.2f} whole pictures" in english
    assert f"{USUAL.rest - 1:.0%} on top" in english
    assert f"每路每秒看整幅画面 {USUAL.wholes_hz:.2f} 次" in chinese


def test_the_weakest_machine_carries_one() -> None:
    assert carried(replace(COST, whole_ms=5000.0), 1, 2.0) == 1


@pytest.mark.parametrize(
    ("cores", "disk", "plan", "said"),
    [
        (2, DISK, PLAN, []),
        (2, DISK, replace(PLAN, cameras=60), ["More cameras than this machine carries"]),
        (2, DISK, replace(PLAN, without_second=3), ["3 cameras have no second stream"]),
        (2, replace(DISK, write_mb_s=8.0), PLAN, ["The disk takes 8 MB/s"]),
        (2, replace(DISK, commit_ms=400.0), PLAN, ["The database takes 400 ms"]),
        (
            1,
            Disk(5.0, 900.0),
            Plan(40, 3.0, 40),
            ["More cameras", "40 cameras have no", "The disk", "The database"],
        ),
    ],
)
def test_what_to_change(cores: int, disk: Disk, plan: Plan, said: list[str]) -> None:
    told = advice(COST, disk, cores, plan)
    assert len(told) == len(said)
    for (chinese, english), beginning in zip(told, said, strict=True):
        assert english.startswith(beginning)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


HALL = """
[hall]
id = "h"
name = "大厅"

[[hours]]
days = ["sun"]
open = 03:00:00
close = 03:01:00

[[camera]]
id = "a"
url = "a.mp4"
sub_url = "a.mp4"
width = 320
height = 240
pace_hz = 2

[[camera]]
id = "gone"
url = "rtsp://127.0.0.1:1/main"
width = 320
height = 240
"""
WINDOW = """
[[window]]
id = "w{n}"
camera = "a"
staff = [[10, 10], [90, 10], [90, 90], [10, 90]]
counter = [[10, 100], [90, 100], [90, 190], [10, 190]]
"""


class Nobody:
    sha256 = "f" * 64

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        return [Detections.none() for _ in images]


def test_a_halls_own_cameras_are_measured_even_when_it_is_closed(tmp_path: Path) -> None:
    make_video(tmp_path / "a.mp4", seconds=20, fps=10, size=(320, 240), gop=10)
    path = tmp_path / "hall.toml"
    path.write_text(HALL + WINDOW.format(n=1) + WINDOW.format(n=2), encoding="utf-8")
    sample = sampled(load_hall(path), Eyes(Nobody(), SignReader()), 10.0, patience_s=0.0)
    seen, gone = sample.cameras
    assert sample.seen == (seen,)
    assert seen.seconds == pytest.approx(10, abs=1)
    assert seen.wholes == pytest.approx(20, abs=3)
    assert seen.close_ups == 2 * seen.wholes  # nobody is surely there: closely, each time
    assert min(seen.watched_decode_s, seen.native_decode_s, seen.main_bytes) > 0
    assert "refused" in str(gone.trouble)

    habit = habit_of(sample, COST)
    assert habit.wholes_hz == pytest.approx(2, abs=0.3)
    assert habit.close_ups_hz == pytest.approx(2, abs=0.3)
    assert habit.rest >= 1
    cost = cost_of(sample, COST)
    assert cost.main_ms == COST.main_ms  # no camera is watched in its main stream
    assert cost.second_ms == pytest.approx(1000 * seen.watched_decode_s / seen.seconds)
    assert cost.native_ms == pytest.approx(1000 * seen.native_decode_s / seen.seconds)
    assert recorded_mb_s(sample) == pytest.approx(seen.main_bytes / 1e6 / seen.seconds)
    busy = replace(habit, wholes_hz=2 * habit.wholes_hz)
    assert carried(cost, 2, 2.0, habit=busy) < carried(cost, 2, 2.0, habit=habit)


def test_the_command_measures_this_machine(tmp_path: Path) -> None:
    hall = Path(__file__).parent / "footage" / "phone" / "hall.toml"
    done = CliRunner().invoke(app, ["doctor", "--hall", str(hall), "--var", str(tmp_path / "var")])
    assert done.exit_code == 0, done.output
    assert "路摄像机" in done.output
    assert "按这些摄像机实测" in done.output
    assert "依据：每路每秒看整幅画面" in done.output
    assert "MB/s" in done.output
    assert list((tmp_path / "var").iterdir()) == []
